"""What the user chose in the report tab: which reproduction, which item, how the work is to be done, and the notes typed at the items."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from hw2gui.errors import InputError
from hw2gui.report.items import Source
from hw2gui.report.library import default_folder
from hw2gui.report.plan import MOST_SEEDS
from hw2gui.training.config import MOST_JOBS

ITEMS = ("1.1a", "1.1b", "1.1c", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5", "3.1a", "3.1b", "3.1c")
ERRATA = tuple(f"erratum {number}" for number in range(1, 9))
LONGEST_NOTE = 4_000
FIRST_SEED = 42


@dataclass(frozen=True)
class ReportState:
    """Everything chosen in the tab. ``folder`` is that of the user's reproduction; empty: the usual one for the version
    chosen.
    """

    source: Source = "both"
    """Whose figures are shown."""
    folder: str = ""
    quick: bool = False
    """What Reproduce is to do: the small version on built-in data, or all of it."""
    selected: str = ITEMS[0]
    seeds: int = 3
    """So many seeds, from 42 on."""
    jobs: int = 0
    """Pieces of work side by side; 0: one for each core but one."""
    cluster: str = ""
    """The address of a Ray cluster to work on; empty: this computer."""
    notes: tuple[tuple[str, str], ...] = ()
    """Item and text."""

    @property
    def place(self) -> str:
        """The folder of the reproduction."""
        return self.folder or str(default_folder(self.quick))

    @property
    def chosen_seeds(self) -> tuple[int, ...]:
        """The seeds to train with."""
        return tuple(range(FIRST_SEED, FIRST_SEED + self.seeds))

    def note(self, key: str) -> str:
        """What was typed at the item *key*."""
        return dict(self.notes).get(key, "")

    def with_note(self, key: str, text: str) -> tuple[tuple[str, str], ...]:
        """The notes with *text* at the item *key*; an empty one is none."""
        kept = {name: told for name, told in self.notes if name != key}
        if text.strip():
            kept[key] = text
        return tuple(sorted(kept.items()))


def check(state: ReportState) -> ReportState:
    """*state* if it can be. InputError for what no control offers."""
    if not 1 <= state.seeds <= MOST_SEEDS:
        raise InputError(f"{state.seeds} seeds cannot be tried: choose 1 to {MOST_SEEDS}.")
    if not 0 <= state.jobs <= MOST_JOBS:
        raise InputError(f"{state.jobs} jobs side by side: choose 1 to {MOST_JOBS}, or 0 for one on each core but one.")
    if state.folder and Path(state.folder).is_file():
        raise InputError(f"{state.folder} is a file: choose the folder of a reproduction.")
    if any(len(text) > LONGEST_NOTE for _, text in state.notes):
        raise InputError(f"A note has at most {LONGEST_NOTE:,} characters: shorten it, or keep the long text elsewhere.")
    if state.selected not in (*ITEMS, *ERRATA):
        return replace(state, selected=ITEMS[0])
    return state
