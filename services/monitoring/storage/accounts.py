"""Customers' accounts, as rows: the state is MessagePack, the same state always the same bytes."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from services.monitoring.domain.account import Account
from services.monitoring.domain.facts import Fact
from services.monitoring.domain.ledger import Ledger
from services.monitoring.domain.standing import Standing
from services.monitoring.storage.book import Customer


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptState:
    """What is kept of a customer between batches."""

    earlier: Account
    recent: list[Fact]
    standing: Standing


_encoder = msgspec.msgpack.Encoder(decimal_format="string")
_decoder = msgspec.msgpack.Decoder(KeptState)


def write_state(customer: Customer) -> bytes:
    """The customer's state as bytes, slimmed of what is over and done with."""
    customer.ledger.slim()
    return _encoder.encode(
        KeptState(
            earlier=customer.ledger.earlier.in_order(),
            recent=customer.ledger.recent,
            standing=customer.standing.in_order(),
        )
    )


def write_ledger(ledger: Ledger) -> bytes:
    """The ledger's part of the state as bytes, slimmed as `write_state` does."""
    ledger.slim()
    return _encoder.encode([ledger.earlier.in_order(), ledger.recent])


def read_state(state: bytes) -> tuple[Ledger, Standing]:
    """Ledger and standing from a row's bytes."""
    kept = _decoder.decode(state)
    return Ledger.kept(kept.earlier, kept.recent), kept.standing


def account_rows(customers: Iterable[Customer], *, partition: int) -> list[dict[str, object]]:
    """Rows to be written, by customer id."""
    return [
        {
            "customer_id": customer.customer_id,
            "partition": partition,
            "wake_on": customer.wake_on,
            "state": write_state(customer),
        }
        for customer in sorted(customers, key=lambda each: each.customer_id)
    ]
