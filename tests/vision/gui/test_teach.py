"""Teach it your hand, by mouse: draw, label, delete, teach, and see before and after."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from hw2gui.vision import collection, hand
from hw2gui.vision.gui.teach_page import TeachPage
from hw2gui.vision.state import SHIPPED
from tests.vision.gui.conftest import Laboratory


@pytest.fixture
def page(laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch) -> TeachPage:
    monkeypatch.setattr(hand, "KNOWN", 60)
    monkeypatch.setattr(hand, "TESTED", 60)
    QTest.mouseClick(laboratory.tab.pages.button("teach"), Qt.MouseButton.LeftButton)
    return laboratory.tab.teach


def zigzag(page: TeachPage, shift: int) -> None:
    pad = page.pad.pad
    places = [QPoint(40 + shift + (120 if turn % 2 else 0), 40 + 18 * turn) for turn in range(7)]
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(pad, place)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=places[-1])


def test_a_drawing_is_labelled_and_kept(laboratory: Laboratory, page: TeachPage) -> None:
    assert not page.keep[3].isEnabled()
    assert not page.teach.isEnabled()
    zigzag(page, 0)
    QTest.mouseClick(page.keep[3], Qt.MouseButton.LeftButton)
    assert page.pad.pad.strokes == ()
    assert [one.label for one in collection.everything()] == [3]
    assert page.keep[3].text().endswith("· 1")
    assert len(page.grid.pictures) == 1
    assert page.collected.title.text() == "Your drawings (1)"
    laboratory.store.undo()
    assert len(page.pad.pad.strokes) == 1, "the pad's undo brings the strokes back"


def test_a_drawing_is_looked_at_put_on_the_pad_deleted_and_brought_back(laboratory: Laboratory, page: TeachPage) -> None:
    zigzag(page, 0)
    strokes = page.pad.pad.strokes
    QTest.mouseClick(page.keep[3], Qt.MouseButton.LeftButton)
    assert not page.delete.isEnabled()
    QTest.mouseClick(page.grid, Qt.MouseButton.LeftButton, pos=page.grid.picture_rect(0).center())
    assert "Drawn as" in page.chosen_words.text()
    QTest.mouseClick(page.redraw, Qt.MouseButton.LeftButton)
    assert page.pad.pad.strokes == strokes
    QTest.mouseClick(page.grid, Qt.MouseButton.LeftButton, pos=page.grid.picture_rect(0).center())
    QTest.mouseClick(page.delete, Qt.MouseButton.LeftButton)
    assert collection.everything() == ()
    assert page.grid.pictures == ()
    assert "deleted" in laboratory.services.messages[-1]
    laboratory.services.actions[-1]()
    assert len(collection.everything()) == 1
    assert len(page.grid.pictures) == 1


def test_the_model_is_taught_and_undo_goes_back(laboratory: Laboratory, page: TeachPage) -> None:
    for shift in range(0, 30, 5):
        zigzag(page, shift)
        QTest.mouseClick(page.keep[3], Qt.MouseButton.LeftButton)
    assert "misreads 6 of your 6" in page.sentence.text()
    QTest.mouseClick(page.teach, Qt.MouseButton.LeftButton)
    assert "Taught" in page.words.text()
    assert laboratory.store.state.model.endswith("my-hand")
    titles = [page.table.text(row, 0) for row in range(page.table.source.count)]
    assert titles[-1] == "built-in characters, test"
    assert any(title.startswith("your drawings") for title in titles)
    assert "which flatters it" in page.sentence.text()
    laboratory.store.undo()
    assert laboratory.store.state.model == SHIPPED
    assert "misreads" in page.sentence.text()


def test_a_cancelled_lesson_changes_nothing(laboratory: Laboratory, page: TeachPage) -> None:
    zigzag(page, 0)
    QTest.mouseClick(page.keep[3], Qt.MouseButton.LeftButton)
    laboratory.services.unanswered = frozenset({"teaching"})
    page.teach.setFocus()
    QTest.mouseClick(page.teach, Qt.MouseButton.LeftButton)
    assert (page.teach.isEnabled(), page.cancel.isEnabled()) == (False, True)
    assert page.window().focusWidget() is page.cancel
    QTest.mouseClick(page.cancel, Qt.MouseButton.LeftButton)
    assert (page.teach.isEnabled(), page.cancel.isEnabled()) == (True, False)
    assert laboratory.store.state.model == SHIPPED
