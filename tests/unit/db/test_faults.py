"""Which failures pass by themselves (try again) and which are ours (stop)."""

import asyncpg
import pytest
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from shared.bus.port import PositionOutsideLogError
from shared.db.faults import is_transient
from shared.kernel.errors import ConflictError, PoisonError, TransientError
from shared.log.partitions import FencedError


def as_sqlalchemy(cause: BaseException, *, lost: bool = False) -> DBAPIError:
    return DBAPIError("SELECT 1", {}, cause, connection_invalidated=lost)


@pytest.mark.parametrize(
    "error",
    [
        TransientError("the broker is away"),
        PoolTimeoutError("all connections are taken"),
        InterfaceError("SELECT 1", {}, Exception("closed")),
        OperationalError("SELECT 1", {}, Exception("gone")),
        ConnectionRefusedError("nobody listens"),
        ConnectionResetError("the line broke"),
        OSError("no route"),
        TimeoutError("too long"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.ConnectionDoesNotExistError("it went"),
        asyncpg.PostgresConnectionError("lost"),
    ],
)
def test_a_lost_connection_passes(error: Exception) -> None:
    assert is_transient(error)


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.AdminShutdownError("terminating"),
        asyncpg.CrashShutdownError("crashed"),
        asyncpg.CannotConnectNowError("starting up"),
        asyncpg.SerializationError("could not serialize"),
        asyncpg.DeadlockDetectedError("deadlock"),
        asyncpg.TooManyConnectionsError("too many"),
        asyncpg.LockNotAvailableError("lock timeout"),
    ],
)
def test_a_restart_or_a_quarrel_over_locks_passes(error: Exception) -> None:
    assert is_transient(error)
    assert is_transient(as_sqlalchemy(error))


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.UniqueViolationError("twice"),
        asyncpg.NotNullViolationError("null"),
        asyncpg.UndefinedTableError("no table"),
        asyncpg.InsufficientPrivilegeError("not yours"),
        asyncpg.PostgresSyntaxError("what?"),
        asyncpg.DiskFullError("full"),
        asyncpg.QueryCanceledError("too slow"),
    ],
)
def test_a_statement_that_can_never_work_does_not_pass(error: Exception) -> None:
    assert not is_transient(error)
    assert not is_transient(as_sqlalchemy(error))


@pytest.mark.parametrize(
    "error",
    [
        ZeroDivisionError(),
        KeyError("missing"),
        AssertionError(),
        ConflictError("no"),
        PoisonError("never"),
        FencedError(0, mine=1, found=2),
        PositionOutsideLogError("t", 0, 5, "nothing is there"),
        IntegrityError("INSERT", {}, Exception("twice")),
        ProgrammingError("SELECT", {}, Exception("what?")),
    ],
)
def test_a_failure_of_ours_does_not_pass(error: Exception) -> None:
    assert not is_transient(error)


def test_a_broken_connection_passes_whatever_broke_it() -> None:
    assert is_transient(as_sqlalchemy(Exception("unheard of"), lost=True))


def test_a_connection_failure_under_sqlalchemy_passes() -> None:
    assert is_transient(as_sqlalchemy(ConnectionResetError("the line broke")))


def test_a_cancelled_task_is_not_tried_again() -> None:
    assert not is_transient(KeyboardInterrupt())
