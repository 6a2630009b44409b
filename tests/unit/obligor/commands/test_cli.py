from pathlib import Path

import pytest
from typer.testing import CliRunner

from obligor.cli import app, main

HEADER = "type,customer_id,date,order_id,amount,currency\n"
runner = CliRunner()


@pytest.mark.parametrize(
    "command",
    [
        ["up"],
        ["serve"],
        ["migrate"],
        ["import", "receivables"],
        ["trace"],
        ["replay-decision"],
        ["dead-letters", "list"],
        ["dead-letters", "show"],
        ["dead-letters", "replay"],
        ["keys", "create"],
        ["keys", "list"],
        ["keys", "revoke"],
        ["readers", "drop"],
        ["rebuild"],
        ["simulate"],
        ["demo"],
    ],
)
def test_every_command_explains_itself(command: list[str]) -> None:
    result = runner.invoke(app, [*command, "--help"])

    assert result.exit_code == 0, result.output
    assert "Usage:" in result.output


def test_no_command_at_all_shows_the_help() -> None:
    assert "trace" in runner.invoke(app, []).output


def test_a_platform_that_does_not_answer_is_one_sentence_and_exit_code_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OBLIGOR_URL", "http://127.0.0.1:9")
    monkeypatch.setattr("sys.argv", ["obligor", "keys", "list"])

    with pytest.raises(SystemExit) as ended:
        main()

    said = " ".join(capsys.readouterr().err.split())
    assert ended.value.code == 1
    assert said.startswith("error: no platform answers at http://127.0.0.1:9")
    assert "Traceback" not in said


def test_a_file_that_cannot_be_read_is_one_sentence_and_exit_code_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["obligor", "import", "receivables", "nowhere.csv"])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 1
    assert "nowhere.csv cannot be read" in " ".join(capsys.readouterr().err.split())


def test_a_setting_that_nobody_knows_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OBLIGOR_PROT", "8000")
    monkeypatch.setattr("sys.argv", ["obligor", "migrate"])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 1
    assert "OBLIGOR_PROT" in capsys.readouterr().err


def test_migrate_without_a_database_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("OBLIGOR_DATABASE_URL", raising=False)
    monkeypatch.setattr("sys.argv", ["obligor", "migrate"])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 1
    assert "OBLIGOR_DATABASE_URL must say where PostgreSQL is" in " ".join(
        capsys.readouterr().err.split()
    )


def test_a_file_without_one_good_row_is_refused_after_its_bad_rows_are_listed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(HEADER + "order.placed,C1,yesterday,O1,10,EUR\n", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["obligor", "import", "receivables", str(path)])

    with pytest.raises(SystemExit) as ended:
        main()

    said = " ".join(capsys.readouterr().err.split())
    assert ended.value.code == 1
    assert "line 2: date is 'yesterday', but must be a date like 2026-03-31" in said
    assert "there is not one usable fact to send" in said


def test_presets_are_named_in_the_help() -> None:
    output = runner.invoke(app, ["import", "receivables", "--help"], env={"COLUMNS": "200"}).output

    assert "ibm" in output
    assert "plain" in output
