"""Folders in pieces: what comes out at the other end is what went in, whatever changed in between."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.jobs.packing import Changes, Piece, pack, unpack

Act = tuple[str, str, bytes]

names = st.sampled_from(["a.txt", "log.jsonl", "sub/b.bin", "sub/deep/log.jsonl", "state.json"])
steps = st.lists(st.tuples(names, st.sampled_from(["write", "append", "delete"]), st.binary(max_size=40)), max_size=12)


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def do(folder: Path, name: str, act: str, data: bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if act == "write":
        path.unlink(missing_ok=True)
        path.write_bytes(data)
    elif act == "append":
        with path.open("ab") as file:
            file.write(data)
    else:
        path.unlink(missing_ok=True)


@settings(max_examples=40, deadline=None)
@given(st.lists(steps, min_size=1, max_size=4))
def test_looking_again_and_again_keeps_the_copy_the_same(tmp_path_factory: pytest.TempPathFactory, rounds: list[list[Act]]) -> None:
    root = tmp_path_factory.mktemp("packing")
    here, there = root / "here", root / "there"
    here.mkdir()
    there.mkdir()
    changes = Changes(here)
    for acts in rounds:
        for name, act, data in acts:
            do(here, name, act, data)
        unpack(there, changes.pieces())
        assert content(there) == content(here)
    shutil.rmtree(root)


def test_a_log_that_grew_sends_what_was_added(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text("1\n")
    changes = Changes(tmp_path)
    changes.skip()
    with (tmp_path / "log.jsonl").open("a") as log:
        log.write("2\n")
    assert list(changes.pieces()) == [Piece("log.jsonl", 2, b"2\n")]
    assert list(changes.pieces()) == []


def test_locks_and_half_written_files_stay_where_they_are(tmp_path: Path) -> None:
    for name in ("lock", ".half", "whole"):
        (tmp_path / name).write_text("x")
    assert [piece.path for piece in pack(tmp_path)] == ["whole"]


@pytest.mark.parametrize("path", ["../out", "/etc/passwd", "a/../../b", ""])
def test_a_piece_cannot_leave_its_folder(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="leads out"):
        unpack(tmp_path, [Piece(path, 0, b"x")])
