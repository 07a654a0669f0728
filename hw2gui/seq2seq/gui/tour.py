"""The character-model tab's interesting states, for the tour."""

from __future__ import annotations

from dataclasses import replace

from hw2gui.seq2seq.data_choice import DataChoice
from hw2gui.seq2seq.measure_choice import MeasureChoice, Setting
from hw2gui.seq2seq.results import AttentionOverride
from hw2gui.seq2seq.state import Seq2SeqState
from hw2gui.seq2seq.step_choice import StepChoice
from hw2gui.widgets.tour import Stop

START = Seq2SeqState()
SENTENCE = replace(START, model="es-en", text="¿Quién lo pintó?", reference="who painted it ?")
STEPPED = replace(START, page="step", text="عبدالله", reference="", alpha=0.6)
MEASURED = tuple(Setting(name, beams=(1, 2, 3, 5), limit=150, data="starter-ar-en") for name in ("ar-en", "ar-en-plain"))
"""On pairs that need no download, and few of them: pictures are made often."""
ALONE = MeasureChoice(model="ar-en", beams=(1, 2, 3, 5), limit=150, asked=MEASURED[:1])
BOTH = replace(ALONE, against="ar-en-plain", asked=MEASURED)

STOPS = (
    Stop("type", "A name typed: greedy beside beam, both attention maps, and whose error it is", lambda: START, lambda tab: tab.home()),
    Stop("forced", "An output forced to begin otherwise", lambda: replace(START, prefix="Ra", keyboard=True)),
    Stop(
        "sentence",
        "A Spanish sentence, what was done to it before it was read, and one cell pinned",
        lambda: replace(SENTENCE, pinned=("beam", 1, 5)),
    ),
    Stop("without-attention", "The same input read by the model without attention", lambda: replace(START, beside="plain")),
    Stop("lines", "Attention as lines, in the order the letters are stored", lambda: replace(START, lines=True, visual=False)),
    Stop("unknown", "Characters the model does not know", lambda: replace(START, text="رَاقِيَـة ☂ Łukasz", reference="")),
    Stop(
        "moved",
        "All attention of one step moved to another letter",
        lambda: replace(START, override=AttentionOverride(weights=((1, (0.0, 0.0, 0.0, 1.0, 0.0)),))),
    ),
    Stop("empty", "An empty text says what to do", lambda: replace(START, text="", reference="")),
    Stop("steps", "A beam search in its seventh step", lambda: replace(STEPPED, stepper=StepChoice(step=6, kept=(6, 2, False)))),
    Stop("tree", "Every beginning the beam held, as a tree", lambda: replace(STEPPED, stepper=StepChoice(layout="tree"))),
    Stop("wide-beam", "Twenty places, a sentence", lambda: replace(STEPPED, model="es-en", text="no tengo ni idea", beam=20, nbest=1)),
    Stop("train-names", "Training in a process of its own, with live curves, outputs and attention", lambda: replace(START, page="train")),
    Stop(
        "measure",
        "What a wider beam gives and what it costs, from the same decoding",
        lambda: replace(START, page="measure", measure=ALONE),
        lambda tab: tab.home(),
    ),
    Stop(
        "measure-examples",
        "Outputs under their references, letter under letter, beside the model without attention",
        lambda: replace(START, page="measure", measure=replace(BOTH, view="examples", selected=1)),
    ),
    Stop(
        "measure-characters",
        "Which characters become which",
        lambda: replace(START, page="measure", measure=replace(ALONE, view="characters")),
    ),
    Stop(
        "measure-places",
        "Errors by position, and by length with and without attention",
        lambda: replace(START, page="measure", measure=replace(BOTH, view="places")),
        lambda tab: tab.home(),
    ),
    Stop(
        "data",
        "A set of pairs, and whom to thank for it",
        lambda: replace(START, page="data", data=DataChoice("starter-ar-en")),
        lambda tab: tab.home(),
    ),
)
