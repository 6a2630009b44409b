"""The broker's jars: fetched once, reused, and a clear word when they cannot be had."""

from pathlib import Path

import pytest

from shared.testing.kafka_jars import KafkaUnavailableError, java, kafka_jars


@pytest.fixture
def pom(tmp_path: Path) -> Path:
    written = tmp_path / "pom.xml"
    written.write_text("<project/>")
    return written


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def script(folder: Path, name: str, body: str) -> None:
    written = folder / name
    written.write_text(f"#!/bin/sh\n{body}\n")
    written.chmod(0o755)


MAVEN_THAT_COPIES = """
for word in "$@"; do
  case "$word" in -DoutputDirectory=*) : > "${word#*=}/kafka_2.13.jar";; esac
done
"""


def test_the_jars_are_fetched_into_the_cache(pom: Path, tools: Path, tmp_path: Path) -> None:
    script(tools, "mvn", MAVEN_THAT_COPIES)
    folder = kafka_jars(pom=pom, cache=tmp_path / "cache")
    assert [jar.name for jar in folder.iterdir()] == ["kafka_2.13.jar"]


def test_jars_that_are_there_are_not_fetched_again(pom: Path, tools: Path, tmp_path: Path) -> None:
    script(tools, "mvn", MAVEN_THAT_COPIES)
    first = kafka_jars(pom=pom, cache=tmp_path / "cache")
    (tools / "mvn").unlink()
    assert kafka_jars(pom=pom, cache=tmp_path / "cache") == first


def test_another_version_gets_another_folder(pom: Path, tools: Path, tmp_path: Path) -> None:
    script(tools, "mvn", MAVEN_THAT_COPIES)
    first = kafka_jars(pom=pom, cache=tmp_path / "cache")
    pom.write_text("<project>newer</project>")
    assert kafka_jars(pom=pom, cache=tmp_path / "cache") != first


@pytest.mark.usefixtures("tools")
def test_without_maven_the_reason_is_maven(pom: Path, tmp_path: Path) -> None:
    with pytest.raises(KafkaUnavailableError, match="no `mvn`"):
        kafka_jars(pom=pom, cache=tmp_path / "cache")


def test_what_maven_said_is_passed_on(pom: Path, tools: Path, tmp_path: Path) -> None:
    script(tools, "mvn", "echo '[ERROR] the store is unreachable'; exit 1")
    with pytest.raises(KafkaUnavailableError, match="the store is unreachable"):
        kafka_jars(pom=pom, cache=tmp_path / "cache")


def test_a_failed_fetch_leaves_nothing_behind(pom: Path, tools: Path, tmp_path: Path) -> None:
    script(tools, "mvn", "exit 1")
    with pytest.raises(KafkaUnavailableError):
        kafka_jars(pom=pom, cache=tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.usefixtures("tools")
def test_without_java_the_reason_is_java() -> None:
    with pytest.raises(KafkaUnavailableError, match="no `java`"):
        java()


def test_an_old_java_is_refused(tools: Path) -> None:
    script(tools, "java", "echo 'openjdk version \"11.0.2\"' >&2")
    with pytest.raises(KafkaUnavailableError, match="17 or newer"):
        java()


def test_java_seventeen_will_do(tools: Path) -> None:
    script(tools, "java", "echo 'openjdk version \"17.0.15\"' >&2")
    assert java() == str(tools / "java")
