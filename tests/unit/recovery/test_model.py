"""What recovery knows: claims out of arrears, and cases that cannot be wrong."""

from datetime import date

import pytest

from services.recovery.domain.model import (
    Arrears,
    ArrearsTotal,
    CaseState,
    Claim,
    Debtor,
    OverdueInvoice,
    Plan,
    main_claim,
)
from shared.kernel.errors import InvalidInputError
from shared.kernel.money import Money
from tests.unit.recovery.builders import TODAY, a_case, a_claim, days, eur


def an_invoice(name: str, late: int, *, amount: str = "100", disputed: str = "0") -> OverdueInvoice:
    return OverdueInvoice(name, TODAY - days(late), eur(amount), eur(disputed))


def some_arrears(*invoices: OverdueInvoice, unlisted: int = 0) -> Arrears:
    overdue = eur("0")
    undisputed = eur("0")
    for each in invoices:
        overdue, undisputed = overdue + each.open_amount, undisputed + each.undisputed
    more = Money(unlisted * 100, "EUR")
    total = ArrearsTotal(overdue + more, undisputed + more, len(invoices) + unlisted)
    return Arrears(TODAY, invoices, (total,))


def test_a_claim_is_the_total_with_the_oldest_undisputed_invoice() -> None:
    arrears = some_arrears(an_invoice("A", 5), an_invoice("B", 9, disputed="30"))
    assert arrears.claims() == (Claim(eur("200"), eur("170"), TODAY - days(9)),)


def test_a_wholly_disputed_invoice_is_not_the_oldest() -> None:
    arrears = some_arrears(an_invoice("A", 5), an_invoice("B", 9, disputed="100"))
    assert arrears.claims()[0].oldest_due_on == TODAY - days(5)


def test_nothing_undisputed_has_no_oldest_day() -> None:
    arrears = some_arrears(an_invoice("B", 9, disputed="100"))
    assert arrears.claims() == (Claim(eur("100"), eur("0"), None),)


def test_invoices_beyond_the_list_count_in_the_total() -> None:
    assert some_arrears(an_invoice("A", 5), unlisted=7).claims()[0].overdue == eur("107")


def test_undisputed_invoices_beyond_the_list_are_as_young_as_the_youngest_listed() -> None:
    disputed = (an_invoice("A", 9, disputed="100"), an_invoice("B", 5, disputed="100"))
    assert some_arrears(*disputed, unlisted=3).claims()[0].oldest_due_on == TODAY - days(5)


def test_a_currency_of_which_nothing_is_listed_is_one_day_late() -> None:
    assert some_arrears(unlisted=3).claims()[0].oldest_due_on == TODAY - days(1)


def test_no_arrears_are_no_claim() -> None:
    assert Arrears(TODAY).claims() == ()
    assert Debtor("C1").claims == ()


def test_waived_invoices_are_owed_no_more() -> None:
    arrears = some_arrears(an_invoice("A", 5), an_invoice("B", 9, amount="50"))
    assert arrears.claims(waived=("B",)) == (Claim(eur("100"), eur("100"), TODAY - days(5)),)


def test_a_customer_whose_invoices_are_all_waived_owes_nothing() -> None:
    debtor = Debtor("C1", arrears=some_arrears(an_invoice("A", 5)), waived=("A",))
    assert debtor.claims == ()


def test_currencies_are_claims_of_their_own() -> None:
    usd = OverdueInvoice("U", TODAY - days(3), Money.parse("9", "USD"), Money.zero("USD"))
    euros = an_invoice("A", 5)
    arrears = Arrears(
        TODAY,
        (usd, euros),
        (
            ArrearsTotal(usd.open_amount, usd.undisputed, 1),
            ArrearsTotal(euros.open_amount, euros.undisputed, 1),
        ),
    )
    assert {claim.overdue.currency for claim in arrears.claims()} == {"USD", "EUR"}


def test_the_main_claim_is_the_one_with_the_oldest_invoice() -> None:
    assert main_claim((a_claim(3), a_claim(8), a_claim(None))) == a_claim(8)


def test_a_disputed_claim_stands_for_all_when_there_is_no_other() -> None:
    assert main_claim((a_claim(None),)) == a_claim(None)


def test_nothing_has_no_main_claim() -> None:
    assert main_claim(()) is None


def test_an_open_case_without_a_plan_cannot_be_built() -> None:
    with pytest.raises(InvalidInputError, match="next action"):
        a_case(plan=None)


def test_a_closed_case_with_a_plan_cannot_be_built() -> None:
    plan = Plan("visit", TODAY)
    with pytest.raises(InvalidInputError, match="next action"):
        a_case(state=CaseState.CLOSED, closed_on=TODAY, plan=plan)


def test_a_case_is_closed_on_a_day_and_not_without() -> None:
    with pytest.raises(InvalidInputError, match="CLOSED"):
        a_case(closed_on=TODAY, plan=None)
    with pytest.raises(InvalidInputError, match="CLOSED"):
        a_case(state=CaseState.CLOSED)


def test_a_case_is_open_until_its_day() -> None:
    assert a_case().is_open
    assert not a_case(state=CaseState.CLOSED, plan=None, closed_on=date(2026, 3, 1)).is_open
