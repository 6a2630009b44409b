"""The environment that the peers live in: made by the benchmark, under the cache, when asked for."""

import subprocess
import sys
from hashlib import blake2b
from pathlib import Path

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "benchmarks" / "peers.txt"
CACHE = ROOT / ".cache" / "bench-peers"
PEERS = ("quixstreams", "bytewax", "pathway")
_SECONDS = 600


class PeersUnavailableError(Exception):
    """The peers cannot be installed here; says why."""


def peer_python(*, cache: Path = CACHE) -> Path:
    """The interpreter of an environment with all peers in it, made if it is not there yet.

    Raises `PeersUnavailableError`.
    """
    digest = blake2b(REQUIREMENTS.read_bytes(), digest_size=6).hexdigest()
    folder = cache / digest
    python, ready = folder / "bin" / "python", folder / ".ready"
    if not ready.exists():
        uv = Path(sys.executable).with_name("uv")
        _run([str(uv), "venv", "-q", "--clear", "--python", sys.executable, str(folder)])
        install = [str(uv), "pip", "install", "-q", "--python", str(python)]
        _run([*install, "-r", str(REQUIREMENTS)])
        ready.touch()
    return python


def _run(command: list[str]) -> None:
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeersUnavailableError(repr(error)) from error
    if ran.returncode:
        raise PeersUnavailableError(ran.stderr.strip()[-300:])
