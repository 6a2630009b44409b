"""Which database failures pass by themselves, so that trying again is right."""

import asyncpg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from shared.kernel.errors import TransientError

# Connection failures (08), operator intervention (57P0x), serialization and deadlock (40).
_PASSING_STATES = ("08", "57P01", "57P02", "57P03", "40001", "40P01", "53300", "55P03")
_CONNECTION = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, TimeoutError)


def is_transient(error: BaseException) -> bool:
    """Whether a failure is nobody's fault and passes: a lost connection, a restart, a deadlock."""
    if isinstance(error, TransientError | PoolTimeoutError | InterfaceError | OperationalError):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, _CONNECTION):
        return True
    state = str(getattr(cause, "sqlstate", "") or "")
    return state.startswith(_PASSING_STATES)
