"""Pictures of a reading, for the worker."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hw2gui.arrays import Floats
from hw2gui.figures import save
from hw2gui.seq2seq import figures


def save_attention(
    attention: Floats,
    source: Sequence[str],
    output: Sequence[str],
    title: str,
    visual: bool,
    hints: bool,
    path: str,
    lines: bool = False,
) -> None:
    """The attention of one output as a picture, a map or *lines*. InputError and UnavailableError as `hw2gui.figures.save`."""
    figure = figures.attention_figure(attention, source, output, title, lines=lines, visual=visual, hints=hints)
    save(figure, Path(path))
