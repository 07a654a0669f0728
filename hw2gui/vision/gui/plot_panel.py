"""A plot as plain data (`hw2gui.training.plots`) on the screen, and from there into a file."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from hw2gui.training import plots
from hw2gui.widgets.live_plot import LivePlot
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.plot_lines import Level, Line


class PlotPanel(Panel):
    """Shows one plot; *save* is asked to draw it into a file of the suffix chosen."""

    def __init__(self, save: Callable[[plots.Plot, str], None], empty: str = "") -> None:
        """*empty*: the sentence that stands for a plot there is not yet."""
        self.view = LivePlot("Plot", "", "", empty)
        super().__init__("", self.view, exports=True, key="Plot")
        self._plot: plots.Plot | None = None
        self.offer_export(False)
        self.export_requested.connect(lambda suffix: save(self._plot, suffix) if self._plot is not None else None)

    @property
    def plot(self) -> plots.Plot | None:
        """What is shown."""
        return self._plot

    def show_plot(self, plot: plots.Plot | None) -> None:
        """Show *plot*, or empty axes."""
        self._plot = plot
        self.offer_export(plot is not None)
        self.title.setText(plot.title if plot is not None else "Plot")
        if plot is None:
            self.view.set_labels("", "")
            self.view.show_lines(())
            return
        self.view.setAccessibleName(plot.title)
        self.view.set_labels(plot.x_label, plot.y_label)
        self.view.set_whole(across=plot.x_label == "epoch")  # there is none of one and a half
        self.view.set_log(across=plot.log_x, down=plot.log_y)
        averaged = {line.group for line in plot.lines if not line.thin}
        lines = tuple(_live(line, unnamed=line.thin and line.group in averaged) for line in plot.lines)
        self.view.show_lines(lines, tuple(Level(level.label, level.value) for level in plot.levels), plot.marks)


def _live(line: plots.Line, *, unnamed: bool) -> Line:
    low, high = (np.array(edge) if edge else None for edge in (line.low, line.high))
    width = 1.0 if line.thin else 1.6
    return Line(
        line.label,
        np.array(line.x),
        np.array(line.y),
        line.group,
        width,
        dashed=line.dashed,
        faint=line.thin,
        low=low,
        high=high,
        unnamed=unnamed,
    )
