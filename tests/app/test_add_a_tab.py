"""The how-to is true: the tab it builds is put beside the real ones and used."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import hw2gui
from hw2gui.app.tabs import TABS, TabSpec
from hw2gui.app.tour import render, settle, show
from hw2gui.names import load
from hw2gui.widgets.panel import Panel
from tests.app.test_window import CONTROL
from tests.app.whole import controls, open_whole
from tests.programs import run
from tests.widgets.hands import LEFT, press

PAGE = Path(__file__).parents[2] / "docs" / "add-a-tab.md"


@dataclass
class Built:
    spec: TabSpec
    files: list[str]


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Built]:
    """The page's files as a part of the package, and the entry it gives."""
    entry, files = "", []
    for block in re.findall(r"```python\n# (.*?)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S):
        name, source = block
        if name == "the entry":
            entry = source
            continue
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
        files.append(name)
    monkeypatch.setattr(hw2gui, "__path__", [*hw2gui.__path__, str(tmp_path / "hw2gui")])
    importlib.invalidate_caches()
    yield Built(eval(entry, {"TabSpec": TabSpec}), files)
    for module in [name for name in sys.modules if name.startswith("hw2gui.dice")]:
        del sys.modules[module]


def test_the_page_builds_a_tab_that_works_like_every_other(qtbot: Any, qapp: QApplication, built: Built, tmp_path: Path) -> None:
    spec = built.spec
    assert len(built.files) == 7
    window = open_whole(qtbot, qapp, tabs=(*TABS, spec))
    press(window, getattr(Qt.Key, f"Key_{len(TABS) + 1}"), modifier=CONTROL)
    assert window.front == "dice"
    page: Any = window.page("dice")
    start = window.document.stores["dice"].state
    # controls, undo, redo
    page.dice.setFocus()
    press(page.dice, Qt.Key.Key_Up)
    QTest.mouseClick(page.sides.button("20"), LEFT)
    after = window.document.stores["dice"].state
    assert (after.dice, after.sides) == (3, 20)
    press(window, Qt.Key.Key_Z, Qt.Key.Key_Z, modifier=CONTROL)
    assert window.document.stores["dice"].state == start and page.dice.value() == 2
    press(window, Qt.Key.Key_Z, Qt.Key.Key_Z, modifier=CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert window.document.stores["dice"].state == after
    # a session
    window.document.save(tmp_path / "a.hw2", "dice")
    window.document.stores["dice"].undo()
    window.sessions.open(tmp_path / "a.hw2")
    assert window.document.stores["dice"].state == after
    # names, help, palette, code
    assert all(control.accessibleName() for control in controls(page) if not hasattr(control, "text"))
    (panel,) = page.findChildren(Panel)
    assert panel.help_button is not None
    press(window, Qt.Key.Key_K, modifier=CONTROL)
    QTest.keyClicks(window.palette_bar.query, "nearly a bell")
    press(window.palette_bar.query, Qt.Key.Key_Return)
    assert window.document.stores["dice"].state.dice == 12
    (program,) = load(spec.programs)(after)
    assert np.allclose(run(program[1])["p"], load("hw2gui.dice.state:chances")(after))
    # its tour
    for stop in load(spec.tour):
        show(window, "dice", stop)
    settle(window)
    window.close()


def test_its_tour_is_rendered(qapp: QApplication, built: Built, tmp_path: Path) -> None:
    pictures = list(render(tmp_path / "tour", ("light",), (1280, 800), tab="dice", tabs=(built.spec,)))
    assert [path.name for path in pictures] == ["01-dice-two-light.png", "02-dice-twelve-light.png"]
