"""Reference data that lies beside a checkout, where somebody has put it."""

import os
from pathlib import Path

_ROOT = Path(__file__).parents[2]


def reference_path(name: str) -> Path | None:
    """The path of a reference file or folder, None where it is absent (then skip, saying so).

    Looked for under OBLIGOR_TEST_REFERENCE, else in a folder `shared` beside the checkout.
    """
    base = os.environ.get("OBLIGOR_TEST_REFERENCE")
    root = Path(base) if base else _ROOT.parent / "shared"
    path = root / name
    return path if path.exists() else None
