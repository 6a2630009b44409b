"""Fixtures that every test may ask for."""

pytest_plugins = ["shared.testing.fixtures_kafka", "shared.testing.fixtures_database"]
