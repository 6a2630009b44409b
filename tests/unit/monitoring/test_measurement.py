import pytest

from services.monitoring.domain.measurement import UNKNOWN, Evidence, Measurement


@pytest.mark.parametrize("count", [0, 8, -3])
def test_a_count_in_evidence_is_a_figure_like_any_other(count: int) -> None:
    figure = Evidence(figures={"invoices": count}).figures["invoices"]

    assert isinstance(figure, float)
    assert figure == count


def test_words_in_evidence_stay_words() -> None:
    assert Evidence(figures={"currency": "EUR"}).figures == {"currency": "EUR"}


def test_what_is_unknown_in_evidence_stays_unknown() -> None:
    assert Evidence(figures={"usual": None}).figures == {"usual": None}


def test_evidence_of_a_count_is_that_of_its_figure() -> None:
    assert Evidence(figures={"invoices": 8}) == Evidence(figures={"invoices": 8.0})


def test_evidence_need_not_name_anything() -> None:
    evidence = Evidence()

    assert (evidence.figures, evidence.documents, evidence.window) == ({}, (), None)


def test_two_pieces_of_evidence_share_no_figures() -> None:
    one = Evidence()
    one.figures["x"] = 1.0

    assert Evidence().figures == {}


def test_the_unknown_is_not_zero() -> None:
    assert UNKNOWN.value is None


def test_a_measurement_counts_unless_it_says_otherwise() -> None:
    assert Measurement(value=1.0).counts
    assert not Measurement(value=1.0, counts=False).counts


def test_a_measurement_is_of_the_day_asked_for_unless_it_says_otherwise() -> None:
    assert Measurement(value=1.0).on is None


def test_a_measurement_without_a_word_explains_nothing() -> None:
    assert Measurement(value=1.0).explain() == Evidence()


def test_evidence_is_put_together_when_somebody_asks() -> None:
    asked: list[str] = []

    def explain() -> Evidence:
        asked.append("why")
        return Evidence(window="90 days")

    measurement = Measurement(value=1.0, explain=explain)
    assert asked == []
    assert measurement.explain().window == "90 days"
    assert asked == ["why"]
