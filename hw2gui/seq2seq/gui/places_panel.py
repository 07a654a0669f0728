"""Errors by their place in the reference, and by the length of the source."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hw2gui.seq2seq.error_places import Details, length_bins, shown_positions
from hw2gui.seq2seq.measurement import Measurement
from hw2gui.seq2seq.metrics import LengthBin
from hw2gui.widgets import theme
from hw2gui.widgets.live_plot import LivePlot
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.plot_lines import Line

KINDS = ("replaced", "left out", "inserted before")


class PlacesPanel(QWidget):
    """Two panels side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.position = LivePlot("Errors by position", "position in the reference", "share")
        self.position.set_whole(across=True)
        self.length = LivePlot("Error by length", "characters in the source", "error rate")
        self.length.set_whole(across=True)
        self.position_panel = Panel("By position", self.position, exports=True)
        self.length_panel = Panel("By length of the source", self.length, exports=True)
        self.length_panel.info.setText("bands: one standard error of the mean to each side")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.position_panel, 1)
        layout.addWidget(self.length_panel, 1)

    def show_details(self, details: Details | None) -> None:
        """Errors by position."""
        if details is None:
            self.position.show_lines(())
            return
        found = details.position
        at = shown_positions(found)
        xs, present = at.astype(np.float64) + 1, np.maximum(found.present[at], 1).astype(np.float64)
        parts = zip(KINDS, (found.substituted, found.deleted, found.inserted), strict=True)
        lines = (Line(name, xs, counts[at] / present, number, dashed=number == 1) for number, (name, counts) in enumerate(parts))
        self.position.show_lines(tuple(lines))

    def show_lengths(self, measurements: Sequence[Measurement], beam: int) -> tuple[tuple[LengthBin, ...], ...]:
        """Error by length of every model; answers the bins."""
        bins = tuple(length_bins(one, beam) for one in measurements)
        lines: list[Line] = []
        for number, (one, own) in enumerate(zip(measurements, bins, strict=True)):
            xs = np.array([(each.shortest + each.longest) / 2 for each in own])
            rates = np.array([each.error_rate for each in own])
            errors = np.array([each.standard_error for each in own])
            lines.append(Line(one.title, xs, rates, number, dashed=number == 1, low=rates - errors, high=rates + errors))
        self.length.show_lines(tuple(lines))
        return bins
