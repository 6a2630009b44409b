"""Ids that follow from their parts, and ids that do not."""

from shared.kernel.clock import system_clock
from shared.kernel.errors import ConflictError, InvalidInputError, NotFoundError, PoisonError
from shared.kernel.ids import derived_id, new_id


def test_the_same_parts_give_the_same_id() -> None:
    assert derived_id("a", 1) == derived_id("a", 1)


def test_parts_do_not_run_into_each_other() -> None:
    assert derived_id("ab", "c") != derived_id("a", "bc")


def test_fresh_ids_differ() -> None:
    assert new_id() != new_id()


def test_the_clock_knows_its_offset() -> None:
    assert system_clock().tzinfo is not None


def test_an_input_error_names_field_value_and_rule() -> None:
    error = InvalidInputError(field="amount", value=-1, rule="must be positive")
    assert str(error) == "amount is -1, but must be positive"


def test_a_missing_thing_is_named() -> None:
    assert str(NotFoundError(kind="case", name="c1")) == "no case 'c1' is known here"


def test_each_refusal_has_a_status_and_a_code() -> None:
    assert (ConflictError.status, ConflictError.code) == (409, "conflict")
    assert (NotFoundError.status, NotFoundError.code) == (404, "not_found")
    assert PoisonError.code == "poison"
