"""Which of a customer's covenants are in force on a day, and when time alone changes one."""

from datetime import date, timedelta

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.external import (
    STATEMENT_DAYS,
    ExternalFacts,
    OutsideSign,
    Source,
)
from services.monitoring.domain.indicator_facts.financials import FinancialFacts
from services.monitoring.domain.outside.external_standing import ExternalStanding
from services.monitoring.domain.outside.financial_standing import (
    FinancialStanding,
    financial_facts,
)
from services.monitoring.domain.policies.warnings import WarningPolicy
from shared.kernel.values import replace


def with_covenants(
    facts: FinancialFacts,
    external: ExternalFacts,
    standing: FinancialStanding,
    policy: WarningPolicy,
) -> FinancialFacts:
    """The statements with the covenants in force, and what was known before the latest of them."""
    binding = tuple(each for each in external.of(Source.COVENANT) if _binds(each, facts.as_of))
    if not binding:
        return facts
    latest, earlier = facts.latest, None
    if latest is not None:
        before = latest.counts_from - timedelta(days=1)
        rules, industry = policy.statements, facts.industry
        earlier = financial_facts(standing, rules, as_of=before, industry=industry)
    return replace(facts, covenants=binding, earlier=earlier)


def covenant_days(
    financials: FinancialStanding, external: ExternalStanding, policy: WarningPolicy, *, day: date
) -> list[date]:
    """The days, `day` or later, on which a covenant ends, is not cured in time, or a statement is late."""
    agreed = [e for e in external.signs if e.source is Source.COVENANT and not e.over]
    if not agreed:
        return []
    known = financial_facts(financials, policy.statements, as_of=day)
    cure = int(policy.indicators[Indicator.COVENANT_BREACH].numbers["cure_days"]) + 1
    days = [each.expires_on + timedelta(days=1) for each in agreed if each.expires_on is not None]
    for each in agreed:
        since = _known_since(each, known)
        if since is not None:
            days += [since, since + timedelta(days=cure)]
    return [each for each in days if each >= day]


def _known_since(covenant: OutsideSign, known: FinancialFacts) -> date | None:
    """The first day on which a breach by what is on file can be known; None: nothing is on file."""
    if covenant.kind != STATEMENT_DAYS:
        return None if known.latest is None else max(known.latest.counts_from, covenant.on)
    late = known.awaited_end(covenant.on) + timedelta(days=int(covenant.level or 0) + 1)
    return max(late, covenant.on)


def _binds(covenant: OutsideSign, as_of: date) -> bool:
    return covenant.expires_on is None or covenant.expires_on >= as_of
