"""Check my formula: the student's expression for M(i, j) against the truth, the smallest counterexample, a map of wrong entries."""

from __future__ import annotations

from html import escape

import numpy as np
from PySide6.QtCore import QSignalBlocker, QTimer
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QPushButton

from hw2gui.colour import Scale
from hw2gui.convolution.formula import PRESETS, Case, CheckResult, wrong_entries
from hw2gui.convolution.gui.tools import Tool
from hw2gui.convolution.state import ConvolutionState
from hw2gui.errors import UserError
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.badge import Badge
from hw2gui.widgets.cell_canvas import Behaviour
from hw2gui.widgets.cells import ArraySource
from hw2gui.widgets.fields import Choices, row, teach_manners, text_label
from hw2gui.widgets.marks import Marker
from hw2gui.widgets.matrix_view import MatrixView
from hw2gui.widgets.services import Services

CHECK_AFTER_MS = 350
"""Typing is checked once it rests for this long."""

MAP_ENTRIES = 1_000_000
MAP_HEIGHT = 150

HELP = (
    "Type M(i, j) in i, j, H, W, H', W', M, N (the kernel's sizes) and s, counted from 1. Name steps on lines of their own "
    "(α = …); use floor, mod, and, or, <i>value</i> if <i>condition</i> else 0; w(m, n) is 0 outside the kernel."
)


class FormulaTool(Tool):
    """An editor, a verdict, a counterexample and a map."""

    def __init__(self, store: Store[ConvolutionState], services: Services) -> None:
        super().__init__(store, services)
        self.result: CheckResult | None = None
        self._checked_text = ""
        self._make_editor()
        self.badge = Badge("Verdict on my formula")
        self.words = text_label(selectable=True)
        self._make_map()
        self.keep = QPushButton("Keep as a note")
        self.keep.setToolTip("Keep this formula, right or wrong, with the session")
        self.keep.clicked.connect(lambda: store.change("Formula kept", formula_note=self.editor.toPlainText()))
        self.recall = QPushButton("Back to the note")
        self.recall.setToolTip("No formula was kept yet")
        self.recall.clicked.connect(lambda: self._set_text(store.state.formula_note))
        self.fill(
            text_label(HELP, muted=True),
            self.presets,
            self.editor,
            self.badge,
            self.words,
            self.where_row,
            self.map,
            self.map_words,
            row(self.keep, self.recall),
        )
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(CHECK_AFTER_MS)
        self._timer.timeout.connect(self._check)

    def _make_editor(self) -> None:
        self.presets = QComboBox()
        self.presets.setAccessibleName("Formulas to start from")
        self.presets.setToolTip("Right and wrong formulas for M(i, j), to be edited")
        self.presets.setPlaceholderText("Start from a formula…")
        for preset in PRESETS:
            self.presets.addItem(preset.title, preset.text)
            self.presets.setItemData(self.presets.count() - 1, preset.lesson, 3)
        self.presets.setCurrentIndex(-1)
        teach_manners(self.presets)
        self.presets.activated.connect(self._take_preset)
        self.editor = QPlainTextEdit()
        self.editor.setAccessibleName("My formula for M(i, j)")
        self.editor.setAccessibleDescription("A formula in i and j; it is checked while you type")
        self.editor.setFont(theme.mono_font(8.5))
        self.editor.setTabChangesFocus(True)
        self.editor.setPlaceholderText("M(i,j) = w(…, …) if … else 0")
        self.editor.setMinimumHeight(112)
        self.editor.textChanged.connect(self._typed)

    def _make_map(self) -> None:
        self.where = Choices(
            "Map of",
            (
                ("smallest", "the counterexample", "The smallest setting in which the formula fails"),
                ("screen", "this size", "The sizes on screen (without padding and dilation)"),
            ),
        )
        self.where.show_choice("smallest")
        self.where.chosen.connect(lambda _: self._show_map())
        self.where_row = row("Wrong entries in", self.where)
        self.map = MatrixView("Map of wrong entries", Behaviour(pans=True, square=False))
        self.map.setFixedHeight(MAP_HEIGHT)
        self.map_words = text_label(muted=True)

    def refresh(self) -> None:
        """Show the formula kept in the state."""
        now = self.store.state
        if now.formula != self.editor.toPlainText():
            with QSignalBlocker(self.editor):
                self.editor.setPlainText(now.formula)
        self.recall.setEnabled(bool(now.formula_note))
        self.recall.setToolTip(now.formula_note or "No formula was kept yet")
        self.keep.setEnabled(bool(now.formula.strip()))
        if now.formula != self._checked_text or self.result is None:
            self._check()
        else:
            self._show_map()

    def mark(self, before: ConvolutionState, now: ConvolutionState) -> None:
        """The formula was undone, or a note kept."""
        if (before.formula, before.formula_note) != (now.formula, now.formula_note) and now.formula != self.editor.toPlainText():
            self.refresh()
        self.recall.setEnabled(bool(now.formula_note))
        self.keep.setEnabled(bool(now.formula.strip()))

    def _take_preset(self, index: int) -> None:
        self._set_text(self.presets.itemData(index))
        self.services.status(PRESETS[index].lesson)
        self.presets.setCurrentIndex(-1)

    def _set_text(self, text: str) -> None:
        self.editor.setPlainText(text)

    def _typed(self) -> None:
        self.store.change("Formula", gesture="formula", formula=self.editor.toPlainText())
        self._timer.start()

    def _check(self) -> None:
        self._timer.stop()
        text = self.editor.toPlainText()
        self._checked_text, self.result = text, None
        self.words.setText("")
        self._show_map()
        if not text.strip():
            self.services.forget("formula")
            self.badge.show_verdict("note", "Write a formula, or start from one of the list.")
            return
        self.badge.show_verdict("waiting", "comparing")
        self.services.ask(
            "formula",
            "hw2gui.convolution.tasks:check_formula",
            {"text": text},
            self._take,
            failed=self._refused,
            what="Checking the formula",
        )

    def _refused(self, why: str) -> None:
        self.badge.show_verdict("bad", why)

    def _take(self, result: CheckResult) -> None:
        self.result = result
        self.badge.show_verdict("good" if result.right else "bad", result.verdict)
        settings = "(H, W ≤ 6, M ≤ H, N ≤ W, s ≤ 2)"
        lines = [f"{result.entries:,} entries in {result.cases:,} settings {settings} compared."]
        if result.counterexample is not None:
            wrong = f"{result.failing_entries:,} of {result.entries:,} entries are wrong, in {result.failing_cases:,} of {result.cases:,}"
            lines = [
                f"<b>Smallest counterexample.</b> {escape(result.counterexample.sentence())}",
                *(escape(hint) for hint in result.hints),
                f"{wrong} settings {settings}.",
            ]
        self.words.setText("<br>".join(lines))
        self._show_map()

    def _show_map(self) -> None:
        """The wrong entries of the counterexample's matrix, or of the matrix on screen."""
        result = self.result
        wrong_somewhere = result is not None and result.counterexample is not None
        for widget in (self.where_row, self.map, self.map_words):
            widget.setVisible(wrong_somewhere)
        if result is None or result.counterexample is None:
            return
        example = result.counterexample
        if self.where.choice == "screen":
            geometry = self.store.state.geometry
            case = Case(geometry.height, geometry.width, *geometry.kernel_shape, geometry.stride)
        else:
            case = example.case
        rows, columns = case.shape
        try:
            if rows * columns > MAP_ENTRIES:
                raise UserError(f"The map of this size has {rows * columns:,} entries: look at a smaller image.")
            wrong = wrong_entries(result.formula, case)
        except UserError as error:
            self.map.show_source(None, Scale("diverging", -1, 1))
            self.map_words.setText(str(error))
            return
        self.map.show_source(ArraySource(wrong.astype(np.float64)), Scale("diverging", -1.0, 1.0))
        self.map.set_markers((Marker((example.i - 1, example.j - 1), "!"),) if case == example.case else ())
        self.map_words.setText(f"{case}: {int(wrong.sum()):,} of {wrong.size:,} entries are wrong (red).")
