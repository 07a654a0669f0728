"""One direction of a convolution. The two directions are independent: a tap (m, n) hits when m hits and n hits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hw2gui.arrays import Booleans, Ints
from hw2gui.convolution.geometry import Geometry


@dataclass(frozen=True)
class Axis:
    """Output cell o reads pixel s·o + offset(k) with tap k; everything 0-based. Lengths in cells; ``before`` are zeros in front."""

    image: int
    output: int
    kernel: int
    stride: int
    before: int
    dilation: int
    flipped: bool

    @classmethod
    def vertical(cls, geometry: Geometry) -> Axis:
        """The direction of α, γ and m."""
        return cls(
            geometry.height,
            geometry.output_height,
            geometry.kernel_height,
            geometry.stride,
            geometry.padding.top,
            geometry.dilation,
            geometry.flipped,
        )

    @classmethod
    def horizontal(cls, geometry: Geometry) -> Axis:
        """The direction of β, δ and n."""
        return cls(
            geometry.width,
            geometry.output_width,
            geometry.kernel_width,
            geometry.stride,
            geometry.padding.left,
            geometry.dilation,
            geometry.flipped,
        )

    @property
    def reach(self) -> int:
        """Pixels from a window's first tap to its last: d(K−1)+1."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def offsets(self) -> Ints:
        """Where each tap k lies, (K,): output cell o reads pixel s·o + offsets[k] (or a zero of the padding)."""
        offsets = self.dilation * np.arange(self.kernel, dtype=np.int64) - self.before
        return offsets[::-1] if self.flipped else offsets

    def outputs(self, tap: int) -> range:
        """The output cells whose tap *tap* lands on a pixel; the others have it in the padding."""
        offset = int(self.offsets[tap])
        start = max(0, -(offset // self.stride))
        stop = min(self.output, (self.image - 1 - offset) // self.stride + 1)
        return range(start, max(start, stop))

    def pixels(self, tap: int) -> range:
        """The pixels that tap *tap* lands on, one for each of ``outputs(tap)``."""
        cells = self.outputs(tap)
        first = self.stride * cells.start + int(self.offsets[tap])
        return range(first, first + self.stride * len(cells), self.stride)

    def window(self, output: int) -> tuple[Ints, Booleans]:
        """The place (K,) that each tap of output cell *output* reads, and whether a pixel is there (False: padding)."""
        places = self.stride * output + self.offsets
        return places, (places >= 0) & (places < self.image)

    def readers(self, pixel: int) -> tuple[Ints, Ints]:
        """The taps (R,) that read *pixel* from somewhere, in order, and for each the output cell (R,) that does."""
        outputs, remainder = np.divmod(pixel - self.offsets, self.stride)
        taps = np.flatnonzero((remainder == 0) & (outputs >= 0) & (outputs < self.output))
        return taps, outputs[taps]

    def pixels_read(self) -> Booleans:
        """For each pixel (image,) whether any output cell reads it."""
        read = np.zeros(self.image, dtype=np.bool_)
        for tap in range(self.kernel):
            pixels = self.pixels(tap)
            read[pixels.start : pixels.stop : pixels.step] = True
        return read

    def hits(self) -> Ints:
        """For each tap (K,) how many output cells read a pixel with it."""
        return np.array([len(self.outputs(tap)) for tap in range(self.kernel)], dtype=np.int64)

    def tap_at(self, output: Ints, pixel: Ints) -> Ints:
        """The tap with which output cells read pixels, elementwise (broadcast); −1 where they do not."""
        tap, remainder = np.divmod(pixel + self.before - self.stride * output, self.dilation)
        inside = (remainder == 0) & (tap >= 0) & (tap < self.kernel)
        return np.where(inside, self.kernel - 1 - tap if self.flipped else tap, -1)
