"""F01 to F06, F12 and F15: what the latest statement says, at each threshold and around it."""

import json
from datetime import date

import pytest

from services.monitoring.domain.catalogue import Indicator
from services.monitoring.domain.formulas.financials import z_double_prime
from services.monitoring.domain.policies.statements import Basis
from services.monitoring.domain.policies.warnings import Severity
from tests.unit.monitoring.statement_builders import a_statement, changed, found, on_file
from tests.unit.monitoring.warning_builders import ROOT, SHIPPED

WATCH, AMBER, RED = Severity.WATCH, Severity.AMBER, Severity.RED


@pytest.mark.parametrize(
    ("liabilities", "severity"),
    [(650, None), (651, WATCH), (750, WATCH), (751, AMBER), (900, AMBER), (901, RED)],
)
def test_debt_to_assets_counts_above_its_thresholds(
    liabilities: int, severity: Severity | None
) -> None:
    finding = found("F01", a_statement(TL=liabilities, TE=1000 - liabilities))
    assert (finding.value, finding.severity) == (liabilities / 1000, severity)


@pytest.mark.parametrize(("before", "severity"), [(401, None), (400, AMBER), (399, AMBER)])
def test_ten_points_more_debt_to_assets_are_amber_at_any_level(
    before: int, severity: Severity | None
) -> None:
    finding = found("F01", a_statement(2023, TL=before), a_statement())
    assert (finding.value, finding.severity) == (0.5, severity)


def test_a_severity_that_a_rule_gave_shows_the_threshold_of_the_value() -> None:
    leapt = found("F01", a_statement(2023, TL=300, TE=700), a_statement(TL=660, TE=340))
    assert (leapt.severity, leapt.by_value, leapt.threshold) == (AMBER, WATCH, 0.65)


def test_a_leap_to_a_red_level_is_red() -> None:
    assert found("F01", a_statement(2023), a_statement(TL=950)).severity is RED


@pytest.mark.parametrize(
    ("current_assets", "severity"),
    [(360, None), (359, WATCH), (300, WATCH), (299, AMBER), (240, AMBER), (239, RED)],
)
def test_the_current_ratio_counts_below_its_thresholds(
    current_assets: int, severity: Severity | None
) -> None:
    assert found("F02", a_statement(CA=current_assets)).severity is severity


@pytest.mark.parametrize(
    ("earned", "severity"),
    [(50, None), (49, WATCH), (30, WATCH), (29, AMBER), (20, AMBER), (19, RED), (-5, RED)],
)
def test_interest_cover_counts_below_its_thresholds(earned: int, severity: Severity | None) -> None:
    finding = found("F03", a_statement(EBIT=earned))
    assert (finding.value, finding.severity) == (earned / 20, severity)


def test_without_debt_and_interest_there_is_nothing_to_cover() -> None:
    free = a_statement(INT_EXP=0, ST_DEBT=5, CPLTD=0, LT_DEBT=0)
    assert found("F03", free).value == 99
    assert found("F03", free).severity is None


def test_no_interest_on_debt_is_a_gap_in_the_books() -> None:
    finding = found("F03", a_statement(INT_EXP=0, ST_DEBT=6, CPLTD=0, LT_DEBT=0))
    assert (finding.value, finding.evidence.figures["status"]) == (None, "MISSING")


@pytest.mark.parametrize(
    ("flows", "severity", "count"),
    [
        ((90, 90, 90), None, 0),
        ((-1, -1, 0), None, 0),
        ((-1, 90, -1), WATCH, 1),
        ((90, -1, -1), AMBER, 2),
        ((-1, -1, -1), RED, 3),
    ],
)
def test_negative_cash_flows_are_counted_in_a_row_up_to_the_latest(
    flows: tuple[int, ...], severity: Severity | None, count: int
) -> None:
    years = [a_statement(2022 + number, CFO=flow) for number, flow in enumerate(flows)]
    finding = found("F04", *years)
    assert (finding.value, finding.severity) == (count, severity)


def test_a_missing_year_ends_the_row() -> None:
    years = [a_statement(year, CFO=-1) for year in (2021, 2022, 2024)]
    assert found("F04", *years).value == 1


def test_half_years_a_year_apart_are_not_in_a_row() -> None:
    """Half-years are one row where both of each year are told."""
    ends = [date(2024, 6, 30), date(2024, 12, 31), date(2025, 6, 30)]
    halves = [
        changed(a_statement(CFO=-10), months=6, period_end=end, counts_from=end) for end in ends
    ]
    year = a_statement(2024, CFO=90)
    assert found("F04", halves[0], year, halves[2]).value == 1
    assert found("F04", *halves).value == 3


def test_a_cash_flow_not_reported_is_unknown_and_not_zero() -> None:
    assert found("F04", a_statement(without=("CFO",))).value is None
    older = a_statement(2023, without=("CFO",))
    assert found("F04", older, a_statement(CFO=-1)).value == 1


@pytest.mark.parametrize(
    ("borrowed", "severity"),
    [(480, None), (481, WATCH), (720, WATCH), (721, AMBER), (960, AMBER), (961, RED)],
)
def test_net_debt_to_ebitda_counts_above_its_thresholds(
    borrowed: int, severity: Severity | None
) -> None:
    finding = found("F05", a_statement(LT_DEBT=borrowed))
    assert (finding.value, finding.severity) == (borrowed / 160, severity)


@pytest.mark.parametrize(("earned", "severity"), [(-39, RED), (-40, RED), (-41, RED)])
def test_net_debt_without_earnings_is_red(earned: int, severity: Severity) -> None:
    assert found("F05", a_statement(EBIT=earned)).severity is severity
    assert found("F05", a_statement(EBIT=-40)).value == 99


def test_net_cash_is_less_than_nothing_owed() -> None:
    finding = found("F05", a_statement(CASH=360))
    assert (finding.value, finding.severity) == (-1.0, None)


@pytest.mark.parametrize("line", ["DA", "EBIT", "CASH", "ST_DEBT", "LT_DEBT"])
def test_net_debt_needs_every_one_of_its_lines(line: str) -> None:
    assert found("F05", a_statement(without=(line,))).value is None


def test_debt_reported_as_a_sum_needs_no_parts() -> None:
    whole = a_statement(without=("ST_DEBT", "LT_DEBT", "CPLTD"), DEBT=260)
    assert found("F05", whole).value == 1.0


def test_z_double_prime_is_altmans() -> None:
    expected = 6.56 * 0.3 + 3.26 * 0.3 + 6.72 * 0.12 + 1.05 * 1.0
    assert found("F06", a_statement()).value == pytest.approx(expected)


@pytest.mark.parametrize(
    ("retained", "severity"),
    [(-375, None), (-376, WATCH), (-835, WATCH), (-836, AMBER), (-1173, AMBER), (-1174, RED)],
)
def test_z_double_prime_counts_below_its_zones(retained: int, severity: Severity | None) -> None:
    assert found("F06", a_statement(RE=retained)).severity is severity


@pytest.mark.parametrize(
    ("liquid", "severity"),
    [(50, None), (49, WATCH), (25, WATCH), (24, AMBER), (12.5, AMBER), (12.4, RED)],
)
def test_the_short_debt_wall_counts_above_its_thresholds(
    liquid: float, severity: Severity | None
) -> None:
    finding = found("F12", a_statement(CASH=liquid))
    assert finding.value == pytest.approx(100 / liquid)
    assert finding.severity is severity


def test_short_debt_without_any_cash_is_red_and_none_at_all_is_calm() -> None:
    assert found("F12", a_statement(CASH=0)).severity is RED
    assert found("F12", a_statement(CASH=0, ST_DEBT=0, CPLTD=0)).value == 0.0


def test_short_term_investments_count_only_where_they_are_reported() -> None:
    assert found("F12", a_statement(without=("STI",))).value == 1.0
    assert found("F12", a_statement(without=("CASH",))).value is None


@pytest.mark.parametrize(
    ("others", "severity"),
    [(100, None), (101, WATCH), (200, WATCH), (201, AMBER), (300, AMBER), (301, RED)],
)
def test_other_receivables_count_above_their_thresholds(
    others: int, severity: Severity | None
) -> None:
    assert found("F15", a_statement(OTH_R=others)).severity is severity


@pytest.mark.parametrize("indicator", ["F01", "F02", "F03", "F05", "F06", "F12", "F15"])
def test_without_its_lines_a_ratio_is_unknown(indicator: str) -> None:
    bare = a_statement(without=("TL", "CA", "EBIT", "CASH", "OTH_R"))
    finding = found(indicator, bare)
    assert (finding.value, finding.severity) == (None, None)


@pytest.mark.parametrize("indicator", [f"F{number:02}" for number in range(1, 16)])
def test_without_statements_nothing_is_said(indicator: str) -> None:
    assert found(indicator).value is None


def test_signs_count_as_much_as_their_statement_is_worth() -> None:
    assert found("F01", a_statement(TL=700)).confidence == 0.5
    own_word = changed(a_statement(TL=700), basis=Basis.MANAGEMENT)
    assert found("F01", own_word).confidence == 0.25


def test_evidence_names_the_statement_and_its_lines() -> None:
    evidence = found("F01", a_statement(2023), a_statement(TL=700)).evidence
    assert evidence.documents == ("2024-12-31 12m audited", "2023-12-31 12m audited")
    assert evidence.figures["TL"] == "700"
    assert evidence.figures["TL_year_before"] == "500"
    assert evidence.figures["rise"] == pytest.approx(0.2)
    assert evidence.figures["currency"] == "EUR"


def test_the_weak_company_of_the_golden_cases_measures_as_it_is_rated() -> None:
    golden = json.loads((ROOT / "tests/golden/rating.json").read_text())["RT-18"]
    told, expected = golden["in"]["fin"], golden["out"]
    names = {"ta": "TA", "tl": "TL", "eq": "TE", "ca": "CA", "cl": "CL", "re": "RE", "rev": "REV"}
    names |= {"ebit": "EBIT", "da": "DA", "int": "INT_EXP", "debt": "DEBT", "cash": "CASH"}
    weak = a_statement(without=("STI",), **{code: told[name] for name, code in names.items()})
    before = a_statement(2023, REV=told["rev0"])
    for indicator, value in (
        ("F01", expected["ratios"]["tl_ta"]),
        ("F02", expected["ratios"]["current"]),
        ("F03", expected["ratios"]["icr"]),
        ("F05", expected["ratios"]["nd_ebitda"]),
        ("F06", expected["Z2"]),
        ("F07", -expected["ratios"]["growth"]),
    ):
        assert found(indicator, before, weak).value == pytest.approx(value, abs=5e-5), indicator


@pytest.mark.parametrize(
    ("industry", "scored"),
    [
        ("ISIC/6419", False),
        ("ISIC Rev.4/K64", False),
        ("GB/T 4754-2017/J66", False),
        ("GB/T 4754/K7010", False),
        ("NACE2/64.19", False),
        ("NACE2/L68.20", False),
        ("ISIC/2511", True),
        (None, True),
    ],
)
def test_banks_and_property_companies_have_no_z_score(
    industry: str | None, *, scored: bool
) -> None:
    facts = on_file(a_statement(), industry=industry)
    measurement = z_double_prime(facts, SHIPPED.indicators[Indicator.Z_SCORE], SHIPPED)
    assert (measurement is not None) is scored
