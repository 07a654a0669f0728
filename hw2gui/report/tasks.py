"""What the report tab asks of the worker: everything to say of a reproduction, its figures as pictures, its document."""

from __future__ import annotations

import io
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from hw2gui.report.items import Drawn, Report, Source
from hw2gui.report.writing import write_document
from hw2gui.steps import retold

__all__ = ["Picture", "describe", "pictures", "save_figure", "write_document"]


@dataclass(frozen=True)
class Step:
    """So much of it is done, 0 to 1."""

    share: float


@dataclass(frozen=True)
class Picture:
    """A figure as PNG, with its caption; *width* is in logical pixels."""

    caption: str
    png: bytes
    width: int


def describe(folder: str, quick: bool, source: Source) -> Generator[Step, None, Report]:
    """Everything there is to say of the reproduction in *folder* or the program's own, as *source* says; *quick* is the version chosen,
    for a folder that is still empty.
    """
    from hw2gui.report import gather

    return (yield from retold(gather.gather_steps(folder, quick=quick, source=source), Step))


def pictures(drawn: tuple[Drawn, ...], width: int, scale: float) -> Generator[Step, None, tuple[Picture, ...]]:
    """*drawn* as pictures of *width* logical pixels, *scale* device pixels each."""
    from hw2gui.report.drawing import caption, figure

    made = []
    for number, one in enumerate(drawn):
        sheet = figure(one, width / 96)
        content = io.BytesIO()
        sheet.savefig(content, format="png", dpi=96 * scale)
        made.append(Picture(caption(one), content.getvalue(), width))
        yield Step((number + 1) / len(drawn))
    return tuple(made)


def save_figure(drawn: Drawn, path: str) -> None:
    """*drawn* into the file *path*: PNG, SVG or PDF by its suffix. InputError for another, UnavailableError where it cannot be written."""
    from hw2gui.figures import save
    from hw2gui.report.drawing import figure

    save(figure(drawn), Path(path))
