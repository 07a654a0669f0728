"""Texts to try a model on, with the right answers: names of the starter lexicon's test part, and a few sentences."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Literal, NamedTuple

from hw2gui.datasets import lexicon
from hw2gui.datasets.arabic import is_right_to_left, scripts_in
from hw2gui.errors import UserError
from hw2gui.seq2seq import models
from hw2gui.seq2seq.state import Seq2SeqState, reading_with, typed

NAMES = 40


class Example(NamedTuple):
    """A text and what it should become."""

    text: str
    reference: str


FIRST = Example("راقية", "Raqia")
"""A name on which greedy search and the beam part."""

SENTENCES = (
    Example("¿Quién lo pintó?", "who painted it ?"),
    Example("Tengo hambre.", "i am hungry ."),
    Example("¿Dónde está mi libro?", "where is my book ?"),
    Example("No lo sé.", "i don t know ."),
    Example("Ella es mi amiga.", "she is my friend ."),
    Example("Estamos cansados.", "we are tired ."),
)


def examples(model: str) -> tuple[Example, ...]:
    """Examples in the language *model* reads; none for a model that is neither about names in Arabic nor about Spanish sentences."""
    match kind(model):
        case "sentences":
            return SENTENCES
        case "names":
            names = (Example(pair.source, pair.target) for pair in lexicon.load().test[:NAMES])
            return (FIRST, *(one for one in names if one != FIRST))
        case _:
            return ()


def taken_up(state: Seq2SeqState, model: str, epoch: int | None = None) -> Seq2SeqState:
    """*state* with another model; a text in a script which that does not read gives way to its first example, if it has any."""
    now = reading_with(state, model, epoch)
    scripts = set(scripts_in(state.text))
    if not scripts or not (known := examples(model)) or scripts & set(scripts_in(known[0].text)):
        return now
    return replace(typed(now, known[0].text), reference=known[0].reference)


def kind(model: str) -> Literal["names", "sentences", ""]:
    """Which examples there are for *model*, without reading any; empty where there are none."""
    try:
        card = models.card(model)
        source, sentences = card.alphabets.source, card.config.sentences
    except UserError:
        return ""
    if sentences:
        return "sentences"
    return "names" if is_right_to_left(source.lstrip(" -'.")) else ""


def warm() -> None:
    """Read the lexicon, and what is known of the shipped models, once: both are kept."""
    lexicon.load()
    for name in models.names():
        with suppress(UserError):
            models.card(name)
