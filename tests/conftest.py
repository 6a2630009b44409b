"""Fixtures that every test may ask for."""

from hypothesis import settings

pytest_plugins = ["shared.testing.fixtures_kafka", "shared.testing.fixtures_database"]

# A busy machine is slow now and then; the timeout of a whole test is what counts.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
