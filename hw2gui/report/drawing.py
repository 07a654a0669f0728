"""The document's figures, drawn by matplotlib on white: alone for a file, or into a place on a page."""

from __future__ import annotations

import io
import math

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from hw2gui.report.items import Drawn, Pictures
from hw2gui.training.figures import draw_curves
from hw2gui.training.plots import Plot

Rectangle = tuple[float, float, float, float]
"""Left, bottom, width, height, in inches."""

COLUMNS = 9
_SMALL = 7
_MARGINS = (0.75, 0.55, 0.15, 0.3)
"""Left, bottom, right, top of a plot's axes, for its labels, in inches."""
_LINE, _LETTER, _KEY = 0.19, 0.068, 0.5
"""Of a legend, in inches: the height of a line, about the width of a letter, and the line and the gaps beside a name."""


def height_for(content: Plot | Pictures, width: float) -> float:
    """The height in inches that suits *width* inches."""
    if isinstance(content, Plot):
        return min(2.6, 0.52 * width) + _LINE * _legend_rows(content, width)
    columns = min(COLUMNS, len(content.images))
    side = _side(content, width)
    return math.ceil(len(content.images) / columns) * (side + 0.24)


def draw(figure: Figure, place: Rectangle, content: Plot | Pictures) -> None:
    """Draw *content* into *place* on *figure*."""
    left, bottom, width, height = place
    if isinstance(content, Plot):
        # The legend stands under the plot: inside, it would lie on the curves and on the report's values.
        rows = _legend_rows(content, width)
        low = _MARGINS[1] + _LINE * rows
        axes = _axes(figure, (left + _MARGINS[0], bottom + low, width - _MARGINS[0] - _MARGINS[2], height - low - _MARGINS[3]))
        below = ((left + width / 2) / figure.get_figwidth(), (bottom + _LINE * rows + 0.08) / figure.get_figheight())
        columns = math.ceil(len(_names(content)) / rows)
        draw_curves(
            axes, content, loc="upper center", bbox_to_anchor=below, bbox_transform=figure.transFigure, ncol=columns, borderaxespad=0.0
        )
        return
    side = _side(content, width)
    columns = min(COLUMNS, len(content.images))
    start = left + (width - columns * (side + 0.08)) / 2
    norm = Normalize(-content.reach, content.reach) if content.signed else Normalize(0, content.reach)
    for number, (image, title) in enumerate(zip(content.images, content.titles, strict=True)):
        row, column = divmod(number, columns)
        axes = _axes(figure, (start + column * (side + 0.08), bottom + height - (row + 1) * (side + 0.24), side, side))
        axes.imshow(image, cmap="RdBu_r" if content.signed else content.colours, norm=norm, interpolation="nearest")
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set_title(title, fontsize=_SMALL, pad=2, parse_math=False)


def figure(drawn: Drawn, width: float = 6.4) -> Figure:
    """The figure alone, *width* inches wide, without its caption."""
    sheet = Figure(figsize=(width, height_for(drawn.content, width)), facecolor="white")
    draw(sheet, (0, 0, width, sheet.get_figheight()), drawn.content)
    return sheet


def svg(drawn: Drawn) -> str:
    """The figure as SVG, without a date."""
    written = io.StringIO()
    # With this the names of its parts are the same each time, and so is the file.
    with rc_context({"svg.hashsalt": drawn.name}):
        figure(drawn).savefig(written, format="svg", metadata={"Date": None})
    return written.getvalue()


def caption(drawn: Drawn) -> str:
    """Number, caption, and the scale of pictures."""
    scale = f" {drawn.content.scale[0].upper()}{drawn.content.scale[1:]}." if isinstance(drawn.content, Pictures) else ""
    number = f"{drawn.number}. " if drawn.number else ""
    return f"{number}{drawn.caption}{scale}".strip()


def _names(plot: Plot) -> list[str]:
    """What the legend of *plot* says."""
    named = {line.group for line in plot.lines if not line.thin}
    return [line.label for line in plot.lines if not (line.thin and line.group in named)] + [level.label for level in plot.levels]


def _legend_rows(plot: Plot, width: float) -> int:
    """So many lines the legend takes on *width* inches."""
    names = _names(plot)
    columns = max(1, int((width - _MARGINS[2]) / (max(map(len, names), default=1) * _LETTER + _KEY)))
    return math.ceil(len(names) / columns)


def _side(content: Pictures, width: float) -> float:
    columns = min(COLUMNS, len(content.images))
    return min(1.25, width / columns - 0.08)


def _axes(figure: Figure, place: Rectangle) -> Axes:
    across, up = figure.get_figwidth(), figure.get_figheight()
    return figure.add_axes((place[0] / across, place[1] / up, place[2] / across, place[3] / up))
