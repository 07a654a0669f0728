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
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from hw2gui.parameters import analysis, state
from hw2gui.parameters.gui import table_page
from hw2gui.parameters.layers import KINDS, BatchNorm2d, Conv2d, Dropout, Flatten, Linear, MultiheadSelfAttention, ReLU, Shape
from hw2gui.parameters.presets import PRESETS, cnn
from hw2gui.parameters.toml_io import read_toml
from hw2gui.widgets import theme
from tests.parameters.gui.conftest import LEFT, Bench

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


# --- the table and the formulas ------------------------------------------------------------------------------------------------


def test_opens_on_the_cnn_with_its_420906_parameters(bench: Bench) -> None:
    table = bench.tab.table_page.table
    assert bench.total() == "420,906 parameters"
    assert (table.text(0, table_page.WEIGHTS), table.text(0, table_page.BIASES)) == ("200", "8")
    assert table.text(0, table_page.OUTPUT) == "8×28×28" and table.text(3, table_page.RECEPTIVE) == "10×10"
    assert table.text(7, table_page.SHARE) == "82.3 %"
    assert "346,200 (fc1)" in bench.formulas().replace("\xa0", " ")


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


# --- the stack -----------------------------------------------------------------------------------------------------------------


def test_builds_the_cnn_from_nothing_by_mouse_and_keyboard(bench: Bench) -> None:
    bench.choose(bench.tab.controls.preset, "Empty stack")
    assert bench.total() == "0 parameters" and "empty stack" in bench.formulas()
    bench.layer_list.setFocus()
    bench.add("Conv2d")
    bench.press(bench.layer_list, Qt.Key.Key_Return)
    channels = bench.field("out_channels")[0]
    assert channels.hasFocus() or channels.isAncestorOf(bench.tab.focusWidget())
    bench.type_into(channels, "8")
    for field in (*bench.field("kernel_size"),):
        bench.type_into(field, "5")
    for field in bench.field("padding"):
        bench.type_into(field, "2")
    for kind in ("ReLU", "MaxPool2d", "Conv2d"):
        bench.add(kind)
    bench.type_into(bench.field("out_channels")[0], "16")
    for kind in ("ReLU", "MaxPool2d", "Flatten", "Linear"):
        bench.add(kind)
    bench.type_into(bench.field("out_features")[0], "600")
    for kind in ("ReLU", "Dropout", "Linear"):
        bench.add(kind)
    bench.type_into(bench.field("out_features")[0], "120")
    for kind in ("ReLU", "Linear", "LogSoftmax"):
        bench.add(kind)
    assert bench.state.architecture.layers == cnn().layers
    assert bench.total() == "420,906 parameters"


def test_the_add_button_opens_the_menu_by_families(bench: Bench) -> None:
    bench.click_layer(13)
    bench.click(bench.tab.stack.add)
    menu = bench.tab.stack.menu
    assert menu.isVisible()
    action = next(action for action in menu.actions() if action.data() == "Tanh")
    bench.click(menu, menu.actionGeometry(action).center())
    assert bench.kinds()[-1] == "Tanh" and bench.state.selected == 14
    assert bench.store.done[-1].label == "Add Tanh"


def test_keys_remove_copy_and_move(bench: Bench) -> None:
    bench.click_layer(1)
    bench.press(bench.layer_list, Qt.Key.Key_D, CONTROL)
    assert bench.kinds()[1:3] == ["ReLU", "ReLU"] and bench.state.selected == 2
    bench.press(bench.layer_list, Qt.Key.Key_Delete)
    assert bench.kinds() == [layer.kind for layer in cnn().layers]
    bench.click_layer(1)
    if bench.state.selected is None:
        bench.click_layer(1)
    bench.press(bench.layer_list, Qt.Key.Key_Down, ALT)
    assert bench.kinds()[:3] == ["Conv2d", "MaxPool2d", "ReLU"] and bench.state.selected == 2
    bench.press(bench.layer_list, Qt.Key.Key_Up, ALT)
    assert bench.state.architecture.layers == cnn().layers
    labels = [step.label for step in bench.store.done]
    assert labels == ["Duplicate relu1", "Take relu2 out", "Move relu1", "Move relu1"]
    for _ in labels:
        bench.store.undo()
    assert bench.state.architecture == cnn() and bench.state.preset == "cnn"


def test_the_buttons_do_what_the_keys_do(bench: Bench) -> None:
    stack = bench.tab.stack
    assert not stack.remove.isEnabled() and not stack.up.isEnabled()
    bench.click_layer(0)
    assert stack.remove.isEnabled() and not stack.up.isEnabled()
    bench.click(stack.down)
    assert bench.kinds()[:2] == ["ReLU", "Conv2d"]
    bench.click(stack.copy)
    assert bench.kinds()[:3] == ["ReLU", "Conv2d", "Conv2d"]
    bench.click(stack.remove)
    bench.click_layer(1) if bench.state.selected != 1 else None
    bench.click(stack.up)
    assert bench.state.selected == 0 or bench.kinds()[0] == "Conv2d"


def test_a_layer_is_dragged_to_another_place(bench: Bench) -> None:
    bench.drag_layer(9, bench.layer_list.line_rect(1).top() + 3)
    assert bench.kinds()[:3] == ["Conv2d", "Dropout", "ReLU"] and bench.state.selected == 1
    assert bench.store.done[-1].label == "Move dropout1"
    bench.store.undo()
    assert bench.state.architecture == cnn()


def test_a_drag_shows_where_it_falls_and_escape_gives_it_up(bench: Bench) -> None:
    view = bench.layer_list.viewport()
    start = bench.layer_list.line_rect(2).center()
    QTest.mousePress(view, LEFT, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(view, QPoint(start.x(), bench.layer_list.line_rect(5).bottom() - 2))
    assert bench.layer_list.dropping == 6
    bench.press(bench.layer_list, Qt.Key.Key_Escape)
    assert bench.layer_list.dropping is None
    QTest.mouseRelease(view, LEFT, Qt.KeyboardModifier.NoModifier, bench.layer_list.line_rect(5).center())
    assert bench.state.architecture == cnn() and bench.state.selected is None


def test_a_second_click_folds_the_layer_up(bench: Bench) -> None:
    bench.click_layer(0)
    editor = bench.tab.stack.editor("Conv2d")
    assert editor.isVisible() and bench.layer_list.rowHeight(0) > 150
    bench.click(bench.layer_list.viewport(), bench.layer_list.line_rect(0).center())
    assert bench.state.selected is None and not editor.isVisible()
    assert bench.layer_list.rowHeight(0) == bench.layer_list.rowHeight(1)


def test_a_field_of_many_steps_is_one_step_of_history(bench: Bench) -> None:
    bench.click_layer(0)
    channels = bench.field("out_channels")[0]
    channels.setFocus()
    for _ in range(3):
        QTest.keyClick(channels, Qt.Key.Key_Up)
    assert bench.state.architecture.layers[0].out_channels == 11  # type: ignore[attr-defined]
    assert [step.label for step in bench.store.done] == ["Output channels of conv1 = 11"]
    assert bench.tab.table_page.table.text(0, table_page.OUTPUT) == "11×28×28"
    bench.store.undo()
    assert bench.state.architecture == cnn() and channels.value() == 8


def test_switches_choices_and_names(bench: Bench) -> None:
    bench.click_layer(0)
    bench.click(bench.field("bias")[0], QPoint(8, 8))
    assert bench.tab.table_page.table.text(0, table_page.BIASES) == "0"
    line = bench.field("name")[0]
    line.setFocus()
    QTest.keyClicks(line, "eyes")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert bench.tab.table_page.table.text(0, table_page.LAYER) == "eyes"
    line.clear()
    QTest.keyClicks(line, "class")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert "Python keyword" in bench.services.messages[-1] and bench.state.architecture.names[0] == "eyes"
    assert line.text() == "eyes"


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


# --- two networks --------------------------------------------------------------------------------------------------------------


def test_fewer_parameters_is_shown_for_what_it_is(bench: Bench) -> None:
    page = bench.page("twins")
    assert (page.tables[0].total_text(2), page.tables[1].total_text(2)) == ("420,906", "544,330")
    assert "1.29 times" in page.sentence.text() and page.panels[1].title.text() == "784-600-120-10"
    claims = page.claims.toPlainText()
    for words in ("544,330", "407,050", "784-512-10", "one hidden layer of 529", "99.7 % of the CNN"):
        assert words in claims
    assert "✓" in claims and "✗" in claims


def test_question_1_without_biases(bench: Bench) -> None:
    bench.choose(bench.tab.controls.preset, "Question 1")
    bench.tab.controls.biases.click()
    page = bench.page("twins")
    assert (page.tables[0].total_text(2), page.tables[1].total_text(2)) == ("457", "113,328")
    assert "⌊(28 − 5 + 1)/2⌋" in bench.formulas()


def test_the_slider_moves_both_networks(bench: Bench) -> None:
    page = bench.page("twins")
    slider = page.bar.slider
    slider.setFocus()
    before = page.bar.value.value()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    value = bench.state.value
    assert value is not None and value > before
    assert page.tables[1].text(0, 1) == str(value**2)
    bench.type_into(page.bar.value, "56")
    assert page.tables[1].text(0, 1) == "3136" and page.tables[0].text(0, 1) == "8×56×56"
    assert page.bar.value.minimum() == 8 and "no window fits" in page.bar.value.toolTip()


def test_break_even_between_the_cnn_and_one_hidden_layer(bench: Bench) -> None:
    page = bench.page("twins")
    bench.choose(page.bar.second, "784-512-10")
    grown = bench.tab.rivalry.grown
    assert grown is not None and grown.crossings
    crossing = grown.crossings[-1]
    between = f"between image side {grown.crossings[0].before} and {crossing.after}"
    assert f"Break-even {len(grown.crossings)} times {between}" in page.crossing.text()
    bench.type_into(page.bar.value, str(crossing.before))
    first = bench.tab.rivalry.duel.comparison
    bench.type_into(page.bar.value, str(crossing.after))
    second = bench.tab.rivalry.duel.comparison
    assert (first.first - first.second) * (second.first - second.second) <= 0


def test_networks_that_cannot_be_compared_say_why(bench: Bench) -> None:
    page = bench.page("twins")
    bench.choose(bench.tab.controls.preset, PRESETS["seq2seq"].title)
    bench.choose(page.bar.second, "Dense twin, same widths")
    assert "Flatten" in page.sentence.text() and not page.pair.isVisible()
    bench.choose(page.bar.second, PRESETS["seq2seq-plain"].title)
    assert page.pair.isVisible()
    assert not page.bar.variable.button("kernel").isEnabled()
    assert "no convolution" in page.bar.variable.button("kernel").toolTip()


def test_the_growth_marker_is_dragged_and_sets_the_twins(bench: Bench) -> None:
    page = bench.page("growth")
    plot = page.plot
    assert len(plot.curves) == 2 and plot.marker.value == 28
    y = plot.height() // 2
    QTest.mousePress(plot, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(round(plot.x_position(28)), y))
    QTest.mouseMove(plot, QPoint(round(plot.x_position(50)), y))
    QTest.mouseMove(plot, QPoint(round(plot.x_position(100)), y))
    QTest.mouseRelease(plot, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(round(plot.x_position(100)), y))
    value = bench.state.value
    assert value is not None and abs(value - 100) <= 2 and plot.marker.value == value
    assert len(bench.store.done) == 1, "one drag is one step"
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert bench.state.value == value + 1
    assert bench.page("twins").tables[1].text(0, 1) == str((value + 1) ** 2)


def test_slopes_are_fitted_and_named(bench: Bench) -> None:
    bench.choose(bench.tab.controls.preset, "Question 1")
    bench.tab.controls.biases.click()
    page = bench.page("growth")
    assert "like HW" in page.plot.curves[0].name and "like H²W²" in page.plot.curves[1].name
    assert page.plot.curves[0].ys[page.plot.curves[0].xs.index(28)] == 457
    bench.choose(page.bar.quantity, "multiply–adds")
    assert bench.state.quantity == "macs" and "multiply–adds" in page.panel.title.text().lower()


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
    assert take(bench, "Table as CSV").startswith("side,")
    bench.page("ladder")
    assert "4917248" in take(bench, "Table as CSV")


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
        theme.apply(qapp, theme.DARK)
        qapp.processEvents()
        assert bench.layer_list.rows[0].colour != light
        assert theme.DARK.bad in bench.tab.stack.card.sentence.styleSheet()
    finally:
        theme.apply(qapp, theme.LIGHT)


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
    assert "800" not in bench.formulas() or "10·100 + 10 = 1,010" in bench.formulas()
