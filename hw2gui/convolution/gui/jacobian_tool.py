"""The report's way to M: nudge one pixel and watch z move. What moves is the pixel's column of M."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QSignalBlocker

from hw2gui.colour import Scale
from hw2gui.convolution.entry import format_number
from hw2gui.convolution.gui.tools import TOLERANCE, Tool
from hw2gui.convolution.links import Probe
from hw2gui.convolution.state import ConvolutionState
from hw2gui.convolution.transpose import nudge
from hw2gui.session.store import Store
from hw2gui.widgets.badge import Badge
from hw2gui.widgets.cells import ArraySource
from hw2gui.widgets.fields import RealField, row, text_label
from hw2gui.widgets.legend import Legend
from hw2gui.widgets.marks import Highlight
from hw2gui.widgets.matrix_view import MatrixView
from hw2gui.widgets.panel import export_button
from hw2gui.widgets.saving import save_picture
from hw2gui.widgets.services import Services

VIEW_HEIGHT = 150

INTRODUCTION = (
    "z is linear in x, so M is its Jacobian: <i>M(i, j) = ∂z′<sub>i</sub> / ∂x′<sub>j</sub></i>. Point at a pixel of x: "
    "it is made brighter by ε, and z moves by ε times column j of M, whatever the image."
)


class JacobianTool(Tool):
    """Δz for the probed pixel, and the check of all of M against torch's Jacobian."""

    def __init__(self, store: Store[ConvolutionState], services: Services) -> None:
        super().__init__(store, services)
        self._pixel = (0, 0)
        what = "How much the pixel is changed, in grey levels (0 black, 1 white)."
        self.epsilon = RealField("Nudge ε", what, -10.0, 10.0, 0.1)
        self.epsilon.valueChanged.connect(lambda value: store.change("Nudge", gesture="nudge", nudge=value))
        self.moved = MatrixView("Change of z")
        self.moved.setFixedHeight(VIEW_HEIGHT)
        self.legend = Legend()
        self.export = export_button("the change of z", self._save)
        self.words = text_label(selectable=True)
        self.badge = Badge("Jacobian against torch")
        self.fill(
            text_label(INTRODUCTION, muted=True), row("ε =", self.epsilon, self.legend, self.export), self.moved, self.words, self.badge
        )

    def refresh(self) -> None:
        """A new scene: nudge again, and check M against torch's Jacobian."""
        scene = self.scene
        if scene is None:
            return
        height, width = scene.geometry.image_shape
        if not (self._pixel[0] < height and self._pixel[1] < width) or self._pixel == (0, 0):
            self._pixel = (height // 2, width // 2)
        with QSignalBlocker(self.epsilon):
            self.epsilon.setValue(self.store.state.nudge)
        self._nudge()
        self.badge.show_verdict("waiting", "comparing M with torch's Jacobian")
        self.services.ask(
            "jacobian",
            "hw2gui.convolution.reference:jacobian_error",
            {"x": scene.image, "kernel": scene.kernel, "geometry": scene.geometry},
            self._checked,
            failed=lambda why: self.badge.show_verdict("note", why),
            what="Computing torch's Jacobian",
        )

    def mark(self, before: ConvolutionState, now: ConvolutionState) -> None:
        """Another ε."""
        if before.nudge != now.nudge:
            with QSignalBlocker(self.epsilon):
                self.epsilon.setValue(now.nudge)
            self._nudge()

    def probe(self, probe: Probe | None) -> None:
        """Follow the pointer over x and over the columns of M."""
        if probe is None or self.scene is None:
            return
        pixel = None
        if probe.view == "image":
            pixel = (probe.row, probe.column)
        elif probe.view == "matrix":
            pixel = self.scene.geometry.pixel_index(probe.column)
        if pixel is not None and pixel != self._pixel:
            self._pixel = pixel
            self._nudge()

    def _nudge(self) -> None:
        scene = self.scene
        if scene is None:
            return
        self.export.setEnabled(not scene.heavy)
        if scene.heavy:
            self.words.setText("The image is large: its Jacobian is checked column by column below, but not nudged live.")
            self.moved.show_source(None, Scale("diverging", -1, 1))
            return
        epsilon = self.store.state.nudge
        delta, column = nudge(scene.image, scene.kernel, scene.geometry, self._pixel, epsilon)
        scale = Scale.diverging(column * epsilon)
        self.moved.show_source(ArraySource(delta), scale)
        self.moved.set_highlight(Highlight())
        self.legend.show_scale(scale)
        gamma, delta_index = (index + scene.base for index in self._pixel)
        j = scene.geometry.column_of_pixel(*self._pixel) + scene.base
        gap = float(np.max(np.abs(delta - epsilon * column), initial=0.0))
        self.words.setText(
            f"x({gamma}, {delta_index}) + {format_number(epsilon)}: "
            f"<b>{int(np.count_nonzero(column))}</b> of {column.size} cells of z move.<br>"
            f"max |Δz − ε · column {j} of M| = {format_number(gap)}"
        )

    def _save(self, suffix: str) -> None:
        if self.scene is not None:
            arguments = {"state": self.store.state, "image": self.scene.image, "pixel": self._pixel}
            save_picture(self.services, "hw2gui.convolution.tasks:save_nudge", arguments, "change-of-z", suffix)

    def _checked(self, error: Any) -> None:
        scene = self.scene
        assert scene is not None
        good = float(error) <= TOLERANCE * max(1.0, float(np.abs(scene.kernel).max()))
        self.badge.show_verdict("good" if good else "bad", f"max |M − torch's Jacobian| = {format_number(float(error))}")
