"""Is M Toeplitz? The verdicts, the pair of entries that breaks it marked in the view, and the diagonals that are not constant tinted."""

from __future__ import annotations

from html import escape

from PySide6.QtWidgets import QCheckBox, QPushButton

from hw2gui.convolution.gui.sources import BrokenDiagonals
from hw2gui.convolution.gui.tools import Tool
from hw2gui.convolution.state import ConvolutionState
from hw2gui.convolution.toeplitz import ToeplitzReport, Violation, analyse, describe_violation
from hw2gui.session.store import Store
from hw2gui.widgets.fields import Choices, text_label
from hw2gui.widgets.marks import Cell, Marker
from hw2gui.widgets.matrix_view import MatrixView
from hw2gui.widgets.services import Services

LEGIBLE = 26.0
"""Cells are made at least this large when a pair of entries is looked at, in logical pixels."""

INTRODUCTION = (
    "A matrix is <b>Toeplitz</b> when each of its diagonals is constant. Look at M's grid of blocks: at stride 1 every block is Toeplitz "
    "and depends only on how far it lies from the diagonal (<b>doubly block Toeplitz</b>); where the window starts a new row of z, "
    "the diagonals of M as a whole break."
)


class ToeplitzTool(Tool):
    """Verdicts for any weights or today's; marks in the matrix view."""

    def __init__(self, store: Store[ConvolutionState], services: Services, view: MatrixView) -> None:
        super().__init__(store, services)
        self._view = view
        self.report: ToeplitzReport | None = None
        self.weights = Choices(
            "Weights",
            (
                ("generic", "any weights", "The structure: all weights count as different, none as 0"),
                ("today", "these weights", "With today's numbers, which may agree by chance or by symmetry"),
            ),
        )
        self.weights.show_choice("generic")
        self.weights.chosen.connect(lambda _: self.refresh())
        self.verdict = text_label()
        self.details = text_label(selectable=True)
        self.show_diagonals = QCheckBox("Tint the diagonals that are not constant")
        self.show_diagonals.setToolTip("Lay a tint over every diagonal of M whose entries differ")
        self.show_diagonals.setChecked(True)
        self.show_diagonals.toggled.connect(lambda _: self._mark())
        self.look = QPushButton("Look at the pair A, B")
        self.look.setToolTip("Zoom into M where its diagonals break first")
        self.look.clicked.connect(self._look)
        self.fill(text_label(INTRODUCTION, muted=True), self.weights, self.verdict, self.details, self.show_diagonals, self.look)

    def refresh(self) -> None:
        """Analyse the scene's M: quick at any size."""
        scene = self.scene
        if scene is None:
            return
        self.report = analyse(scene.geometry, scene.kernel if self.weights.choice == "today" else None)
        report = self.report
        self.verdict.setText(f"<b>{escape(report.verdict)}</b>")
        lines = []
        for title, holds, violation in (
            ("Toeplitz as a whole", report.is_toeplitz, report.first_global),
            ("Every block Toeplitz", report.blocks_are_toeplitz, report.first_within),
            ("Block Toeplitz", report.is_block_toeplitz, report.first_blocks),
        ):
            reason = "" if violation is None else f"<br>{escape(describe_violation(violation, scene.base))}"
            lines.append(f"<p>{'✓' if holds else '✗'} <b>{title}</b>: {'yes' if holds else 'no'}{reason}</p>")
        self.details.setText("".join(lines))
        self.look.setEnabled(self._pair() is not None)
        self._mark()

    def leave(self) -> None:
        """Take the marks off the view."""
        self._view.set_markers(())
        self._view.set_tint(None)

    def _pair(self) -> Violation | None:
        report = self.report
        return (report.first_global or report.first_within or report.first_blocks) if report else None

    def _mark(self) -> None:
        scene, report, pair = self.scene, self.report, self._pair()
        if scene is None or report is None:
            return
        markers: tuple[Marker, ...] = ()
        if pair is not None:
            markers = (Marker(self._cell(pair.first.i, pair.first.j), "A"), Marker(self._cell(pair.second.i, pair.second.j), "B"))
        self._view.set_markers(markers)
        broken = report.broken
        show = self.show_diagonals.isChecked() and broken is not None and bool(broken.size)
        tint = BrokenDiagonals(scene.matrix.shape, broken, self.store.state.transposed) if show and broken is not None else None
        self._view.set_tint(tint)
        self.show_diagonals.setEnabled(broken is not None)

    def _cell(self, i: int, j: int) -> Cell:
        return (j, i) if self.store.state.transposed else (i, j)

    def _look(self) -> None:
        pair = self._pair()
        if pair is not None:
            middle = ((pair.first.i + pair.second.i) // 2, (pair.first.j + pair.second.j) // 2)
            self._view.show_cell(self._cell(*middle), LEGIBLE)
