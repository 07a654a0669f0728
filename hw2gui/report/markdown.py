"""The document as Markdown, its figures as SVG files beside it."""

from __future__ import annotations

from collections.abc import Sequence

from hw2gui.report.document import Block, Grid, Heading, Illustration, Paragraph
from hw2gui.report.drawing import caption, svg
from hw2gui.training.plots import Plot
from hw2gui.writers import to_markdown


def write_markdown(blocks: Sequence[Block], folder: str) -> tuple[str, dict[str, str]]:
    """The text, and the pictures by their path (in *folder*, as the text links them)."""
    pictures: dict[str, str] = {}
    parts = []
    for block in blocks:
        match block:
            case Heading(text, level, _):
                parts.append(f"{'#' * level} {_escaped(text)}")
            case Paragraph(text, lead, _):
                parts.append(f"**{_escaped(lead)}** {_escaped(text)}" if lead else _escaped(text))
            case Grid(table):
                parts.append(to_markdown(table).rstrip())
            case Illustration(drawn):
                path = f"{folder}/{drawn.name}.svg"
                pictures[path] = svg(drawn)
                words = _escaped(caption(drawn))
                seen = _escaped(drawn.content.title if isinstance(drawn.content, Plot) else drawn.number or drawn.name)
                parts.append(f"![{seen}]({path})\n\n{words}" if words else f"![{seen}]({path})")
    return "\n\n".join(parts) + "\n", pictures


def _escaped(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\`*_<>[]#" else character for character in text)
