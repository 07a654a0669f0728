"""The document as PDF: A4 pages set by hand with matplotlib, so that text, tables and figures are all vectors and Arabic is shaped."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D

from hw2gui.report.document import TITLE, Block, Grid, Heading, Illustration, Paragraph
from hw2gui.report.drawing import caption, draw, height_for
from hw2gui.report.html import COLOURS
from hw2gui.writers import Table

PAGE = (595.3, 841.9)
"""A4, in points; everything here is in points from the page's upper left corner."""
MARGIN = 56.0
WIDTH = PAGE[0] - 2 * MARGIN
BOTTOM = PAGE[1] - 60.0

_INK, _MUTED, _RULE = "#1b1b1b", "#444444", "#b5b5b5"
_TEXT, _CELL, _CAPTION = 9.0, 7.2, 7.6
_HEADINGS = {1: 19.0, 2: 13.5, 3: 10.5}
_LEADING = 1.42
_GAP = 9.0
_FINE = 16
"""Between two columns of a table."""

_measure: Any = cast("Any", RendererAgg)(10, 10, 72)  # untyped in matplotlib
_fonts = {weight: FontProperties(family="DejaVu Sans", weight=weight) for weight in ("normal", "bold")}


def write_pdf(blocks: Sequence[Block], path: Path) -> None:
    """Write the pages to *path*. Raises OSError."""
    with PdfPages(path, metadata={"Title": TITLE, "Creator": "hw2gui", "CreationDate": None}) as pages:
        paper = _Paper(pages)
        for index, block in enumerate(blocks):
            paper.keep(_needed(blocks, index))
            paper.add(block)
        paper.end()


def _needed(blocks: Sequence[Block], index: int) -> float:
    """A heading wants some of what it heads beside it; a figure its whole height."""
    block = blocks[index]
    if isinstance(block, Heading):
        after = blocks[index + 1] if index + 1 < len(blocks) else None
        return 40.0 + _needed(blocks, index + 1) if isinstance(after, Heading) else 110.0 if block.level < 3 else 84.0
    if isinstance(block, Illustration):
        return height_for(block.drawn.content, WIDTH / 72) * 72 + 40
    return 0.0


class _Paper:
    """A page being filled from above."""

    def __init__(self, pages: Any) -> None:
        self._pages = pages
        self._number = 0
        self._begin()

    def _begin(self) -> None:
        self._figure = Figure(figsize=(PAGE[0] / 72, PAGE[1] / 72), facecolor="white")
        self._number += 1
        self._y = MARGIN
        self._text(PAGE[0] / 2, PAGE[1] - 34, str(self._number), _CAPTION, colour=_MUTED, align="center")

    def end(self) -> None:
        """Write the page."""
        self._pages.savefig(self._figure)

    def keep(self, height: float) -> None:
        """Turn the page unless so much room is left."""
        if height and self._y + min(height, BOTTOM - MARGIN) > BOTTOM:
            self.end()
            self._begin()

    def add(self, block: Block) -> None:
        """Set one block."""
        match block:
            case Heading(text, level, _):
                self._y += 0 if self._y == MARGIN else {1: 0.0, 2: 16.0, 3: 11.0}[level]
                self._lines(wrapped(text, _HEADINGS[level], WIDTH, "bold"), _HEADINGS[level], weight="bold")
                self._y += 3
            case Paragraph():
                self._paragraph(block)
            case Grid(table):
                self._table(table)
            case Illustration(drawn):
                height = height_for(drawn.content, WIDTH / 72)
                draw(self._figure, (MARGIN / 72, (PAGE[1] - self._y) / 72 - height, WIDTH / 72, height), drawn.content)
                self._y += height * 72 + 4
                self._lines(wrapped(caption(drawn), _CAPTION, WIDTH), _CAPTION, colour=_MUTED)
                self._y += 8

    def _paragraph(self, block: Paragraph) -> None:
        lead = f"{block.lead} " if block.lead else ""
        indent = width_of(f"{lead} ", _TEXT, "bold") if lead else 0.0
        colour = COLOURS[block.kind] if block.kind else _INK
        for number, line in enumerate(wrapped(block.text, _TEXT, WIDTH, first=indent)):
            self.keep(_TEXT * _LEADING)
            if number == 0 and lead:
                self._text(MARGIN, self._y, lead.strip(), _TEXT, colour=colour, weight="bold")
            self._text(MARGIN + (indent if number == 0 else 0), self._y, line, _TEXT)
            self._y += _TEXT * _LEADING
        self._y += 3.5

    def _lines(self, lines: Sequence[str], size: float, *, colour: str = _INK, weight: str = "normal") -> None:
        for line in lines:
            self.keep(size * _LEADING)
            self._text(MARGIN, self._y, line, size, colour=colour, weight=weight)
            self._y += size * _LEADING

    def _table(self, table: Table) -> None:
        widths = column_widths(table)
        self._y += 6
        self.keep(74)
        self._lines(wrapped(table.title, _CAPTION + 0.6, WIDTH, "bold"), _CAPTION + 0.6, weight="bold")
        self._y += 2
        self._head(table, widths)
        for row in table.all_rows:
            cells = [wrapped(cell, _CELL, width) for cell, width in zip(row, widths, strict=True)]
            height = max(map(len, cells)) * _CELL * _LEADING + 4
            if self._y + height > BOTTOM:
                self._rule(0.9)
                self.end()
                self._begin()
                self._head(table, widths)
            self._row(cells, widths, table.numeric)
            self._y += height
            self._rule(0.3, _RULE)
        self._rule(0.9)
        self._y += 5
        for note in table.notes:
            self._lines(wrapped(note, _CAPTION, WIDTH), _CAPTION, colour=_MUTED)
        self._y += 6

    def _head(self, table: Table, widths: Sequence[float]) -> None:
        self._rule(0.9)
        cells = [wrapped(cell, _CELL, width, "bold") for cell, width in zip(table.header, widths, strict=True)]
        self._row(cells, widths, table.numeric, weight="bold")
        self._y += max(map(len, cells)) * _CELL * _LEADING + 4
        self._rule(0.6)

    def _row(self, cells: Sequence[Sequence[str]], widths: Sequence[float], numeric: Sequence[bool], weight: str = "normal") -> None:
        x = MARGIN
        for lines, width, right in zip(cells, widths, numeric, strict=True):
            for number, line in enumerate(lines):
                place = x + width if right else x
                self._text(place, self._y + 3 + number * _CELL * _LEADING, line, _CELL, weight=weight, align="right" if right else "left")
            x += width + _GAP

    def _rule(self, thickness: float, colour: str = _INK) -> None:
        across = (MARGIN / PAGE[0], 1 - MARGIN / PAGE[0])
        up = 1 - self._y / PAGE[1]
        self._figure.add_artist(Line2D(across, (up, up), linewidth=thickness, color=colour, transform=self._figure.transFigure))

    def _text(self, x: float, y: float, text: str, size: float, *, colour: str = _INK, weight: str = "normal", align: str = "left") -> None:
        # On the baseline, so that a line with accents or Arabic stands where its neighbours stand.
        look: dict[str, Any] = {"ha": align, "va": "baseline", "fontsize": size, "color": colour, "parse_math": False}
        self._figure.text(x / PAGE[0], 1 - (y + size) / PAGE[1], text, fontproperties=_sized(weight, size), **look)


@lru_cache(maxsize=20_000)
def width_of(text: str, size: float, weight: str = "normal") -> float:
    """The width of *text* in points."""
    # At a size where rounding to pixels is nothing.
    return float(_measure.get_text_width_height_descent(text, _sized(weight, size * _FINE), False)[0]) / _FINE


def wrapped(text: str, size: float, width: float, weight: str = "normal", first: float = 0.0) -> list[str]:
    """*text* in lines of at most *width* points, the first one shorter by *first*; a word that is longer is cut."""
    lines: list[str] = []
    line = ""
    room = width - first
    for word in text.split():
        tried = f"{line} {word}" if line else word
        if width_of(tried, size, weight) <= room:
            line = tried
            continue
        if line:
            lines.append(line)
            room = width
        line = word
        while width_of(line, size, weight) > room and len(line) > 1:
            word, own = line, room
            cut = max(1, bisect_right(range(1, len(word)), own, key=lambda at: width_of(word[:at], size, weight)))
            lines.append(line[:cut])
            line, room = line[cut:], width
    return [*lines, line] if line or not lines else lines


def column_widths(table: Table) -> list[float]:
    """Widths in points that fill the page at most: as wide as the cells where there is room, else the wide columns give way."""
    columns = list(zip(table.header, *table.all_rows, strict=True))
    natural = [max(width_of(cell, _CELL, "bold" if row == 0 else "normal") for row, cell in enumerate(column)) + 1 for column in columns]
    room = WIDTH - _GAP * (len(columns) - 1)
    widths = list(natural)
    while sum(widths) > room + 0.01:
        widest = max(widths)
        second = max((width for width in widths if width < widest - 0.01), default=0.0)
        count = sum(width > widest - 0.01 for width in widths)
        give = min(widest - second, (sum(widths) - room) / count)
        widths = [width - give if width > widest - 0.01 else width for width in widths]
    return widths


def _sized(weight: str, size: float) -> FontProperties:
    font = _fonts[weight].copy()
    font.set_size(size)
    return font
