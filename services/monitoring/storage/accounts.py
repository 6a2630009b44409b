"""Customers as rows: account, standing and watch together, the same state always the same bytes.

A state is MessagePack, an array of standing, watch, account and the newest day's facts: who asks for
standing or watch alone reads no further.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import msgspec

from services.monitoring.domain.conduct.state import Conduct
from services.monitoring.domain.figures.exposure import Exposure
from services.monitoring.domain.receivables.account import Account
from services.monitoring.domain.receivables.facts import Fact
from services.monitoring.domain.receivables.history import History
from services.monitoring.domain.receivables.ledger import Ledger
from services.monitoring.domain.standing import Standing
from services.monitoring.domain.watching.watch import Watch
from services.monitoring.storage.book import Customer
from services.monitoring.storage.flat import Flat, list_of, table_of

ACCOUNT_COLUMNS = ("customer_id", "partition", "wake_on", "state")


@dataclass(frozen=True, slots=True)
class Shown:
    """What is said of a customer and what is watched, without its ledger."""

    standing: Standing
    watch: Watch


@dataclass(frozen=True, slots=True)
class _State(Shown):
    earlier: Account
    recent: Sequence[Fact]


class Kept(NamedTuple):
    """What is kept of a customer between batches; the ledger is to be unfolded before use."""

    ledger: Ledger
    standing: Standing
    watch: Watch


_FACT = Flat(Fact)
_HISTORY = Flat(History)
_ACCOUNT = Flat(Account, histories=table_of(_HISTORY))
_EXPOSURE = Flat(Exposure)
_STANDING = Flat(Standing, exposures=list_of(_EXPOSURE))
_CONDUCT = Flat(Conduct)
_WATCH = Flat(Watch, conduct=_CONDUCT.row)
_SHOWN = Flat(Shown, standing=_STANDING.row, watch=_WATCH.row)
_STATE = Flat(
    _State,
    standing=_STANDING.row,
    watch=_WATCH.row,
    earlier=_ACCOUNT.row,
    recent=list_of(_FACT),
)
_encode = msgspec.msgpack.Encoder(decimal_format="string").encode
_encode_sorted = msgspec.msgpack.Encoder(decimal_format="string", order="deterministic").encode
_decode_shown = msgspec.msgpack.Decoder(_SHOWN.row).decode
_decode_state = msgspec.msgpack.Decoder(_STATE.row).decode


def write_state(customer: Customer) -> bytes:
    """The customer's state as bytes, slimmed of what is over and done with."""
    customer.ledger.slim()
    standing, watch = customer.standing, customer.watch
    exposures = [_EXPOSURE.parts(each) for each in standing.exposures]
    watched = _encode_sorted(_WATCH.in_order(watch, conduct=_CONDUCT.parts(watch.conduct)))
    return _encode(
        (
            _STANDING.in_order(standing, exposures=exposures),
            msgspec.Raw(watched),
            *_ledger_parts(customer.ledger),
        )
    )


def write_ledger(ledger: Ledger) -> bytes:
    """The ledger's part of the state as bytes, slimmed as `write_state` does."""
    ledger.slim()
    return _encode(_ledger_parts(ledger))


def _ledger_parts(ledger: Ledger) -> tuple[object, object]:
    earlier = ledger.earlier
    histories = {name: _HISTORY.in_order(each) for name, each in sorted(earlier.histories.items())}
    account = _ACCOUNT.in_order(earlier, histories=histories)
    return account, [_FACT.parts(fact) for fact in ledger.recent]


def read_state(state: bytes) -> Kept:
    """Ledger, standing and watch from a row's bytes."""
    standing, watch, earlier, recent = _STATE.parts(_decode_state(state))
    histories = _HISTORY.table_made(getattr(earlier, "histories", None))
    account = _ACCOUNT.made(earlier, histories=histories)
    return Kept(
        Ledger.kept(account, _FACT.all_made(recent)), _standing_made(standing), _watch_made(watch)
    )


def read_shown(state: bytes) -> Shown:
    """Standing and watch from a row's bytes."""
    standing, watch = _SHOWN.parts(_decode_shown(state))
    return Shown(_standing_made(standing), _watch_made(watch))


def read_standing(state: bytes) -> Standing:
    """The standing alone."""
    return read_shown(state).standing


def _standing_made(row: object) -> Standing:
    exposures = tuple(_EXPOSURE.all_made(getattr(row, "exposures", None)))
    return _STANDING.made(row, exposures=exposures)


def _watch_made(row: object) -> Watch:
    return _WATCH.made(row, conduct=_CONDUCT.made(getattr(row, "conduct", None)))


AccountRow = tuple[str, int, date | None, bytes]


def account_rows(customers: Iterable[Customer], *, partition: int) -> list[AccountRow]:
    """Rows to be written, the values of `ACCOUNT_COLUMNS`, by customer id."""
    return [
        (customer.customer_id, partition, customer.wake_on, write_state(customer))
        for customer in sorted(customers, key=lambda each: each.customer_id)
    ]
