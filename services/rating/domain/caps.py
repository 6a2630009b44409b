"""What a grade may not be better than, whatever the model says (domain.md §3.8)."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.rating.domain.model import Cap, RatingFacts, Statement
from services.rating.domain.policy import CapPolicy

NO_STATEMENT = "NO_FIN"
THIN_FILE = "NO_FIN_THIN_FILE"
NEGATIVE_EQUITY = "NEGATIVE_EQUITY"
ADVERSE_OPINION = "ADVERSE_OPINION"
PAST_DUE = "PAST_DUE"
IN_DEFAULT = "IN_DEFAULT"
HARD_TRIGGER = "HARD_TRIGGER"
COUNTRY_CEILING = "COUNTRY_CEILING"


@dataclass(frozen=True, slots=True)
class Evidenced:
    """Which sources could be used at all: the statement that counts, a history, an outside grade."""

    statement: Statement | None
    history: bool
    outside: bool


def caps_for(
    facts: RatingFacts, evidenced: Evidenced, policy: CapPolicy, *, default_grade: str
) -> tuple[Cap, ...]:
    """Every cap that applies, binding or not."""
    return (
        *_file_caps(evidenced, policy),
        *_statement_caps(evidenced.statement, policy),
        *_payment_caps(facts, policy, default_grade=default_grade),
        *_trigger_caps(facts.hard_triggers, policy),
        *_country_caps(facts.country, policy),
    )


def _file_caps(evidenced: Evidenced, policy: CapPolicy) -> Iterable[Cap]:
    """Without a statement no better than its cap; with nothing at all, the thin file's."""
    if evidenced.statement is not None:
        return
    if evidenced.history or evidenced.outside:
        yield Cap(NO_STATEMENT, policy.no_statement, "R16")
    else:
        yield Cap(THIN_FILE, policy.thin_file, "R15")


def _statement_caps(statement: Statement | None, policy: CapPolicy) -> Iterable[Cap]:
    if statement is None:
        return
    equity = float(statement.lines["TE"])
    if equity < 0:
        yield Cap(NEGATIVE_EQUITY, policy.negative_equity, "R18", value=equity, threshold=0.0)
    if statement.opinion is not None and statement.opinion.value in policy.adverse_opinions:
        opinion = statement.opinion.value
        yield Cap(ADVERSE_OPINION, policy.adverse_opinion, "R16", value=opinion)


def _payment_caps(facts: RatingFacts, policy: CapPolicy, *, default_grade: str) -> Iterable[Cap]:
    """More than 90 days past due on a material amount is default; before that, a cap."""
    days = facts.material_days_past_due
    late = None if days is None else float(days)
    if facts.in_default or (days is not None and days > policy.default_beyond):
        yield Cap(IN_DEFAULT, default_grade, "R11", value=late, threshold=policy.default_beyond)
    elif days is not None and days > policy.past_due_beyond:
        yield Cap(PAST_DUE, policy.past_due, "R11", value=late, threshold=policy.past_due_beyond)


def _trigger_caps(hard_triggers: Iterable[str], policy: CapPolicy) -> Iterable[Cap]:
    for trigger in hard_triggers:
        if trigger in policy.hard_triggers:
            yield Cap(HARD_TRIGGER, policy.hard_triggers[trigger], "R17", value=trigger)


def _country_caps(country: str | None, policy: CapPolicy) -> Iterable[Cap]:
    if country in policy.country_ceilings:
        yield Cap(COUNTRY_CEILING, policy.country_ceilings[country], "R20", value=country)
