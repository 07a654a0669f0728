"""A student's session without a mouse: from the questions into the views, through cells, layers, maps and beams, and back to the notes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from hw2gui.app.main_window import MainWindow
from hw2gui.app.tour import settle
from hw2gui.parameters.layers import Conv2d
from hw2gui.seq2seq.gui.symbol_row import SymbolRow
from hw2gui.widgets.fold_list import FoldList
from hw2gui.widgets.graph_view import GraphView
from hw2gui.widgets.image_grid import ImageGrid
from hw2gui.widgets.matrix_view import MatrixView
from hw2gui.widgets.panel import Panel
from tests.app.test_window import CONTROL
from tests.app.whole import open_whole
from tests.widgets.hands import press

Key = Qt.Key
MOST_TABS = 250


def focused(window: MainWindow) -> QWidget:
    return window.focusWidget() or window


def go(window: MainWindow, name: str, kind: type[QWidget] = QWidget) -> Any:
    """Press Tab until a *kind* of widget whose name begins with *name* has the focus."""
    met = []
    for _ in range(MOST_TABS):
        press(focused(window), Key.Key_Tab)
        QApplication.processEvents()
        widget = focused(window)
        met.append(f"{type(widget).__name__} '{widget.accessibleName()}'")
        text = getattr(widget, "text", None)
        called = widget.accessibleName() or (text() if callable(text) else "")
        if isinstance(widget, kind) and str(called).startswith(name):
            return widget
    raise AssertionError(f"Tab never came to {kind.__name__} '{name}', but to {', '.join(dict.fromkeys(met))}")


def state(window: MainWindow) -> Any:
    return window.front_store().state


def test_a_session_without_a_mouse(qtbot: Any, qapp: QApplication) -> None:
    window = open_whole(qtbot, qapp)
    press(window, Key.Key_J, modifier=CONTROL)
    press(go(window, "Question 1.1b"), Key.Key_Space)
    press(go(window, "Open the view"), Key.Key_Space)
    assert window.front == "convolution"

    matrix = go(window, "M", MatrixView)
    press(matrix, Key.Key_Home, Key.Key_Right, Key.Key_Down, Key.Key_Return)
    assert state(window).pinned is not None
    pinned = state(window).pinned
    press(matrix, Key.Key_Right, Key.Key_Return)
    assert state(window).pinned not in (None, pinned)

    press(window, Key.Key_2, modifier=CONTROL)
    settle(window)
    layers = go(window, "", FoldList)
    press(layers, Key.Key_Home)
    chosen = state(window).architecture.layers[0]
    assert isinstance(chosen, Conv2d)
    press(layers, Key.Key_Return)
    press(focused(window), Key.Key_Up)
    assert state(window).architecture.layers[0] != chosen
    press(focused(window), Key.Key_Z, modifier=CONTROL)
    assert state(window).architecture.layers[0] == chosen

    press(window, Key.Key_3, modifier=CONTROL)
    settle(window)
    press(go(window, "Page: "), Key.Key_Right)
    assert state(window).page == "inside"
    settle(window)
    maps = go(window, "Maps of conv1", ImageGrid)
    press(maps, Key.Key_Right, Key.Key_Right, Key.Key_Return, Key.Key_Right, Key.Key_Return)
    assert state(window).pinned is not None and state(window).pinned[:2] == ("conv1", 1)

    press(window, Key.Key_4, modifier=CONTROL)
    settle(window)
    symbols = go(window, "Beam: its symbols", SymbolRow)
    press(symbols, Key.Key_Right, Key.Key_Return)
    assert len(state(window).prefix) == 2
    press(go(window, "Page: "), Key.Key_Right)
    assert state(window).page == "step"
    settle(window)
    graph = go(window, "", GraphView)
    press(graph, Key.Key_Home, Key.Key_Right)
    assert state(window).stepper.step == 1
    press(graph, Key.Key_Down)
    assert isinstance(graph.current, tuple) and graph.current[0] == 1

    QTest.keyClicks(go(window, "Guess"), "500")
    QTest.keyClicks(go(window, "Notes"), "M repeats the kernel")
    entry = window.desk.store.state.entry("1.1b")
    assert (entry.guess, entry.notes) == ("500", "M repeats the kernel")
    settle(window)
    window.close()


def test_help_comes_with_its_panel(qtbot: Any, qapp: QApplication) -> None:
    window = open_whole(qtbot, qapp)
    for number in range(1, 5):
        press(window, getattr(Key, f"Key_{number}"), modifier=CONTROL)
        settle(window)
        page = window.page(window.front)
        chain, widget = [], page.nextInFocusChain()
        while widget is not None and widget is not page:
            chain.append(widget)
            widget = widget.nextInFocusChain()
        stops = [one for one in chain if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
        for panel in page.findChildren(Panel):
            if panel.help_button is not None and any(panel.isAncestorOf(one) for one in stops if one is not panel.help_button):
                assert panel.isAncestorOf(stops[stops.index(panel.help_button) - 1]), panel.help_key
    window.close()
