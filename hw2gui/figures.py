"""What all pictures for export share: the sheet, the caption, the colours of lines, and the file.

Every picture is a matplotlib Figure of its own (no pyplot, no global settings), on white, whatever the screen's theme.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from hw2gui.errors import InputError, UnavailableError
from hw2gui.files import replacing

SUFFIXES = (".png", ".svg", ".pdf")
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Okabe and Ito's colours, told apart by colour-blind readers; the line style changes with them."""
STYLES = ("-", "--", "-.", ":")
SMALL, NORMAL = 7, 9
"""Sizes of text, in points."""
INK, GREY, GRID = "#222222", "#6b6b6b", "#d9d9d9"


def sheet(width: float, height: float) -> Figure:
    """An empty figure of so many inches."""
    return Figure(figsize=(width, height), facecolor="white", layout="constrained")


def captioned(figure: Figure, caption: str) -> Figure:
    """*figure* with *caption* under it, in lines that fit."""
    if caption.strip():
        characters = int(figure.get_figwidth() * 72 / (SMALL * 0.57))
        text = textwrap.fill(" ".join(caption.split()), characters)
        figure.supxlabel(text, fontsize=SMALL, x=0.01, ha="left", color="#333333", parse_math=False)
    return figure


def save(figure: Figure, path: Path, dpi: int = 200) -> None:
    """Write *figure* to *path* as its suffix says, whole or not at all, the same bytes every time, fonts embedded.

    InputError for another suffix than those of :data:`SUFFIXES` or a resolution outside 30 to 1200 dots an inch, UnavailableError where
    the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"{path.name} ends in none of {', '.join(SUFFIXES)}: give one of them to choose the kind of picture")
    if not 30 <= dpi <= 1200:
        raise InputError(f"a resolution of {dpi} dots an inch: take 30 to 1200")
    metadata: dict[str, dict[str, Any]] = {
        ".png": {"Software": "hw2gui"},
        ".svg": {"Creator": "hw2gui", "Date": None},
        ".pdf": {"Creator": "hw2gui", "Producer": "hw2gui", "CreationDate": None},
    }
    # Type 42 embeds whole TrueType fonts; SVG text becomes outlines; the salt makes SVG's names the same every time.
    try:
        with mpl.rc_context({"pdf.fonttype": 42, "svg.fonttype": "path", "svg.hashsalt": "hw2gui"}), replacing(path) as temporary:
            figure.savefig(temporary, format=suffix[1:], dpi=dpi, metadata=metadata[suffix])
    except OSError as error:
        raise UnavailableError(f"{path} cannot be written ({error.strerror or error}): choose another place") from error
