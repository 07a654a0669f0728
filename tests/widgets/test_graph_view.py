from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from hw2gui.widgets import theme
from hw2gui.widgets.graph_canvas import PITCH, SMALLEST_LANE, Graph, GraphNode
from hw2gui.widgets.graph_view import GraphView
from hw2gui.widgets.themes import DARK, LIGHT, Theme
from tests.widgets import hands
from tests.widgets.hands import Heard


def graph(columns: int = 4, lanes: int = 3) -> Graph:
    """In every column a node a lane, each from the one before it; the third lane fell out."""
    nodes = [GraphNode("start", None, 0, 0.0, "go", name="the start")]
    for column in range(1, columns):
        for lane in range(lanes):
            parent = "start" if column == 1 else (column - 1, min(lane, 1))
            look = "out" if lane == 2 else "plain"
            nodes.append(GraphNode((column, lane), parent, column, lane, "x", f"{column}.{lane}", look, f"node {column} {lane}"))
    return Graph(tuple(nodes), columns, float(lanes), tuple(map(str, range(columns))), border=2.0, note="fell out")


@pytest.fixture
def view(qtbot: QtBot) -> GraphView:
    made = GraphView("A graph")
    qtbot.addWidget(made)
    made.resize(320, 200)
    made.show_graph(graph(), 2)
    made.show()
    return made


def at(view: GraphView, key: object) -> QPoint:
    return view.canvas.rect_of(key).center().toPoint()


def test_the_node_under_the_pointer_is_told_once(view: GraphView) -> None:
    heard = Heard(view.hovered)
    QTest.mouseMove(view.canvas, at(view, (2, 1)))
    QTest.mouseMove(view.canvas, at(view, (2, 1)) + QPoint(2, 2))
    QTest.mouseMove(view.canvas, at(view, (2, 1)) + QPoint(PITCH // 2, 0))
    assert heard == [(2, 1), None]


def test_a_click_names_its_node_and_a_drag_scrolls_instead(view: GraphView) -> None:
    view.show_graph(graph(30), 2)
    heard = Heard(view.clicked)
    QTest.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=at(view, (2, 0)))
    assert heard == [(2, 0)]
    bar = view.horizontalScrollBar()
    begun = bar.value()
    start = at(view, (2, 0))
    QTest.mousePress(view.canvas, Qt.MouseButton.LeftButton, pos=start)
    hands.drag_on(view.canvas, start, start - QPoint(70, 0))
    QTest.mouseRelease(view.canvas, Qt.MouseButton.LeftButton, pos=start)
    assert bar.value() == begun + 70
    assert heard == [(2, 0)]


def test_the_wheel_and_the_arrows_step(view: GraphView) -> None:
    steps = Heard(view.stepped)
    hands.press(view, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_End, Qt.Key.Key_Home)
    assert steps == [1, -1, 4, -4]
    steps.clear()
    hands.wheel(view.viewport(), QPoint(30, 60), -1)
    hands.wheel(view.viewport(), QPoint(30, 60), 1)
    hands.wheel(view.viewport(), QPoint(30, 60), -0.5)
    assert steps == [1, -1]
    hands.wheel(view.viewport(), QPoint(30, 60), -0.5)
    assert steps == [1, -1, 1]  # halves add up


def test_shift_and_the_wheel_scroll(view: GraphView) -> None:
    view.show_graph(graph(30, 40), 1)
    steps = Heard(view.stepped)
    hands.wheel(view.viewport(), QPoint(30, 60), -1, modifier=Qt.KeyboardModifier.ShiftModifier)
    hands.wheel(view.viewport(), QPoint(30, 60), -1, modifier=Qt.KeyboardModifier.ControlModifier)
    assert view.horizontalScrollBar().value() > 0 and view.verticalScrollBar().value() > 0
    assert not steps


def test_keys_walk_the_column_click_and_let_go(view: GraphView) -> None:
    hovered, clicked = Heard(view.hovered), Heard(view.clicked)
    hands.press(view, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Escape)
    assert hovered == [(2, 0), (2, 1), (2, 0), None]
    assert clicked == [(2, 1)]


def test_the_node_of_the_keyboard_is_read_aloud(view: GraphView) -> None:
    hands.press(view, Qt.Key.Key_Down)
    assert view.accessibleDescription() == "node 2 0"
    assert view.accessibleName() == "A graph"


def test_todays_column_and_the_node_to_follow_come_into_sight(view: GraphView) -> None:
    large = graph(30, 40)
    for column, lane in ((1, 0), (28, 38), (3, 1)):
        view.show_graph(large, column, (column, lane))
        rect = view.canvas.rect_of((column, lane))
        seen = view.viewport().rect().translated(view.horizontalScrollBar().value(), view.verticalScrollBar().value())
        assert seen.contains(rect.toAlignedRect())


def test_lanes_fill_the_room_but_stay_legible(view: GraphView) -> None:
    view.show_graph(graph(4, 3), 1)
    assert view.canvas.height() == view.viewport().height()
    view.show_graph(graph(4, 100), 1)
    assert view.canvas.lane == SMALLEST_LANE
    assert view.verticalScrollBar().maximum() > 0


def test_what_is_gone_is_no_longer_current(view: GraphView) -> None:
    QTest.mouseMove(view.canvas, at(view, (3, 0)))
    heard = Heard(view.hovered)
    view.show_graph(graph(3), 2)
    assert heard == [None]


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_a_lit_path_is_seen_in_the_links_hue(view: GraphView, colours: Theme, qapp: object) -> None:
    theme.apply(qapp, colours)
    before = hands.share_of(hands.shot(view.canvas), colours.link)
    view.set_lit([(1, 0), (2, 0)])
    assert before == 0 < hands.share_of(hands.shot(view.canvas), colours.link)
    theme.apply(qapp, LIGHT)


def test_dead_branches_are_paler(view: GraphView) -> None:
    plain = Graph((GraphNode("a", None, 0, 0.0, "x"),), 1, 1.0)
    view.show_graph(plain)
    lively = hands.shot(view.canvas)
    view.show_graph(Graph((GraphNode("a", None, 0, 0.0, "x", faint=True),), 1, 1.0))
    assert (np.bitwise_and(hands.shot(view.canvas), 255).astype(int) >= np.bitwise_and(lively, 255).astype(int)).all()
    assert not np.array_equal(lively, hands.shot(view.canvas))
