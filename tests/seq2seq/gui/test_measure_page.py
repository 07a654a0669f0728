"""The measuring page with real events: what is clicked and typed, and what is then on screen."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from hw2gui.seq2seq.gui.measure_page import MeasurePage
from hw2gui.seq2seq.measure_choice import MeasureChoice
from hw2gui.seq2seq.measurement import measure
from hw2gui.session.store import Store
from tests.seq2seq.gui.bench import Chosen, Given, check, click, on_screen, silent_controls
from tests.seq2seq.test_measurement import outcome
from tests.services import InlineServices

LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def store(run: Path) -> Store[Chosen]:
    choice = MeasureChoice(model=str(run), beams=(1, 3), nbest=3, limit=25)
    return Store(Chosen(page="measure", measure=choice), check)


@pytest.fixture
def page(qtbot: QtBot, store: Store[Chosen], services: InlineServices) -> Iterator[MeasurePage]:
    yield from on_screen(MeasurePage(Given(store, services)), store, qtbot)


def measured(page: MeasurePage) -> MeasurePage:
    click(page.controls.begin)
    return page


def test_what_is_measured_stands_in_the_table(page: MeasurePage, store: Store[Chosen], services: InlineServices) -> None:
    assert page.empty.isVisible() and "press Measure" in page.empty.text() and not page.scores.isVisible()
    measured(page)
    (setting,) = store.state.measure.asked
    truth, _ = outcome(measure(setting))
    assert page.scores.isVisible() and not page.empty.isVisible()
    for row, one in enumerate(truth.evaluation.beams):
        assert page.scores.text(row, 1).endswith(f"{one.scores.error_rate:.4f}")
    assert store.state.measure.beam == 3 and f"= {truth.evaluation.of(3).scores.error_rate:.4f}" in page.words.text()
    QTest.mouseClick(page.scores.view.viewport(), LEFT, NO_KEY, page.scores.row_point(0).center())
    assert store.state.measure.beam == 1 and f"= {truth.evaluation.of(1).scores.error_rate:.4f}" in page.words.text()
    assert [line.name for line in page.beams.plots[0].lines][:2] == ["tiny", "tiny, best of n"]
    store.undo()
    assert page.empty.isVisible()
    store.redo()
    assert page.scores.isVisible()
    assert services.asked.count("measurement") == 1  # what is kept is not decoded again


def test_beam_sizes_are_typed(page: MeasurePage, store: Store[Chosen]) -> None:
    field = page.controls.beams
    field.selectAll()
    QTest.keyClicks(field, "2, 0")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert store.state.measure.beams == (1, 3) and "from 1 to 20" in page.controls.problem.text() and page.controls.problem.isVisible()
    field.selectAll()
    QTest.keyClicks(field, "4 2")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert store.state.measure.beams == (2, 4) and field.text() == "2, 4" and not page.controls.problem.isVisible()
    measured(page)
    assert page.scores.source is not None and page.scores.source.count == 2


def test_the_test_split_says_what_it_is_for(page: MeasurePage, store: Store[Chosen]) -> None:
    click(page.controls.split.button("test"))
    assert store.state.measure.split == "test" and "Choose by the validation pairs" in page.controls.words.text()


def test_examples_are_filtered_sorted_and_opened(page: MeasurePage, store: Store[Chosen], run: Path) -> None:
    measured(page)
    click(page.views.button("examples"))
    panel = page.examples
    rates = [float(panel.table.text(row, 3)) for row in range(25)]
    assert rates == sorted(rates, reverse=True)
    header = panel.table.view.horizontalHeader()
    QTest.mouseClick(header.viewport(), LEFT, NO_KEY, QPoint(header.sectionViewportPosition(0) + 8, 8))
    assert panel.indices == tuple(range(25))
    wanted = panel.table.text(7, 1)
    QTest.keyClicks(panel.text, wanted)
    assert all(wanted in panel.table.text(row, 1) for row in range(len(panel.indices)))
    at = panel.indices.index(7)
    QTest.mouseClick(panel.table.view.viewport(), LEFT, NO_KEY, panel.table.row_point(at, 1).center())
    assert store.state.measure.selected == 7 and wanted in panel.words.text() and "the 3 best" in panel.words.text()
    QTest.keyClick(panel.table.view, Qt.Key.Key_Return)
    now = store.state
    assert (now.page, now.text, now.reference, now.model) == ("type", wanted, wanted, str(run))
    assert (now.prefix, now.chosen) == ("", 0)
    store.undo()
    assert store.state.page == "measure"


def test_only_the_wrong_ones(page: MeasurePage, store: Store[Chosen]) -> None:
    measured(page)
    click(page.views.button("examples"))
    panel = page.examples
    panel.kind.setFocus()
    kinds = [panel.kind.itemData(at) for at in range(panel.kind.count())]
    assert "fixed" not in kinds
    panel.kind.activated.emit(kinds.index("right"))
    assert all(panel.table.text(row, 3) == "0.000" for row in range(len(panel.indices)))
    if not panel.indices:
        assert "No example is like this" in panel.count.text()


def test_a_confusion_is_clicked_and_its_examples_are_shown(page: MeasurePage, store: Store[Chosen]) -> None:
    measured(page)
    click(page.views.button("characters"))
    view = page.characters.view
    shares = view._shares
    assert shares is not None
    cells = [(row, column) for row in range(len(shares.characters)) for column in range(len(shares.characters)) if row != column]
    row, column = max(cells, key=lambda cell: shares.counts[cell])
    QApplication.processEvents()  # the page has just come to the front: its layout follows
    where = view.cell_rect(row, column).center().toPoint()
    QTest.mouseMove(view, where)
    assert f"{shares.counts[row, column]:,} times" in page.characters.matrix_panel.info.text()
    QTest.mouseClick(view, LEFT, NO_KEY, where)
    now = store.state.measure
    assert now.view == "examples" and now.confusion == (shares.characters[row], shares.characters[column])
    few = page.examples.indices
    assert 0 < len(few) < 25 and page.examples.confusion.isVisible()
    click(page.examples.confusion)
    assert store.state.measure.confusion is None and len(page.examples.indices) == 25


def test_the_matrix_is_walked_with_keys(page: MeasurePage, store: Store[Chosen]) -> None:
    measured(page)
    click(page.views.button("characters"))
    view = page.characters.view
    shares = view._shares
    assert shares is not None
    row, column = divmod(int(shares.counts.argmax()), len(shares.characters))
    view.setFocus()
    for key, times in ((Qt.Key.Key_Down, 1 + row), (Qt.Key.Key_Right, column)):
        for _ in range(times):
            QTest.keyClick(view, key)
    assert view._current == (row, column) and f"{shares.counts[row, column]:,} times" in view.accessibleDescription()
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert store.state.measure.view == "examples"
    assert store.state.measure.confusion == (shares.characters[row], shares.characters[column])


def test_places_show_positions_and_lengths(page: MeasurePage) -> None:
    measured(page)
    click(page.views.button("places"))
    assert [line.name for line in page.places.position.lines] == ["replaced", "left out", "inserted before"]
    assert page.places.length.lines[0].name == "tiny" and "by the length of the source" in page.words.text()


def test_two_models_beside_each_other(page: MeasurePage, store: Store[Chosen]) -> None:
    (first,) = store.state.measure.settings()
    store.change("Both", measure=replace(store.state.measure, asked=(replace(first, epoch=1), replace(first, epoch=2))))
    assert "The second model repairs" in page.notes.text()
    click(page.views.button("examples"))
    panel = page.examples
    kinds = [panel.kind.itemData(at) for at in range(panel.kind.count())]
    assert {"fixed", "broken", "better", "worse"} <= set(kinds)
    panel.kind.activated.emit(kinds.index("better"))
    assert panel.indices and all(panel.table.text(row, 8) == "better" for row in range(len(panel.indices)))
    click(page.views.button("places"))
    assert len(page.places.length.lines) == 2 and page.places.length.lines[1].low is not None


def test_it_can_be_cancelled(page: MeasurePage, services: InlineServices) -> None:
    services.unanswered = frozenset({"measurement"})
    controls = page.controls
    controls.begin.setFocus()
    measured(page)
    assert controls.cancel.isVisible() and controls.bar.isVisible() and not controls.begin.isEnabled()
    assert page.window().focusWidget() is controls.cancel
    click(controls.cancel)
    assert page.window().focusWidget() is controls.begin
    assert not controls.cancel.isVisible() and controls.begin.isEnabled() and "cancelled" in services.messages[-1]
    services.unanswered = frozenset()
    measured(page)
    assert page.scores.isVisible()


def test_a_model_that_is_gone_is_said_in_place(page: MeasurePage, store: Store[Chosen]) -> None:
    store.change("Gone", measure=replace(store.state.measure, model="nowhere"))
    measured(page)
    assert "no model 'nowhere'" in page.controls.problem.text() and page.controls.problem.isVisible()
    assert page.controls.begin.isEnabled() and page.empty.isVisible()


def test_tables_and_pictures_are_taken_away(page: MeasurePage, services: InlineServices, tmp_path: Path) -> None:
    measured(page)
    click(page.views.button("characters"))
    page.tables.fill()
    menu = page.tables.menu()
    names = [action.text() for action in menu.actions()]
    assert names == ["Scores", "Examples shown", "Confusions", "Errors by position", "Error by length"]
    scores = menu.actions()[0].menu()
    assert isinstance(scores, QMenu)
    scores.actions()[0].trigger()
    assert services.copied[0].startswith("**tiny on 25 validation pairs")
    services.file = tmp_path / "scores"
    scores.actions()[1].trigger()
    with (tmp_path / "scores.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][0] == "beam" and rows[2][0] == "3"
    for which, panel in (
        ("beams", page.beams), ("characters", page.characters.matrix_panel), ("positions", page.places.position_panel),
        ("lengths", page.places.length_panel),
    ):  # fmt: skip
        services.file = tmp_path / f"{which}.png"
        panel.export_requested.emit("png")
        assert services.file.read_bytes().startswith(b"\x89PNG")


def test_every_control_says_what_it_is(page: MeasurePage) -> None:
    measured(page)
    for key in ("examples", "characters", "places", "beams"):
        click(page.views.button(key))
    assert silent_controls(page) == []
