"""The pages of the tab, in order, by import path: a page that was never opened is not loaded. A new page is a file and one line here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PageSpec:
    """One page: its ``key`` in the state, the words on its button and in the tooltip, and its widget's class.

    The class is made with a `hw2gui.seq2seq.gui.desk.Desk` when the page is first shown. It is told ``show_state(before, now)`` of every
    change while it is in front, with *before* None when it comes to the front, and may have ``home()``. ``reads``: the text, the forced
    beginning and the search's settings stand above it; ``opens``: so does the model.
    """

    key: str
    title: str
    hint: str
    widget: str
    reads: bool = False
    opens: bool = True
    ahead: bool = True
    """Whether it may be made before it is shown: it asks for nothing until then."""
    plots: int = 0
    """How many plots it has."""


PAGES = (
    PageSpec(
        "type",
        "Translate",
        "Type a name or a sentence: greedy beside beam, and the attention of both",
        "hw2gui.seq2seq.gui.type_page:TypePage",
        reads=True,
    ),
    PageSpec(
        "step",
        "Step through",
        "The beam search step by step: who survives, who falls and by how much, and when it stops",
        "hw2gui.seq2seq.gui.step_page:StepPage",
        reads=True,
    ),
    PageSpec(
        "train",
        "Train",
        "Train models and watch their outputs and attention improve; then translate with them",
        "hw2gui.seq2seq.gui.train_page:TrainPage",
        opens=False,
        plots=2,
    ),
    PageSpec(
        "measure",
        "Measure",
        "Error rates by beam size, example by example, character by character; two models beside each other",
        "hw2gui.seq2seq.gui.measure_page:MeasurePage",
        opens=False,
        plots=6,
    ),
    PageSpec(
        "data",
        "Data",
        "The sets of pairs: what is in them, whom to thank, how to get them; and a table of your own",
        "hw2gui.seq2seq.gui.data_page:DataPage",
        opens=False,
        ahead=False,
    ),
)

KEYS = tuple(page.key for page in PAGES)
