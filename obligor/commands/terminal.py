"""The terminal: where answers are printed, and the environment they are asked in."""

import os
from collections.abc import Mapping

from rich.console import Console

from obligor.remote import Remote, connect
from obligor.wording import Wording, language_of

console = Console()
problems = Console(stderr=True)


def environment() -> Mapping[str, str]:
    """What the shell has set."""
    return os.environ


def platform(*, patience: float = 0.0) -> Remote:
    """The platform that the shell's environment names."""
    return connect(environment(), patience=patience)


def wording() -> Wording:
    """Sentences in the shell's language."""
    return Wording(language_of(environment()))
