"""The parameters tab as its user meets it: real mouse and key events, and what is on screen afterwards."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from hw2gui.parameters import analysis, state
from hw2gui.parameters.gui import table_page
from hw2gui.parameters.layers import KINDS, BatchNorm2d, Conv2d, Dropout, Flatten, Linear, MultiheadSelfAttention, ReLU, Shape
from hw2gui.parameters.presets import PRESETS, cnn
from hw2gui.parameters.toml_io import read_toml
from hw2gui.parameters.verify import Verification
from hw2gui.widgets import theme
from hw2gui.widgets.themes import DARK, LIGHT
from tests.parameters.gui.conftest import Bench

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


# --- the table and the formulas ------------------------------------------------------------------------------------------------


def test_opens_on_the_cnn_with_its_420906_parameters(bench: Bench) -> None:
    table = bench.tab.table_page.table
    assert bench.total() == "420,906 parameters"
    assert (table.text(0, table_page.WEIGHTS), table.text(0, table_page.BIASES)) == ("200", "8")
    assert table.text(0, table_page.OUTPUT) == "8×28×28" and table.text(3, table_page.RECEPTIVE) == "10×10"
    assert table.text(7, table_page.SHARE) == "82.3 %"
    assert "346,200 (fc1)" in bench.formulas().replace("\xa0", " ")


def test_where_pytorch_counts_otherwise_it_is_seen(bench: Bench) -> None:
    bench.tab.controls.biases.click()
    bench.services.answer("verify", Verification((), 10, 11, 10, 11, "cpu", "2"))
    badge = bench.tab.inspector.badge
    assert badge.verdict == "bad" and "11" in badge.text()


def test_pytorch_is_asked_and_agrees(verifying_bench: Bench) -> None:
    badge = verifying_bench.tab.inspector.badge
    assert badge.verdict == "good" and "420,906" in badge.text()
    verifying_bench.tab.controls.biases.click()
    assert badge.verdict == "good" and "420,152" in badge.text()


def test_a_network_that_does_not_fit_is_not_verified(verifying_bench: Bench) -> None:
    store = verifying_bench.store
    store.replace("x", state.with_architecture(store.state, store.state.architecture.removed(6)))
    assert verifying_bench.tab.inspector.badge.verdict == "note"


def test_a_row_of_the_table_opens_its_formulas_by_mouse_and_by_keys(bench: Bench) -> None:
    table = bench.tab.table_page.table
    bench.click(table.view.viewport(), table.row_point(3).center())
    assert bench.state.selected == 3
    assert "16·8·3·3 + 16 = 1,168" in bench.formulas()
    assert bench.tab.stack.editor("Conv2d").isVisible()
    bench.press(table.view, Qt.Key.Key_Up)
    assert bench.state.selected == 2 and "MaxPool2d" in bench.formulas()
    assert not bench.store.done, "looking is no step of history"


def test_an_lstm_opens_gate_by_gate_with_both_bias_vectors(bench: Bench) -> None:
    bench.choose(bench.tab.controls.preset, PRESETS["seq2seq"].title)
    bench.click_layer(2)
    text = bench.formulas()
    for gate in ("input gate (i)", "forget gate (f)", "candidate (g)", "output gate (o)"):
        assert gate in text
    assert "two bias vectors" in text and "98,304" in text and "24,576" in text
    assert bench.tab.table_page.table.text(10, table_page.WEIGHTS) == "shared"


def test_numbers_short_or_in_full(bench: Bench) -> None:
    bench.click(bench.tab.controls.numbers.button("short"))
    assert bench.total() == "421 k parameters"
    assert bench.tab.table_page.table.source.cell(7, table_page.WEIGHTS).tip == "345,600"
    bench.click(bench.tab.controls.numbers.button("grouped"))
    assert bench.total() == "420,906 parameters"


def test_batch_and_input_size(bench: Bench) -> None:
    controls = bench.tab.controls
    bench.type_into(controls.batch, "64")
    assert bench.total(table_page.MEMORY) == f"{64 * 708480 // 8:,} B"
    bench.type_into(controls.sizes[1], "32")
    assert bench.state.architecture.input == Shape((1, 32, 28))
    bench.choose(controls.form, "Tokens")
    assert bench.state.architecture.input.tokens and bench.tab.stack.card.isVisible()
    for _ in ("Tokens", "Sequence", "Vector"):
        bench.store.undo()
    assert bench.state.architecture.input == Shape((1, 32, 28))


# --- what does not fit ---------------------------------------------------------------------------------------------------------


def test_an_error_stands_at_its_layer_and_a_click_mends_it(bench: Bench) -> None:
    bench.click_layer(6)
    bench.press(bench.layer_list, Qt.Key.Key_Delete)
    card = bench.tab.stack.card
    assert card.isVisible() and "fc1 (Linear) works on vectors" in card.sentence.text()
    top = bench.layer_list.line_rect(6).bottom()
    assert top < card.y() + 3 and card.geometry().bottom() <= top + bench.layer_list.rowHeight(6)
    assert bench.tab.table_page.panel.info.text() == "1,376 parameters up to fc1, which does not fit"
    assert card.buttons[0].text() == "Insert a Flatten before it"
    bench.click(card.buttons[0])
    assert bench.state.architecture.layers == cnn().layers and not card.isVisible()
    assert bench.store.done[-1].label == "Insert a Flatten before it"
    bench.store.undo()
    bench.click(card.buttons[1])
    assert bench.tab.scene is not None and bench.tab.scene.analysis.error is None
    assert "AdaptiveAvgPool2d" in bench.kinds()


def test_a_layer_after_the_error_says_that_it_is_not_reached(bench: Bench) -> None:
    bench.store.replace("x", state.with_architecture(bench.state, bench.state.architecture.removed(6)))
    bench.click_layer(9)
    assert "not reached" in bench.formulas()


def test_no_control_of_a_layer_reaches_what_the_layer_cannot_be(bench: Bench) -> None:
    bench.click_layer(3)
    rows, columns = bench.field("kernel_size")
    assert (rows.maximum(), columns.maximum()) == (14, 14)
    assert "no window fits" in rows.toolTip()
    bench.type_into(rows, "99")
    assert bench.state.architecture.layers[3].kernel_size == (9, 3), "the second 9 is not taken"  # type: ignore[attr-defined]
    groups = bench.field("groups")[0]
    groups.setFocus()
    QTest.keyClick(groups, Qt.Key.Key_Up)
    QTest.keyClick(groups, Qt.Key.Key_Up)
    assert bench.state.architecture.layers[3].groups == 4  # type: ignore[attr-defined]
    bench.type_into(groups, "7")
    assert bench.state.architecture.layers[3].groups == 8  # type: ignore[attr-defined]
    channels = bench.field("out_channels")[0]
    channels.setFocus()
    QTest.keyClick(channels, Qt.Key.Key_Down)
    assert bench.state.architecture.layers[3].out_channels == 8  # type: ignore[attr-defined]


def test_heads_are_divisors(bench: Bench) -> None:
    start = replace(bench.state.architecture, input=Shape((20, 12)), layers=(MultiheadSelfAttention(4),))
    bench.store.replace("x", state.with_architecture(bench.state, start, selected=0))
    heads = bench.field("num_heads")[0]
    bench.type_into(heads, "5")
    assert bench.state.architecture.layers[0].num_heads in (4, 6)  # type: ignore[attr-defined]
    assert "1, 2, 3, 4, 6, 12" in heads.toolTip()


def test_a_number_too_large_for_a_control_is_shown_and_kept(bench: Bench) -> None:
    big = replace(bench.state.architecture, layers=(Flatten(), Linear(10**20)))
    bench.store.replace("x", state.with_architecture(bench.state, big, selected=1))
    field = bench.field("out_features")[0]
    assert not field.isEnabled() and field.text() == "1.0e+20"
    assert bench.total() == f"{785 * 10**20:,} parameters"


# --- the ladder ----------------------------------------------------------------------------------------------------------------


def test_every_rung_with_its_count(bench: Bench) -> None:
    page = bench.page("ladder")
    texts = [page.rung.button(name).text() for name in ("fully connected", "locally connected", "shared along rows", "convolution")]
    assert [text.split("\n")[1] for text in texts] == ["4,917,248", "156,800", "5,600", "200"]
    bench.click(page.rung.button("locally connected"))
    assert bench.state.rung == "locally connected" and "1,600 parameters" in page.matrix_panel.info.text()


def test_hovering_an_entry_lights_all_entries_that_are_the_same_parameter(bench: Bench) -> None:
    page = bench.page("ladder")
    matrix = page.matrix
    ids = page.matrix.source.values(range(64), range(64))
    rect = matrix.cell_rect((27, 28)).center().toPoint()
    QTest.mouseMove(matrix, rect)
    lit = matrix._highlight.mask.values(range(64), range(64)) != 0
    np.testing.assert_array_equal(lit, ids == ids[27, 28])
    assert f"stands {int(lit.sum())} times" in bench.formulas()
    bench.click(matrix, rect)
    assert bench.state.entry == (27, 28)
    bench.press(matrix, Qt.Key.Key_Escape)
    assert bench.state.entry is None


def test_the_row_on_x_and_the_column_on_z(bench: Bench) -> None:
    page = bench.page("ladder")
    QTest.mouseMove(page.fed, page.fed.cell_rect((2, 5)).center().toPoint())
    ids = page.matrix.source.values(range(64), range(64))
    np.testing.assert_array_equal(page.seen.source.values(range(8), range(8)), ids[2 * 8 + 5].reshape(8, 8))
    bench.type_into(page.side, "12")
    assert page.matrix.source.shape == (144, 144)


def test_a_stack_without_convolution_has_no_ladder_and_says_so(bench: Bench) -> None:
    bench.choose(bench.tab.controls.preset, "784-512-10")
    page = bench.page("ladder")
    assert not page.pictures.isVisible() and "Conv2d" in page.note.text()


# --- take away -----------------------------------------------------------------------------------------------------------------


def take(bench: Bench, title: str) -> str:
    tool = bench.tab.inspector.take_away
    bench.choose(tool.form, title)
    bench.click(tool.copy)
    return bench.services.copied[-1]


def test_the_table_can_be_taken_away_in_every_form(bench: Bench) -> None:
    lines = list(csv.reader(io.StringIO(take(bench, "Table as CSV"))))
    assert lines[-1][0] == "total" and lines[-1][5] == "420906"
    assert "**420,906**" in take(bench, "Table as Markdown")
    assert r"\toprule" in take(bench, "Table as LaTeX")
    assert json.loads(take(bench, "Table as JSON"))["total_parameters"] == 420906
    assert "class Network(nn.Module)" in take(bench, "PyTorch module")
    assert bench.tab.inspector.take_away.text.toPlainText() == bench.services.copied[-1]


def test_each_page_gives_its_own_table(bench: Bench) -> None:
    bench.page("twins")
    assert "784-600-120-10" in take(bench, "Table as CSV")
    bench.page("growth")
    assert take(bench, "Table as CSV").startswith("image side,")
    bench.page("ladder")
    assert "4917248" in take(bench, "Table as CSV")


def test_each_page_has_a_file_name_of_its_own(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    monkeypatch.setattr(bench.services, "choose_file", lambda title, suggestion, kinds, *, save: names.append(suggestion))
    for page in ("table", "twins", "growth", "ladder"):
        bench.page(page)
        bench.click(bench.tab.inspector.take_away.save)
    assert names == ["question-2-cnn.csv", "twins-question-2-cnn.csv", "growth-question-2-cnn.csv", "ladder-question-2-cnn.csv"]


def test_a_stack_goes_to_a_toml_file_and_comes_back(bench: Bench, tmp_path: Path) -> None:
    bench.services.file = tmp_path / "mine"
    bench.choose(bench.tab.inspector.take_away.form, "Stack as TOML")
    bench.click(bench.tab.inspector.take_away.save)
    assert read_toml(tmp_path / "mine.toml") == cnn()
    bench.choose(bench.tab.controls.preset, "LeNet-5")
    bench.services.file = tmp_path / "mine.toml"
    bench.click(bench.tab.controls.open)
    assert bench.state.architecture == cnn() and bench.total() == "420,906 parameters"
    assert bench.store.done[-1].label == "Open mine.toml"


@pytest.mark.parametrize("content", [b"not = [toml", b"\xff\xfe\x00", b'format = "other"\n', b"[[layers]]\nkind = 'Conv9'\n"])
def test_a_foreign_file_is_refused_in_one_sentence(bench: Bench, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "foreign.toml"
    path.write_bytes(content)
    bench.services.file = path
    before = bench.state
    bench.click(bench.tab.controls.open)
    assert bench.state == before and not bench.store.done
    assert len(bench.services.messages) == 1 and "foreign.toml" in bench.services.messages[0]


def test_a_file_that_cannot_be_written_says_so(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    bench.services.file = tmp_path / "file" / "table.csv"
    bench.click(bench.tab.inspector.take_away.save)
    assert len(bench.services.messages) == 1 and "table.csv" in bench.services.messages[0]


@pytest.mark.parametrize("which", ["parameters", "growth", "ladder"])
def test_pictures_are_saved(bench: Bench, tmp_path: Path, which: str) -> None:
    bench.services.file = tmp_path / which
    bench.tab.save_picture(which, "png")
    with Image.open(tmp_path / f"{which}.png") as picture:
        assert picture.size[0] > 300


def test_code_for_a_stack_that_does_not_fit_is_a_sentence(bench: Bench) -> None:
    bench.store.replace("x", state.with_architecture(bench.state, bench.state.architecture.removed(6)))
    assert "Mend it" in take(bench, "PyTorch module")


def test_a_new_theme_colours_the_stripes_and_the_error_anew(bench: Bench, qapp) -> None:
    bench.store.replace("x", state.with_architecture(bench.state, bench.state.architecture.removed(6)))
    light = bench.layer_list.rows[0].colour
    try:
        theme.apply(qapp, DARK)
        qapp.processEvents()
        assert bench.layer_list.rows[0].colour != light
        assert DARK.bad in bench.tab.stack.card.sentence.styleSheet()
    finally:
        theme.apply(qapp, LIGHT)


# --- two hundred layers --------------------------------------------------------------------------------------------------------


def large(bench: Bench) -> None:
    block = (Conv2d(8, (3, 3), padding=(1, 1)), ReLU(), BatchNorm2d(), Dropout())
    layers = (*block * 49, Flatten(), Linear(100), ReLU(), Linear(10))
    network = replace(bench.state.architecture, layers=layers)
    bench.store.replace("Large", state.with_architecture(bench.state, network, selected=0))


def test_an_edit_in_two_hundred_layers_costs_what_is_in_sight(bench: Bench, qapp, monkeypatch) -> None:
    large(bench)
    qapp.processEvents()
    widgets = len(bench.tab.findChildren(QWidget))
    counted: list[int] = []
    asked: list[int] = []
    original, cell = analysis.analyse, table_page.LayerTable.cell
    monkeypatch.setattr("hw2gui.parameters.scene.analyse", lambda *args: (counted.append(1), original(*args))[1])
    monkeypatch.setattr(table_page.LayerTable, "cell", lambda *args: (asked.append(1), cell(*args))[1])
    channels = bench.field("out_channels")[0]
    channels.setFocus()
    for _ in range(5):
        QTest.keyClick(channels, Qt.Key.Key_Up)
        qapp.processEvents()
    assert bench.tab.table_page.table.text(0, table_page.OUTPUT) == "13×28×28"
    assert len(counted) == 5, "one count an edit"
    in_sight = bench.tab.table_page.table.view.viewport().height() // 34 + 2
    assert len(asked) <= 5 * 2 * 8 * in_sight, "cells out of sight are not asked for"
    assert len(bench.tab.findChildren(QWidget)) == widgets, "no widget is made by an edit"
    assert len(bench.layer_list.viewport().children()) <= len(KINDS) + 1


def test_what_takes_long_waits_until_two_hundred_layers_rest(bench: Bench, qtbot) -> None:
    large(bench)
    page = bench.page("twins")
    bench.services.asked.clear()
    channels = bench.field("out_channels")[0]
    channels.setFocus()
    for _ in range(4):
        QTest.keyClick(channels, Qt.Key.Key_Up)
    assert bench.services.asked == [] and page.tables[0].source.count > 0
    qtbot.waitUntil(lambda: {"growth", "verify"} <= set(bench.services.asked), timeout=5000)
    assert sorted(bench.services.asked) == ["growth", "verify"], "once for all four edits"
    assert "between" in page.crossing.text()


def test_the_last_of_two_hundred_layers_is_reached_by_keys(bench: Bench) -> None:
    large(bench)
    bench.layer_list.setFocus()
    bench.press(bench.layer_list, Qt.Key.Key_End)
    assert bench.state.selected == 199
    editor = bench.tab.stack.editor("Linear")
    assert editor.isVisible() and editor.geometry().bottom() <= bench.layer_list.viewport().height()
    assert "10·100 + 10 = 1,010" in bench.formulas()
