import pytest

from services.rating.domain import lines


@pytest.mark.parametrize(
    "code",
    [
        *("CASH", "STI", "NOTES_R", "AR", "AR_FIN", "PREPAY", "OTH_R", "INV", "CA"),
        *("PPE", "CIP", "INTANG", "GOODWILL", "LT_INV", "DTA", "TA"),
    ],
)
def test_what_is_owned_has_a_line(code: str) -> None:
    assert code in lines.KNOWN


@pytest.mark.parametrize(
    "code",
    [
        *("ST_DEBT", "NOTES_P", "AP", "ADV_RCV", "TAX_P", "OTH_P", "CPLTD", "CL"),
        *("LT_DEBT", "BONDS", "LEASE_L", "TL", "PAID_CAP", "RE", "MI", "TE"),
    ],
)
def test_what_is_owed_has_a_line(code: str) -> None:
    assert code in lines.KNOWN


@pytest.mark.parametrize(
    "code", ["REV", "COGS", "GP", "SGA", "RND", "DA", "EBIT", "INT_EXP", "PBT", "TAX", "NI"]
)
def test_what_is_earned_has_a_line(code: str) -> None:
    assert code in lines.KNOWN


@pytest.mark.parametrize("code", ["CFO", "CAPEX", "CFI", "CFF", "CASH_END"])
def test_what_flows_has_a_line(code: str) -> None:
    assert code in lines.KNOWN


def test_debt_may_be_reported_as_one_sum() -> None:
    assert lines.DEBT in lines.KNOWN


@pytest.mark.parametrize("code", ["ta", "TOTAL_ASSETS", "", "EBITDA", "TA "])
def test_a_line_has_one_spelling_only(code: str) -> None:
    assert code not in lines.KNOWN


def test_no_line_stands_on_two_sheets() -> None:
    listed = (*lines.ASSETS, *lines.LIABILITIES, *lines.INCOME, *lines.CASH_FLOW, lines.DEBT)

    assert len(listed) == len(set(listed)) == len(lines.KNOWN)


def test_what_must_be_reported_is_a_line() -> None:
    assert set(lines.REQUIRED) <= lines.KNOWN


def test_what_debt_is_summed_from_is_owed() -> None:
    assert {*lines.DEBT_NEEDED, *lines.DEBT_OTHER} <= set(lines.LIABILITIES)


def test_what_cannot_be_touched_is_owned() -> None:
    assert set(lines.NOT_TANGIBLE) <= set(lines.ASSETS)
