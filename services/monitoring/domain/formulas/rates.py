"""Shares of what was ordered, delivered, invoiced or received: T10, T11, B04 to B07 and B10; T08 of what was due."""

from typing import Final

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.formula import CALM, Formula, highest, share_of, shown
from services.monitoring.domain.indicator_facts.conduct import ConductFacts, RateFacts
from services.monitoring.domain.measurement import Evidence, Measurement
from services.monitoring.domain.policies.warnings import IndicatorPolicy, Severity, WarningPolicy


def short_payments(
    facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """T08: what was kept back without a reason, over what was due: settled in the window, or past due."""
    del policy
    least = ("least_due", "least_short")
    return highest((_share(each, entry, least=least) for each in facts.short_paid), entry)


def broken_promises(
    facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """T10: broken over all promises judged in the window; counts from `least_promises` on."""
    del policy
    found = facts.promises
    judged = 0 if found is None else found.kept + found.broken
    if found is None or not judged:
        return CALM
    return Measurement(
        value=found.broken / judged,
        counts=judged >= entry.numbers["least_promises"],
        explain=lambda: Evidence(
            figures={
                "broken": found.broken,
                "kept": found.kept,
                "broken_share": found.broken / judged,
                "window_days": entry.days,
            },
            documents=found.documents,
        ),
    )


def round_sums(facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy) -> Measurement:
    """T11: round sums sent without a word, that no invoice explains, over all receipts."""
    del policy
    least = ("least_receipts", "least_round")
    return highest((_share(each, entry, least=least) for each in facts.on_account), entry)


def cancellations(
    facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """B04: what was cancelled of orders, over what was ordered."""
    del policy
    least = ("least_orders", "least_cancelled")
    return highest((_share(each, entry, least=least) for each in facts.cancellations), entry)


def returns(facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy) -> Measurement:
    """B05: goods returned over goods delivered (over what was invoiced, where no delivery is told)."""
    del policy
    least = ("least_deliveries", "least_returned")
    return highest((_share(each, entry, least=least) for each in facts.returns), entry)


def dilution(facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy) -> Measurement:
    """B06: credit notes, contractual rebates left out, over what was invoiced."""
    del policy
    least = ("least_invoices", "least_notes")
    return highest((_share(each, entry, least=least) for each in facts.credits), entry)


def dispute_rate(facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy) -> Measurement:
    """B07: disputed over invoiced; disputes opened late weigh `late_weight` times as much."""
    del policy
    least, heavier = ("least_invoices", "least_disputes"), entry.numbers["late_weight"]
    return highest(
        (_share(each, entry, least=least, late_weight=heavier) for each in facts.disputes), entry
    )


def third_party_payer(
    facts: ConductFacts, entry: IndicatorPolicy, policy: WarningPolicy
) -> Measurement:
    """B10: receipts from unrelated payers over all receipts."""
    del policy
    least = ("least_receipts", "least_unrelated")
    return highest((_share(each, entry, least=least) for each in facts.third_party), entry)


def _share(
    facts: RateFacts,
    entry: IndicatorPolicy,
    *,
    least: tuple[str, str],
    late_weight: float = 1.0,
) -> Measurement:
    """Part over whole. Counts with enough documents in the whole, and in the part unless it is red.

    Unknown where the whole is nothing: the window then holds the end of a story without its beginning.
    """
    share = share_of(facts.part, facts.whole)
    late = None if facts.late is None else share_of(facts.late, facts.whole)
    value = None if share is None else share + (late_weight - 1.0) * (late or 0.0)
    whole, part = (entry.numbers[name] for name in least)
    red = entry.severity_of(value) is Severity.RED
    return Measurement(
        value=value,
        counts=facts.wholes >= whole and (red or facts.parts >= part),
        explain=lambda: Evidence(
            figures={
                "share": value,
                "part": shown(facts.part),
                "whole": shown(facts.whole),
                "documents": facts.parts,
                "of_documents": facts.wholes,
                "late_part": None if facts.late is None else shown(facts.late),
                "window_days": entry.days,
                "currency": facts.currency,
            },
            documents=facts.documents,
        ),
    )


FORMULAS: Final[dict[Indicator, Formula[ConductFacts]]] = {
    Indicator.SHORT_PAYMENTS: Formula(short_payments, lambda facts: bool(facts.short_paid)),
    Indicator.BROKEN_PROMISES: Formula(
        broken_promises, lambda facts: facts.promises is not None and facts.promises.broken > 0
    ),
    Indicator.ROUND_SUMS: Formula(round_sums, lambda facts: bool(facts.on_account)),
    Indicator.CANCELLATIONS: Formula(cancellations, lambda facts: bool(facts.cancellations)),
    Indicator.RETURNS: Formula(returns, lambda facts: bool(facts.returns)),
    Indicator.DILUTION: Formula(dilution, lambda facts: bool(facts.credits)),
    Indicator.DISPUTE_RATE: Formula(dispute_rate, lambda facts: bool(facts.disputes)),
    Indicator.THIRD_PARTY_PAYER: Formula(third_party_payer, lambda facts: bool(facts.third_party)),
}
