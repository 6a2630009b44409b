"""The checks that screening can do by itself: identity, age, finances, own history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.screening.domain.identifiers import verify
from services.screening.domain.model import (
    FinancialHealth,
    Identifier,
    OwnHistory,
    RegistrationStatus,
)
from services.screening.domain.policy import (
    AgeBand,
    FinancesPolicy,
    IdentityPolicy,
    OwnHistoryPolicy,
)
from shared.kernel.dates import add_months, days_past_due
from shared.kernel.reasons import Reason


class CheckStatus(StrEnum):
    """Whether a check was done, and how it came out."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"


class Effect(StrEnum):
    """What a failed check demands by itself, whatever the points."""

    NONE = "none"
    REFER = "refer"
    REJECT_CREDIT = "reject_credit"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its outcome, its points (0 or more) and its reasons.

    Of one that was not done, the only reason says why.
    """

    id: str
    status: CheckStatus
    points: int = 0
    effect: Effect = Effect.NONE
    reasons: tuple[Reason, ...] = ()


def not_checked(check_id: str, why: str) -> Check:
    """A check that could not be done; missing is neither good nor bad."""
    return Check(check_id, CheckStatus.NOT_CHECKED, reasons=(Reason(why),))


def check_identity(
    identifiers: tuple[Identifier, ...],
    clashes: tuple[Identifier, ...],
    status: RegistrationStatus | None,
    policy: IdentityPolicy,
) -> Check:
    """C01: registration, check digits, and nobody else by the same identifier.

    A closed registration ends all trade; a wrong check digit or a clash needs a person, because
    most are typing mistakes.
    """
    faults = [*_checksum_faults(identifiers), *_clash_faults(clashes)]
    if status in policy.referred_statuses:
        faults.append(Reason("R-ID-STATUS", value=status))
    if status in policy.rejected_statuses:
        closed = Reason("H-ID", value=status)
        return Check("C01", CheckStatus.FAILED, effect=Effect.REJECT, reasons=(closed, *faults))
    if faults:
        return Check("C01", CheckStatus.FAILED, effect=Effect.REFER, reasons=tuple(faults))
    if status is None and not any(verify(i.scheme, i.value).verifiable for i in identifiers):
        return not_checked("C01", "no_verifiable_identifier")
    return Check("C01", CheckStatus.PASSED, reasons=tuple(_notes(identifiers)))


def check_age(registered_on: date | None, bands: tuple[AgeBand, ...], *, as_of: date) -> Check:
    """C11: years in business; the youngest band that fits counts."""
    if registered_on is None:
        return not_checked("C11", "no_registration_date")
    for band in bands:
        if add_months(registered_on, band.below_months) > as_of:
            reason = Reason(
                band.code, registered_on.isoformat(), band.below_months, float(band.points)
            )
            effect = Effect.REFER if band.refer else Effect.NONE
            return Check("C11", CheckStatus.FAILED, band.points, effect, (reason,))
    return Check("C11", CheckStatus.PASSED)


def check_finances(
    statement: FinancialHealth | None, policy: FinancesPolicy, *, as_of: date
) -> Check:
    """C12: Z″, equity and the auditor's opinion of a statement that is recent enough."""
    if statement is None:
        return not_checked("C12", "no_statement")
    if add_months(statement.period_end, policy.max_age_months) < as_of:
        return not_checked("C12", "statement_too_old")
    weaknesses = [*_figure_weaknesses(statement, policy), *_audit_weaknesses(statement, policy)]
    points = sum(points for _, points in weaknesses)
    reasons = [
        Reason(reason.code, reason.value, reason.threshold, float(points))
        for reason, points in weaknesses
    ]
    refer = statement.opinion in policy.referred_opinions
    if refer:
        reasons.append(Reason("S-FIN-OPIN", value=statement.opinion))
    return Check(
        "C12",
        CheckStatus.FAILED if reasons else CheckStatus.PASSED,
        points,
        Effect.REFER if refer else Effect.NONE,
        tuple(reasons),
    )


def check_own_history(
    history: OwnHistory | None, policy: OwnHistoryPolicy, *, as_of: date
) -> Check:
    """C16: what is long overdue with ourselves, and what we have written off."""
    if history is None:
        return not_checked("C16", "no_history_with_us")
    reasons, points, effect = [], 0, Effect.NONE
    if history.unrecovered_write_off:
        reasons.append(Reason("H-WO"))
        effect = Effect.REJECT_CREDIT
    if history.oldest_due_on is not None:
        late = days_past_due(history.oldest_due_on, as_of)
        if late > policy.overdue_over_days:
            points = policy.points
            reasons.append(Reason("S-OWN", late, policy.overdue_over_days, float(points)))
    status = CheckStatus.FAILED if reasons else CheckStatus.PASSED
    return Check("C16", status, points, effect, tuple(reasons))


def _checksum_faults(identifiers: Iterable[Identifier]) -> list[Reason]:
    faults = []
    for each in identifiers:
        verdict = verify(each.scheme, each.value)
        if not verdict.valid:
            shown = f"{each.scheme}:{each.value}"
            faults.append(Reason("R-ID", value=shown, threshold=verdict.expected_check))
    return faults


def _clash_faults(clashes: Iterable[Identifier]) -> list[Reason]:
    return [Reason("R-ID-CLASH", value=f"{each.scheme}:{each.value}") for each in clashes]


def _notes(identifiers: Iterable[Identifier]) -> list[Reason]:
    return [
        Reason(f"N-ID-{note.replace('_', '-')}", value=f"{each.scheme}:{each.value}")
        for each in identifiers
        for note in verify(each.scheme, each.value).notes
    ]


def _figure_weaknesses(
    statement: FinancialHealth, policy: FinancesPolicy
) -> list[tuple[Reason, int]]:
    found = []
    z = statement.z_double_prime
    if z is not None and z < policy.distress_below_z:
        reason = Reason("S-FIN-DIST", z, policy.distress_below_z)
        found.append((reason, policy.distress_points))
    elif z is not None and z <= policy.grey_through_z:
        found.append((Reason("S-FIN-GREY", z, policy.grey_through_z), policy.grey_points))
    equity = statement.total_equity
    if equity is not None and equity < policy.negative_equity_below:
        reason = Reason("S-FIN-NEGEQ", str(equity), str(policy.negative_equity_below))
        found.append((reason, policy.negative_equity_points))
    return found


def _audit_weaknesses(
    statement: FinancialHealth, policy: FinancesPolicy
) -> list[tuple[Reason, int]]:
    found = []
    if statement.audited is False:
        found.append((Reason("S-FIN-UNAUD"), policy.unaudited_points))
    if statement.opinion in policy.qualified_opinions:
        found.append((Reason("S-FIN-QUAL", value=statement.opinion), policy.qualified_points))
    return found
