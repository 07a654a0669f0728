from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from hw2gui.seq2seq.beam_scene import START, Key
from hw2gui.seq2seq.beam_words import minus, text_of
from hw2gui.seq2seq.gui.step_page import StepPage
from hw2gui.seq2seq.results import AttentionOverride, Options
from hw2gui.seq2seq.step_choice import StepChoice, checked
from hw2gui.session.store import Store
from tests.services import InlineServices
from tests.widgets import hands

Open = Callable[..., StepPage]


@dataclass(frozen=True)
class State:
    """As much of the tab's state as the page knows."""

    model: str
    text: str = "abcab"
    reference: str = ""
    epoch: int | None = None
    beam: int = 4
    nbest: int = 4
    alpha: float = 0.0
    prefix: str = ""
    override: AttentionOverride = field(default_factory=AttentionOverride)
    visual: bool = True
    hints: bool = True
    stepper: StepChoice = field(default_factory=lambda: StepChoice(step=1))

    @property
    def options(self) -> Options:
        return Options(self.beam, self.nbest, self.alpha)


@dataclass(frozen=True)
class Given:
    store: Store[State]
    services: InlineServices


@pytest.fixture
def open_page(qtbot: QtBot, run: Path, services: InlineServices) -> Open:
    """A page on a tiny model of the toy task, following its store as the tab would have it."""

    def opened(**changes: object) -> StepPage:
        store = Store(State(str(run), **changes), lambda state: replace(state, stepper=checked(state.stepper)))
        page = StepPage(Given(store, services))
        qtbot.addWidget(page)
        page.resize(1200, 640)
        store.changed.connect(page.show_state)
        page.show_state(None, store.state)
        page.show()
        return page

    return opened


def step_of(page: StepPage) -> int | None:
    return page.choice.step


def hover(page: StepPage, key: Key) -> None:
    QTest.mouseMove(page.graph.canvas, page.graph.canvas.rect_of(key).center().toPoint())


def click(page: StepPage, key: Key) -> None:
    where = page.graph.canvas.rect_of(key).center().toPoint()
    QTest.mouseClick(page.graph.canvas, Qt.MouseButton.LeftButton, pos=where)


def test_every_way_to_step(open_page: Open) -> None:
    page = open_page(alpha=1.0)
    assert page.stepping is not None
    last = len(page.stepping.trace.steps) - 1
    assert last > 2
    hands.press(page.graph, Qt.Key.Key_Right)
    assert step_of(page) == 2
    hands.press(page.graph, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert step_of(page) == 0
    hands.wheel(page.graph.viewport(), page.graph.viewport().rect().center(), -1)
    assert step_of(page) == 1
    QTest.mouseClick(page.player.forward, Qt.MouseButton.LeftButton)
    assert step_of(page) == 2
    hands.press(page.graph, Qt.Key.Key_End, Qt.Key.Key_Right)
    assert step_of(page) == last
    QTest.mouseClick(page.player.whole, Qt.MouseButton.LeftButton)
    assert step_of(page) is None
    assert page.player.label.text() == f"all {last + 1} steps"


def test_it_plays_to_the_end_and_stops(open_page: Open, qtbot: QtBot) -> None:
    page = open_page(stepper=StepChoice(step=0))
    page.player.speed.setCurrentIndex(page.player.speed.count() - 1)
    QTest.mouseClick(page.player.play, Qt.MouseButton.LeftButton)
    assert page.player.playing and page.stepping is not None
    last = len(page.stepping.trace.steps) - 1
    qtbot.waitUntil(lambda: step_of(page) == last)
    assert not page.player.playing


def test_a_step_shows_survivors_pruned_margins_and_the_stop_rule(open_page: Open) -> None:
    page = open_page(alpha=0.6)
    found = page.stepping
    assert found is not None
    for number, step in enumerate(found.trace.steps):
        page._look(step=number)
        nodes = {node.key: node for node in page.graph.graph.nodes}
        table = page.inspector.table
        for place in step.survivors:
            assert nodes[(number, place.place, False)].below == minus(place.score, 2)
            assert table.text(place.place, 1).rstrip("∎") == text_of(place, found.symbols)
            assert nodes[(number, place.place, False)].look == ("quiet" if place.stays else "done" if place.complete else "plain")
        for place in step.pruned[:3]:
            assert place.margin is not None
            assert nodes[(number, place.place, True)].below == minus(place.margin, 2)
            assert table.text(len(step.survivors) + place.place, 4) == minus(place.margin, 2)
        assert max(node.column for node in nodes.values()) == number + 1
        words = page.inspector.words.text()
        assert ("Done" in words) == (step is found.trace.steps[-1])
        if step.finished and len(step.finished) < len(step.survivors):
            assert words.startswith(f"{len(step.finished)} of {len(step.survivors)}")


def test_pointing_explains_the_sum_and_lights_the_path(open_page: Open) -> None:
    page = open_page(alpha=0.6)
    found = page.stepping
    assert found is not None
    key = (1, 2, False)
    hover(page, key)
    place = found.trace.steps[1].survivors[2]
    assert f"<b>{minus(place.sum)}</b>" in page.inspector.text.html
    assert f"<b>{minus(place.score)}</b>" in page.inspector.text.html
    assert page.graph.canvas.lit == {START, (0, place.parent, False), key}
    attention = found.trace.attention(1, place)
    assert attention is not None
    source = page.inspector.map.cells.source
    assert source is not None and source.shape == (2, 5)
    page.graph._hover(None)
    assert f"<b>{minus(found.trace.steps[1].survivors[0].sum)}</b>" in page.inspector.text.html


def test_a_row_of_the_table_stays_explained(open_page: Open) -> None:
    page = open_page()
    table = page.inspector.table
    QTest.mouseClick(table.view.viewport(), Qt.MouseButton.LeftButton, pos=table.row_point(3).center())
    assert page.choice.kept == (1, 3, False)
    assert page.stepping is not None
    assert f"<b>{minus(page.stepping.trace.steps[1].survivors[3].sum)}</b>" in page.inspector.text.html


@pytest.mark.parametrize("layout", ["columns", "tree"])
def test_a_click_forces_the_beginning_and_the_search_goes_on_from_it(open_page: Open, layout: str) -> None:
    page = open_page(stepper=StepChoice(step=1, layout=layout))
    found = page.stepping
    assert found is not None
    wanted = found.trace.steps[1].survivors[1]
    click(page, (1, 1, False))
    prefix = text_of(wanted, found.symbols)
    assert page._store.state.prefix == prefix
    assert page.stepping is not None and page.stepping is not found
    for step in page.stepping.trace.steps:
        assert all(text_of(place, found.symbols).startswith(prefix[: step.number + 1]) for place in step.survivors)
    click(page, START)
    assert page._store.state.prefix == ""
    page._store.undo()
    assert page._store.state.prefix == prefix


def test_a_pruned_one_can_be_forced_by_keys(open_page: Open) -> None:
    page = open_page()
    assert page.stepping is not None
    fallen = page.stepping.trace.steps[1].pruned[0]
    hands.press(page.graph, *[Qt.Key.Key_Down] * 5, Qt.Key.Key_Return)
    assert page._store.state.prefix == text_of(fallen, page.stepping.symbols)


def test_pictures_and_tables_are_taken_away(open_page: Open, services: InlineServices, tmp_path: Path) -> None:
    page = open_page()
    services.file = tmp_path / "beam"
    page.save_picture("svg")
    assert (tmp_path / "beam.svg").read_text(encoding="utf-8").startswith("<?xml")
    services.file = tmp_path / "attention.svg"
    page.inspector.map_panel.export_requested.emit("svg")
    assert "<image" in services.file.read_text(encoding="utf-8")
    services.file = tmp_path / "steps.csv"
    (name, make), _ = page.tables._offers()
    page.tables.save(name, make, "csv", "csv")
    with services.file.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert page.stepping is not None
    assert len(rows) == sum(len(step.survivors) + len(step.pruned) for step in page.stepping.trace.steps)


def test_without_a_text_it_says_what_to_do(open_page: Open, services: InlineServices) -> None:
    page = open_page(text=" ")
    assert page.problem.isVisible() and "Type a text" in page.problem.text()
    page._store.change("Text", text="abc")
    assert not page.problem.isVisible() and page.graph.isVisible()
    asked = services.asked.count("seq2seq steps")
    page._store.change("Reference", reference="abc")
    page._store.move(stepper=replace(page.choice, step=0))
    assert services.asked.count("seq2seq steps") == asked  # neither is another question


@pytest.mark.parametrize(("beam", "step"), [(1, 0), (20, 999)])
def test_narrow_and_wide_beams_and_a_step_that_is_no_longer_there(open_page: Open, beam: int, step: int) -> None:
    page = open_page(beam=beam, nbest=1, stepper=StepChoice(step=step))
    assert page.stepping is not None
    hands.press(page.graph, Qt.Key.Key_Left)
    assert step_of(page) == max(0, min(step, len(page.stepping.trace.steps) - 1) - 1)
    assert len([node for node in page.graph.graph.nodes if node.column == 1 and node.look != "out"]) <= beam
