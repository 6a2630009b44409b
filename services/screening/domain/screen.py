"""The screening decision: all checks, all reasons, the most severe outcome wins (domain.md §2)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from services.screening.domain.checks import (
    Check,
    CheckStatus,
    Effect,
    check_age,
    check_finances,
    check_identity,
    check_own_history,
    not_checked,
)
from services.screening.domain.model import (
    FinancialHealth,
    Identifier,
    OwnHistory,
    RegistrationStatus,
)
from services.screening.domain.policy import ScreeningPolicy
from shared.kernel.dates import add_months
from shared.kernel.reasons import Reason

_SEVERITY: Final = {Effect.NONE: 0, Effect.REFER: 1, Effect.REJECT_CREDIT: 2, Effect.REJECT: 3}
_OUTCOMES: Final = {
    Effect.NONE: "pass",
    Effect.REFER: "refer",
    Effect.REJECT_CREDIT: "reject_credit",
    Effect.REJECT: "reject",
}
# Checks that need a source nobody has connected yet, in the order of domain.md §2.1.
_WITHOUT_SOURCE: Final = {
    "C02": "no_sanctions_list",
    "C03": "no_ownership_source",
    "C04": "no_export_control_list",
    "C05": "no_country_list",
    "C06": "no_pep_list",
    "C07": "no_debarment_list",
    "C08": "no_court_source",
    "C09": "no_registry_list",
    "C10": "no_insolvency_source",
    "C13": "no_litigation_source",
    "C14": "no_media_source",
    "C15": "no_bureau_source",
    "C17": "no_exit_register",
    "C18": "no_registry_source",
    "C19": "no_registry_source",
    "C20": "no_credit_request",
    "C21": "no_payee_verification",
}


@dataclass(frozen=True, slots=True)
class ScreeningFacts:
    """What is known of a customer on the day; None = not known, never a good or bad sign.

    `clashes` are its identifiers that another customer already holds.
    """

    customer_id: str
    names: tuple[str, ...]
    country: str
    identifiers: tuple[Identifier, ...] = ()
    clashes: tuple[Identifier, ...] = ()
    registered_on: date | None = None
    registration_status: RegistrationStatus | None = None
    financials: FinancialHealth | None = None
    own_history: OwnHistory | None = None


@dataclass(frozen=True, slots=True)
class ScreeningDecision:
    """Outcome pass|refer|reject_credit|reject, why, and what was not looked at.

    `valid_to` is the last day on which the verdict counts.
    """

    outcome: str
    points: int
    reasons: tuple[Reason, ...]
    checks: tuple[Check, ...]
    not_checked: tuple[str, ...]
    valid_to: date


def decide_screening(
    facts: ScreeningFacts, policy: ScreeningPolicy, *, as_of: date
) -> ScreeningDecision:
    """Run every check, collect every reason; the most severe outcome wins (§2.2)."""
    checks = run_checks(facts, policy, as_of=as_of)
    points = sum(check.points for check in checks)
    missing = tuple(check.id for check in checks if check.status is CheckStatus.NOT_CHECKED)
    demanded = tuple(
        Reason("R-DATA", value=name) for name in missing if name in policy.mandatory_checks
    )
    effects = [check.effect for check in checks]
    effects.append(_effect_of_points(points, policy))
    effects.append(Effect.REFER if demanded else Effect.NONE)
    outcome = _OUTCOMES[max(effects, key=_SEVERITY.__getitem__)]
    return ScreeningDecision(
        outcome=outcome,
        points=points,
        reasons=demanded + _most_severe_first(checks),
        checks=checks,
        not_checked=missing,
        valid_to=add_months(as_of, policy.valid_months[outcome]),
    )


def run_checks(facts: ScreeningFacts, policy: ScreeningPolicy, *, as_of: date) -> tuple[Check, ...]:
    """All checks C01 to C21, in order, whether they could be done or not."""
    done = [
        check_identity(
            facts.identifiers, facts.clashes, facts.registration_status, policy.identity
        ),
        check_age(facts.registered_on, policy.age, as_of=as_of),
        check_finances(facts.financials, policy.finances, as_of=as_of),
        check_own_history(facts.own_history, policy.own_history, as_of=as_of),
    ]
    open_ones = [not_checked(name, why) for name, why in _WITHOUT_SOURCE.items()]
    return tuple(sorted(done + open_ones, key=lambda check: check.id))


def _effect_of_points(points: int, policy: ScreeningPolicy) -> Effect:
    if points >= policy.reject_from_points:
        return Effect.REJECT_CREDIT
    return Effect.REFER if points >= policy.refer_from_points else Effect.NONE


def _most_severe_first(checks: tuple[Check, ...]) -> tuple[Reason, ...]:
    ranked = sorted(
        (check for check in checks if check.status is not CheckStatus.NOT_CHECKED),
        key=lambda check: (-_SEVERITY[check.effect], -check.points, check.id),
    )
    return tuple(reason for check in ranked for reason in check.reasons)
