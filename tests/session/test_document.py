from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hw2gui.errors import InputError, UnavailableError
from hw2gui.session.document import MAX_BYTES, Document
from hw2gui.session.store import Store


@dataclass(frozen=True)
class Chosen:
    size: int = 1
    formula: str = ""


def check(state: Chosen) -> Chosen:
    if state.size < 0:
        raise InputError("The size is negative: use 0 or more.")
    return state


def document() -> Document:
    return Document({"first": Store(Chosen(), check), "second": Store(Chosen(), check)})


def states(of: Document) -> list[Chosen]:
    return [store.state for store in of.stores.values()]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A session in which something was changed in both tabs, and the second was in front."""
    path = tmp_path / "mine.hw2"
    source = document()
    source.stores["first"].change("Size", size=5)
    source.stores["second"].change("Formula", formula="α = ⌊i⌋ \ud800")
    source.save(path, "second")
    return path


def altered(saved: Path, **changes: Any) -> Path:
    saved.write_text(json.dumps({**json.loads(saved.read_text(encoding="utf-8")), **changes}), encoding="utf-8")
    return saved


def test_what_was_saved_is_opened(saved: Path) -> None:
    target = document()
    assert target.open(saved) == "second"
    assert states(target) == [Chosen(size=5), Chosen(formula="α = ⌊i⌋ \ud800")]
    assert all(not store.done for store in target.stores.values())


def test_opened_as_a_step_it_can_be_undone(saved: Path) -> None:
    target = document()
    target.stores["first"].change("Size", size=2)
    target.open(saved, step="Open mine")
    assert [step.label for step in target.stores["first"].done] == ["Size", "Open mine"]
    for store in target.stores.values():
        store.undo()
    assert states(target) == [Chosen(size=2), Chosen()]


def test_a_session_that_is_refused_by_one_store_changes_none_and_forgets_nothing(saved: Path) -> None:
    target = document()
    target.stores["first"].change("Size", size=2)
    altered(saved, states={"first": {"size": 7}, "second": {"size": -1}})
    heard: list[object] = []
    for store in target.stores.values():
        store.changed.connect(lambda *change: heard.append(change))
    with pytest.raises(InputError, match="negative"):
        target.open(saved)
    assert states(target) == [Chosen(size=2), Chosen()] and len(target.stores["first"].done) == 1 and heard == []


def test_tabs_that_the_session_does_not_have_stay_as_they_are(saved: Path) -> None:
    target = document()
    target.stores["second"].change("Size", size=9)
    altered(saved, states={"first": {"size": 7}, "a later one": {}}, tab="a later one")
    assert target.open(saved) == "first"
    assert states(target) == [Chosen(size=7), Chosen(size=9)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not a session"),
        (b"\xff\xfe\x00", "not a session"),
        (b"[1, 2", "not a session"),
        (b"[" * 200_000, "not a session"),
        (b"1" * 5000, "not a session"),
        (b"[]", "not a session"),
        (b'{"format": "other"}', "not a session"),
        (b'{"format": "hw2gui session", "version": 99}', "newer version"),
        (b'{"format": "hw2gui session", "version": 0}', "which version"),
        (b'{"format": "hw2gui session", "version": true}', "which version"),
        (b'{"format": "hw2gui session", "version": "1"}', "which version"),
        (b'{"format": "hw2gui session"}', "which version"),
        (b'{"format": "hw2gui session", "version": 1}', "holds no states"),
        (b'{"format": "hw2gui session", "version": 1, "states": {"first": {"size": NaN}}}', "first.size should be"),
        (b'{"format": "hw2gui session", "version": 1, "states": {"first": {"size": 1e400}}}', "first.size should be"),
        (b'{"format": "hw2gui session", "version": 1, "states": {"first": {"colour": 1}}}', "unknown field 'colour'"),
    ],
)
def test_files_that_are_no_session_are_refused_with_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "odd.hw2"
    path.write_bytes(content)
    target = document()
    with pytest.raises(InputError, match=sentence) as caught:
        target.open(path)
    assert "\n" not in str(caught.value) and states(target) == [Chosen(), Chosen()]


def test_a_byte_order_mark_does_no_harm(saved: Path) -> None:
    saved.write_bytes(b"\xef\xbb\xbf" + saved.read_bytes())
    assert document().open(saved) == "second"


def test_missing_files_folders_and_devices_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.hw2", tmp_path, Path(os.devnull)):
        with pytest.raises(InputError, match="open a session file"):
            document().open(path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.hw2"
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    with pytest.raises(InputError, match="too large"):
        document().open(path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_one_may_not_read_is_unavailable(saved: Path) -> None:
    saved.chmod(0)
    with pytest.raises(UnavailableError, match="cannot be read"):
        document().open(saved)


def test_where_it_cannot_be_written_it_says_why_and_where(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UnavailableError, match=r"could not be written to .*file/mine\.hw2 \(.+\): choose another place"):
        document().save(tmp_path / "file" / "mine.hw2", "first")
