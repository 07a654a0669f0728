"""The beam search as a picture for export: its columns or its tree, drawn by matplotlib on white, with settings and formula under it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path as Curve

from hw2gui.seq2seq.beam_scene import Key, Layout, Node, living, scene, winner
from hw2gui.seq2seq.beam_words import label_of, minus, settings_words
from hw2gui.seq2seq.results import SCORE_FORMULA
from hw2gui.seq2seq.trace import Trace

PITCH, LANE, WIDTH, HEIGHT = 0.86, 0.4, 0.56, 0.33
"""Inches: from column to column, a lane, a node."""
LARGEST = 60.0
"""Inches of a side at most; what needs more is drawn smaller."""
_INK, _PALE, _FAINT, _OPEN, _DONE, _BEST = "#222222", "#666666", "#b8b8b8", "#0072b2", "#009e73", "#d55e00"


def beam_search_figure(
    trace: Trace, symbols: Sequence[str], layout: Layout, step: int | None = None, title: str = "", pruned: int = 3
) -> Figure:
    """The search up to *step* (None: to its end) as *layout* says; the best hypothesis' path is orange, dead branches grey."""
    last = len(trace.steps) - 1 if step is None else min(step, len(trace.steps) - 1)
    drawn = scene(trace, layout, pruned)
    nodes = drawn.upto(last)
    alive, best = living(trace, last), frozenset(winner(trace, last))
    columns, lanes = last + 2, max(node.lane for node in nodes) + 1
    wide, high = columns * PITCH + 0.2, lanes * LANE + 0.9
    scale = min(1.0, LARGEST / wide, LARGEST / high)
    figure = Figure(figsize=(max(wide * scale, 4.0), high * scale), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(-0.1, max(wide, 4.0 / scale) - 0.1)
    axes.set_ylim(high - 0.3, -0.3)
    places = {node.key: node for node in nodes}
    for node in nodes:
        if node.parent is not None:
            _edge(axes, places[node.parent], node, _colour(node, alive, best))
    for node in nodes:
        _node(axes, node, symbols, _colour(node, alive, best), scale)
    for column in range(1, columns):
        axes.text(column * PITCH + WIDTH / 2, -0.12, str(column), ha="center", va="center", fontsize=7 * scale, color=_PALE)
    caption = f"{title} After step {last + 1} of {len(trace.steps)}: {settings_words(trace.options)}; {SCORE_FORMULA}. Numbers are scores."
    lines = textwrap.fill(" ".join(caption.split()), max(40, int(max(wide, 4.0) * 18)))
    axes.text(0, high - 0.4, lines, fontsize=7 * scale, color=_INK, va="bottom", parse_math=False)
    return figure


def _colour(node: Node, alive: frozenset[Key], best: frozenset[Key]) -> str:
    if node.key in best:
        return _BEST
    if node.key not in alive:
        return _FAINT
    return _DONE if node.kind in ("complete", "stays") else _OPEN


def _corner(node: Node) -> tuple[float, float]:
    return node.column * PITCH, node.lane * LANE


def _edge(axes: Axes, one: Node, other: Node, colour: str) -> None:
    (x, y), (right, below) = _corner(one), _corner(other)
    start, end = (x + WIDTH, y + HEIGHT / 2), (right, below + HEIGHT / 2)
    middle = (start[0] + end[0]) / 2
    curve = Curve([start, (middle, start[1]), (middle, end[1]), end], [Curve.MOVETO, Curve.CURVE4, Curve.CURVE4, Curve.CURVE4])
    style = "--" if other.kind == "pruned" else ":" if other.kind == "stays" else "-"
    axes.add_patch(PathPatch(curve, fill=False, edgecolor=colour, linewidth=1.0, linestyle=style))


def _node(axes: Axes, node: Node, symbols: Sequence[str], colour: str, scale: float) -> None:
    x, y = _corner(node)
    style = "--" if node.kind == "pruned" else ":" if node.kind == "stays" else "-"
    heavy = 1.8 if node.kind == "complete" else 1.0
    box = FancyBboxPatch((x, y), WIDTH, HEIGHT, boxstyle="round,pad=0,rounding_size=0.05", linewidth=heavy, linestyle=style)
    box.set(facecolor="white", edgecolor=colour)
    axes.add_patch(box)
    ink = _PALE if colour == _FAINT else _INK
    text = label_of(node.place, symbols) if node.place is not None else "start"
    middle = x + WIDTH / 2
    if node.place is None:
        axes.text(middle, y + HEIGHT / 2, text, ha="center", va="center", fontsize=8 * scale, color=ink)
        return
    axes.text(middle, y + HEIGHT * 0.34, text, ha="center", va="center", fontsize=10 * scale, color=ink, parse_math=False)
    axes.text(middle, y + HEIGHT * 0.79, minus(node.place.score, 2), ha="center", va="center", fontsize=6 * scale, color=_PALE)
