"""Remembering what a function made of a value that never changes, by which value it was."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

ArgumentT = TypeVar("ArgumentT")
ResultT = TypeVar("ResultT")
_AT_MOST = 64


def once_each(function: Callable[[ArgumentT], ResultT]) -> Callable[[ArgumentT], ResultT]:
    """Decorate a function of one frozen value (a policy): each is worked out once, the last 64 are kept.

    Values are told apart by identity, so they need not be hashable, and are held so that none is
    taken for another that came to lie in its place.
    """
    known: dict[int, tuple[ArgumentT, ResultT]] = {}

    @wraps(function)
    def _remembered(argument: ArgumentT) -> ResultT:
        found = known.get(id(argument))
        if found is not None:
            return found[1]
        if len(known) >= _AT_MOST:
            known.clear()
        result = function(argument)
        known[id(argument)] = (argument, result)
        return result

    return _remembered
