"""The convolution tab as its user meets it: real mouse and key events, and what is on screen afterwards."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton

from hw2gui.convolution import images, state, tasks
from hw2gui.convolution.entry import format_number
from hw2gui.convolution.gui.tab import ConvolutionTab
from hw2gui.convolution.state import ConvolutionState, ImageChoice, Pin, check
from hw2gui.convolution.window import convolve
from hw2gui.errors import InputError
from hw2gui.session.store import Store
from tests.convolution.gui.conftest import Bench, lit, shown
from tests.services import InlineServices


def test_opens_on_a_character_its_kernel_and_the_matrix_that_does_the_same_work(bench: Bench) -> None:
    page = bench.tab.page
    x, w, z, matrix = shown(page.image), shown(page.kernel), shown(page.output), shown(page.matrix)
    assert x.shape == (28, 28) and w.shape == (5, 5) and matrix.shape == (576, 784)
    assert x.max() > 0.5
    np.testing.assert_allclose(matrix @ x.reshape(-1), z.reshape(-1), atol=1e-12)
    np.testing.assert_array_equal(shown(page.striped.above).reshape(-1), x.reshape(-1))
    np.testing.assert_allclose(shown(page.striped.beside).reshape(-1), z.reshape(-1))


def test_the_check_against_torch_and_the_rank_are_on_screen(bench: Bench) -> None:
    facts = bench.tab.tools["facts"]
    assert facts.badge.verdict == "good"  # type: ignore[attr-defined]
    assert "conv2d" in facts.badge.text()  # type: ignore[attr-defined]
    assert "576" in facts.rank.text()  # type: ignore[attr-defined]


@pytest.mark.parametrize(("tool", "key"), [("facts", "torch"), ("jacobian", "jacobian"), ("transpose", "transpose")])
def test_where_torch_disagrees_it_is_seen(bench: Bench, tool: str, key: str) -> None:
    bench.services.unanswered = frozenset({key})
    bench.store.move(tool=tool)
    bench.store.change("Stride", stride=2)
    badge = bench.tab.tools[tool].badge  # type: ignore[attr-defined]
    assert badge.verdict == "waiting"
    bench.services.answer(key, 0.5)
    assert badge.verdict == "bad" and "0.5" in badge.text()


def test_hovering_an_output_cell_lights_its_window_its_row_and_its_sum(bench: Bench) -> None:
    page = bench.tab.page
    bench.hover(page.output, (9, 6))
    assert lit(page.image) == {(9 + m, 6 + n) for m in range(5) for n in range(5)}
    assert lit(page.output) == {(9, 6)}
    assert page.matrix._highlight.rows == (9 * 24 + 6,)
    assert lit(page.striped.beside) == {(222, 0)}
    assert "z(10, 7)" in bench.explanation() and "row 223" in bench.explanation()
    total = convolve(bench.tab.scene.image, bench.tab.scene.kernel, bench.tab.scene.geometry)[9, 6]
    assert f"{total:.6g}".replace("-", "−") in bench.explanation()


def test_hovering_a_pixel_lights_its_column_and_the_outputs_that_use_it(bench: Bench) -> None:
    page = bench.tab.page
    bench.hover(page.image, (14, 12))
    assert page.matrix._highlight.columns == (14 * 28 + 12,)
    assert lit(page.output) == {(a, b) for a in range(10, 15) for b in range(8, 13)}
    assert "column 405 of M" in bench.explanation()


def test_hovering_a_weight_lights_all_its_places_in_the_matrix(bench: Bench) -> None:
    page = bench.tab.page
    bench.hover(page.kernel, (2, 3))
    mask = page.matrix._highlight.mask
    assert mask is not None
    assert np.count_nonzero(mask.values(range(576), range(784))) == 576
    assert "<b>576</b> times in M" in bench.explanation()


def test_hovering_an_entry_shows_the_formula_with_todays_numbers(bench: Bench) -> None:
    page = bench.tab.page
    page.matrix.show_cell((30, 35), 24)
    bench.hover(page.matrix, (30, 35))
    text = bench.explanation()
    assert "M(31, 36)" in text and "⌊(31−1)/24⌋+1" in text and "inside the kernel" in text
    assert lit(page.image) == {(1, 7)} and lit(page.output) == {(1, 6)} and lit(page.kernel) == {(0, 1)}


def test_the_strips_are_probes_too(bench: Bench) -> None:
    page = bench.tab.page
    page.matrix.show_cell((100, 300), 24)
    bench.hover(page.striped.above, (0, 300))
    assert page.matrix._highlight.columns == (300,)
    bench.hover(page.striped.beside, (100, 0))
    assert page.matrix._highlight.rows == (100,)


def test_leaving_takes_the_lights_off_and_a_pin_keeps_them(bench: Bench) -> None:
    page = bench.tab.page
    bench.click(page.output, (3, 3))
    assert bench.state.pinned == Pin("output", 3, 3)
    bench.hover(page.kernel, (0, 0))
    assert lit(page.output) != {(3, 3)}
    page.kernel._hover(None)
    assert lit(page.output) == {(3, 3)}
    bench.press(page.output, Qt.Key.Key_Escape)
    assert bench.state.pinned is None
    assert not lit(page.output)


def test_arrow_keys_walk_and_enter_pins(bench: Bench) -> None:
    page = bench.tab.page
    bench.hover(page.output, (0, 0))
    page.output.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        bench.press(page.output, key)
    assert page.output.current == (1, 2)
    bench.press(page.output, Qt.Key.Key_Return)
    assert bench.state.pinned == Pin("output", 1, 2)


def test_a_weight_is_changed_by_typing_and_undone(bench: Bench) -> None:
    page = bench.tab.page
    bench.hover(page.kernel, (1, 1))
    bench.type(page.kernel, "-")
    editor = page.kernel.findChild(QLineEdit)
    assert editor.isVisible()
    bench.type(editor, "2.5")
    bench.press(editor, Qt.Key.Key_Return)
    assert bench.state.weights[1][1] == -2.5 and bench.state.kernel_preset == ""
    assert shown(page.kernel)[1, 1] == -2.5
    assert bench.store.done[-1].label == "Weight = −2.5"
    bench.store.undo()
    assert bench.state.weights[1][1] == -8 and bench.state.kernel_preset == "sobel-x"


def test_nonsense_typed_into_a_cell_is_refused_in_place(bench: Bench) -> None:
    page = bench.tab.page
    before = bench.state
    bench.hover(page.kernel, (1, 1))
    bench.type(page.kernel, "1")
    editor = page.kernel.findChild(QLineEdit)
    bench.type(editor, "x2")
    bench.press(editor, Qt.Key.Key_Return)
    assert "is not a number" in bench.services.messages[-1]
    bench.press(editor, Qt.Key.Key_Escape)
    assert not editor.isVisible()
    assert bench.state == before


def test_painting_is_one_step_of_history(bench: Bench) -> None:
    page = bench.tab.page
    QTest.mouseClick(bench.tab.controls.image.paint, Qt.MouseButton.LeftButton)
    before = bench.state
    QTest.mousePress(page.image, Qt.MouseButton.LeftButton, pos=bench.point(page.image, (0, 0)))
    for column in range(1, 6):
        QTest.mouseMove(page.image, bench.point(page.image, (0, column)))
    QTest.mouseRelease(page.image, Qt.MouseButton.LeftButton, pos=bench.point(page.image, (0, 5)))
    assert shown(page.image)[0, :6].tolist() == [1.0] * 6
    assert bench.state.image.kind == "drawn"
    bench.store.undo()
    assert bench.state == before


def test_dabs_in_quick_succession_are_undone_one_by_one(bench: Bench) -> None:
    page = bench.tab.page
    QTest.mouseClick(bench.tab.controls.image.paint, Qt.MouseButton.LeftButton)
    for column in range(3):
        bench.click(page.image, (0, column))
    assert [step.label for step in bench.store.done] == ["Paint"] * 3
    bench.store.undo()
    assert shown(page.image)[0, :3].tolist() == [1.0, 1.0, 0.0]


def test_a_slow_stroke_is_one_step(qtbot) -> None:
    now = [0.0]
    store = Store(ConvolutionState(), check, clock=lambda: now[0])
    tab = ConvolutionTab(store, InlineServices())
    qtbot.addWidget(tab)
    tab.resize(1264, 720)
    with qtbot.waitExposed(tab):
        tab.show()
    QTest.mouseClick(tab.controls.image.paint, Qt.MouseButton.LeftButton)
    view = tab.page.image
    places = [view.cell_rect((0, column)).center().toPoint() for column in range(4)]
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        now[0] += 60
        QTest.mouseMove(view, place)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=places[-1])
    assert [step.label for step in store.done] == ["Paint"]
    store.changed.disconnect()


def test_what_is_pinned_by_a_tour_or_a_script_is_explained_wherever_the_pointer_rests(bench: Bench) -> None:
    page = bench.tab.page
    bench.hover(page.output, (3, 3))
    assert "z(4, 4)" in bench.explanation()
    bench.store.change("Tour", pinned=Pin("output", 9, 6))
    assert "z(10, 7)" in bench.explanation()
    bench.hover(page.output, (3, 5))
    assert "z(4, 6)" in bench.explanation()


def test_a_view_that_comes_into_sight_under_the_pointer_is_not_pointed_at(bench: Bench) -> None:
    view = bench.tab.page.output
    bench.store.change("Pin", pinned=Pin("output", 9, 6))
    bench.hover(view, (3, 3))
    bench.tab.hide()
    bench.tab.show()
    QTest.mouseMove(view, bench.point(view, (3, 3)))
    assert "z(10, 7)" in bench.explanation()
    bench.hover(view, (3, 5))
    assert "z(4, 6)" in bench.explanation()


def test_the_class_that_was_chosen_goes_with_its_image(bench: Bench) -> None:
    character = bench.tab.controls.image.character
    before = bench.state.image
    character.setFocus()
    bench.press(character, Qt.Key.Key_Down)
    assert bench.state.image != before and character.currentData() == 0
    bench.store.undo()
    assert bench.state.image == before and character.currentText() == "any class"


def test_an_image_looked_for_does_not_come_over_another_that_was_chosen_meanwhile(bench: Bench) -> None:
    bench.services.unanswered = frozenset({"browse"})
    controls = bench.tab.controls.image
    controls.character.setFocus()
    bench.press(controls.character, Qt.Key.Key_Down)
    assert "browse" in bench.services.waiting
    controls.choose_kind("impulse")
    before = bench.state
    bench.services.answer("browse")
    assert bench.state == before


def test_a_large_output_that_comes_late_does_not_come_over_a_small_image(bench: Bench) -> None:
    bench.services.unanswered = frozenset({"output"})
    bench.store.replace("huge", state.with_image(bench.state, ImageChoice(kind="random"), 1024, 1024))
    bench.store.undo()
    assert "output" in bench.services.waiting
    bench.services.answer("output")
    page = bench.tab.page
    assert shown(page.image).shape == (28, 28) and page.matrix.source.shape == (576, 784)
    assert shown(page.output).shape == (24, 24)


def test_large_sizes_are_grouped_in_the_headers(bench: Bench) -> None:
    bench.store.replace("Large", state.with_image_size(bench.state, 1024, 1024))
    page = bench.tab.page
    assert page.image_panel.info.text() == "1024×1024"
    assert page.output_panel.info.text() == "1020×1020"


def test_no_control_reaches_an_impossible_setting(bench: Bench) -> None:
    controls = bench.tab.controls
    bench.store.change("dilation", dilation=6)
    assert controls.kernel.rows.maximum() == 5
    assert "28" in controls.kernel.rows.toolTip()
    controls.image.height_field.setValue(1)
    assert bench.state.height == 25
    assert controls.image.height_field.minimum() == 25


def test_settings_change_the_scene(bench: Bench) -> None:
    settings = bench.tab.controls.settings
    settings.stride.setValue(2)
    QTest.mouseClick(settings.padding.button("same"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(settings.flip.button("yes"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(settings.order.button("column"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(settings.base.button("0"), Qt.MouseButton.LeftButton)
    page = bench.tab.page
    assert shown(page.matrix).shape == (14 * 14, 784)
    x, z = shown(page.image), shown(page.output)
    np.testing.assert_allclose(shown(page.matrix) @ x.reshape(-1, order="F"), z.reshape(-1, order="F"), atol=1e-12)
    assert bench.tab.tools["facts"].badge.verdict == "good"  # type: ignore[attr-defined]
    for _ in range(5):
        bench.store.undo()
    assert shown(page.matrix).shape == (576, 784)


def test_the_window_slides_and_the_matrix_fills(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a tick of the clock does here; that it ticks, and how far it gets on a slow machine, is the player's affair."""
    page = bench.tab.page
    player = page.player
    QTest.mouseClick(player.forward, Qt.MouseButton.LeftButton)
    assert bench.state.position == 0
    assert lit(page.output) == {(0, 0)}
    assert page.matrix._veil == ((1, 0, 575, 784),)
    monkeypatch.setattr(player, "_clock", SimpleNamespace(start=lambda: None, restart=lambda: 200))  # 3 positions a tick, 15 a second
    QTest.mouseClick(player.play, Qt.MouseButton.LeftButton)
    player._timer.setInterval(10**8)  # no tick but ours
    assert player.playing
    for position in (3, 6, 9):
        player._timer.timeout.emit()
        assert bench.state.position == position
        assert lit(page.output) == {(0, position)}
        assert page.matrix._veil == ((position + 1, 0, 575 - position, 784),)
    QTest.mouseClick(player.play, Qt.MouseButton.LeftButton)
    assert not player.playing
    QTest.mouseClick(player.back, Qt.MouseButton.LeftButton)
    assert bench.state.position == 8
    QTest.mouseClick(player.whole, Qt.MouseButton.LeftButton)
    assert bench.state.position is None and page.matrix._veil == ()


def test_a_picture_is_opened_converted_and_explained(bench: Bench, tmp_path: Path) -> None:
    Image.fromarray(np.linspace(0, 255, 40 * 50 * 3).reshape(40, 50, 3).astype(np.uint8)).save(tmp_path / "photo.png")
    bench.tab.controls.image.open_picture(tmp_path / "photo.png")
    assert (bench.state.height, bench.state.width) == (40, 50)
    assert "0.299" in bench.tab.controls.image.note.text()
    assert shown(bench.tab.page.image).shape == (40, 50)
    (tmp_path / "photo.png").unlink()
    bench.tab.controls.image.height_field.setValue(30)
    assert shown(bench.tab.page.image).shape == (30, 50)


@pytest.mark.parametrize("content", [b"", b"not a picture at all", b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_an_unreadable_picture_changes_nothing(bench: Bench, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.png").write_bytes(content)
    before = bench.state
    bench.tab.controls.image.open_picture(tmp_path / "bad.png")
    assert bench.state == before
    assert len(bench.services.messages) == 1 and "bad.png" in bench.services.messages[0]


def test_a_missing_data_set_says_what_to_do(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HW2GUI_DATA", raising=False)
    bench.tab.controls.image.choose_kind("kmnist")
    assert "hw2gui data fetch kmnist" in bench.services.messages[-1]
    assert shown(bench.tab.page.image).max() == 0
    title, act = bench.tab._pixels._mend("kmnist")
    assert title.startswith("Download")
    bench.services.unanswered = frozenset({"download"})
    act()
    assert bench.services.asked[-1] == "download"
    assert shown(bench.tab.page.image).max() > 0


@pytest.mark.parametrize("meanwhile", ["", "impulse"])
def test_a_download_that_ends_late_offers_what_it_brought(bench: Bench, meanwhile: str) -> None:
    bench.services.unanswered = frozenset({"download"})
    bench.tab._pixels._download()
    if meanwhile:
        bench.tab.controls.image.choose_kind("impulse")
    bench.services.answer("download", ())
    if meanwhile:
        assert bench.state.image.kind == "impulse" and bench.services.messages == ["Kuzushiji-MNIST is here."]
        bench.services.actions[-1]()
    assert bench.state.image.kind == "kmnist"


def test_a_large_image_is_shown_without_storing_its_matrix(bench: Bench) -> None:
    bench.store.replace("huge", state.with_image(bench.state, ImageChoice(kind="random"), 1024, 1024))
    page = bench.tab.page
    assert page.matrix.source.shape == (1020 * 1020, 1024 * 1024)
    assert shown(page.output).shape == (1020, 1020)
    picture = page.matrix.grab().toImage()
    assert picture.width() > 100
    page.matrix.show_cell((500_000, 514_000), 24)
    bench.hover(page.matrix, (500_000, 514_000))
    assert "M(500001, 514001)" in bench.explanation()


def test_attention_paints_the_row_of_the_pixel_pointed_at(bench: Bench) -> None:
    QTest.mouseClick(bench.tab.controls.mode.button("attention"), Qt.MouseButton.LeftButton)
    page = bench.tab.attention.page
    bench.hover(page.image, (9, 12))
    x = shown(page.image).reshape(-1)
    scores = np.outer(x, x)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    i = 9 * 28 + 12
    np.testing.assert_allclose(shown(page.row).reshape(-1), weights[i] * 784, rtol=1e-9)
    np.testing.assert_allclose(shown(page.output).reshape(-1), weights @ x, rtol=1e-9)
    np.testing.assert_allclose(shown(page.matrix), weights * 784, rtol=1e-9)
    assert page.matrix._highlight.rows == (i,)
    assert bench.tab.attention.tone.badge.verdict == "good"
    assert bench.tab.attention.tone.slope.verdict == "good"


def test_a_curve_that_is_not_the_slope_it_is_said_to_be_is_seen(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hw2gui.convolution.gui.tone_tool.SLOPE_TOLERANCE", 0.0)
    QTest.mouseClick(bench.tab.controls.mode.button("attention"), Qt.MouseButton.LeftButton)
    assert bench.tab.attention.tone.slope.verdict == "bad"


def test_attention_moves_along_with_a_permutation(bench: Bench) -> None:
    QTest.mouseClick(bench.tab.controls.mode.button("attention"), Qt.MouseButton.LeftButton)
    page = bench.tab.attention.page
    before = np.sort(shown(page.output).reshape(-1))
    bench.tab.controls.attention.permute.click()
    np.testing.assert_allclose(np.sort(shown(page.output).reshape(-1)), before, rtol=1e-12)
    assert page.image_panel.title.text() == "x permuted"


def test_stages_scale_and_temperature(bench: Bench) -> None:
    QTest.mouseClick(bench.tab.controls.mode.button("attention"), Qt.MouseButton.LeftButton)
    page = bench.tab.attention.page
    bench.tab.controls.attention.scale.setValue(4.0)
    QTest.mouseClick(page.stage.button("scores"), Qt.MouseButton.LeftButton)
    x = shown(page.image).reshape(-1)
    np.testing.assert_allclose(shown(page.matrix), np.outer(x, x), atol=1e-12)
    bench.tab.controls.attention.temperature.setValue(2.0)
    np.testing.assert_allclose(shown(page.matrix), np.outer(x, x) / 2, atol=1e-12)
    QTest.mouseClick(page.stage.button("exp"), Qt.MouseButton.LeftButton)
    assert shown(page.matrix).max() <= 1.0
    np.testing.assert_allclose(shown(page.striped.beside).reshape(-1), shown(page.matrix).sum(axis=1))


def test_every_control_has_a_name_and_a_tooltip(bench: Bench) -> None:
    bench.tab.attention  # noqa: B018  # made on first use
    unnamed = [
        widget for widget in bench.tab.findChildren(QPushButton) if not (widget.accessibleName() or widget.text()) or not widget.toolTip()
    ]
    assert [widget.text() for widget in unnamed] == []


def test_the_state_survives_the_session_file(bench: Bench) -> None:
    from hw2gui.session.codec import from_plain, to_plain

    now = replace(bench.state, pinned=Pin("matrix", 3, 4), stride=2, image=ImageChoice(kind="drawn", pixels=((0.0,) * 28,) * 28))
    assert from_plain(type(now), to_plain(now)) == now


def test_the_brush_keeps_to_the_cell_under_the_pointer(bench: Bench) -> None:
    page = bench.tab.page
    QTest.mouseClick(bench.tab.controls.image.paint, Qt.MouseButton.LeftButton)
    bench.tab.controls.image.level.setValue(0.5)
    bench.click(page.image, (27, 27))
    assert shown(page.image)[27, 27] == 0.5
    bench.click(page.image, (27, 27), Qt.MouseButton.RightButton)
    assert shown(page.image)[27, 27] == 0.0
    outside = QPoint(1, 1)
    before = bench.state
    QTest.mouseClick(page.image, Qt.MouseButton.LeftButton, pos=outside)
    assert bench.state == before


@pytest.mark.parametrize(("which", "suffix"), [("image", "png"), ("kernel", "svg"), ("output", "pdf"), ("matrix", "svg"), ("whole", "pdf")])
def test_every_picture_is_exported(bench: Bench, tmp_path: Path, which: str, suffix: str) -> None:
    bench.services.file = tmp_path / "picture"
    bench.tab._exporter.save_picture(which, suffix)
    content = (tmp_path / f"picture.{suffix}").read_bytes()
    assert content[:8].startswith({"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[suffix])
    assert any("Saved" in message for message in bench.services.messages)


def test_while_the_transpose_is_on_screen_it_is_what_is_explained_and_not_painted_over(bench: Bench) -> None:
    QTest.mouseClick(bench.tab.controls.image.paint, Qt.MouseButton.LeftButton)
    bench.store.change("Mᵀ", transposed=True, gradient="ones")
    page = bench.tab.page
    bench.hover(page.image, (9, 6))
    assert bench.explanation().startswith(f"<p><b>(Mᵀg)(10, 7) = {format_number(shown(page.image)[9, 6])}")
    bench.hover(page.output, (9, 6))
    assert "g(10, 7) = 1" in bench.explanation()
    before = bench.state.image
    bench.click(page.image, (0, 0))
    assert bench.state.image == before and not bench.tab.controls.image.paint.isEnabled()
    bench.store.undo()
    bench.click(page.image, (0, 0))
    assert bench.state.image.kind == "drawn"


def test_while_the_transpose_is_on_screen_it_is_what_is_exported(bench: Bench) -> None:
    small = state.with_kernel_size(state.with_image(bench.state, ImageChoice(kind="gradient"), 4, 6), 2, 2)
    bench.store.replace("Mᵀ", replace(small, transposed=True, gradient="ones"))
    page, arguments = bench.tab.page, (bench.state, bench.tab._loaded.pixels, "")
    panels = {"image": page.image, "output": page.output, "matrix": page.matrix, "kernel": page.kernel}
    for which, view in panels.items():
        figure = tasks._convolution_figure(which, *arguments)
        np.testing.assert_allclose(figure.axes[0].get_images()[0].get_array(), shown(view), atol=1e-12)
    assert [axes.get_title() for axes in tasks._convolution_figure("whole", *arguments).axes if axes.get_title()] == [
        "Mᵀg  (4×6)",
        "w  (2×2)",
        "g  (3×5)",
        "Mᵀ  (24×15)",
    ]


@pytest.mark.parametrize("which", ["row", "attention output", "attention", "tone curve"])
def test_every_picture_of_attention_is_exported(bench: Bench, tmp_path: Path, which: str) -> None:
    QTest.mouseClick(bench.tab.controls.mode.button("attention"), Qt.MouseButton.LeftButton)
    bench.services.file = tmp_path / "picture.png"
    bench.tab._exporter.save_picture(which, "png")
    with Image.open(tmp_path / "picture.png") as picture:
        assert picture.size[0] > 300


def test_a_picture_that_cannot_be_written_says_so(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    bench.services.file = tmp_path / "file" / "picture.png"
    bench.tab._exporter.save_picture("kernel", "png")
    assert len(bench.services.messages) == 1 and "picture.png" in bench.services.messages[0]


def test_attention_is_taken_away_as_code(bench: Bench) -> None:
    QTest.mouseClick(bench.tab.controls.mode.button("attention"), Qt.MouseButton.LeftButton)
    half = bench.tab.attention
    QTest.mouseClick(half.inspector.button("code"), Qt.MouseButton.LeftButton)
    for key in ("numpy", "torch", "latex"):
        QTest.mouseClick(half.code.code.language.button(key), Qt.MouseButton.LeftButton)
        QTest.mouseClick(half.code.code.copy, Qt.MouseButton.LeftButton)
    assert [
        needle in text for needle, text in zip(("np.outer", "scaled_dot_product_attention", "\\exp"), bench.services.copied, strict=True)
    ] == [True] * 3


def test_a_dropped_picture_is_opened(bench: Bench, tmp_path: Path) -> None:
    Image.fromarray(np.full((30, 31), 77, dtype=np.uint8)).save(tmp_path / "dropped.png")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "dropped.png"))])
    drop = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    bench.tab.dropEvent(drop)
    assert bench.state.image.picture_name == "dropped.png" and (bench.state.height, bench.state.width) == (30, 31)


@pytest.mark.parametrize(
    "wrong",
    [
        {"tool": "nothing"},
        {"kernel_preset": "none"},
        {"kernel_seed": -1},
        {"image": ImageChoice(index=2**40)},
        {"image": ImageChoice(seed=-1)},
    ],
)
def test_what_no_control_offers_is_refused_with_a_sentence(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError, match="damaged"):
        state.check(replace(state.ConvolutionState(), **wrong))


def test_a_thread_reads_the_file_of_the_first_picture_while_the_page_is_made(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    may_end, threads = threading.Event(), []

    def read() -> None:
        threads.append(threading.current_thread())
        may_end.wait()

    quick = False
    monkeypatch.setattr(images, "warm", read)
    monkeypatch.setattr(images, "is_quick", lambda _: quick)
    services = InlineServices(unanswered=frozenset({"pixels"}))
    tab = ConvolutionTab(Store(ConvolutionState(image=ImageChoice(kind="kmnist", split="test")), check), services, whole=False)
    qtbot.addWidget(tab)
    for _ in range(50):
        assert tab.step()  # it is never done before the picture is there
    may_end.set()
    while tab.step():
        pass
    assert threads and threads[0] is not threading.current_thread() and not threads[0].is_alive()
    tab.come_alive()
    assert services.asked.count("pixels") == 1  # what could not be read is asked of the worker, which says why
    services.runner.close()


def test_while_an_image_of_another_size_is_on_its_way_the_cells_on_screen_are_those_of_the_one_before(bench: Bench) -> None:
    """Its pinned cell need not be there yet, and what is done to a cell would be done to another one."""
    bench.store.change("Small", image=ImageChoice(), height=8, width=8)
    page = bench.tab.page
    bench.services.unanswered = frozenset({"pixels"})
    ahead = replace(
        bench.state, image=ImageChoice("picture", picture="0" * 64), height=30, width=30, pinned=Pin("matrix", 500, 800), position=670
    )
    bench.store.replace("Large", ahead)
    assert bench.services.asked[-1] == "pixels"
    QTest.mouseClick(bench.tab.controls.image.paint, Qt.MouseButton.LeftButton)
    bench.hover(page.kernel, (0, 0))
    bench.click(page.matrix, (1, 1))
    bench.click(page.image, (3, 3))
    assert bench.state == ahead and page.image.grab().toImage() is not None
    bench.store.undo()
    bench.click(page.matrix, (1, 1))
    assert bench.state.pinned == Pin("matrix", 1, 1)
