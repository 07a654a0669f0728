"""Two networks beside each other: the twin tables, break-even, growth."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyle, QStyleOptionSlider

from hw2gui.parameters.presets import PRESETS
from tests.parameters.gui.conftest import LEFT, Bench
from tests.widgets.hands import drag_on

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


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
    page = bench.page("twins")
    assert bench.tab.controls.biases.isChecked()
    assert (page.tables[0].total_text(2), page.tables[1].total_text(2)) == ("457", "113,328")
    assert "⌊(28 − 5 + 1)/2⌋" in bench.formulas()


def test_one_drag_of_the_slider_or_the_marker_is_one_step_however_slow(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(bench.store, "_clock", lambda: now[0])
    page = bench.page("growth")
    slider, plot = page.bar.slider, page.plot
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    handle = slider.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider).center()
    for widget, start in ((slider, handle), (plot, QPoint(round(plot.x_position(28)), plot.height() // 2))):
        QTest.mousePress(widget, LEFT, Qt.KeyboardModifier.NoModifier, start)
        for far in (20, 40, 60):
            now[0] += 60
            drag_on(widget, start + QPoint(far - 20, 0), start + QPoint(far, 0))
        QTest.mouseRelease(widget, LEFT, Qt.KeyboardModifier.NoModifier, start + QPoint(60, 0))
        assert bench.state.value is not None and len(bench.store.done) == 1
        bench.store.undo()
        assert bench.state.value is None
        bench.store.redo()
        QTest.keyClick(widget, Qt.Key.Key_Right)  # another step, and at once
        assert len(bench.store.done) == 2
        bench.store.undo()
        bench.store.undo()


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
    page = bench.page("growth")
    assert "like HW" in page.plot.curves[0].name and "like H²W²" in page.plot.curves[1].name
    assert page.plot.curves[0].ys[page.plot.curves[0].xs.index(28)] == 457
    bench.choose(page.bar.quantity, "multiply–adds")
    assert bench.state.quantity == "macs" and "multiply–adds" in page.panel.title.text().lower()
