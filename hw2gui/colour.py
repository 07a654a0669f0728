"""Colour means one thing everywhere, on screen and in exported figures.

*Diverging* (blue – neutral – red, safe for colour-blind readers) for signed values centred on a stated middle, *sequential* (viridis) for
probabilities on a stated range, *grey* for the pixels of pictures. On a dark screen the diverging map's middle is dark, so that
zero stays quiet.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hw2gui.arrays import Floats

MapName = Literal["diverging", "sequential", "grey"]

# Anchors at equal steps. Diverging: ColorBrewer RdBu reversed (Apache 2.0); its dark twin keeps hues and order of lightness,
# outwards from dark. Sequential: samples of viridis (CC0).
_ANCHORS: dict[tuple[MapName, bool], tuple[str, ...]] = {
    ("diverging", False): ("053061", "2166ac", "4393c3", "92c5de", "d1e5f0", "f7f7f7", "fddbc7", "f4a582", "d6604d", "b2182b", "67001f"),
    ("diverging", True): ("9fd4ff", "6cb5f0", "3f8fd0", "2a648f", "1f3b52", "1c2128", "54302a", "8f4436", "cf5f4a", "f0907a", "ffc4b5"),
    ("sequential", False): ("440154", "482878", "3e4989", "31688e", "26828e", "1f9e89", "35b779", "6ece58", "b5de2b", "fde725"),
    ("grey", False): ("000000", "ffffff"),
}


@cache
def lookup_table(name: MapName, dark: bool = False) -> NDArray[np.uint32]:
    """256 colours 0xffRRGGBB (256,) from low to high. *dark* picks the variant for a dark screen where there is one."""
    anchors = _ANCHORS.get((name, dark)) or _ANCHORS[(name, False)]
    rgb = np.array([[int(anchor[k : k + 2], 16) for k in (0, 2, 4)] for anchor in anchors], dtype=float)
    at = np.linspace(0, len(anchors) - 1, 256)
    red, green, blue = (np.rint(np.interp(at, np.arange(len(anchors)), rgb[:, k])).astype(np.uint32) for k in range(3))
    table: NDArray[np.uint32] = np.uint32(0xFF000000) | (red << np.uint32(16)) | (green << np.uint32(8)) | blue
    table.setflags(write=False)
    return table


@dataclass(frozen=True)
class Scale:
    """How values become colours: a map over the closed range low..high. NaN stands for "both signs in one pixel"."""

    map: MapName
    low: float
    high: float

    @staticmethod
    def diverging(values: NDArray[np.floating] | float, middle: float = 0.0) -> Scale:
        """Symmetric about *middle*, reaching the value farthest from it (1 when all equal the middle)."""
        reach = float(np.max(np.abs(np.asarray(values) - middle), initial=0.0))
        reach = reach if np.isfinite(reach) and reach > 0 else 1.0
        return Scale("diverging", middle - reach, middle + reach)

    @staticmethod
    def grey(values: NDArray[np.floating]) -> Scale:
        """Black at 0 (or the lowest negative value), white at 1 (or the highest value above it)."""
        return Scale("grey", float(min(0.0, np.min(values, initial=0.0))), float(max(1.0, np.max(values, initial=1.0))))

    def colours(self, values: Floats, dark: bool, mixed: int = 0xFF8250C8) -> NDArray[np.uint32]:
        """0xffRRGGBB for each of *values*, in their shape; values outside the range take its ends, NaN takes *mixed*."""
        table = lookup_table(self.map, dark)
        span = self.high - self.low
        position = (values - self.low) * (255.0 / span if span > 0 else 0.0)
        bad = np.isnan(position)
        some_bad = bool(bad.any())
        if some_bad:
            position = np.where(bad, 0.0, position)
        colours = table[np.rint(np.clip(position, 0.0, 255.0)).astype(np.intp)]
        if some_bad:
            colours[bad] = np.uint32(mixed)
        return colours
