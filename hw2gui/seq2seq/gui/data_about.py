"""What is known of a set of pairs, in words and as curves of the texts' lengths."""

from __future__ import annotations

from html import escape
from pathlib import Path

import numpy as np

from hw2gui.datasets import registry
from hw2gui.datasets.registry import Dataset
from hw2gui.seq2seq.data_view import CorpusView, TableView, about_words
from hw2gui.widgets.plot_lines import Line


def length_lines(view: CorpusView) -> tuple[Line, ...]:
    """How many pairs have a source, and a target, of each length."""
    lines = []
    for hue, (name, counts) in enumerate(zip(("sources", "targets"), view.lengths, strict=True)):
        xs = np.arange(1.0, max(counts, default=0) + 1)
        lines.append(Line(name, xs, np.array([float(counts.get(int(x), 0)) for x in xs]), hue, dashed=hue == 1))
    return tuple(lines)


def state_words(dataset: Dataset) -> str:
    """Where it is, in a word or two."""
    if dataset.built_in:
        return "built in"
    return "here" if registry.is_present(dataset) else "not on this computer"


def about_html(dataset: Dataset | None, view: CorpusView | None, table: TableView | None) -> str:
    """All there is to say: where it is from, what is in it, whom to thank; as far as it is there."""
    parts: list[str] = []
    if dataset is not None:
        parts.append(f"<b>{escape(dataset.title)}</b>")
        if not registry.is_present(dataset):
            parts.append(f"Not on this computer: {escape(dataset.how_to_get)}. {dataset.size / 1e6:.1f} MB.")
    elif table is not None:
        parts.append(f"<b>{escape(Path(table.path).name)}</b><br>{escape(table.path)}")
        parts += [escape(f"{line[0].upper()}{line[1:]}.") for line in table.report]
    if view is not None:
        own = about_words(view) if table is None else about_words(view)[: -len(view.notes) or None]
        parts += [escape(line) for line in own]
    if dataset is not None:
        parts.append(f"<b>Publisher</b> {escape(dataset.publisher)}<br><b>Licence</b> {escape(dataset.licence)}")
        parts.append(f"<b>Thanks</b> {escape(dataset.attribution)}")
        if dataset.citation:
            parts.append(f"<b>Cite</b> {escape(dataset.citation)}")
    if view is not None:
        sums = "<br>".join(f"{part}: {value}" for part, value in view.sums.items())
        parts.append(f"<b>md5 of the pairs</b><br>{sums}")
    return "<div dir='ltr'>" + "".join(f"<p style='margin:0 0 7px 0'>{part}</p>" for part in parts) + "</div>"
