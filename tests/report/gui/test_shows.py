"""Every item's button, pressed with the mouse in the real window, opens the tab in the state that shows it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from hw2gui.app.main_window import MainWindow
from hw2gui.app.tabs import TABS
from hw2gui.app.tour import settle
from hw2gui.names import load
from hw2gui.report.gui.tab import ReportTab
from hw2gui.report.items import Show
from hw2gui.report.plan import Plan
from hw2gui.report.state import ERRATA, ITEMS, ReportState
from hw2gui.training.gui.run_table import RunTable
from tests.app.whole import open_whole
from tests.report.plans import finished
from tests.widgets.hands import LEFT, press

CHECKS = {spec.key: load(spec.check) for spec in TABS}

SEEN: dict[str, tuple[str, ...]] = {
    "1.1a": ("Facts", "3×5", "but z has 5 columns"),
    "1.1b": ("α = floor((i-1) / H') + 1",),
    "1.1c": ("457", "113,328"),
    "2.1": ("420,906", "544,330"),
    "2.2": ("shift",),
    "2.3": ("permutation",),
    "2.4": ("Race", "0.00001, 0.0005, 0.01"),
    "2.5": ("shipped: homework", "training"),
    "3.1a": ("Spanish → English · LSTM 128, no attention", "What is read"),
    "3.1b": ("Spanish → English · LSTM 128, attention", "What is read"),
    "3.1c": ("Spanish → English · LSTM 128, attention", "What is read"),
    "erratum 6": ("Spanish → English · LSTM 128, attention",),
    "erratum 8": ("420,906", "544,330"),
}
"""Words that stand on the screen then, wherever."""


def words(root: QWidget) -> str:
    """Everything that can be read below *root*: labels, buttons, fields, editors, what painted views call themselves."""
    parts = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible():
            continue
        if isinstance(widget, QLabel | QAbstractButton):
            parts.append(widget.text())
        for name in ("plainText", "currentText", "text"):
            found = widget.property(name)
            if isinstance(found, str):
                parts.append(found)
        parts += [widget.accessibleName(), widget.accessibleDescription()]
    return "\n".join(parts)


def pressed(window: MainWindow, key: str) -> Show:
    """Go to the item *key* by keys and press its button; answers what the button promised."""
    window.show_tab("report")
    settle(window)
    tab = window.page("report")
    assert isinstance(tab, ReportTab)
    tab.items.setFocus()
    press(tab.items, Qt.Key.Key_Home)
    press(tab.items, *[Qt.Key.Key_Down] * (*ITEMS, *ERRATA).index(key))
    settle(window)
    assert window.document.stores["report"].state.selected == key
    assert tab.detail.button.isVisible()
    show = tab.detail._show
    QTest.mouseClick(tab.detail.button, LEFT)
    settle(window)
    assert show is not None
    return show


def same(now: Any, wanted: Any) -> bool:
    """Whether two states agree; a training room may find that runs are not there."""
    return dataclasses.asdict(now) == dataclasses.asdict(wanted)


def walk(qtbot: Any, window: MainWindow) -> None:
    for key in (*ITEMS, *ERRATA):
        show = pressed(window, key)
        assert window.front == show.tab, key
        store = window.document.stores[show.tab]
        assert same(store.state, CHECKS[show.tab](show.state)), key
        assert window.messages.text == "", key
        # Pages are made when there is time; then they show what was chosen.
        for word in SEEN.get(key, ()):
            qtbot.waitUntil(lambda word=word, show=show: word in words(window.page(show.tab)), timeout=30_000)
        assert [step.label for step in store.done] == [f"Show item {key} of the report"], key
        store.undo()
        settle(window)


def test_on_a_fresh_start_without_any_data(qtbot: Any, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HW2GUI_DATA", raising=False)
    window = open_whole(qtbot, qapp)
    walk(qtbot, window)
    window.close()


def test_where_the_runs_lie_elsewhere_the_button_says_so(qtbot: Any, qapp: QApplication, tmp_path: Path) -> None:
    for planned in Plan(seeds=(42,)).rate_runs():
        finished(tmp_path, planned, {"validation_accuracy": 0.9, "test_accuracy": 0.9})
    window = open_whole(qtbot, qapp)
    window.document.stores["report"].reset(ReportState(source="own", folder=str(tmp_path)))
    window.show_tab("report")
    settle(window)
    tab = window.page("report")
    assert isinstance(tab, ReportTab)
    window.document.stores["report"].move(selected="2.4")
    show = tab.detail._show
    assert show is not None and show.state.page == "results" and show.state.model == str(tmp_path / "cnn-0.0005-42")
    assert "gets right and wrong" in tab.detail.where.text()
    window.close()


def test_curves_of_ones_own_runs_are_on_the_training_page(qtbot: Any, qapp: QApplication, home: Path) -> None:
    made = [
        finished(home / "runs" / "reproduction", planned, {"validation_accuracy": 0.9, "test_accuracy": 0.9}).path
        for planned in Plan(seeds=(42,)).rate_runs()
    ]
    window = open_whole(qtbot, qapp)
    show = pressed(window, "2.4")
    assert show.state.page == "train" and set(show.state.room.shown) == set(map(str, made))
    assert set(window.document.stores["vision"].state.room.shown) == set(map(str, made))

    def listed() -> set[str]:
        tables = [table for table in window.page("vision").findChildren(RunTable) if table.isVisible()]
        return {entry.row.folder for table in tables for entry in table.in_order}

    qtbot.waitUntil(lambda: listed() == set(map(str, made)), timeout=30_000)
    assert window.messages.text == ""
    window.close()
