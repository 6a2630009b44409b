"""What roles let their holders do."""

import pytest

from shared.auth.keyring import ADMINISTRATOR
from shared.auth.principals import Principal, Role

READERS = (Role.VIEWER, Role.ANALYST, Role.CREDIT_MANAGER, Role.COLLECTOR, Role.AUDITOR, Role.ADMIN)


def a_holder_of(*roles: Role) -> Principal:
    return Principal("k1", "Ada", frozenset(roles))


@pytest.mark.parametrize("role", Role)
def test_a_role_lets_its_holder_do_what_it_names(role: Role) -> None:
    assert a_holder_of(role).may(role)


@pytest.mark.parametrize("role", READERS)
def test_whoever_works_here_may_read(role: Role) -> None:
    assert a_holder_of(role).may(Role.VIEWER)


def test_a_key_that_feeds_data_in_may_not_read() -> None:
    assert not a_holder_of(Role.INGEST).may(Role.VIEWER)


def test_a_key_without_roles_may_do_nothing() -> None:
    assert not a_holder_of().may(*Role)


def test_one_of_several_roles_is_enough() -> None:
    assert a_holder_of(Role.COLLECTOR).may(Role.ANALYST, Role.COLLECTOR)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.CREDIT_MANAGER, Role.COLLECTOR, Role.INGEST])
def test_an_administrators_key_takes_no_business_decisions(role: Role) -> None:
    assert not a_holder_of(Role.ADMIN).may(role)


def test_reading_is_no_licence_to_write() -> None:
    writing = [role for role in Role if role is not Role.VIEWER]
    assert not a_holder_of(Role.VIEWER).may(*writing)


@pytest.mark.parametrize("role", Role)
def test_the_administrators_token_can_drive_everything(role: Role) -> None:
    assert ADMINISTRATOR.may(role)
