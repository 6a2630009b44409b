"""Ask the five services what they know about a customer or a chain."""

from functools import partial

from obligor.remote import SERVICES, Remote
from obligor.tracing.chain import Chain, DecisionAnswer, EventAnswer, Told, chains_of
from shared.kernel.errors import NotFoundError


def collect(remote: Remote, name: str) -> list[Chain]:
    """The chains about a customer, or the one with that correlation id."""
    for asked in ("customer_id", "correlation_id"):
        told = list(remote.for_each(SERVICES, partial(_told, remote, {asked: name})))
        if any(one.events or one.decisions for one in told):
            return chains_of(told)
    raise NotFoundError(kind="customer or correlation", name=name)


def _told(remote: Remote, asked: dict[str, str], service: str) -> Told:
    return Told(
        service=service,
        events=list(remote.pages(f"/{service}/v1/events", EventAnswer, **asked)),
        decisions=list(remote.pages(f"/{service}/v1/decisions", DecisionAnswer, **asked)),
    )
