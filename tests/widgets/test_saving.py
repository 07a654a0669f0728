"""Pictures and text into files that the user names."""

from __future__ import annotations

from pathlib import Path

from hw2gui.jobs import InlineRunner
from hw2gui.widgets.saving import save_picture, save_text
from tests.services import InlineServices


def draw(path: str, words: str) -> None:
    """Stands for a drawing."""
    Path(path).write_text(words, encoding="utf-8")


def services(file: Path | None) -> InlineServices:
    return InlineServices(runner=InlineRunner(packages=("tests",)), file=file)


def test_a_picture_is_drawn_where_the_user_says_so(tmp_path: Path) -> None:
    given = services(tmp_path / "named")
    save_picture(given, f"{__name__}:draw", {"words": "drawn"}, "suggested", "png")
    assert (tmp_path / "named.png").read_text(encoding="utf-8") == "drawn" and given.messages == [f"Saved {tmp_path / 'named.png'}"]


def test_text_keeps_the_ending_it_is_given(tmp_path: Path) -> None:
    given = services(tmp_path / "table.txt")
    save_text(given, lambda: "a,b", "suggested", "csv", "Save the table")
    assert (tmp_path / "table.txt").read_text(encoding="utf-8") == "a,b" and given.messages == [f"Saved {tmp_path / 'table.txt'}"]


def test_a_number_at_the_end_of_a_name_is_no_ending(tmp_path: Path) -> None:
    given = services(tmp_path / "rate 1.5")
    save_picture(given, f"{__name__}:draw", {"words": "drawn"}, "suggested", "png")
    assert (tmp_path / "rate 1.5.png").exists()


def test_who_thinks_better_of_it_gets_nothing() -> None:
    given = services(None)
    save_picture(given, f"{__name__}:draw", {"words": "drawn"}, "suggested", "png")
    save_text(given, lambda: str(1 / 0), "suggested", "csv", "Save the table")  # not even made
    assert given.messages == [] and given.asked == []


def test_where_nothing_can_be_written_a_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    given = services(tmp_path / "file" / "table.csv")
    save_text(given, lambda: "a,b", "suggested", "csv", "Save the table")
    assert len(given.messages) == 1 and "table.csv cannot be written" in given.messages[0] and "choose another place" in given.messages[0]
