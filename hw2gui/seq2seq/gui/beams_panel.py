"""What a beam gives and costs: error, score, time and length by beam size, from the same decoding runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hw2gui.seq2seq.evaluation import BeamScores
from hw2gui.seq2seq.measurement import Measurement
from hw2gui.widgets import theme
from hw2gui.widgets.live_plot import LivePlot
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.plot_lines import Level, Line

QUANTITIES: tuple[tuple[str, str, Callable[[BeamScores], float]], ...] = (
    ("Error rate", "error rate", lambda one: one.scores.error_rate),
    ("Score of the output", "mean log P", lambda one: one.log_probability),
    ("Time", "seconds", lambda one: one.seconds),
    ("Length", "mean length", lambda one: one.scores.mean_length),
)


class BeamsPanel(Panel):
    """Four small plots over the same beam sizes; a line for each model."""

    def __init__(self) -> None:
        holder = QWidget()
        super().__init__("By beam size", holder, exports=True)
        self.plots = tuple(LivePlot(name, "beam size", down) for name, down, _ in QUANTITIES)
        for plot in self.plots:
            plot.set_whole(across=True)
        side_by_side = QHBoxLayout(holder)
        side_by_side.setContentsMargins(0, 0, 0, 0)
        side_by_side.setSpacing(theme.SPACE)
        for plot in self.plots:
            side_by_side.addWidget(plot, 1)
        self.info.setText("dashed: the error of whichever of the n best is nearest to the reference")

    def show_measurements(self, measurements: Sequence[Measurement]) -> None:
        """A line for each of *measurements*, and under the error of each what one who knows would choose of the n best."""
        for number, (plot, (_, _, value)) in enumerate(zip(self.plots, QUANTITIES, strict=True)):
            lines = [_line(one, value, hue) for hue, one in enumerate(measurements)]
            if number == 0:
                lines += [_line(one, _of_best, hue, ", best of n", dashed=True) for hue, one in enumerate(measurements)]
            levels = levels_of(number, measurements)
            xs = lines[0].xs if lines else np.empty(0)
            # A level alone would lie outside of what is seen.
            lines += [Line(level.name, xs, np.full_like(xs, level.y), 6, 1.0, faint=True, unnamed=True) for level in levels]
            plot.show_lines(tuple(lines), levels)


def levels_of(number: int, measurements: Sequence[Measurement]) -> tuple[Level, ...]:
    """What plot *number* is compared with: the report's error rate where it may be, the references' length."""
    optima = [one.evaluation.optimum for one in measurements if one.evaluation.optimum is not None]
    exact = optima[0] if optima and len(measurements) == 1 else None
    if number == 1 and exact is not None:
        mean = float(np.mean(exact.log_probabilities))
        return (Level(f"exact search: {mean:.3f}", mean),)
    if number == 0:
        values = {one.report for one in measurements if one.report is not None}
        return tuple(Level(f"the report, greedy: {value:.4f}", value) for value in sorted(values))
    if number == len(QUANTITIES) - 1 and measurements:
        return (Level("references", measurements[0].evaluation.beams[0].scores.reference_length),)
    return ()


def _of_best(one: BeamScores) -> float:
    return one.oracle.error_rate


def _line(measurement: Measurement, value: Callable[[BeamScores], float], hue: int, name: str = "", *, dashed: bool = False) -> Line:
    beams = measurement.evaluation.beams
    xs, ys = np.array([float(one.beam) for one in beams]), np.array([value(one) for one in beams])
    return Line(f"{measurement.title}{name}", xs, ys, hue, dashed=dashed or hue == 1)
