"""What the customer does beside paying: discounts, bills, requests, accounts, answers (of T and B)."""

from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas import rates, trends
from services.monitoring.domain.formulas.formula import CALM, Formula
from services.monitoring.domain.indicator_facts.conduct import BillFacts, ConductFacts
from services.monitoring.domain.measurement import Evidence, Measurement
from services.monitoring.domain.policies.warnings import IndicatorPolicy, Severity, WarningPolicy

WORSE_BILL, UNPAID_BILL, UNPAID_OFTEN = 1.0, 2.0, 3.0


def discount_lost(
    facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """T13: offers of a discount that went by running, each a period, with the invoice unpaid.

    Counts where taking them was a habit: at least `least_taken` times, and a share of `habit`.
    """
    del policy
    found = facts.discounts
    if found is None:
        return CALM
    habitual = found.taken >= entry.numbers["least_taken"] and found.habit >= entry.numbers["habit"]
    return Measurement(
        value=float(found.lost),
        counts=habitual,
        explain=lambda: Evidence(
            figures={
                "discounts_lost_running": found.lost,
                "taken_before": found.taken,
                "share_taken_before": found.habit,
                "window_days": entry.days,
            },
            documents=found.documents,
        ),
    )


def bill_quality(facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy) -> Measurement:
    """T14: 1 where bills got worse, 2 where one was not paid in time, 3 where that happens again and again.

    That is, `lapsed_bills` of them in `lapsed_days`, and one of them unpaid still, or of this month; or the
    published list (持续逾期) says so.
    """
    del policy
    found = facts.bills
    if found is None:
        return CALM
    return Measurement(
        value=_bill_level(found, entry.numbers["lapsed_bills"]),
        explain=lambda: Evidence(
            figures={
                "worse": found.why,
                "tenor_days": found.tenor,
                "usual_tenor_days": found.usual_tenor,
                "unpaid_bills": len(found.unpaid),
                "lapsed_bills": len(found.lapsed),
                "lapsed_within_days": entry.numbers["lapsed_days"],
                "published_listing": found.listed,
            },
            documents=tuple(
                dict.fromkeys(
                    (*found.unpaid, *found.lapsed, *([found.worse] if found.worse else []))
                )
            ),
        ),
    )


def _bill_level(found: BillFacts, often: float) -> float:
    if found.listed:
        return UNPAID_OFTEN
    if len(found.lapsed) >= often and (found.unpaid or found.lapsed_this_month):
        return UNPAID_OFTEN
    if found.unpaid or found.lapsed_recently:
        return UNPAID_BILL
    return WORSE_BILL if found.worse else 0.0


def relief_requests(
    facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """B08: requests for easier terms in the window; red where something was past due already."""
    del policy
    found = facts.requests
    if found is None:
        return CALM
    return Measurement(
        value=float(len(found.requests)),
        at_least=Severity.RED if found.while_overdue else None,
        explain=lambda: Evidence(
            figures={
                "requests": len(found.requests),
                "while_overdue": len(found.while_overdue),
                "kinds": ", ".join(found.kinds),
                "window_days": entry.days,
            },
            documents=found.requests,
        ),
    )


def bank_account_change(
    facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """B09: 1 a new account, 2 in a country not seen before, 3 in another's name."""
    del policy
    found = facts.account
    if found is None:
        return CALM
    return Measurement(
        value=float(found.level),
        explain=lambda: Evidence(
            figures={
                "account": found.account,
                "country": found.country,
                "changed_on": found.on.isoformat(),
                "window_days": entry.days,
            },
            documents=() if found.document is None else (found.document,),
        ),
        on=found.on,
    )


def method_downgrade(
    facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """B11: steps down the ladder transfer, bank bill, trade bill, cheque, cash from the usual method."""
    del entry, policy
    found = facts.method
    if found is None:
        return CALM
    return Measurement(
        value=float(found.steps),
        explain=lambda: Evidence(
            figures={
                "method": found.method,
                "usual_method": found.usual,
                "receipts_so_far": found.receipts,
                "receipts_downgraded": found.running,
            },
            documents=() if found.document is None else (found.document,),
        ),
    )


def contact_loss(facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy) -> Measurement:
    """B12: attempts running that nobody answered, in the window; red where the premises are shut."""
    del policy
    found = facts.contacts
    if found is None:
        return CALM
    return Measurement(
        value=float(len(found.unanswered)),
        at_least=Severity.RED if found.premises_closed else None,
        explain=lambda: Evidence(
            figures={
                "unanswered": len(found.unanswered),
                "premises_closed": found.premises_closed,
                "answered_on": None if found.answered_on is None else found.answered_on.isoformat(),
                "window_days": entry.days,
            },
            documents=found.unanswered,
        ),
    )


FORMULAS: Final[dict[Indicator, Formula[ConductFacts]]] = {
    **rates.FORMULAS,
    **trends.FORMULAS,
    Indicator.DISCOUNT_LOST: Formula(
        discount_lost, lambda facts: facts.discounts is not None and facts.discounts.lost > 0
    ),
    Indicator.BILL_QUALITY: Formula(bill_quality, lambda facts: facts.bills is not None),
    Indicator.RELIEF_REQUESTS: Formula(relief_requests, lambda facts: facts.requests is not None),
    Indicator.BANK_ACCOUNT_CHANGE: Formula(
        bank_account_change, lambda facts: facts.account is not None
    ),
    Indicator.METHOD_DOWNGRADE: Formula(method_downgrade, lambda facts: facts.method is not None),
    Indicator.CONTACT_LOSS: Formula(contact_loss, lambda facts: facts.contacts is not None),
}
