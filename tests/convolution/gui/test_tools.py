"""The tools of the inspector under real mouse and key events."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hw2gui.convolution import state
from hw2gui.convolution.formula import PRESETS
from hw2gui.convolution.gui.facts_tool import FactsTool
from hw2gui.convolution.state import ImageChoice
from tests.convolution.gui.conftest import Bench, shown


def test_toeplitz_marks_the_pair_that_breaks_it_and_looks_at_it(bench: Bench) -> None:
    page = bench.tab.page
    QTest.mouseClick(bench.tab.inspector.button("toeplitz"), Qt.MouseButton.LeftButton)
    tool = bench.tab.tools["toeplitz"]
    assert "doubly block Toeplitz" in tool.verdict.text()  # type: ignore[attr-defined]
    (first, second) = page.matrix._markers
    values = shown(page.matrix)
    assert second.cell == (first.cell[0] + 1, first.cell[1] + 1)
    assert values[first.cell] != values[second.cell]
    QTest.mouseClick(tool.look, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    assert page.matrix.cell_rect(first.cell).width() >= 26
    QTest.mouseClick(bench.tab.inspector.button("facts"), Qt.MouseButton.LeftButton)
    assert page.matrix._markers == ()


def test_nudging_a_pixel_moves_z_by_its_column(bench: Bench, tmp_path: Path) -> None:
    QTest.mouseClick(bench.tab.inspector.button("jacobian"), Qt.MouseButton.LeftButton)
    tool = bench.tab.tools["jacobian"]
    bench.hover(bench.tab.page.image, (10, 10))
    moved = shown(tool.moved)  # type: ignore[attr-defined]
    column = shown(bench.tab.page.matrix)[:, 10 * 28 + 10].reshape(24, 24)
    np.testing.assert_allclose(moved, 0.5 * column, atol=1e-12)
    assert tool.badge.verdict == "good"  # type: ignore[attr-defined]
    tool.epsilon.setValue(-1.0)  # type: ignore[attr-defined]
    np.testing.assert_allclose(shown(tool.moved), -column, atol=1e-12)  # type: ignore[attr-defined]
    bench.services.file = tmp_path / "moved.svg"
    tool.export.menu().actions()[1].trigger()  # type: ignore[attr-defined]
    assert bench.services.file.read_text().count("<svg") == 1


def test_the_transpose_carries_g_back(bench: Bench) -> None:
    QTest.mouseClick(bench.tab.inspector.button("transpose"), Qt.MouseButton.LeftButton)
    tool = bench.tab.tools["transpose"]
    before = shown(bench.tab.page.matrix)
    tool.show_transposed.click()  # type: ignore[attr-defined]
    page = bench.tab.page
    np.testing.assert_array_equal(shown(page.matrix), before.T)
    np.testing.assert_allclose(shown(page.matrix) @ shown(page.output).reshape(-1), shown(page.image).reshape(-1), atol=1e-9)
    assert tool.badge.verdict == "good"  # type: ignore[attr-defined]
    QTest.mouseClick(tool.kind.button("single"), Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    bench.click(page.output, (2, 3))
    assert shown(page.output)[2, 3] == 1 and shown(page.output).sum() == 1
    np.testing.assert_allclose(shown(page.image)[2:7, 3:8], bench.tab.scene.kernel)


def test_a_formula_is_checked_and_its_counterexample_shown(bench: Bench, qtbot) -> None:
    small = state.with_kernel_size(state.with_image(bench.state, ImageChoice(kind="gradient"), 4, 6), 2, 2)
    bench.store.replace("small", small)
    QTest.mouseClick(bench.tab.inspector.button("formula"), Qt.MouseButton.LeftButton)
    tool = bench.tab.tools["formula"]
    tool.editor.setFocus()  # type: ignore[attr-defined]
    bench.type(tool.editor, "M(i,j) = w(1, 1) if i == j else 0")  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: tool.result is not None, timeout=5000)  # type: ignore[attr-defined]
    assert tool.badge.verdict == "bad" and "Smallest counterexample" in tool.words.text()  # type: ignore[attr-defined]
    report = next(preset for preset in PRESETS if preset.key == "report")
    tool._set_text(report.text)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: tool.result is not None and not tool._timer.isActive(), timeout=5000)  # type: ignore[attr-defined]
    QTest.mouseClick(tool.where.button("screen"), Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    assert "14 of 360 entries" in tool.map_words.text()  # type: ignore[attr-defined]
    assert shown(tool.map).sum() == 14  # type: ignore[attr-defined]
    QTest.mouseClick(tool.keep, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    assert bench.state.formula_note == report.text


def test_a_text_that_is_no_formula_gets_one_sentence(bench: Bench, qtbot) -> None:
    QTest.mouseClick(bench.tab.inspector.button("formula"), Qt.MouseButton.LeftButton)
    tool = bench.tab.tools["formula"]
    bench.type(tool.editor, "w(1, 2")  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: not tool._timer.isActive() and tool.badge.verdict == "bad", timeout=5000)  # type: ignore[attr-defined]
    assert tool.badge.text()  # type: ignore[attr-defined]
    assert bench.services.messages == []


def test_code_is_copied_as_shown(bench: Bench) -> None:
    QTest.mouseClick(bench.tab.inspector.button("code"), Qt.MouseButton.LeftButton)
    tool = bench.tab.tools["code"]
    for key in ("numpy", "torch", "latex"):
        QTest.mouseClick(tool.code.language.button(key), Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
        QTest.mouseClick(tool.code.copy, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    assert [
        needle in text for needle, text in zip(("import numpy", "import torch", "\\mathbf{M}"), bench.services.copied, strict=True)
    ] == [True] * 3


def test_the_matrix_is_saved_for_scipy(bench: Bench, tmp_path: Path) -> None:
    from scipy.sparse import load_npz

    QTest.mouseClick(bench.tab.inspector.button("code"), Qt.MouseButton.LeftButton)
    bench.services.file = tmp_path / "M"
    QTest.mouseClick(bench.tab.tools["code"].save, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    np.testing.assert_array_equal(load_npz(tmp_path / "M.npz").toarray(), shown(bench.tab.page.matrix))


def test_the_slips_come_from_the_worker_and_stay_while_only_weights_change(bench: Bench) -> None:
    facts = bench.tab.tools["facts"]
    assert isinstance(facts, FactsTool)
    told = facts.slips.text()
    assert "Slips in the report" in told and "entries of M come out wrong" not in told  # square: nothing differs
    bench.services.unanswered = frozenset({"slips"})
    asked = bench.services.asked.count("slips")
    bench.store.change("Kernel", weights=((0.0, 1.0),) * 2)
    assert bench.services.asked.count("slips") == asked + 1 and facts.slips.text() == ""
    bench.services.unanswered = frozenset()
    bench.store.change("Kernel", weights=((5.0, 1.0),) * 2)
    told = facts.slips.text()
    assert told
    bench.store.change("Kernel", weights=((7.0, 1.0),) * 2)
    assert facts.slips.text() == told and bench.services.asked.count("slips") == asked + 2
