"""Make resources/fonts/hw2gui-kana.ttf: the homework's ten characters from our own strokes, for machines without a Japanese font.

``python tools/make_kana_font.py``, in a checkout. Every stroke is bars along its centre line with a disc at every point, all turning the
same way, so that whatever overlaps is filled.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from numpy.typing import NDArray

from hw2gui.datasets.glyphs import GLYPHS, SQUARE, spline
from hw2gui.datasets.kmnist import CLASSES

UNITS, BELOW = 1000, 120
"""Units of the em square, and how far it reaches below the base line."""
HALF = 36.0
"""Half a stroke's width."""
PIECES, CORNERS = 5, 10
HIRAGANA, JIS = 49 - 32, 17
"""Bits of OS/2's tables by which systems know what a font is for: Unicode range 49 (in the second word), code page 17."""

TARGET = Path(__file__).resolve().parents[1] / "resources" / "fonts" / "hw2gui-kana.ttf"


def main() -> None:
    """Draw and write it."""
    glyphs = {".notdef": _outline([]), **{f"kana-{name.romaji}": _outline(GLYPHS[label]) for label, name in enumerate(CLASSES)}}
    font = FontBuilder(UNITS, isTTF=True)
    font.setupGlyphOrder(list(glyphs))
    font.setupCharacterMap({ord(name.kana): f"kana-{name.romaji}" for name in CLASSES})
    font.setupGlyf(glyphs)
    font.setupHorizontalMetrics(dict.fromkeys(glyphs, (UNITS, 0)))
    font.setupHorizontalHeader(ascent=UNITS - BELOW, descent=-BELOW)
    names = {"familyName": "hw2gui Kana", "styleName": "Regular", "copyright": "The hw2gui authors", "licenseDescription": "MIT"}
    font.setupNameTable(names)
    font.setupOS2(
        sTypoAscender=UNITS - BELOW,
        sTypoDescender=-BELOW,
        usWinAscent=UNITS - BELOW,
        usWinDescent=BELOW,
        ulUnicodeRange2=1 << HIRAGANA,
        ulCodePageRange1=1 << JIS,
    )
    font.setupPost()
    font.font["head"].created = font.font["head"].modified = 0  # the same file whenever it is made
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    font.font.recalcTimestamp = False
    font.save(TARGET)
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")


def _outline(strokes: object) -> object:
    pen = TTGlyphPen(None)
    for stroke in strokes:  # type: ignore[attr-defined]
        line = spline(stroke, PIECES) * (UNITS / SQUARE)
        line = np.column_stack([line[:, 0], UNITS - BELOW - line[:, 1]])
        for start, end in pairwise(line):
            _polygon(pen, _bar(start, end))
        for point in line:
            turn = np.linspace(0, -2 * np.pi, CORNERS, endpoint=False)
            _polygon(pen, point + HALF * np.column_stack([np.cos(turn), np.sin(turn)]))
    return pen.glyph()


def _bar(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    along = (end - start) / max(1e-9, float(np.hypot(*(end - start))))
    side = HALF * np.array([-along[1], along[0]])
    return np.array([start + side, end + side, end - side, start - side])


def _polygon(pen: TTGlyphPen, points: NDArray[np.float64]) -> None:
    first, *others = [(round(x), round(y)) for x, y in points.tolist()]
    pen.moveTo(first)
    for point in others:
        pen.lineTo(point)
    pen.closePath()


if __name__ == "__main__":
    main()
