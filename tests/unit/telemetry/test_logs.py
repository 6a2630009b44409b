"""Logs say what happened and keep secrets to themselves."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from shared.telemetry.logs import HIDDEN, hide_secrets, set_up_logs, without_secrets

KEY = "obl_0a1b2c_" + "f" * 64


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is logged; the way logs go is put back afterwards."""
    before = structlog.get_config()
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    set_up_logs(level="INFO", to=stream)
    yield stream
    structlog.configure(**before)
    root.handlers, root.level = handlers, level


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_an_event_with_fields(written: io.StringIO) -> None:
    structlog.get_logger().info("grade_assigned", customer_id="c1", grade="BB")
    (line,) = lines(written)
    assert (line["event"], line["level"]) == ("grade_assigned", "info")
    assert (line["customer_id"], line["grade"]) == ("c1", "BB")
    assert str(line["timestamp"]).endswith("Z")


def test_other_libraries_logs_go_the_same_way(written: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").warning("shutting down %s", "now")
    (line,) = lines(written)
    assert (line["event"], line["level"]) == ("shutting down now", "warning")


def test_what_is_below_the_level_is_not_written(written: io.StringIO) -> None:
    structlog.get_logger().debug("detail")
    logging.getLogger("anything").debug("detail")
    assert lines(written) == []


def test_requests_are_not_logged_unless_asked_for(written: io.StringIO) -> None:
    logging.getLogger("uvicorn.access").info("GET / 200")
    assert lines(written) == []


def test_an_exception_is_told_without_the_secrets_in_it(written: io.StringIO) -> None:
    error = ValueError(f"cannot use {KEY}")
    structlog.get_logger().error("request_failed", exc_info=error)
    (line,) = lines(written)
    assert "ValueError" in str(line["exception"])
    assert KEY not in written.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "admin_token",
        "Authorization",
        "api_key",
        "client_secret",
        "database_url",
        "Cookie",
    ],
)
def test_a_field_with_a_secrets_name_is_hidden(name: str) -> None:
    assert hide_secrets(None, "", {name: "x", "customer_id": "c1"}) == {
        name: HIDDEN,
        "customer_id": "c1",
    }


@pytest.mark.parametrize("name", ["key_id", "customer_id", "idempotency_key", "event"])
def test_a_harmless_field_is_shown(name: str) -> None:
    assert hide_secrets(None, "", {name: "x"}) == {name: "x"}


def test_secrets_are_hidden_however_deep_they_lie() -> None:
    event = {"headers": [{"authorization": "x"}, {"accept": f"Bearer {KEY}"}]}
    assert hide_secrets(None, "", dict(event)) == {
        "headers": [{"authorization": HIDDEN}, {"accept": f"Bearer {HIDDEN}"}]
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"used {KEY} here", f"used {HIDDEN} here"),
        ("Authorization: Bearer abc.def", f"Authorization: Bearer {HIDDEN}"),
        ("postgresql://ada:pw@db:5432/x", f"postgresql://{HIDDEN}@db:5432/x"),
        ("nothing to hide", "nothing to hide"),
        ("http://example.org/a:b@c", "http://example.org/a:b@c"),
    ],
)
def test_secrets_are_known_by_their_shape(text: str, shown: str) -> None:
    assert without_secrets(text) == shown


@given(st.text(), st.text())
def test_a_key_never_survives_whatever_stands_around_it(before: str, after: str) -> None:
    assert KEY not in without_secrets(before + KEY + after)
