"""The jars of Apache Kafka, copied once by Maven into `.cache/kafka` and reused from there."""

import re
import shutil
import subprocess
import tempfile
from hashlib import blake2b
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
POM = REPOSITORY / "tests" / "kafka" / "pom.xml"
CACHE = REPOSITORY / ".cache" / "kafka"
OLDEST_JAVA = 17
MAVEN_DEADLINE_SECONDS = 240


class KafkaUnavailableError(Exception):
    """No Apache Kafka can be had on this machine; says what is missing."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(f"no Apache Kafka for the tests: {reason}")


def java() -> str:
    """Find a Java that can run the broker; raise `KafkaUnavailableError` if there is none."""
    found = shutil.which("java")
    if found is None:
        raise KafkaUnavailableError(reason=f"there is no `java` (version {OLDEST_JAVA} or newer)")
    shown = _output([found, "-version"], seconds=30)
    version = re.search(r'version "(\d+)', shown)
    if version is None or int(version[1]) < OLDEST_JAVA:
        raise KafkaUnavailableError(
            reason=f"Java {OLDEST_JAVA} or newer is needed, this is: {shown[:80]}"
        )
    return found


def kafka_jars(*, pom: Path = POM, cache: Path = CACHE) -> Path:
    """Return the folder with the broker's jars, fetching them if they are not there yet.

    A folder appears under its final name only when it is complete, so a copy that was interrupted,
    or made by two test runs at once, is never used half.
    """
    folder = cache / blake2b(pom.read_bytes(), digest_size=8).hexdigest()
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=cache))
    try:
        _copy_dependencies(pom, into=unfinished)
        _publish(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _copy_dependencies(pom: Path, *, into: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise KafkaUnavailableError(reason="there is no `mvn` to fetch the broker's jars with")
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={into}"]
    said = _output([maven, "-q", "-B", "-f", str(pom), *goal], seconds=MAVEN_DEADLINE_SECONDS)
    if not any(into.glob("kafka_*.jar")):
        raise KafkaUnavailableError(reason=f"Maven could not fetch the jars: {_first_error(said)}")


def _publish(unfinished: Path, folder: Path) -> None:
    try:
        unfinished.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


def _first_error(said: str) -> str:
    errors = [line for line in said.splitlines() if "ERROR" in line]
    return (errors or ["it said nothing"])[0][:300]


def _output(command: list[str], *, seconds: float) -> str:
    try:
        ran = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=seconds,
            check=False,
            text=True,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise KafkaUnavailableError(
            reason=f"`{Path(command[0]).name}` failed: {error}"[:300]
        ) from error
    return ran.stdout
