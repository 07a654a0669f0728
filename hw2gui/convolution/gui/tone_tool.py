"""What attention over pixels comes to: one rising tone curve, made by the image's own grey levels."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hw2gui.convolution.attention_reference import AttentionCheck
from hw2gui.convolution.attention_scene import AttentionScene, permutation_gaps
from hw2gui.convolution.entry import format_number
from hw2gui.convolution.gui.tools import TOLERANCE
from hw2gui.convolution.state import ConvolutionState
from hw2gui.session.store import Store
from hw2gui.widgets.badge import Badge
from hw2gui.widgets.curve import CurvePlot
from hw2gui.widgets.fields import text_label
from hw2gui.widgets.services import Services

SLOPE_TOLERANCE = 1e-5
"""A numerical derivative is this exact, relative to the levels."""

INTRODUCTION = (
    "Z<sub>i</sub> depends on x′<sub>i</sub> alone: <b>Z<sub>i</sub> = g(x′<sub>i</sub>)</b> with the rising tone curve "
    "<i>g(t) = T · d/dt log Σ<sub>k</sub> exp(t x′<sub>k</sub> / T)</i>. So Z is x through one curve, exact from the grey levels, "
    "and nothing of size (HW)² is stored."
)


class ToneTool(QWidget):
    """The curve, the check that Z lies on it, the check against torch, and what a permutation does."""

    def __init__(self, store: Store[ConvolutionState], services: Services) -> None:
        super().__init__()
        self._store = store
        self._services = services
        self._scene: AttentionScene | None = None
        self.plot = CurvePlot("Tone curve", "x′", "Z = g(x′)")
        self.plot.setFixedHeight(190)
        self.words = text_label(selectable=True)
        self.slope = Badge("Z against the tone curve")
        self.badge = Badge("Attention against torch")
        self.permutation = text_label(selectable=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 0)
        for widget in (text_label(INTRODUCTION, muted=True), self.plot, self.words, self.slope, self.badge, self.permutation):
            box.addWidget(widget)
        box.addStretch(1)

    def follow(self, scene: AttentionScene) -> None:
        """A new scene is on screen."""
        self._scene = scene
        attention = scene.attention
        ts, curve = scene.curve()
        levels = attention.levels
        marks = (levels, attention.tone_curve(levels)) if levels.size <= 400 else None
        ends = np.array([ts[0], ts[-1]])
        self.plot.show_curve(ts, curve, reference=(ends, ends), marks=marks)
        low, high = attention.relative_range()
        size = attention.size
        self.words.setText(
            f"HW = {size:,} pixels, <b>{levels.size:,}</b> grey levels. P · HW goes from <b>{format_number(low)}</b> to "
            f"<b>{format_number(high)}</b> (1 is uniform). P has {size * size:,} entries; "
            f"the curve needs {levels.size:,} levels and their counts. Dashed: Z = x."
            + (" exp(score) itself would overflow here; the row's largest score is taken off first." if attention.exp_overflows else "")
        )
        gap = scene.largest_gap
        reach = max(1.0, float(np.abs(levels).max()))
        self.slope.show_verdict(
            "good" if gap <= SLOPE_TOLERANCE * reach else "bad",
            f"max |Z − numerical slope of T log Σ exp| = {format_number(gap)}",
            "The curve's slope is taken by central differences, so it agrees to about ten digits less the step",
        )
        self.badge.show_verdict("waiting", "checking against torch")
        self._services.ask(
            "sdpa",
            "hw2gui.convolution.attention_reference:check_attention",
            {"attention": attention},
            self._checked,
            failed=lambda why: self.badge.show_verdict("note", why),
            what="Checking against torch's attention",
        )
        self.permutation.setText(self._permutation_words(scene))

    def probe(self, i: int | None) -> None:
        """Mark pixel *i* on the curve."""
        scene = self._scene
        if scene is None or i is None:
            self.plot.show_point(None)
            return
        t = scene.attention.vector[i]
        self.plot.show_point(float(t), float(scene.attention.tone_curve(np.array([t]))[0]))

    def _checked(self, check: AttentionCheck) -> None:
        scene = self._scene
        assert scene is not None
        reach = max(1.0, float(np.abs(scene.attention.levels).max()))
        rows = "" if check.rows == check.size else f" on {check.rows:,} of {check.size:,} pixels"
        words = f"max |Z − scaled_dot_product_attention|{rows} = {format_number(check.max_abs_error)}"
        self.badge.show_verdict("good" if check.max_abs_error <= TOLERANCE * reach else "bad", words)

    def _permutation_words(self, scene: AttentionScene) -> str:
        gaps = permutation_gaps(self._store.state, scene)
        if gaps is None:
            return ""
        return (
            "<b>Permute the pixels</b> (box at the left): attention knows no places, so its output moves along, "
            f"max |Z(permuted x) − permuted Z(x)| = <b>{format_number(gaps[0])}</b>. A convolution does look at neighbours: for "
            f"the kernel on the other page the same difference is <b>{format_number(gaps[1])}</b>."
        )
