from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from pathlib import Path

import pytest

from hw2gui import files


def test_the_new_content_replaces_the_old(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "folder" / "mine.txt"
    files.write_text(path, "α")
    files.write_text(path, "β\n")
    assert path.read_bytes() == "β\n".encode()
    assert list(path.parent.iterdir()) == [path]


def test_an_error_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    files.write_text(path, "old")

    def fail_half_way() -> None:
        with files.replacing(path) as temporary:
            temporary.write_text("half")
            assert path.read_text() == "old"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_the_temporary_keeps_the_suffix_and_lies_beside_the_target(tmp_path: Path) -> None:
    with files.replacing(tmp_path / "picture.svg") as temporary:
        assert temporary.suffix == ".svg" and temporary.parent == tmp_path and temporary.name.startswith(".")


def test_two_writers_of_one_file_do_not_meet(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    with files.replacing(path) as one, files.replacing(path) as two:
        assert one != two
        one.write_text("one")
        two.write_text("two")
    assert path.read_text() == "one"  # whose block ended last


def test_long_names_are_no_longer_for_a_while(tmp_path: Path) -> None:
    path = tmp_path / ("ん" * 80 + ".json")  # 245 bytes; 255 are allowed
    files.write_json(path, {})
    assert path.exists()


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_permissions_are_those_of_any_new_file_or_of_the_old_one(tmp_path: Path) -> None:
    plain, mine = tmp_path / "plain", tmp_path / "mine"
    plain.touch()
    files.write_text(mine, "new")
    assert stat.S_IMODE(mine.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
    mine.chmod(0o640)
    files.write_text(mine, "newer")
    assert stat.S_IMODE(mine.stat().st_mode) == 0o640


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_is_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "elsewhere" / "mine.txt", tmp_path / "link.txt"
    link.symlink_to(target)
    files.write_text(link, "new")
    assert link.is_symlink() and target.read_text() == "new"


def test_json_has_no_nan_and_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    files.write_json(path, [1.5])
    with pytest.raises(ValueError, match="JSON"):
        files.write_json(path, [float("nan")])
    assert json.loads(path.read_text()) == [1.5]


def test_json_keeps_letters_readable_and_half_surrogates_whole(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    files.write_json(path, ["が α", "\ud83d", "😀"])
    text = path.read_bytes().decode("utf-8")
    assert "が α" in text and json.loads(text) == ["が α", "\ud83d", "😀"]


def test_the_reason_of_an_error_is_never_empty() -> None:
    assert files.reason(OSError(28, "No space left on device")) == "No space left on device"
    assert files.reason(OSError("Qt could not")) == "Qt could not"
    assert files.reason(PermissionError()) == "PermissionError"


def test_only_ordinary_files_of_a_bounded_size_are_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert files.read_bytes(path) == files.read_bytes(path, 5) == b"12345"
    with pytest.raises(OSError, match="large"):
        files.read_bytes(path, 4)
    with pytest.raises(FileNotFoundError):
        files.read_bytes(tmp_path / "nothing")
    with pytest.raises(OSError, match="no ordinary file"):
        files.read_bytes(Path(os.devnull))


def test_whether_a_file_could_be_written_is_told_without_a_trace(tmp_path: Path) -> None:
    files.check_writable(tmp_path / "new" / "folder" / "mine.txt")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("α")
    files.check_writable(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "α"
    with pytest.raises(NotADirectoryError):
        files.check_writable(tmp_path / "file" / "mine.txt")
    with pytest.raises(IsADirectoryError):
        files.check_writable(tmp_path)


def test_what_a_killed_program_left_half_written_is_told_and_removed(tmp_path: Path) -> None:
    for name in ("mine.txt", "name.txt"):
        files.write_text(tmp_path / name, "whole")
    (tmp_path / ".hidden-by-the-user.txt").write_text("theirs")
    left = []
    for name in ("mine.txt", "name.txt", "without-suffix"):
        with suppress(KeyboardInterrupt), files.replacing(tmp_path / name) as temporary:
            raise KeyboardInterrupt
        temporary.write_text("half")
        left.append(temporary)
    assert [path.name for path in sorted(tmp_path.iterdir()) if files.is_temporary(path)] == sorted(path.name for path in left)
    files.remove_temporaries(tmp_path, but="name.txt")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".hidden-by-the-user.txt", left[1].name, "mine.txt", "name.txt"]
    files.remove_temporaries(tmp_path)
    assert not any(map(files.is_temporary, tmp_path.iterdir()))
