"""Sentences for codes, in English and Chinese; a code that nobody has worded is shown as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec

_CATALOGUE = Path(__file__).with_name("wording.yaml")
Figure = float | str | None


class Language(StrEnum):
    """What people read."""

    ENGLISH = "en"
    CHINESE = "zh"


def language_of(environment: Mapping[str, str]) -> Language:
    """OBLIGOR_LANG, English if it is not set or not known."""
    wanted = environment.get("OBLIGOR_LANG", "").lower()
    return Language.CHINESE if wanted.startswith("zh") else Language.ENGLISH


@cache
def catalogue() -> dict[str, dict[str, dict[Language, str]]]:
    """All sentences: by kind, code and language."""
    kinds = dict[str, dict[str, dict[Language, str]]]
    return msgspec.yaml.decode(_CATALOGUE.read_bytes(), type=kinds)


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of one language."""

    language: Language = Language.ENGLISH

    def warning(self, indicator: str, value: Figure = None, threshold: Figure = None) -> str:
        """What a warning says."""
        return self._sentence("warnings", indicator, value, threshold)

    def reason(self, code: str, value: Figure = None, threshold: Figure = None) -> str:
        """What a reason says."""
        indicator, _, transition = code.partition(".")
        if transition and indicator in catalogue()["warnings"]:
            return self._sentence("warnings", indicator, value, threshold)
        return self._sentence("reasons", code, value, threshold)

    def story(self, story: str) -> str:
        """How a customer of the sample lives."""
        return self._sentence("stories", story, None, None)

    def word(self, name: str, value: Figure = None) -> str:
        """A heading or a label."""
        return self._sentence("words", name, value, None)

    def sentence(self, name: str, **figures: object) -> str:
        """A sentence of the report with its figures."""
        return catalogue()["sentences"][name][self.language].format(**figures)

    def _sentence(self, kind: str, code: str, value: Figure, threshold: Figure) -> str:
        sentences = catalogue()[kind].get(code)
        if sentences is None:
            return code if value is None else f"{code} {_shown(value)}"
        return sentences[self.language].format(
            value=_shown(value),
            threshold=_shown(threshold),
            value_percent=_percent(value),
            threshold_percent=_percent(threshold),
        )


def _shown(figure: Figure) -> str:
    match figure:
        case None:
            return "?"
        case str():
            return figure
        case _:
            return f"{figure:,.1f}".removesuffix(".0")


def _percent(figure: Figure) -> str:
    return _shown(figure) if figure is None or isinstance(figure, str) else f"{figure:.0%}"
