"""What the user chose on the measuring page: what is measured, and what of it is looked at. Light: it is part of the tab's state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

from hw2gui.datasets.characters import Split
from hw2gui.errors import InputError

Measured = Literal["validation", "test"]
View = Literal["beams", "examples", "characters", "places"]
Kind = Literal["all", "wrong", "right", "search error", "model error", "fixed", "broken", "better", "worse"]
Order = Literal["number", "source", "error", "log P", "verdict", "change"]

KINDS: tuple[Kind, ...] = get_args(Kind)
COMPARED: tuple[Kind, ...] = ("fixed", "broken", "better", "worse")
"""The kinds there are only beside another model."""

BEAMS = (1, 2, 3, 5, 10)
LARGEST_BEAM, MOST_BEAMS = 20, 8
LARGEST_NBEST = 10
LARGEST_ALPHA = 2.0


@dataclass(frozen=True)
class Setting:
    """What is measured: all that decides the result. ``data`` None: the set the model was trained on; ``limit`` None: all pairs."""

    model: str
    split: Split = "validation"
    beams: tuple[int, ...] = BEAMS
    alpha: float = 0.0
    nbest: int = 5
    limit: int | None = None
    epoch: int | None = None
    data: str | None = None
    optimum: bool = False
    """Also the most probable output of all, by exact search (slow)."""


@dataclass(frozen=True)
class MeasureChoice:
    """The page's controls, and ``asked``: the model measured and, beside it, the one compared with (empty: nothing was asked for yet).

    ``beam`` is the one looked at. Of the examples those of the ``kind`` that contain ``text`` are shown, by ``order``; ``confusion`` keeps
    those in which the reference's character became the output's (either may be "", nothing); ``selected`` counts from 0.
    """

    model: str = ""
    against: str = ""
    split: Measured = "validation"
    beams: tuple[int, ...] = BEAMS
    alpha: float = 0.0
    nbest: int = 5
    limit: int = 0
    optimum: bool = False
    asked: tuple[Setting, ...] = ()
    beam: int = 5
    view: View = "beams"
    kind: Kind = "all"
    text: str = ""
    order: Order = "error"
    descending: bool = True
    confusion: tuple[str, str] | None = None
    selected: int | None = None

    def settings(self) -> tuple[Setting, ...]:
        """What the controls ask for now. InputError where no model is chosen."""
        if not self.model:
            raise InputError("No model is chosen: choose one that came with the program, or train one.")
        first = Setting(self.model, self.split, self.beams, self.alpha, self.nbest, self.limit or None, optimum=self.optimum)
        return (first,) if self.against in ("", self.model) else (first, replace(first, model=self.against))


def checked(choice: MeasureChoice) -> MeasureChoice:
    """*choice* within its ranges, looking at a beam that was measured. InputError for what cannot be."""
    for beams, alpha, nbest, limit in [
        (choice.beams, choice.alpha, choice.nbest, choice.limit),
        *((one.beams, one.alpha, one.nbest, one.limit or 0) for one in choice.asked),
    ]:
        if not beams or len(beams) > MOST_BEAMS or list(beams) != sorted(set(beams)) or not 1 <= beams[0] <= beams[-1] <= LARGEST_BEAM:
            raise InputError(f"Beam sizes go from 1 to {LARGEST_BEAM}, at most {MOST_BEAMS} of them, the smallest first.")
        if not (0 <= alpha <= LARGEST_ALPHA and 1 <= nbest <= LARGEST_NBEST and limit >= 0):
            raise InputError("The length exponent, the number of best outputs or the number of pairs is out of range.")
    if len(choice.asked) > 2:
        raise InputError("At most two models are measured beside each other.")
    if len(choice.asked) < 2 and choice.kind in COMPARED:
        choice = replace(choice, kind="all")
    measured = choice.asked[0].beams if choice.asked else choice.beams
    if choice.beam not in measured:
        choice = replace(choice, beam=min(measured, key=lambda beam: (abs(beam - choice.beam), beam)))
    return choice


def read_beams(text: str) -> tuple[int, ...]:
    """Beam sizes as typed: whole numbers divided by commas or spaces. InputError for anything else."""
    parts = text.replace(",", " ").split()
    if not parts or not all(part.isdecimal() and 1 <= int(part[:9]) <= LARGEST_BEAM for part in parts):
        raise InputError(f"Give beam sizes from 1 to {LARGEST_BEAM}, divided by commas: 1, 2, 3, 5, 10.")
    beams = tuple(sorted({int(part) for part in parts}))
    if len(beams) > MOST_BEAMS:
        raise InputError(f"{len(beams)} beam sizes are too many to look at: give at most {MOST_BEAMS}.")
    return beams
