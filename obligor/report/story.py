"""What happened: fetched over HTTP from the running platform, and printed."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from msgspec import Struct
from rich.console import Console

from obligor.remote import Remote
from obligor.report.standing import (
    OpenWarning,
    RatingAnswer,
    RecoveryCase,
    Standing,
    standings,
    totals,
    worst,
)
from obligor.report.tables import (
    failure_sentences,
    failure_table,
    reasons_of,
    risk_table,
    tier_table,
    worst_table,
)
from obligor.report.verdict import ESCALATED, RAISED, FailureSeen, Verdict, judge, warnings_said
from obligor.rest import look
from obligor.sample.portfolio import Truth
from obligor.tracing.chain import Chain
from obligor.tracing.collect import collect
from obligor.tracing.labels import tree_of
from obligor.wording import Wording

_WORST = 10
_OPEN = frozenset({"open", "acknowledged"})
_LARGEST_CHAIN = 40


_WARNED = frozenset({RAISED, ESCALATED})
_CHANGES = _WARNED | frozenset(
    {
        "rating.grade_assigned.v1",
        "tiering.tier_assigned.v1",
        "tiering.credit_limit_set.v1",
        "recovery.case_opened.v1",
    }
)


class Named(Struct, frozen=True):
    """A customer of the register, by name."""

    customer_id: str
    legal_names: tuple["Name", ...]


class Name(Struct, frozen=True):
    """One of its names."""

    name: str


def tell(remote: Remote, truths: Sequence[Truth], *, console: Console, words: Wording) -> None:
    """Print the portfolio, its worst customers, the money at risk, the verdict and one chain."""
    customers = standings(remote)
    if not customers:
        console.print("No customer has a tier yet.")
        return
    as_of = look(remote).chain_closed_on or date.min
    verdict = judge(truths, warnings_said(remote), as_of=as_of) if truths else None
    found = totals(customers)
    console.print()
    for currency in dict.fromkeys(one.currency for one in found):
        console.print(tier_table(found, currency, words))
    _tell_worst(remote, customers, console=console, words=words)
    console.print(risk_table(customers, verdict, words))
    console.print(_cases(remote, words))
    if verdict is not None:
        console.print(failure_table(verdict, words))
        for sentence in failure_sentences(verdict, words):
            console.print(sentence)
        _tell_chain(remote, verdict, console=console, words=words)


def _tell_worst(
    remote: Remote, customers: Sequence[Standing], *, console: Console, words: Wording
) -> None:
    ten = worst(customers, _WORST)
    ids = [one.customer_id for one in ten]
    names = dict(zip(ids, remote.for_each(ids, partial(_name, remote)), strict=True))
    why = dict(zip(ids, remote.for_each(ids, partial(_why, remote, words)), strict=True))
    console.print(worst_table(ten, names, why, words))


def _name(remote: Remote, customer_id: str) -> str:
    known = remote.find(f"/screening/v1/customers/{customer_id}", Named)
    return known.legal_names[0].name if known and known.legal_names else ""


def _why(remote: Remote, words: Wording, customer_id: str) -> str:
    raised = remote.pages("/monitoring/v1/warnings", OpenWarning, customer_id=customer_id)
    rating = remote.find(f"/rating/v1/customers/{customer_id}/rating", RatingAnswer)
    return reasons_of([one for one in raised if one.status in _OPEN], rating, words)


def _cases(remote: Remote, words: Wording) -> str:
    cases = list(remote.pages("/recovery/v1/cases", RecoveryCase))
    still_open = [one for one in cases if one.state != "closed"]
    customers = len({one.customer_id for one in still_open})
    return words.sentence(
        "cases",
        opened=len(cases),
        closed=len(cases) - len(still_open),
        still_open=len(still_open),
        customers=customers,
    )


def _tell_chain(remote: Remote, verdict: Verdict, *, console: Console, words: Wording) -> None:
    told = _best_chain(remote, verdict)
    if told is None:
        return
    seen, chain = told
    console.print()
    console.print(
        f"[bold]{words.word('chain', seen.truth.name)}[/bold], {words.story(seen.truth.story)}, failed on {seen.failed_on}"
    )
    console.print(tree_of(chain, words))


def _best_chain(remote: Remote, verdict: Verdict) -> tuple[FailureSeen, Chain] | None:
    """The chain that changed most, of a failure that was warned of early."""
    for seen in sorted(verdict.warned, key=lambda one: -(one.lead or 0))[:5]:
        chains = [
            chain
            for chain in collect(remote, seen.truth.customer_id)
            if chain.links <= _LARGEST_CHAIN and _WARNED & chain.names
        ]
        best = max(chains, key=_telling, default=None)
        if best is not None:
            return seen, best
    return None


def _telling(chain: Chain) -> tuple[int, int, int]:
    """A chain tells most when warning, grade, tier and case changed in it; short ones first."""
    return len(chain.names & _CHANGES), len(chain.services), -chain.links
