"""Courts, tax offices, registers and authorities: the formulas of E02 to E08 and E13.

All are measured on what is open on the day. Signs "as listed" are levels 1 to 3.
"""

from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.formula import Formula
from services.monitoring.domain.formulas.signs import (
    documents,
    is_whole,
    level,
    share_of_worth,
    worth_figures,
)
from services.monitoring.domain.indicator_facts.external import ExternalFacts, Source
from services.monitoring.domain.measurement import Evidence, Measurement
from services.monitoring.domain.policies.warnings import IndicatorPolicy, Severity, WarningPolicy

CLAIM = "claim"
ENFORCEMENT = "enforcement"
DISHONEST_DEBTOR = "dishonest_debtor"
CONSUMPTION_LIMIT = "consumption_limit"
FAILURES = ("insolvency", "liquidation", "payment_stop")
CHANGES = ("abnormal_list", "legal_representative", "beneficial_owner", "address")
GRAVE_CHANGES = ("capital_cut", "deregistration_notice")
FROZEN = "frozen"
MEASURES: Final = {"penalty": 1.0, "suspension": 2.0, "revocation": 3.0}
_WATCH, _AMBER, _RED = 1.0, 2.0, 3.0


def litigation(
    facts: ExternalFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """E02: open claims of the last `days` against the customer, over its tangible net worth.

    Unknown without a net worth, and where those that name an amount in its currency are too few to
    raise anything but not all there are.
    """
    del policy
    claims = facts.of(Source.COURT, CLAIM, days=entry.days)
    if not claims:
        return Measurement(value=0.0)
    share = share_of_worth(facts, claims)
    too_little = entry.severity_of(share) is None and not is_whole(facts, claims)
    return Measurement(
        value=None if too_little else share,
        on=claims[-1].on,
        explain=lambda: Evidence(figures=worth_figures(facts, claims), documents=documents(claims)),
    )


def enforcement(
    facts: ExternalFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """E03: 1 for any open enforcement, 2 or 3 for one above `amber_share`, `red_share` of net worth."""
    del policy
    cases = facts.of(Source.COURT, ENFORCEMENT)
    share = share_of_worth(facts, cases) or 0.0
    value = _WATCH if cases else 0.0
    if share > entry.numbers["amber_share"]:
        value = _AMBER
    if share > entry.numbers["red_share"]:
        value = _RED
    return level(value, cases, worth_figures(facts, cases))


def dishonest_debtor(
    facts: ExternalFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """E04: 3 while listed as a dishonest debtor (`listed_days` at the most), 2 while consumption is limited."""
    del policy
    term = int(entry.numbers["listed_days"])
    listed = facts.of(Source.COURT, DISHONEST_DEBTOR, days=term)
    limited = facts.of(Source.COURT, CONSUMPTION_LIMIT)
    figures: dict[str, float | str | None] = {
        "listings": len(listed),
        "consumption_limits": len(limited),
        "listed_on": listed[0].on.isoformat() if listed else None,
    }
    value = _RED if listed else _AMBER if limited else 0.0
    return level(value, listed or limited, figures)


def public_arrears(
    facts: ExternalFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """E05: tax or social arrears: open 1, published again within `days` 2, above `red_share` of net worth 3."""
    del policy
    arrears = facts.of(Source.ARREARS)
    repeated = len(facts.of(Source.ARREARS, days=entry.days)) > 1
    share = share_of_worth(facts, arrears) or 0.0
    value = _AMBER if repeated else _WATCH if arrears else 0.0
    if share > entry.numbers["red_share"]:
        value = _RED
    return level(value, arrears, worth_figures(facts, arrears))


def equity_pledge(
    facts: ExternalFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """E06: the share of the controlling stake that is pledged; frozen is red whatever the share."""
    del entry, policy
    reports = facts.of(Source.EQUITY)[-1:]
    if not reports:
        return Measurement(value=0.0)
    frozen = reports[0].kind == FROZEN
    figures: dict[str, float | str | None] = {
        "pledged_share": reports[0].share,
        "frozen": "yes" if frozen else "no",
    }
    share, red = reports[0].share or 0.0, Severity.RED if frozen else None
    return level(share, reports, figures, at_least=red)


def registry_events(
    facts: ExternalFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """E07: changes in the last `days`; a capital cut or a notice of deregistration is red by itself."""
    del policy
    changes = facts.of(Source.REGISTRY, *CHANGES, *GRAVE_CHANGES, days=entry.days)
    grave = [each for each in changes if each.kind in GRAVE_CHANGES]
    figures: dict[str, float | str | None] = {
        "changes": len(changes),
        **{kind: sum(1 for e in changes if e.kind == kind) for kind in (*CHANGES, *GRAVE_CHANGES)},
    }
    at_least = Severity.RED if grave else None
    return level(float(len(changes)), changes, figures, at_least=at_least)


def insolvency(
    facts: ExternalFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """E08: 3 while insolvency, liquidation or a payment stop is open."""
    del entry, policy
    failures = facts.of(Source.COURT, *FAILURES)
    figures: dict[str, float | str | None] = {
        "proceedings": len(failures),
        "kind": failures[-1].kind if failures else None,
    }
    return level(_RED if failures else 0.0, failures, figures)


def licence_sanction(
    facts: ExternalFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement | None:
    """E13: the gravest measure of the last `days`: penalty 1, suspension 2, revocation 3."""
    del policy
    sanctions = facts.of(Source.AUTHORITY, days=entry.days)
    value = max((MEASURES[each.kind] for each in sanctions), default=0.0)
    gravest = [each for each in sanctions if MEASURES[each.kind] == value]
    figures: dict[str, float | str | None] = {
        "sanctions": len(sanctions),
        "measure": gravest[-1].kind if gravest else None,
        "over": gravest[-1].by if gravest else None,
    }
    return level(value, gravest, figures)


FORMULAS: Final[dict[Indicator, Formula[ExternalFacts]]] = {
    Indicator.LITIGATION: Formula(litigation, lambda facts: bool(facts.of(Source.COURT, CLAIM))),
    Indicator.ENFORCEMENT: Formula(
        enforcement, lambda facts: bool(facts.of(Source.COURT, ENFORCEMENT))
    ),
    Indicator.DISHONEST_DEBTOR: Formula(
        dishonest_debtor,
        lambda facts: bool(facts.of(Source.COURT, DISHONEST_DEBTOR, CONSUMPTION_LIMIT)),
    ),
    Indicator.TAX_ARREARS: Formula(public_arrears, lambda facts: bool(facts.of(Source.ARREARS))),
    Indicator.EQUITY_PLEDGE: Formula(equity_pledge, lambda facts: bool(facts.of(Source.EQUITY))),
    Indicator.REGISTRY_EVENTS: Formula(
        registry_events, lambda facts: bool(facts.of(Source.REGISTRY))
    ),
    Indicator.INSOLVENCY: Formula(
        insolvency, lambda facts: bool(facts.of(Source.COURT, *FAILURES))
    ),
    Indicator.LICENCE_SANCTION: Formula(
        licence_sanction, lambda facts: bool(facts.of(Source.AUTHORITY))
    ),
}
