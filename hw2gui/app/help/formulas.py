"""Formulas as pictures: matplotlib's mathtext, drawn in the worker, where matplotlib is loaded without anybody waiting."""

from __future__ import annotations

import io

POINTS = 13.0
MARGIN = 1.0
"""Around each picture, in points: nothing of an integral sign is cut off."""


def as_svg(formulas: tuple[str, ...], colour: str) -> tuple[bytes, ...]:
    """Each of *formulas* (mathtext, without dollars) as an SVG picture in *colour* (#rrggbb) on nothing."""
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    font = FontProperties(size=POINTS, math_fontfamily="cm")
    drawn = []
    for formula in formulas:
        width, height, depth, *_ = MathTextParser("path").parse(f"${formula}$", dpi=72, prop=font)
        width, height = width + 2 * MARGIN, height + 2 * MARGIN
        figure = Figure(figsize=(width / 72, height / 72))
        figure.text(MARGIN / width, (depth + MARGIN) / height, f"${formula}$", fontproperties=font, color=colour)
        picture = io.BytesIO()
        figure.savefig(picture, format="svg", transparent=True)
        drawn.append(picture.getvalue())
    return tuple(drawn)
