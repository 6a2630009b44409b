"""The platform's own code, loaded only by the commands that run it: the others start at once."""

from importlib import import_module
from types import ModuleType


def platform_code() -> ModuleType:
    """The module `obligor.platform`."""
    return import_module("obligor.platform")
