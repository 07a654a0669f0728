"""What the user chose on the beam stepper's page: which step, and how the search is drawn. Light: it is part of the tab's state."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hw2gui.errors import InputError
from hw2gui.seq2seq.beam_scene import Layout

MOST_PRUNED = 5
"""Of the pruned no more are kept at a step (`hw2gui.seq2seq.stepping.PRUNED`)."""


@dataclass(frozen=True)
class StepChoice:
    """``step`` is the step shown (from 0; None: the last), ``pruned`` how many of the pruned stand below the survivors.

    ``kept`` is the hypothesis that stays explained while none is pointed at: (step, place, whether it is a pruned one).
    """

    step: int | None = None
    layout: Layout = "columns"
    pruned: int = 3
    kept: tuple[int, int, bool] | None = None


def checked(choice: StepChoice) -> StepChoice:
    """*choice* within its ranges. InputError for what cannot be."""
    if (choice.step is not None and choice.step < 0) or (choice.kept is not None and min(choice.kept[:2]) < 0):
        raise InputError("A step before the first one is chosen: the session is damaged.")
    if choice.layout not in ("columns", "tree"):
        raise InputError("A search is drawn in columns or as a tree: the session is damaged.")
    return replace(choice, pruned=min(max(choice.pruned, 0), MOST_PRUNED))
