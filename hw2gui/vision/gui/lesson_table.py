"""A lesson as it is shown: its scores before and after as a table, and each drawing with how it is read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hw2gui.colour import Scale
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.vision.hand import Kept, Lesson
from hw2gui.widgets.small_picture import Picture
from hw2gui.widgets.table_cells import Cell, Column

GREY = Scale("grey", 0.0, 255.0)
COLUMNS = (
    Column("images", "What was read", 40, numeric=False),
    Column("number", "How many", 16),
    Column("before", "Share that was read right by the model it was taught from", 22),
    Column("after", "Share that is read right now", 22),
)


@dataclass(frozen=True)
class LessonTable:
    """A lesson as a table."""

    lesson: Lesson | None

    @property
    def _lines(self) -> tuple[tuple[str, int, float, float], ...]:
        if self.lesson is None:
            return ()
        own = []
        for title, held_out in (("your drawings, held out", True), ("your drawings, trained on", False)):
            count, before, after = self.lesson.right(held_out=held_out)
            if count:
                own.append((title, count, before / count, after / count))
        names = {"kmnist": "Kuzushiji-MNIST, test", "strokes": "built-in characters, test"}
        return (*own, *((names[one.data], one.images, one.before, one.after) for one in self.lesson.known))

    @property
    def count(self) -> int:
        """How many lines."""
        return len(self._lines)

    def cell(self, row: int, column: int) -> Cell:
        """One of them."""
        title, count, before, after = self._lines[row]
        return Cell((title, f"{count:,}", f"{100 * before:.2f} %", f"{100 * after:.2f} %")[column])

    def total(self, column: int) -> Cell:
        """Nothing adds up."""
        return Cell("")


def picture_of(one: Kept, lesson: Lesson | None) -> Picture:
    """A drawing of the collection, marked where it is misread; *lesson* says how it was read before."""
    name, read = CLASSES[one.label].romaji, CLASSES[one.read.label].romaji
    wrong = one.read.label != one.label
    taught = next((each for each in lesson.drawings if each.digest == one.digest), None) if lesson is not None else None
    tip = f"{name}, read as {read} ({one.read.probability:.3f})"
    if taught is not None:
        tip += f"; before the lesson as {CLASSES[taught.before.label].romaji} ({taught.before.probability:.3f})"
    return Picture(
        one.pixels.astype(np.float32), GREY, f"{name}: {read}" if wrong else name, tip + (", held out" if one.held_out else ""), bad=wrong
    )
