"""Fixtures that every test may ask for."""

from shared.telemetry.logs import set_up_logs

pytest_plugins = ["shared.testing.fixtures_kafka", "shared.testing.fixtures_database"]

# Plain lines: the default renderer draws the locals of every frame of an expected failure.
set_up_logs(level="WARNING")
