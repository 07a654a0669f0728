"""Mᵀ: the transposed convolution, which carries a gradient from z back to x."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
from PySide6.QtWidgets import QCheckBox

from hw2gui.convolution.entry import format_number
from hw2gui.convolution.gui.tools import TOLERANCE, Tool
from hw2gui.convolution.scene import gradient
from hw2gui.convolution.state import ConvolutionState
from hw2gui.convolution.transpose import backproject_formula
from hw2gui.session.store import Store
from hw2gui.widgets.badge import Badge
from hw2gui.widgets.fields import Choices, row, text_label
from hw2gui.widgets.services import Services

INTRODUCTION = (
    "If a loss L depends on z, its gradient with respect to x is <i>∂L/∂x′ = Mᵀ g</i> with g = ∂L/∂z′. No matrix is needed: "
    "every cell of g lays the kernel, times its value, back onto the image. This is the transposed convolution (torch's conv_transpose2d)."
)


class TransposeTool(Tool):
    """Shows Mᵀ in the views, and checks Mᵀg against torch."""

    def __init__(self, store: Store[ConvolutionState], services: Services) -> None:
        super().__init__(store, services)
        self.show_transposed = QCheckBox("Show Mᵀ in the views")
        self.show_transposed.setToolTip("z becomes g, x becomes Mᵀg, and M is shown transposed")
        self.show_transposed.toggled.connect(lambda on: store.change("Mᵀ", transposed=on, position=None))
        self.kind = Choices(
            "g",
            (
                ("output", "z", "The output itself"),
                ("ones", "ones", "1 everywhere: how often, and with what weights, each pixel is used"),
                ("single", "one cell", "1 at the pinned output cell (else the middle one): the kernel laid back onto the image"),
            ),
        )
        self.kind.chosen.connect(lambda key: store.change("g", gradient=key))
        self.formula = text_label(selectable=True)
        self.badge = Badge("Transpose against torch")
        self.fill(text_label(INTRODUCTION, muted=True), self.show_transposed, row("g =", self.kind), self.formula, self.badge)

    def refresh(self) -> None:
        """Show the formula of the scene's Mᵀ and check it."""
        scene, now = self.scene, self.store.state
        if scene is None:
            return
        self.show_transposed.setChecked(now.transposed)
        self.kind.show_choice(now.gradient)
        self.kind.setEnabled(now.transposed)
        self.formula.setText(escape(backproject_formula(scene.geometry, scene.base)))
        self.badge.show_verdict("waiting", "checking against torch")
        self.services.ask(
            "transpose",
            "hw2gui.convolution.reference:transpose_error",
            {"g": gradient(now, scene), "kernel": scene.kernel, "geometry": scene.geometry},
            self._checked,
            failed=lambda why: self.badge.show_verdict("note", why),
            what="Checking Mᵀg against torch",
        )

    def _checked(self, error: Any) -> None:
        scene = self.scene
        assert scene is not None
        size = float(np.abs(gradient(self.store.state, scene)).max(initial=1.0)) * float(np.abs(scene.kernel).sum() or 1.0)
        good = float(error) <= TOLERANCE * max(1.0, size)
        self.badge.show_verdict("good" if good else "bad", f"max |Mᵀg − conv_transpose2d(g)| = {format_number(float(error))}")
