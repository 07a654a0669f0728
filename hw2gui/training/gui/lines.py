"""Runs' metrics as the lines of a plot: one run in all detail, several beside each other, or a race with a colour a rate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hw2gui.arrays import Floats, Ints
from hw2gui.training import plots
from hw2gui.training.fields import number_words
from hw2gui.training.metrics import Metrics
from hw2gui.training.plots import Plot
from hw2gui.training.room import Across
from hw2gui.training.score import Score
from hw2gui.training.survey import RunRow
from hw2gui.widgets.live_plot import LivePlot
from hw2gui.widgets.plot_lines import Level, Line

MOST_POINTS = 800
"""A longer curve is drawn through so many of its points; the screen has no more pixels."""

SMOOTHED_OVER = 0.02
"""The share of all steps whose mean loss makes a point of the smoothed curve."""

NEAR_GUESSING = 0.8
"""A run that starts from trained weights stays far below the loss of guessing; the plot need not reach up to it."""

GRID = 300
"""Points of the mean of several curves."""

AXES: dict[Across, str] = {"step": "step", "epoch": "epoch", "time": "seconds of training"}


@dataclass(frozen=True)
class Shown:
    """A run to be drawn: its row in the table, what it has measured, how many steps make an epoch (0: not known), and its colour.

    *rate* is its learning rate where it is one of a race, else None.
    """

    row: RunRow
    metrics: Metrics
    per_epoch: int = 0
    hue: int = 0
    rate: float | None = None


def coloured(rows: Sequence[tuple[RunRow, Metrics, int]]) -> tuple[Shown, ...]:
    """The runs with their colours: those that differ in nothing but rate and seed are a race, with a colour for each rate."""
    if len(rows) > 1 and len({row.likeness for row, _, _ in rows}) == 1 and rows[0][0].likeness:
        rates = sorted({row.training.learning_rate for row, _, _ in rows})
        return tuple(
            Shown(row, metrics, per_epoch, rates.index(row.training.learning_rate), row.training.learning_rate)
            for row, metrics, per_epoch in rows
        )
    return tuple(Shown(row, metrics, per_epoch, number) for number, (row, metrics, per_epoch) in enumerate(rows))


def loss_lines(shown: Sequence[Shown], across: Across) -> tuple[Line, ...]:
    """One run: the loss of every batch, faint, smoothed, and of each epoch on training and validation data. Several: smoothed."""
    if len(shown) == 1:
        return _loss_of_one(shown[0], across)

    def smooth(one: Shown) -> tuple[Floats, Floats]:
        metrics = one.metrics
        keep = thinned(metrics.steps.size)
        return place(one, metrics.steps[keep], across), smoothed(metrics.losses, _width(metrics), keep)

    return _compared(shown, smooth)


def _loss_of_one(one: Shown, across: Across) -> tuple[Line, ...]:
    metrics = one.metrics
    lines: list[Line] = []
    if metrics.steps.size:
        keep = thinned(metrics.steps.size)
        xs = place(one, metrics.steps[keep], across)
        lines.append(Line("every batch", xs, metrics.losses[keep], 0, 1.0, faint=True))
        lines.append(Line("training, smoothed", xs, smoothed(metrics.losses, _width(metrics), keep), 0))
    ends = place(one, metrics.epoch_steps, across)
    for name, title, hue in (("train_loss", "training, mean of the epoch", 2), ("validation_loss", "validation", 1)):
        if name in metrics.epoch_metrics:
            lines.append(Line(title, ends, metrics.epoch_metrics[name], hue, dashed=hue == 1))
    return tuple(lines)


def score_lines(shown: Sequence[Shown], score: Score) -> tuple[Line, ...]:
    """The score of each epoch on validation data (of a single run on test data too, where that was asked for)."""

    def validation(one: Shown) -> tuple[Floats, Floats]:
        column = one.metrics.epoch_metrics.get(f"validation_{score.metric}", np.empty(0))
        return one.metrics.epochs[: column.size].astype(np.float64), column

    if len(shown) != 1:
        return _compared(shown, validation)
    epochs = shown[0].metrics.epochs.astype(np.float64)
    return tuple(
        Line(split, epochs, shown[0].metrics.epoch_metrics[f"{split}_{score.metric}"], hue)
        for split, hue in (("validation", 1), ("test", 2))
        if f"{split}_{score.metric}" in shown[0].metrics.epoch_metrics
    )


def norm_lines(shown: Sequence[Shown], across: Across) -> tuple[Line, ...]:
    """The gradient's Euclidean norm, before clipping."""
    return _measured(shown, across, lambda metrics: (metrics.norm_steps, metrics.gradient_norms), "gradient norm")


def dead_lines(shown: Sequence[Shown], across: Across) -> tuple[Line, ...]:
    """The share of ReLU units that are 0 on all probed examples."""
    return _measured(shown, across, lambda metrics: (metrics.dead_steps, metrics.dead_shares), "dead units")


def rate_lines(shown: Sequence[Shown], across: Across) -> tuple[Line, ...]:
    """The learning rate."""
    return _measured(shown, across, lambda metrics: (metrics.rate_steps, metrics.rates), "learning rate")


def levels(shown: Sequence[Shown]) -> tuple[Level, ...]:
    """The report's value of each run whose data, model and protocol are the report's; of no other."""
    found: dict[float, str] = {}
    for one in shown:
        value = one.row.described.reference
        if value is not None:
            at = f" at {number_words(one.rate)}" if one.rate is not None else ""
            found[value] = f"the report's {value:.4f}{at}"
    return tuple(Level(name, value) for value, name in found.items())


def guessing(shown: Sequence[Shown], lines: Sequence[Line]) -> tuple[Level, ...]:
    """The loss of telling every example the same, where one is known and a curve comes near: to learn is to leave it."""
    losses = {one.row.described.chance_loss for one in shown}
    chance = losses.pop() if len(losses) == 1 else None
    highest = max((float(np.nanmax(line.ys)) for line in lines if np.isfinite(line.ys).any()), default=0.0)
    if chance is None or highest < NEAR_GUESSING * chance:
        return ()
    return (Level(f"guessing {chance:.3f}", chance),)


def marks(shown: Sequence[Shown], across: Across) -> tuple[tuple[float, str], ...]:
    """What was changed by hand while a single run trained."""
    if len(shown) != 1:
        return ()
    changes = shown[0].metrics.changes
    places = place(shown[0], np.array([change.step for change in changes], dtype=np.int64), across)
    names = {"learning_rate": "rate", "dropout": "dropout"}
    return tuple((float(x), f"{names[change.name]} {number_words(change.new)}") for x, change in zip(places, changes, strict=True))


def place(one: Shown, steps: Ints, across: Across) -> Floats:
    """Where *steps* stand on the axis: by their number, in epochs, or in seconds trained until then."""
    if across == "epoch" and one.per_epoch:
        return steps / one.per_epoch
    if across == "time" and one.metrics.rate_steps.size:
        found: Floats = np.interp(steps, [0, *one.metrics.rate_steps], [0.0, *one.metrics.seconds])
        return found
    return steps.astype(np.float64)


def smoothed(values: Floats, width: int, at: Ints) -> Floats:
    """Means over the last *width* values (fewer at the beginning) up to each of those *at* these indices."""
    sums = np.cumsum(values)
    starts = at - width
    before = np.where(starts >= 0, sums[np.maximum(starts, 0)], 0.0)
    means: Floats = (sums[at] - before) / np.minimum(at + 1, width)
    return means


def thinned(count: int) -> Ints:
    """Indices of at most `MOST_POINTS` of *count* points, the ends among them."""
    return np.unique(np.linspace(0, max(0, count - 1), min(count, MOST_POINTS)).astype(np.int64))


def mean_and_band(lines: Sequence[Line], name: str) -> Line | None:
    """The mean of *lines* over the x all of them reach, with the band from the least to the greatest; None where they share no x."""
    lines = [line for line in lines if line.xs.size]
    if not lines:
        return None
    low, high = max(line.xs[0] for line in lines), min(line.xs[-1] for line in lines)
    if low > high:
        return None
    first = lines[0].xs
    same = all(np.array_equal(line.xs[line.xs <= high], first[first <= high]) for line in lines)
    xs = first[first <= high] if same else np.linspace(low, high, GRID)
    values = np.stack([np.interp(xs, line.xs, line.ys) for line in lines])
    return Line(name, xs, values.mean(axis=0), lines[0].hue, 2.0, low=values.min(axis=0), high=values.max(axis=0))


def as_plot(plot: LivePlot, title: str, note: str) -> Plot:
    """What *plot* shows, to be drawn by matplotlib."""
    return Plot(
        title,
        *plot.labels,
        tuple(
            plots.Line(
                line.name,
                tuple(line.xs.tolist()),
                tuple(line.ys.tolist()),
                line.hue,
                line.faint,
                tuple(line.low.tolist()) if line.low is not None else (),
                tuple(line.high.tolist()) if line.high is not None else (),
                line.dashed,
            )
            for line in plot.lines
        ),
        tuple(plots.Level(level.name, level.y) for level in plot.levels),
        note,
        *plot.log,
        plot.marks,
    )


def _measured(shown: Sequence[Shown], across: Across, columns: Callable[[Metrics], tuple[Ints, Floats]], name: str) -> tuple[Line, ...]:
    def curve(one: Shown) -> tuple[Floats, Floats]:
        steps, values = columns(one.metrics)
        keep = thinned(steps.size)
        return place(one, steps[keep], across), values[keep]

    if len(shown) == 1:
        return (Line(name, *curve(shown[0]), 0),)
    return _compared(shown, curve)


def _compared(shown: Sequence[Shown], curve: Callable[[Shown], tuple[Floats, Floats]]) -> tuple[Line, ...]:
    """A line for each run; of a race a thin one for each seed, and for each rate their mean with its band."""
    if not shown or shown[0].rate is None:
        return tuple(Line(one.row.name, *curve(one), one.hue) for one in shown)
    lines: list[Line] = []
    for rate in sorted({one.rate for one in shown if one.rate is not None}):
        group = [one for one in shown if one.rate == rate]
        seeds = [Line(f"{number_words(rate)}, seed {one.row.training.seed}", *curve(one), one.hue) for one in group]
        if len(seeds) == 1:
            lines.append(replace(seeds[0], name=number_words(rate)))
            continue
        lines += [replace(seed, width=1.0, faint=True, unnamed=True) for seed in seeds]
        mean = mean_and_band(seeds, f"{number_words(rate)}, mean of {len(seeds)} seeds")
        if mean is not None:
            lines.append(mean)
    return tuple(lines)


def _width(metrics: Metrics) -> int:
    return max(1, int(metrics.steps.size * SMOOTHED_OVER))
