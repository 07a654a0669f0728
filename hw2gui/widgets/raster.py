"""Cells to pixels: the picture behind a :class:`~hw2gui.widgets.matrix_view.MatrixView`, made with numpy at device resolution."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from hw2gui.arrays import Booleans, Floats, Ints
from hw2gui.colour import Scale
from hw2gui.widgets.cells import CellSource
from hw2gui.widgets.theme import mono_font
from hw2gui.widgets.themes import Theme
from hw2gui.widgets.viewport import Axis

LINES_FROM = 9
"""Lines between cells are drawn from this cell size on, in logical pixels."""

BLOCK_LINES_FROM = 5
"""Lines between blocks are drawn when a block is at least this large, in logical pixels."""

VALUES_FROM, VALUES_HIGH = 22, 14
"""Values are printed in cells from this width and height on, in logical pixels."""

SHARE_CHARACTERS = 4
"""Shares are printed to three decimals where there is room for so many characters."""

ZEROS_FROM = 40
"""Zeros as well from this width on; in a sparse matrix they would hide the rest."""

EVEN_LUMINANCE = 0.05 * (21**0.5 - 1)
"""(L + 0.05) / 0.05 = 1.05 / (L + 0.05)"""


def raster(
    source: CellSource | None, across: Axis, down: Axis, scale: Scale, theme: Theme, blocks: tuple[int, int] | None, ratio: float = 1.0
) -> QImage:
    """The visible part of *source* at device resolution, with the lines between cells and between *blocks* of (rows, columns)."""
    pixels = np.full((down.extent, across.extent), _rgb(theme.empty), dtype=np.uint32)
    if source is not None:
        row_edges, row_group = down.layout()
        col_edges, col_group = across.layout()
        rows, cols = np.flatnonzero(row_group >= 0), np.flatnonzero(col_group >= 0)
        if rows.size and cols.size:
            colours = scale.colours(_group_values(source, across, down, row_edges, col_edges), theme.dark, int(_rgb(theme.mixed)))
            tile = colours[row_group[rows]][:, col_group[cols]]
            _draw_lines(tile, row_edges, row_group[rows], down.cell, ratio, blocks[0] if blocks else None, theme)
            _draw_lines(tile.T, col_edges, col_group[cols], across.cell, ratio, blocks[1] if blocks else None, theme)
            _lay(tile, pixels, rows, cols)
    # Without transparency: it is copied to the screen at every move of the pointer.
    return _image(pixels, QImage.Format.Format_RGB32)


def mask_raster(source: CellSource, across: Axis, down: Axis, colour: QColor) -> QImage:
    """Transparent but for the cells of *source* that are not 0 (and pixels that hold any), which have *colour*."""
    pixels = np.zeros((down.extent, across.extent), dtype=np.uint32)
    row_edges, row_group = down.layout()
    col_edges, col_group = across.layout()
    rows, cols = np.flatnonzero(row_group >= 0), np.flatnonzero(col_group >= 0)
    if rows.size and cols.size:
        lit = _group_values(source, across, down, row_edges, col_edges) != 0
        share = colour.alphaF()
        premultiplied = QColor.fromRgbF(colour.redF() * share, colour.greenF() * share, colour.blueF() * share, share).rgba()
        _lay(np.where(lit[row_group[rows]][:, col_group[cols]], np.uint32(premultiplied), np.uint32(0)), pixels, rows, cols)
    return _image(pixels, QImage.Format.Format_ARGB32_Premultiplied)


def _lay(tile: NDArray[np.uint32], pixels: NDArray[np.uint32], rows: NDArray[np.intp], cols: NDArray[np.intp]) -> None:
    # Pixels with cells are neighbours, so slices do.
    pixels[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1] = tile


def _image(pixels: NDArray[np.uint32], kind: QImage.Format) -> QImage:
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, kind).copy()


def _group_values(source: CellSource, across: Axis, down: Axis, row_edges: Ints, col_edges: Ints) -> Floats:
    if across.cell >= 1 and down.cell >= 1:
        return source.values(range(int(row_edges[0]), int(row_edges[-1])), range(int(col_edges[0]), int(col_edges[-1])))
    return source.overview(row_edges, col_edges)


def _draw_lines(tile: NDArray[np.uint32], edges: Ints, group: Ints, cell: float, ratio: float, block: int | None, theme: Theme) -> None:
    """Mix a line into the first pixel row of each cell and of each block; for columns, pass the transposed tile."""
    if group.size < 2:
        return
    begins = np.flatnonzero(np.diff(group)) + 1
    lined = cell >= LINES_FROM * ratio
    if lined:
        tile[begins] = _mixed(tile[begins], theme.muted, 0.18)
    if block is not None and block > 1 and block * cell >= BLOCK_LINES_FROM * ratio:
        # A pixel begins a block when a multiple of the block size lies among its cells.
        first, last = edges[group[begins]], edges[group[begins] + 1] - 1
        starts = begins[(last // block) != ((first - 1) // block)]
        tile[starts] = _mixed(tile[starts], theme.muted, 0.6 if lined else 0.22)


def _mixed(colours: NDArray[np.uint32], line: str, share: float) -> NDArray[np.uint32]:
    """*colours* with *share* of the colour *line* mixed in."""
    result = np.full(colours.shape, 0xFF000000, dtype=np.uint32)
    target = int(_rgb(line))
    for shift in (0, 8, 16):
        channel = ((colours >> np.uint32(shift)) & np.uint32(0xFF)).astype(np.float32)
        mixed = channel * (1 - share) + ((target >> shift) & 0xFF) * share
        result |= mixed.astype(np.uint32) << np.uint32(shift)
    return result


def draw_values(image: QImage, source: CellSource, across: Axis, down: Axis, scale: Scale, theme: Theme, ratio: float) -> None:
    """Print the values into cells that are large enough for them: all, or in small cells those that are not 0."""
    width, height = across.cell / ratio, down.cell / ratio
    if width < VALUES_FROM or height < VALUES_HIGH:
        return
    rows, cols = down.visible, across.visible
    values = source.values(rows, cols)
    printed = np.ones(values.shape, dtype=bool) if width >= ZEROS_FROM else values != 0
    light = is_light(scale.colours(values, theme.dark))
    painter = QPainter(image)
    painter.setFont(mono_font(min(10.0, max(6.5, width / 4.6))))
    # Digits that touch those of the next cell cannot be told from them.
    characters = max(2, int((width - 4) / painter.fontMetrics().horizontalAdvance("0")))
    share = scale.map == "sequential" and (scale.low, scale.high) == (0.0, 1.0) and characters >= SHARE_CHARACTERS
    for dark_text in (True, False):
        painter.setPen(QColor("#000000" if dark_text else "#ffffff"))
        for row, col in np.argwhere(printed & (light == dark_text)).tolist():
            value = float(values[row, col])
            text = share_text(value) if share and 0 <= value <= 1 else short_number(value, characters)
            place = QRectF(across.position(cols[col]) / ratio, down.position(rows[row]) / ratio, width, height)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text if len(text) <= characters else shortest(value, characters))
    painter.end()


def shortest(value: float, characters: int) -> str:
    """*value* where there is no room for even one significant digit: rounded to the decimals there are, ``≈0`` if none is left of it,
    or ``…``.
    """
    places = characters - 1 - (value < 0)
    if abs(value) >= 1 or places < 1:
        return "…"
    rounded = f"{value:.{places}f}"
    if not float(rounded):
        return "≈0"
    return rounded.replace("-", "−").replace("0.", ".", 1) if abs(float(rounded)) < 1 else "…"


def share_text(value: float) -> str:
    """A share or probability among others, to three decimals all: ``.041``. 0 and 1 are printed for these alone."""
    if value in (0.0, 1.0):
        return str(int(value))
    if value < 0.0005:
        return "≈0"
    return "≈1" if value >= 0.9995 else f"{value:.3f}"[1:]


def short_number(value: float, characters: int = 7) -> str:
    """*value* for a cell or a legend, in *characters* characters where that is possible, with a true minus sign.

    A text that looks like a whole number is that number: 1 is printed for 1 alone, and 0.9999 becomes 1.0 where there is no room
    for more. Everything else is rounded to the most of at most four significant digits for which there is room, in decimal or,
    where that is shorter, with an exponent. A zero before the point is left out.
    """
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞" if value > 0 else "−∞"
    if value == int(value) and len(str(int(value))) <= min(characters, 15):
        return str(int(value)).replace("-", "−")
    texts = [text for digits in (4, 3, 2, 1) for text in (_decimal(value, digits), _scientific(value, digits)) if text]
    return next((text for text in texts if len(text) <= characters), min(texts, key=len)).replace("-", "−")


def _decimal(value: float, digits: int) -> str:
    exponent = int(f"{value:.{digits - 1}e}".partition("e")[2])
    if not -5 <= exponent <= 6:
        return ""
    text = f"{value:.{max(0, digits - 1 - exponent)}f}"
    if "." not in text:
        return f"{text}."
    text = text.rstrip("0")
    text = f"{text}0" if text.endswith(".") else text
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def _scientific(value: float, digits: int) -> str:
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}e{int(exponent)}"


def _rgb(colour: str) -> np.uint32:
    return np.uint32(0xFF000000 | int(colour[1:], 16))


def is_light(colours: NDArray[np.uint32]) -> Booleans:
    """Where black is easier to read than white: WCAG 2's relative luminance, at which both have the same contrast (4.58 : 1)."""
    luminance = np.zeros(colours.shape)
    for shift, share in ((16, 0.2126), (8, 0.7152), (0, 0.0722)):
        channel = ((colours >> np.uint32(shift)) & np.uint32(0xFF)) / 255.0
        luminance += share * np.where(channel <= 0.04045, channel / 12.92, ((channel + 0.055) / 1.055) ** 2.4)
    light: Booleans = luminance > EVEN_LUMINANCE
    return light
