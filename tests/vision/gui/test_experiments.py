"""The experiments of question 2 by clicks: carried out, found again, taken away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hw2gui.session.codec import from_plain, to_plain
from hw2gui.vision import inquiry
from hw2gui.vision.gui.experiments_page import ExperimentsPage
from hw2gui.vision.inquiry import Inquiry
from hw2gui.vision.recipes import RECIPES
from hw2gui.vision.state import VisionState
from tests.vision.gui.conftest import Laboratory


@pytest.fixture
def page(laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch) -> ExperimentsPage:
    """The page, with experiments of an epoch on 80 images."""
    fast = RECIPES["fast"].config

    def base(chosen: Inquiry) -> Any:
        return replace(fast, training=replace(fast.training, epochs=1, batch_size=40, threads=1), data=chosen.data, limit=80)

    monkeypatch.setattr(inquiry, "_base", base)
    QTest.mouseClick(laboratory.tab.pages.button("experiments"), Qt.MouseButton.LeftButton)
    return laboratory.tab.experiments


def take(page: ExperimentsPage, what: str) -> None:
    """Choose *what* from the menu of the result's one table."""
    page.tables.fill()
    (table,) = page.tables.menu().actions()
    menu: Any = table.menu()
    next(action for action in menu.actions() if action.text() == what).trigger()


def begin(page: ExperimentsPage) -> None:
    QTest.mouseClick(page.begin, Qt.MouseButton.LeftButton)


def test_an_experiment_is_carried_out_by_clicks(laboratory: Laboratory, page: ExperimentsPage) -> None:
    QTest.mouseClick(page.which.button("permutation"), Qt.MouseButton.LeftButton)
    assert page.begin.text() == "Train 4 networks"
    assert "Nothing to conclude yet" in page.sentence.text()
    assert page.table.total_text(0) == "0 of 4 trained"
    page.begin.setFocus()
    begin(page)
    assert page.window().focusWidget() is page.how  # and not at whatever comes next in the order of Tab: all is trained
    assert "one fixed permutation of them" in page.sentence.text()
    assert (page.begin.text(), page.begin.isEnabled()) == ("All is trained", False)
    assert [panel.isVisibleTo(page) for panel in page.plots] == [True, False, False]
    plot = page.plots[0].plot
    assert plot is not None
    assert [line.label for line in plot.lines][1] == "CNN, pixels permuted (420,906)"
    assert plot.x_label == "epoch" and page.plots[0].view._plot.getAxis("bottom").whole
    assert [page.table.text(row, 3) for row in range(4)] == ["finished"] * 4
    assert page.table.total_text(0) == "4 of 4 trained"
    assert "Done" in page.words.text()


def test_runs_of_one_experiment_serve_the_next_and_other_settings_begin_anew(laboratory: Laboratory, page: ExperimentsPage) -> None:
    QTest.mouseClick(page.which.button("permutation"), Qt.MouseButton.LeftButton)
    begin(page)
    QTest.mouseClick(page.which.button("parameters"), Qt.MouseButton.LeftButton)
    assert page.begin.text() == "Go on: 2 networks"
    assert page.plots[0].plot is None
    page.seeds.setValue(2)
    assert laboratory.store.state.inquiry == Inquiry("parameters", seeds=2)
    assert page.begin.text() == "Go on: 6 networks"
    laboratory.store.undo()
    laboratory.store.undo()
    assert page.which.choice == "permutation"
    assert page.begin.text() == "All is trained"


def test_pictures_and_tables_are_taken_away(laboratory: Laboratory, page: ExperimentsPage, tmp_path: Path) -> None:
    QTest.mouseClick(page.which.button("permutation"), Qt.MouseButton.LeftButton)
    assert not page.tables.isEnabled()
    begin(page)
    laboratory.services.file = tmp_path / "curves.svg"
    page.plots[0].export_requested.emit("svg")
    assert b"<svg" in laboratory.services.file.read_bytes()
    laboratory.services.file = tmp_path / "table.tex"
    take(page, "Save as LaTeX…")
    assert "420906" in laboratory.services.file.read_text("utf-8")
    take(page, "Copy as Markdown")
    assert "| CNN |" in laboratory.services.copied[-1]


def test_missing_data_are_said_in_place(laboratory: Laboratory, page: ExperimentsPage) -> None:
    laboratory.store.change("Data", inquiry=Inquiry("permutation", data="kmnist"))
    begin(page)
    assert "hw2gui data fetch kmnist" in page.words.text()
    assert page.begin.isEnabled()


def test_a_cancelled_experiment_can_be_gone_on_with(laboratory: Laboratory, page: ExperimentsPage) -> None:
    page.begin.setFocus()
    laboratory.services.unanswered = frozenset({"experiment"})
    begin(page)
    assert (page.begin.isEnabled(), page.cancel.isEnabled(), page.bar.isVisibleTo(page)) == (False, True, True)
    assert page.window().focusWidget() is page.cancel
    QTest.mouseClick(page.cancel, Qt.MouseButton.LeftButton)
    assert "Cancelled" in page.words.text()
    assert (page.begin.isEnabled(), page.cancel.isEnabled(), page.bar.isVisibleTo(page)) == (True, False, False)
    assert page.window().focusWidget() is page.begin


def test_the_choice_survives_the_session_file() -> None:
    state = VisionState(page="experiments", inquiry=Inquiry("transformations", "kmnist", "full", 3))
    assert from_plain(VisionState, to_plain(state)) == state


def test_seeds_stepped_up_at_a_stretch_are_one_step_of_history(laboratory: Laboratory, page: ExperimentsPage) -> None:
    before, steps = laboratory.store.state, len(laboratory.store.done)
    page.seeds.setFocus()
    for _ in range(3):
        QTest.keyClick(page.seeds, Qt.Key.Key_Up)
    assert laboratory.store.state.inquiry.seeds == before.inquiry.seeds + 3
    assert len(laboratory.store.done) == steps + 1
    laboratory.store.undo()
    assert laboratory.store.state == before
