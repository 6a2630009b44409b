"""The only place where the sample takes its dice from."""

from random import Random


def dice_for(*seed: str | int) -> Random:
    """Dice that fall the same way for the same seed, on any machine."""
    return Random("/".join(str(part) for part in seed))  # noqa: S311  # an invented portfolio, no secret
