"""The report's items: what it says, what is measured here, the verdict, and the state of the program in which one sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from hw2gui.arrays import Singles
from hw2gui.report.verdicts import Verdict, printed
from hw2gui.training.plots import Plot
from hw2gui.writers import Table

Source = Literal["both", "shipped", "own"]
"""Which reproduction: the user's own, the one that comes with the program, or item by item the own where it is measured, else the other."""


@dataclass(frozen=True)
class Show:
    """A tab (its key) in one of its frozen states, and in a few words what is seen there."""

    tab: str
    state: Any
    words: str


@dataclass(frozen=True, eq=False)
class Pictures:
    """Images (N, H, W) side by side with a title each; ``signed``: blue–white–red about 0, else ``colours`` from 0 to the largest."""

    images: Singles
    titles: tuple[str, ...]
    signed: bool = False
    colours: str = "viridis"

    @property
    def reach(self) -> float:
        """The largest absolute value, the end of the one scale of all images."""
        return float(np.abs(self.images).max()) or 1.0

    @property
    def scale(self) -> str:
        """The scale in words."""
        if self.signed:
            return f"one scale from {printed(-self.reach, '.3g')} (blue) to {self.reach:.3g} (red), centred on 0"
        ends = ("black", "white") if self.colours == "gray" else ("dark", "bright")
        return f"one scale from 0 ({ends[0]}) to {self.reach:.3g} ({ends[1]})"


@dataclass(frozen=True, eq=False)
class Drawn:
    """A figure of the document: its number there ("Figure 1" as in the report, or none), a caption, and what is drawn."""

    name: str
    number: str
    caption: str
    content: Plot | Pictures


@dataclass(frozen=True, eq=False)
class Item:
    """One item of the report.

    ``claim`` is what the report says, in other words; ``said`` and ``measured`` are the figures. ``formula`` has today's numbers in it,
    ``look`` says what to look at where ``show`` leads. ``why`` explains a figure that misses, ``fetch`` what to do where something is
    missing. ``origin`` says where the figures are from where they are not of the reproduction that was asked for.
    """

    key: str
    title: str
    claim: str
    said: str
    measured: str
    verdict: Verdict
    formula: str = ""
    look: str = ""
    show: Show | None = None
    why: str = ""
    fetch: str = ""
    drawn: tuple[Drawn, ...] = ()
    tables: tuple[Table, ...] = ()
    origin: str = ""

    @property
    def trained(self) -> bool:
        """Whether it rests on trainings, not on what can be computed at once."""
        return self.key >= "2"


@dataclass(frozen=True)
class Erratum:
    """A slip of the report: where, what is written, what is right, and a counterexample that is computed."""

    number: int
    where: str
    written: str
    right: str
    counterexample: str
    show: Show | None = None
    measured: bool = True
    """Whether the counterexample is there; some need trainings."""


@dataclass(frozen=True)
class RunRow:
    """One run that something rests on: what it was, where it ran, what came out."""

    title: str
    folder: str
    device: str
    epochs: int
    minutes: float
    result: str
    started: str


@dataclass(frozen=True, eq=False)
class Report:
    """Everything there is to say of one reproduction. ``folder`` is empty for the one that comes with the program; ``origin`` says of
    that one, where figures of it are shown, when and where they were measured.
    """

    folder: str
    quick: bool
    items: tuple[Item, ...]
    errata: tuple[Erratum, ...]
    runs: tuple[RunRow, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    data: tuple[tuple[str, str, str], ...] = ()
    """Data set, file, md5 sum."""
    made: tuple[tuple[str, str], ...] = ()
    """Versions and machines."""
    attributions: tuple[str, ...] = ()
    examples: tuple[Table, ...] = ()
    problems: tuple[str, ...] = field(default_factory=tuple)
    origin: str = ""

    def item(self, key: str) -> Item:
        """The item *key*."""
        return next(item for item in self.items if item.key == key)

    @property
    def summary(self) -> Table:
        """The table of all items, for the README and for the document's head."""
        rows = tuple((item.key, item.title, item.said or "–", item.measured or "–", item.verdict.word) for item in self.items)
        title = "The report's items" + (", quick version on built-in data" if self.quick else "")
        return Table(title, ("Item", "What it is about", "The report", "Measured here", "Verdict"), (False,) * 5, rows)

    def counted(self) -> str:
        """How many items there are of each verdict, in words."""
        words = [item.verdict.word for item in self.items]
        return ", ".join(f"{word} ({words.count(word)})" for word in dict.fromkeys(words))


def titled(items: Sequence[Item]) -> str:
    """Their keys, for a sentence."""
    return ", ".join(item.key for item in items)
