"""The stack of layers: built, moved, mended and undone by mouse and keys."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from hw2gui.parameters.gui import table_page
from hw2gui.parameters.presets import cnn
from tests.parameters.gui.conftest import LEFT, Bench

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


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
    bench.click_layer(1)
    bench.click(stack.up)
    assert bench.state.selected == 0 and bench.kinds()[:2] == ["Conv2d", "ReLU"]


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
