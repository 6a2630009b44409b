"""Structured logs: an event name and fields, one JSON object per line, no secrets."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Final, TextIO

import structlog

HIDDEN: Final = "[hidden]"
_SECRET_NAME = re.compile(
    r"authorization|password|passwd|secret|token|api_?key\b|cookie|credential|database_url|dsn",
    re.IGNORECASE,
)
_SECRET_VALUE = re.compile(
    r"obl_[0-9a-zA-Z]+_[0-9a-zA-Z_-]+"  # our API keys
    r"|(?<=[Bb]earer )[^\s\"']+"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"  # user:password in URLs
)


def is_secret_name(name: str) -> bool:
    """Whether a field of that name may hold a secret."""
    return _SECRET_NAME.search(name) is not None


def without_secrets(text: str) -> str:
    """A text with keys, bearer tokens and URL passwords hidden."""
    return _SECRET_VALUE.sub(HIDDEN, text)


def hide_secrets(
    _logger: object, _method: str, event: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    """A structlog processor that hides secrets by field name and by shape, nested ones too."""
    for name, value in event.items():
        event[name] = HIDDEN if is_secret_name(name) else _hidden(value)
    return event


def _hidden(value: object) -> object:
    match value:
        case str():
            return without_secrets(value)
        case Mapping():
            return {
                key: HIDDEN if is_secret_name(str(key)) else _hidden(each)
                for key, each in value.items()
            }
        case list() | tuple():
            return [_hidden(each) for each in value]
        case _:
            return value


def set_up_logs(*, level: str = "INFO", access_log: bool = False, to: TextIO | None = None) -> None:
    """Write structured logs to standard error; other libraries' logs go the same way."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.StackInfoRenderer(),
        hide_secrets,
    ]
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(default=str)],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(to or sys.stderr),
        cache_logger_on_first_use=False,
    )
    _adopt_foreign_logs(shared, number, to or sys.stderr)
    logging.getLogger("uvicorn.access").disabled = not access_log


def _adopt_foreign_logs(shared: list[structlog.typing.Processor], level: int, to: TextIO) -> None:
    handler = logging.StreamHandler(to)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(default=str),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    for noisy in ("aiokafka", "httpx", "sqlalchemy.engine"):
        logging.getLogger(noisy).setLevel(max(level, logging.WARNING))
