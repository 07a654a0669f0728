"""What was decoded before is found again, and only by who asks for the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hw2gui.seq2seq.kept import Decoded, Kept, default_folder
from hw2gui.seq2seq.results import Options

SOURCES = ["ab", "شمس"]
FOUND = Decoded((("x", "y"), ("",)), ((-0.5, -1.25), (-3.0,)), (True, False), 0.125)


def test_what_was_kept_is_found_by_the_same_question_alone(tmp_path: Path) -> None:
    kept = Kept("model", SOURCES, tmp_path)
    options = Options(2, 2)
    assert kept.search(options) is None
    kept.keep_search(options, FOUND)
    again = Kept("model", SOURCES, tmp_path).search(options)
    assert again is not None and again.when and replace(again, when="") == FOUND
    for other in (Options(2, 1), Options(3, 2), Options(2, 2, 0.5), Options(2, 2, 0.0, 20)):
        assert kept.search(other) is None
    for stranger in (
        Kept("other", SOURCES, tmp_path),
        Kept("model", SOURCES[::-1], tmp_path),
        Kept("model", SOURCES, tmp_path, fresh=True),
    ):
        assert stranger.search(options) is None


def test_reference_sums_belong_to_their_references(tmp_path: Path) -> None:
    kept, references = Kept("model", SOURCES, tmp_path), [["a"], ["b", "c"]]
    kept.keep_references(references, [-1.0, -2.0])
    assert Kept("model", SOURCES, tmp_path).references(references) == (-1.0, -2.0)
    assert kept.references([["a"], ["b"]]) is None


@pytest.mark.parametrize(
    "content", ["", "[]", '{"outputs": 1}', "[" * 5000, '{"outputs":[],"log_probabilities":[],"ended":[],"seconds":1.0,"when":""}']
)
def test_a_damaged_file_is_none(tmp_path: Path, content: str) -> None:
    kept = Kept("model", SOURCES, tmp_path)
    kept.keep_search(Options(2, 2), FOUND)
    (file,) = tmp_path.rglob("beam-2-*.json")
    file.write_text(content, "utf-8")
    assert kept.search(Options(2, 2)) is None


def test_a_cache_that_cannot_be_written_costs_time_alone(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    Kept("model", SOURCES, blocked).keep_search(Options(2, 2), FOUND)
    assert Kept("model", SOURCES, blocked).search(Options(2, 2)) is None


def test_it_lies_in_the_users_cache(home: Path) -> None:
    assert home in default_folder().parents
