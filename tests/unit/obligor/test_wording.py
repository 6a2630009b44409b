from string import Formatter

import pytest

from obligor.sample.stories import Story
from obligor.wording import Language, Wording, catalogue, language_of

_FIGURES = {"value", "threshold", "value_percent", "threshold_percent"}
_CASES = [
    (kind, code, language)
    for kind, codes in catalogue().items()
    for code in codes
    for language in Language
]


@pytest.mark.parametrize(("kind", "code", "language"), _CASES)
def test_every_code_is_worded_in_both_languages(kind: str, code: str, language: Language) -> None:
    sentence = catalogue()[kind][code][language]

    used = {name for _, name, _, _ in Formatter().parse(sentence) if name}
    assert kind == "sentences" or used <= _FIGURES


def test_a_warning_says_its_figures() -> None:
    sentence = Wording().warning("T01", 41.0, 30.0)

    assert sentence == "oldest unpaid invoice is 41 days late (from 30)"


def test_a_share_is_shown_as_a_percentage() -> None:
    assert Wording().warning("T02", 0.523, 0.5) == "52% of what it owes is overdue (from 50%)"


def test_chinese_is_chinese() -> None:
    assert "逾期41天" in Wording(Language.CHINESE).warning("T01", 41.0, 30.0)


def test_a_figure_that_is_not_known_is_not_zero() -> None:
    assert Wording().warning("T01") == "oldest unpaid invoice is ? days late (from ?)"


def test_an_unworded_code_is_shown_as_it_is() -> None:
    assert Wording().reason("X-NEW") == "X-NEW"
    assert Wording().reason("X-NEW", 12.0) == "X-NEW 12"


def test_a_reason_of_a_warning_is_worded_as_the_warning() -> None:
    assert Wording().reason("T02.raise", 0.71, 0.5) == Wording().warning("T02", 0.71, 0.5)


def test_every_story_of_the_sample_is_worded() -> None:
    assert {story.value for story in Story} == set(catalogue()["stories"])


@pytest.mark.parametrize(
    ("set_to", "language"),
    [
        ("zh", Language.CHINESE),
        ("zh_CN.UTF-8", Language.CHINESE),
        ("en", Language.ENGLISH),
        ("de", Language.ENGLISH),
        ("", Language.ENGLISH),
    ],
)
def test_the_language_is_chosen_by_the_environment(set_to: str, language: Language) -> None:
    assert language_of({"OBLIGOR_LANG": set_to}) is language


def test_english_is_spoken_where_nothing_is_set() -> None:
    assert language_of({}) is Language.ENGLISH
