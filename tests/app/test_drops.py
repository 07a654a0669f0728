"""Files dropped on the whole window: what a tab opens is opened by it, whatever tab is in front."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from hw2gui.app.tabs import TABS
from hw2gui.names import load
from hw2gui.parameters.presets import PRESETS
from hw2gui.parameters.toml_io import to_toml
from tests.app.test_window import drop, mime
from tests.app.whole import open_whole


@pytest.mark.parametrize("spec", [spec for spec in TABS if spec.files], ids=lambda spec: str(spec.key))
def test_a_tab_that_names_files_opens_them(spec: Any) -> None:
    assert callable(load(spec.widget).open_file)
    assert all(ending == ending.lower() and ending.startswith(".") for ending in spec.files)


def test_a_stack_is_dropped_on_any_tab_and_undone(qtbot: Any, qapp: QApplication, tmp_path: Path) -> None:
    window = open_whole(qtbot, qapp)
    window.show_tab("convolution")
    store = window.document.stores["parameters"]
    before = store.state
    path = tmp_path / "Mine.TOML"
    path.write_text(to_toml(PRESETS["question1"].build()), "utf-8")
    field = window.page("convolution").findChild(QLineEdit)
    assert field is not None and drop(field, mime(path))
    assert window.front == "parameters"
    assert store.state.architecture.layers == PRESETS["question1"].build().layers != before.architecture.layers
    store.undo()
    assert store.state == before
    path.write_text("garbage = [", "utf-8")
    assert drop(window, mime(path))
    assert "Mine.TOML is not TOML" in window.messages.text and store.state == before
    window.close()


def test_a_table_of_pairs_is_dropped(qtbot: Any, qapp: QApplication, tmp_path: Path) -> None:
    window = open_whole(qtbot, qapp)
    path = tmp_path / "pairs.tsv"
    path.write_text("".join(f"w{a}{b}\t{a}{b}w\n" for a in "abcdef" for b in "ghijkl"), "utf-8")
    assert drop(window, mime(tmp_path / "notes.docx", path))
    state = window.document.stores["seq2seq"].state
    assert (window.front, state.page, state.data.table) == ("seq2seq", "data", str(path))
    window.close()


def test_nothing_is_opened_while_the_controls_are_locked(qtbot: Any, qapp: QApplication, tmp_path: Path) -> None:
    window = open_whole(qtbot, qapp)
    front = window.front
    window.desk.switch("locked", True)
    path = tmp_path / "pairs.tsv"
    path.write_text("a\tb\n", "utf-8")
    before = window.document.stores["seq2seq"].state
    drop(window, mime(path))
    assert window.document.stores["seq2seq"].state == before and window.front == front
    window.close()
