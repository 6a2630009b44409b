"""Cloaking: good payment beside failing statements is said, with since when and by which signs."""

from datetime import date, timedelta

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.indicator_facts.receivables import CurrencyFacts
from services.monitoring.domain.policies.warnings import Severity
from services.monitoring.domain.watching.alerts import Alert, Label
from services.monitoring.domain.watching.divergence import (
    Divergence,
    DivergenceKind,
    cloaking,
    failing_signs,
)
from tests.unit.monitoring.in_memory import Monitoring
from tests.unit.monitoring.statement_builders import filed
from tests.unit.monitoring.telling import begun, closes, issued, on_day, paid, told
from tests.unit.monitoring.warning_builders import SHIPPED, TODAY, a_ledger

WATCH, AMBER, RED = Severity.WATCH, Severity.AMBER, Severity.RED
FAILING = {"F01": AMBER, "F05": RED}


def _alerts(
    severities: dict[str, Severity], *, label: Label | None = None
) -> dict[Indicator, Alert]:
    return {
        Indicator(name): Alert(
            severity=severity,
            value=1.0,
            said_on=TODAY,
            said_value=1.0,
            breached_on={severity: TODAY},
            label=label,
        )
        for name, severity in severities.items()
    }


def _cloaking(
    severities: dict[str, Severity],
    *ledgers: CurrencyFacts,
    before: Divergence | None = None,
    as_of: date = TODAY,
    label: Label | None = None,
) -> Divergence | None:
    return cloaking(
        failing_signs(_alerts(severities, label=label), SHIPPED.cloaking),
        ledgers or (a_ledger(),),
        SHIPPED.cloaking,
        before=before,
        as_of=as_of,
    )


def test_good_payment_beside_failing_statements_is_a_finding() -> None:
    assert _cloaking(FAILING) == Divergence(
        kind=DivergenceKind.CLOAKING,
        since=TODAY,
        indicators=(Indicator.DEBT_TO_ASSETS, Indicator.NET_DEBT_TO_EBITDA),
        average_days_late=0.0,
    )


def test_it_remembers_since_when() -> None:
    found = _cloaking(FAILING, before=_cloaking(FAILING), as_of=TODAY + timedelta(days=9))
    assert found is not None
    assert found.since == TODAY


@pytest.mark.parametrize(
    ("severities", "hidden"),
    [
        ({"F01": AMBER}, False),
        ({"F01": AMBER, "F02": WATCH}, False),
        ({"F01": AMBER, "F02": AMBER}, True),
        ({**FAILING, "T03": WATCH, "B04": WATCH}, True),
        ({**FAILING, "T03": AMBER}, False),
        ({**FAILING, "B04": RED}, False),
        ({**FAILING, "E02": RED, "L01": RED}, True),
    ],
)
def test_enough_signs_of_statements_and_none_of_payment_are_serious(
    severities: dict[str, Severity], *, hidden: bool
) -> None:
    assert (_cloaking(severities) is not None) is hidden


@pytest.mark.parametrize(
    ("wadd", "invoices", "hidden"),
    [(5.0, 3, True), (5.1, 3, False), (0.0, 2, False), (None, 10, False)],
)
def test_the_customer_must_be_known_to_pay_well(
    wadd: float | None, invoices: int, *, hidden: bool
) -> None:
    ledger = a_ledger(wadd=wadd, wadd_invoices=invoices)
    assert (_cloaking(FAILING, ledger) is not None) is hidden


def test_the_currency_paid_worst_in_counts() -> None:
    assert _cloaking(FAILING, a_ledger(), a_ledger(currency="USD", wadd=6.0)) is None


def test_what_a_person_found_benign_is_no_failing() -> None:
    assert _cloaking(FAILING, label=Label.BENIGN) is None
    assert _cloaking(FAILING, label=Label.TRUE) is not None


def _prompt_payer() -> Monitoring:
    monitoring = begun()
    for number in range(3):
        name = f"I{number}"
        monitoring.run([told(issued(name), name=name), told(paid(f"P{number}", to=name))])
    return monitoring


def test_it_begins_with_the_statement_and_ends_with_a_better_one() -> None:
    monitoring = _prompt_payer()
    monitoring.run([told(filed(2023, TL=950, TE=50, CA=200))])
    found = monitoring.customer("C1").watch.divergence
    assert found is not None
    assert (found.kind, found.since) == (DivergenceKind.CLOAKING, on_day(0))
    assert found.indicators[:2] == (Indicator.DEBT_TO_ASSETS, Indicator.CURRENT_RATIO)
    monitoring.run([told(filed(2024))], closes(0, 1))
    assert monitoring.customer("C1").watch.divergence is None
