import stat
from pathlib import Path

import pytest

from obligor.folder import DataFolder, FolderTakenError


def test_a_folder_is_made_where_there_is_none(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "a" / "b") as folder:
        assert folder.path.is_dir()


def test_a_folder_is_known_by_its_full_path(tmp_path: Path) -> None:
    assert DataFolder(tmp_path / "a" / ".." / "b").path == (tmp_path / "b").resolve()


def test_one_platform_works_in_a_folder(tmp_path: Path) -> None:
    with (
        DataFolder(tmp_path),
        pytest.raises(FolderTakenError, match="take another --data"),
        DataFolder(tmp_path),
    ):
        pytest.fail("two platforms work in one folder")


def test_whoever_holds_a_folder_is_named(tmp_path: Path) -> None:
    with (
        DataFolder(tmp_path),
        pytest.raises(FolderTakenError, match=r"process \d+"),
        DataFolder(tmp_path),
    ):
        pytest.fail("two platforms work in one folder")


def test_a_folder_is_free_again_when_its_platform_has_ended(tmp_path: Path) -> None:
    with DataFolder(tmp_path):
        pass

    with DataFolder(tmp_path) as folder:
        assert (folder.path / "lock").exists()


def test_a_folder_is_free_again_when_its_platform_broke(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="broke"), DataFolder(tmp_path):
        raise RuntimeError("broke")

    with DataFolder(tmp_path) as folder:
        assert folder.path == tmp_path.resolve()


def test_two_folders_are_two_platforms(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "one") as one, DataFolder(tmp_path / "two") as two:
        assert one.path != two.path


def test_a_token_is_for_this_user_alone(tmp_path: Path) -> None:
    with DataFolder(tmp_path) as folder:
        folder.keep_token("secret")
        path = folder.path / "token"

        assert path.read_text() == "secret"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_token_left_open_by_somebody_is_closed(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("old")
    (tmp_path / "token").chmod(0o644)

    with DataFolder(tmp_path) as folder:
        folder.keep_token("new")
        assert stat.S_IMODE((tmp_path / "token").stat().st_mode) == 0o600


def test_a_token_ends_with_its_platform(tmp_path: Path) -> None:
    with DataFolder(tmp_path) as folder:
        folder.keep_token("secret")

    assert not (tmp_path / "token").exists()


def test_a_platform_that_kept_no_token_ends_too(tmp_path: Path) -> None:
    with DataFolder(tmp_path):
        pass

    assert not (tmp_path / "token").exists()
