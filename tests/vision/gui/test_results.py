"""What it gets right and wrong, by clicks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from hw2gui.vision import data, trials
from hw2gui.vision.gui.results_page import ResultsPage
from tests.vision.gui.conftest import Laboratory


@pytest.fixture
def results(laboratory: Laboratory, short_sets: Callable[[int], None]) -> Laboratory:
    """The homework's network on 300 built-in images, of which it gets some wrong."""
    short_sets(300)
    laboratory.store.change("Model", model="homework")
    QTest.mouseClick(laboratory.tab.pages.button("results"), Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    return laboratory


def page(results: Laboratory) -> ResultsPage:
    return results.tab.results


def _click(results: Laboratory, cell: tuple[int, int]) -> None:
    view = page(results).confusion.view
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.cell_rect(cell).center().toPoint())


def _wrong_cell(results: Laboratory) -> tuple[int, int]:
    counts = page(results).confusion.counts
    assert counts is not None
    wrong = counts * (1 - np.eye(10, dtype=np.int64))
    row, column = divmod(int(wrong.argmax()), 10)
    return row, column


def test_the_matrix_says_where_other_images_were_taken(results: Laboratory) -> None:
    counts = page(results).confusion.counts
    assert counts is not None
    assert counts.sum() == 300
    words = page(results).words.html
    assert "not on this computer" in words
    assert f"{np.trace(counts)} / 300" in words


def test_a_cell_opens_its_images(results: Laboratory) -> None:
    cell = _wrong_cell(results)
    counts = page(results).confusion.counts
    assert counts is not None
    _click(results, cell)
    assert results.store.state.confused == cell
    pictures = page(results).gallery.grid.pictures
    assert len(pictures) == min(counts[cell], trials.MOST_SHOWN)
    samples = data.load("strokes", "validation")
    trial = page(results)._trial
    assert trial is not None
    for picture, index in zip(pictures, trial.evaluation.cell(*cell), strict=False):
        np.testing.assert_array_equal(picture.values, samples.images[index])
        assert samples.labels[index] == cell[0]
    assert all(picture.bad for picture in pictures)
    _click(results, cell)
    assert results.store.state.confused is None
    assert page(results).gallery.title.text().startswith("All ")


def test_the_keyboard_reaches_a_cell(results: Laboratory) -> None:
    view = page(results).confusion.view
    view.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert results.store.state.confused is not None
    assert results.store.state.confused[0] == 0


def test_an_image_is_opened_in_the_viewer(results: Laboratory) -> None:
    _click(results, _wrong_cell(results))
    gallery = page(results).gallery
    place = gallery._places[0]
    QTest.mouseDClick(gallery.grid, Qt.MouseButton.LeftButton, pos=gallery.grid.picture_rect(0).center())
    now = results.store.state
    assert (now.page, now.source, now.split, now.index) == ("inside", *place)
    look = results.tab.inside._look
    assert look is not None
    np.testing.assert_array_equal(look.inside.image, data.one(*place)[0] / np.float32(256))
    assert "wrong" in results.tab.inside.image.words.html
    results.store.undo()
    assert results.store.state.page == "results"


def test_an_image_is_put_on_the_pad(results: Laboratory) -> None:
    _click(results, (4, 4))
    gallery = page(results).gallery
    QTest.mouseClick(gallery.grid, Qt.MouseButton.LeftButton, pos=gallery.grid.picture_rect(0).center())
    assert "is na, read as na" in gallery.chosen.text()
    QTest.mouseClick(gallery.draw_button, Qt.MouseButton.LeftButton)
    assert results.store.state.page == "draw"
    assert results.tab.draw.pad.strokes
    assert results.tab.draw.bars.values is not None


def test_two_models_are_compared(results: Laboratory) -> None:
    QTest.mouseClick(page(results).gallery_kind.button("compare"), Qt.MouseButton.LeftButton)
    compare = page(results).compare
    assert "Choose a second model" in compare.words.html
    compare.rival.fill()
    at = compare.rival.findData("shipped")
    compare.rival.setCurrentIndex(at)
    compare.rival.activated.emit(at)
    assert results.store.state.rival == "shipped"
    found = page(results).compare.found
    assert found is not None
    assert found.comparison.sentence in compare.words.html
    np.testing.assert_array_equal(page(results).confusion.counts, found.second.confusion - found.first.evaluation.confusion)
    assert len(compare.gallery.grid.pictures) == min(len(found.comparison.fixed), trials.MOST_SHOWN)
    QTest.mouseClick(compare.which.button("both"), Qt.MouseButton.LeftButton)
    assert len(compare.gallery.grid.pictures) == min(len(found.comparison.both), trials.MOST_SHOWN)


def test_epochs_of_a_run_are_compared_and_rewound(results: Laboratory, small_run: Path) -> None:
    results.tab.models.choose(str(small_run))
    trained = page(results).confusion.counts
    QTest.mouseClick(results.tab.models.player.first, Qt.MouseButton.LeftButton)
    untrained = page(results).confusion.counts
    assert trained is not None
    assert untrained is not None
    assert np.trace(untrained) < np.trace(trained)
    assert "epoch 0, on 300 validation images" in page(results).words.html
    QTest.mouseClick(page(results).gallery_kind.button("compare"), Qt.MouseButton.LeftButton)
    page(results).compare.choose(str(small_run))
    assert page(results).compare.epoch.count() == 4
    page(results).compare.epoch.activated.emit(3)
    assert results.store.state.rival_epoch == 2
    np.testing.assert_array_equal(page(results).confusion.counts, trained - untrained)


def test_a_rival_that_is_let_go_of_does_not_come_back_with_a_late_answer(results: Laboratory) -> None:
    QTest.mouseClick(page(results).gallery_kind.button("compare"), Qt.MouseButton.LeftButton)
    results.services.unanswered = frozenset({"open rival"})
    page(results).compare.choose("shipped")
    page(results).compare.choose("")
    results.services.answer("open rival", None)
    assert results.store.state.rival == ""


def test_a_rival_that_cannot_be_opened_is_said(results: Laboratory, tmp_path: Path) -> None:
    QTest.mouseClick(page(results).gallery_kind.button("compare"), Qt.MouseButton.LeftButton)
    page(results).compare.choose(str(tmp_path / "gone"))
    assert "there is no model" in page(results).compare.words.html
    assert results.store.state.rival == ""


def test_the_strongest_images_of_each_map(results: Laboratory) -> None:
    QTest.mouseClick(page(results).gallery_kind.button("top"), Qt.MouseButton.LeftButton)
    strongest = page(results).strongest
    assert strongest.words.text().startswith("maps 1 to 8 of 8")
    assert [len(grid.pictures) for grid in strongest.rows] == [9] * 8
    assert strongest.rows[0].pictures[0].frame is not None
    assert not strongest.forward.isEnabled()
    at = strongest.stage.findData("dense2")
    strongest.stage.setCurrentIndex(at)
    strongest.stage.activated.emit(at)
    QTest.mouseClick(strongest.forward, Qt.MouseButton.LeftButton)
    assert results.store.state.top == ("dense2", 8)
    assert strongest.labels[0].text() == "unit 9"
    assert "not on this computer" in strongest.source.html
    QTest.mouseDClick(strongest.rows[1], Qt.MouseButton.LeftButton, pos=strongest.rows[1].picture_rect(2).center())
    assert results.store.state.page == "inside"
    assert results.store.state.split == "test"


def test_another_network_without_the_stage_begins_at_its_first(results: Laboratory) -> None:
    results.store.change("Top", gallery="top", top=("norm3", 0))
    assert page(results).strongest.rows[0].pictures
    assert page(results).strongest.stage.currentText() == "conv1"


def test_the_class_table_opens_its_mistakes_and_is_saved(results: Laboratory, tmp_path: Path) -> None:
    QTest.mouseClick(page(results).gallery_kind.button("classes"), Qt.MouseButton.LeftButton)
    classes = page(results).classes
    button = classes.findChild(QToolButton)
    assert isinstance(button, QToolButton)
    for suffix, mark in (("csv", "class,images,right"), ("md", "| class |"), ("tex", "\\toprule")):
        results.services.file = tmp_path / f"classes.{suffix}"
        classes.save.emit("classes", suffix)
        assert mark in results.services.file.read_text()
    assert len(button.menu().actions()) == 6
    label = _wrong_cell(results)[0]
    QTest.mouseClick(classes.table.view.viewport(), Qt.MouseButton.LeftButton, pos=classes.table.row_point(label).center())
    assert results.store.state.gallery == "cell"
    assert results.store.state.confused is not None
    assert results.store.state.confused[0] == label


def test_pictures_are_saved(results: Laboratory, tmp_path: Path) -> None:
    results.services.file = tmp_path / "confusion.png"
    page(results).matrix_panel.export_requested.emit("png")
    assert results.services.file.stat().st_size > 1000
    results.services.file = tmp_path / "images.pdf"
    page(results).gallery.save.emit("pdf")
    assert results.services.file.stat().st_size > 1000


def test_a_missing_set_is_said_in_place_and_leaves_nothing_old(results: Laboratory) -> None:
    QTest.mouseClick(page(results).data.button("kmnist"), Qt.MouseButton.LeftButton)
    assert "hw2gui data fetch kmnist" in page(results).words.html
    assert page(results).confusion.counts is None
    assert page(results).gallery.grid.pictures == ()
    QTest.mouseClick(page(results).data.button("strokes"), Qt.MouseButton.LeftButton)
    assert page(results).confusion.counts is not None


def test_an_answer_to_an_older_question_is_not_shown(results: Laboratory, qtbot: Any) -> None:
    results.services.unanswered = frozenset({"trial"})
    before = page(results)._trial
    results.store.change("Split", tested_split="test")
    assert page(results)._trial is before
    results.services.unanswered = frozenset()
    results.store.change("Split", tested_split="validation")
    assert page(results)._trial is not before


def test_a_test_that_nobody_waits_for_any_more_keeps_nobody_waiting(results: Laboratory) -> None:
    results.services.unanswered = frozenset({"trial", "strongest", "comparison"})
    results.store.change("Strongest", gallery="top", tested_split="test")
    asked = page(results)._asked
    assert asked.waiting
    QTest.mouseClick(results.tab.pages.button("draw"), Qt.MouseButton.LeftButton)
    assert not asked.waiting
    results.services.unanswered = frozenset()
    results.services.asked.clear()
    QTest.mouseClick(results.tab.pages.button("results"), Qt.MouseButton.LeftButton)
    trial = page(results)._trial
    assert {"trial", "strongest"} <= set(results.services.asked) and trial is not None and trial.exam.split == "test"
