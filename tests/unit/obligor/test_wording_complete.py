"""Every code that a domain can give as a reason is worded in English and in Chinese."""

import ast
import importlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import pytest

import services
from obligor.wording import Language, Wording, catalogue
from services.rating.domain.policy import RatingPolicy
from services.rating.handlers import SERVICE as RATING
from services.recovery.domain.policy import RecoveryPolicy
from services.recovery.handlers import SERVICE as RECOVERY
from services.screening.domain.identifiers import IdentifierNote
from services.screening.domain.policy import ScreeningPolicy
from services.screening.domain.screen import ScreeningFacts, decide_screening
from services.screening.handlers import SERVICE as SCREENING
from services.tiering.domain.model import BindingCap
from shared.policies.book import shipped

NAMES: Final = ("monitoring", "rating", "recovery", "screening", "tiering")
ROOT: Final = Path(services.__path__[0])


def _codes_in(path: Path) -> Iterator[str]:
    """The codes that a module writes out, or names by a constant of its own."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    module = importlib.import_module(".".join(path.relative_to(ROOT.parent).with_suffix("").parts))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from _codes_of(node, node.func.id, module)


def _codes_of(call: ast.Call, name: str, module: object) -> Iterator[str]:
    place = {"Reason": 0, "Cap": 2, "not_checked": 1, "_ended": 2}.get(name)
    if place is None or len(call.args) <= place:
        return
    for each in ast.walk(call.args[place]):
        if isinstance(each, ast.Name) and each.id.isupper():
            yield str(getattr(module, each.id))
    code = call.args[place]
    choices = [code.body, code.orelse] if isinstance(code, ast.IfExp) else [code]
    for choice in choices:
        if isinstance(choice, ast.Constant) and isinstance(choice.value, str):
            yield choice.value


WRITTEN: Final = sorted(
    {
        (service, code)
        for service in NAMES
        for path in sorted((ROOT / service / "domain").rglob("*.py"))
        for code in _codes_in(path)
    }
)


def _is_worded(code: str) -> bool:
    sentences = catalogue()["reasons"].get(code) or catalogue()["warnings"].get(code) or {}
    return all(sentences.get(language) for language in Language)


def test_codes_are_found_at_all() -> None:
    found = {code for _, code in WRITTEN}

    assert {"K-PAID", "D-DISPUTED", "H-WO", "R16", "O-SANC", "first_tier"} <= found
    assert {service for service, _ in WRITTEN} == set(NAMES)


@pytest.mark.parametrize(("service", "code"), WRITTEN)
def test_a_code_that_a_domain_writes_out_is_worded(service: str, code: str) -> None:
    assert _is_worded(code), f"{service} gives {code}, and nobody has worded it"


@pytest.mark.parametrize(
    "code",
    sorted(
        {
            variable.reason
            for card in (
                shipped(RATING.policy_file, RatingPolicy).policy.financial,
                shipped(RATING.policy_file, RatingPolicy).policy.behavioural,
            )
            for variable in card.variables.values()
        }
    ),
)
def test_a_scorecard_s_reason_is_worded(code: str) -> None:
    assert _is_worded(code)


@pytest.mark.parametrize(
    "code",
    sorted(
        {
            f"D-{step.code}"
            for ladder in shipped(RECOVERY.policy_file, RecoveryPolicy).policy.ladders.values()
            for step in ladder
        }
    ),
)
def test_a_dunning_step_s_reason_is_worded(code: str) -> None:
    assert _is_worded(code)


@pytest.mark.parametrize(
    "code", [band.code for band in shipped(SCREENING.policy_file, ScreeningPolicy).policy.age]
)
def test_an_age_s_reason_is_worded(code: str) -> None:
    assert _is_worded(code)


@pytest.mark.parametrize("note", list(IdentifierNote))
def test_an_identifier_s_note_is_worded(note: IdentifierNote) -> None:
    assert _is_worded(f"N-ID-{note.value.replace('_', '-')}")


def test_why_a_check_was_not_done_is_worded() -> None:
    policy = shipped(SCREENING.policy_file, ScreeningPolicy).policy
    unknown = ScreeningFacts("C1", ("Acme",), "CN")

    decision = decide_screening(unknown, policy, as_of=date(2026, 3, 2))
    codes = {reason.code for check in decision.checks for reason in check.reasons}
    assert len(codes) > 15
    assert {code for code in codes if not _is_worded(code)} == set()


@pytest.mark.parametrize("cap", list(BindingCap))
def test_what_held_a_limit_is_worded(cap: BindingCap) -> None:
    assert _is_worded(f"limit_{cap.value}")


@pytest.mark.parametrize("code", ["O-LIM-S", "O-LIM-D"])
def test_a_limit_check_of_either_kind_is_worded(code: str) -> None:
    assert _is_worded(code)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("service", "code"), WRITTEN)
def test_a_reason_with_figures_becomes_a_sentence(
    service: str, code: str, language: Language
) -> None:
    sentence = Wording(language).reason(code, 12.0, 30.0)

    assert sentence, service
    assert "{" not in sentence
    assert sentence != f"{code} 12"


@pytest.mark.parametrize(("service", "code"), WRITTEN)
def test_a_reason_without_figures_becomes_a_sentence_too(service: str, code: str) -> None:
    assert "{" not in Wording().reason(code), service
