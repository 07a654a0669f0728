"""What the user chose in the character-model tab: model, text, search, what is forced and replaced, what is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from hw2gui.errors import InputError
from hw2gui.seq2seq import data_choice, measure_choice, recipes, step_choice
from hw2gui.seq2seq.config import Seq2SeqConfig
from hw2gui.seq2seq.data_choice import DataChoice
from hw2gui.seq2seq.measure_choice import MeasureChoice
from hw2gui.seq2seq.models import DEFAULT
from hw2gui.seq2seq.pages import KEYS
from hw2gui.seq2seq.results import LARGEST_BEAM, AttentionOverride, Options
from hw2gui.seq2seq.step_choice import StepChoice
from hw2gui.training.room import Room, check_room

Beside = Literal["greedy", "uniform", "plain"]
"""What stands beside the beam: greedy, a beam with uniform attention, or a beam of the model trained without attention."""

Side = Literal["beside", "beam"]

LONGEST_TEXT = 10_000
"""Characters of a typed text that are kept; of these a model reads far fewer (`hw2gui.datasets.normalise.MAX_LENGTH`)."""


FIRST_DATA = "starter-ar-en"
"""What the first run is trained on: it needs no download."""


@dataclass(frozen=True)
class Question:
    """All that a reading depends on: the model, the text, what is forced and replaced, and how it is searched."""

    model: str
    epoch: int | None
    text: str
    reference: str
    prefix: str
    override: AttentionOverride
    options: Options


@dataclass(frozen=True)
class Seq2SeqState:
    """Everything chosen in the tab."""

    page: str = "type"
    """One of `hw2gui.seq2seq.pages`."""
    model: str = DEFAULT
    """As `hw2gui.seq2seq.models` names it: a shipped model, or a run's folder."""
    epoch: int | None = None
    """One of a run's saved epochs (0: untrained); None: the one the run stands for."""
    text: str = "راقية"
    reference: str = "Raqia"
    """What the output should be; empty: nobody says."""
    beam: int = 5
    nbest: int = 5
    """Never more than the beam."""
    alpha: float = 0.0
    prefix: str = ""
    """What outputs are made to begin with."""
    override: AttentionOverride = field(default_factory=AttentionOverride)
    chosen: int = 0
    """Which of the n best is looked at, from 0."""
    beside: Beside = "greedy"
    pinned: tuple[Side, int, int] | None = None
    """(which output, its symbol, the source's symbol): the cell of an attention map that stays lit."""
    lines: bool = False
    """Attention as lines rather than as a map."""
    visual: bool = True
    """Source letters on the axes in the order they are read on screen; else in the order they are stored."""
    hints: bool = True
    """Latin letters under Arabic ones."""
    keyboard: bool = False
    """The keyboard on screen."""
    stepper: StepChoice = field(default_factory=StepChoice)
    """Which step of the search is looked at, and how it is drawn."""
    measure: MeasureChoice = field(default_factory=MeasureChoice)
    """What is measured, and what of it is looked at."""
    data: DataChoice = field(default_factory=DataChoice)
    """Which set of pairs is looked at."""
    recipe: str = "fast"
    """The recipe the settings were last taken from."""
    setup: Seq2SeqConfig = field(default_factory=lambda: replace(recipes.find("fast").config, data=FIRST_DATA))
    """The settings of the next run."""
    room: Room = field(default_factory=lambda: Room(rates=(1e-3, 3e-3, 1e-2)))
    """Which runs are shown, and how."""

    @property
    def options(self) -> Options:
        """How to search."""
        return Options(self.beam, self.nbest, self.alpha)

    @property
    def question(self) -> Question:
        """What the reading of the text depends on."""
        return Question(self.model, self.epoch, self.text, self.reference, self.prefix, self.override, self.options)


def check(state: Seq2SeqState) -> Seq2SeqState:
    """*state* if it can be shown, within its ranges. Raises InputError for what cannot."""
    if state.epoch is not None and state.epoch < 0:
        raise InputError("An epoch below 0 is chosen: the session is damaged.")
    if not (1 <= state.beam <= LARGEST_BEAM and 0.0 <= state.alpha <= 2.0):
        raise InputError(f"A beam of 1 to {LARGEST_BEAM} and a length exponent of 0 to 2 can be chosen: the session is damaged.")
    if state.pinned is not None and min(state.pinned[1:]) < 0:
        raise InputError("A cell outside the attention is pinned: the session is damaged.")
    check_room(state.room)
    nbest = min(max(state.nbest, 1), state.beam)
    return replace(
        state,
        page=state.page if state.page in KEYS else KEYS[0],
        nbest=nbest,
        stepper=step_choice.checked(state.stepper),
        chosen=min(max(state.chosen, 0), nbest - 1),
        text=state.text[:LONGEST_TEXT],
        reference=state.reference[:LONGEST_TEXT],
        measure=measure_choice.checked(state.measure),
        data=data_choice.checked(state.data),
    )


def typed(state: Seq2SeqState, text: str) -> Seq2SeqState:
    """*state* with another text, for which nothing is forced, replaced or expected yet."""
    if text == state.text:
        return state
    return _fresh(replace(state, text=text, reference=""))


def reading_with(state: Seq2SeqState, model: str, epoch: int | None = None) -> Seq2SeqState:
    """*state* with another model, whose alphabet and attention are its own."""
    if (model, epoch) == (state.model, state.epoch):
        return state
    return _fresh(replace(state, model=model, epoch=epoch))


def forced(state: Seq2SeqState, prefix: str) -> Seq2SeqState:
    """*state* with outputs that begin with *prefix*."""
    return replace(state, prefix=prefix, chosen=0, pinned=None)


def _fresh(state: Seq2SeqState) -> Seq2SeqState:
    return replace(state, prefix="", override=AttentionOverride(), chosen=0, pinned=None)
