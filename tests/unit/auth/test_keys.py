"""Keys before they meet a database."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.auth.keys import ApiKey, KeyRequest, digest_of, mint, split_token
from shared.auth.principals import Principal, Role
from shared.kernel.errors import InvalidInputError

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECRET = "s" * 64


def a_key(*, expires_at: datetime | None = None, revoked_at: datetime | None = None) -> ApiKey:
    return ApiKey(
        key_id="k1",
        person="Ada",
        name="laptop",
        roles=frozenset({Role.ANALYST}),
        created_at=NOON,
        expires_at=expires_at,
        revoked_at=revoked_at,
        digest=digest_of(SECRET),
    )


def test_a_token_says_whose_it_is_and_carries_the_secret() -> None:
    minted = mint()
    parts = split_token(minted.token)
    assert parts is not None
    key_id, secret = parts
    assert key_id == minted.key_id
    assert digest_of(secret) == minted.digest


def test_a_token_can_be_recognised_by_secret_scanners() -> None:
    assert mint().token.startswith("obl_")


def test_no_two_keys_are_alike() -> None:
    minted = [mint() for _ in range(50)]
    assert len({each.key_id for each in minted}) == 50
    assert len({each.digest for each in minted}) == 50


def test_a_secret_has_two_hundred_and_fifty_six_bits() -> None:
    parts = split_token(mint().token)
    assert parts is not None
    assert len(bytes.fromhex(parts[1])) == 32


def test_a_secret_may_contain_underscores() -> None:
    assert split_token("obl_k1_a_b") == ("k1", "a_b")


@pytest.mark.parametrize("token", ["", "obl", "obl_k1", "xyz_k1_s", "Obl_k1_s", "obl_" + "x_" * 99])
def test_what_is_no_key_of_ours_is_not_split(token: str) -> None:
    assert split_token(token) is None


def test_the_right_secret_opens() -> None:
    assert a_key().opens_with(SECRET, at=NOON)


def test_another_secret_does_not_open() -> None:
    assert not a_key().opens_with("x" * 64, at=NOON)


@pytest.mark.parametrize(("seconds", "opens"), [(1, True), (0, False), (-1, False)])
def test_a_key_opens_until_the_moment_it_expires(seconds: int, *, opens: bool) -> None:
    key = a_key(expires_at=NOON + timedelta(seconds=seconds))
    assert key.opens_with(SECRET, at=NOON) is opens


def test_a_revoked_key_does_not_open() -> None:
    assert not a_key(revoked_at=NOON).opens_with(SECRET, at=NOON)


def test_a_key_stands_for_its_person() -> None:
    assert a_key().principal == Principal("k1", "Ada", frozenset({Role.ANALYST}))


@pytest.mark.parametrize("person", ["", "  "])
def test_a_key_belongs_to_a_named_person(person: str) -> None:
    with pytest.raises(InvalidInputError, match="person"):
        KeyRequest(person, "", frozenset({Role.VIEWER}))


def test_a_key_carries_a_role() -> None:
    with pytest.raises(InvalidInputError, match="roles"):
        KeyRequest("Ada", "", frozenset())
