"""Hiragana of whatever fonts this machine has, a little bent, as pictures of ink."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hw2gui.datasets.kmnist import CLASSES

LIKELY = ("fallback", "cjk", "gothic", "mincho", "ipa", "takao", "hiragino", "meiryo", "yugoth", "kana", "klee", "noto")


def with_kana(most: int = 3) -> list[Path]:
    """Fonts on this machine that have all ten characters."""
    from fontTools.ttLib import TTFont, TTLibError
    from matplotlib.font_manager import findSystemFonts

    found: dict[str, Path] = {}
    for name in sorted(findSystemFonts()):
        path = Path(name)
        if not any(part in path.name.lower() for part in LIKELY) or path.suffix.lower() not in (".ttf", ".otf", ".ttc"):
            continue
        try:
            with TTFont(path, lazy=True, fontNumber=0) as font:
                if {ord(character.kana) for character in CLASSES} <= set(font.getBestCmap()):
                    found.setdefault(path.stem.split("-")[0], path)
        except (TTLibError, OSError):
            continue
    return list(found.values())[:most]


def drawn(font: Path, each: int, rng: np.random.Generator) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """*each* pictures of every character, white on black: turned, slanted, squeezed and bent by smooth waves."""
    from PIL import Image, ImageDraw, ImageFont

    face = ImageFont.truetype(str(font), 200)
    for label, character in enumerate(CLASSES):
        canvas = Image.new("L", (300, 300))
        ImageDraw.Draw(canvas).text((50, 20), character.kana, font=face, fill=255)
        pixels = np.asarray(canvas)
        for _ in range(each):
            yield label, _bent(pixels, rng)


def _bent(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    from PIL import Image

    height, width = pixels.shape
    waves = [
        np.asarray(Image.fromarray(rng.uniform(-8, 8, (4, 4)).astype(np.float32)).resize((width, height), Image.Resampling.BICUBIC))
        for _ in range(2)
    ]
    y, x = np.mgrid[0:height, 0:width] - np.array([height, width])[:, None, None] / 2
    angle, slant, squeeze = np.radians(rng.uniform(-10, 10)), rng.uniform(-0.15, 0.15), rng.uniform(0.88, 1.12)
    column = (np.cos(angle) * x + np.sin(angle) * y) * squeeze + slant * y + width / 2 + waves[0]
    row = np.cos(angle) * y - np.sin(angle) * x + height / 2 + waves[1]
    rows, columns = (np.clip(np.rint(at), 0, size - 1).astype(int) for at, size in ((row, height), (column, width)))
    bent: NDArray[np.uint8] = pixels[rows, columns]
    return bent
