"""Teach a model the user's own hand: their labelled drawings, a short training on them, and what came of it, before and after.

For the worker and for a process of its own; torch is imported where something is read or trained. A lesson is kept in its run's folder.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from hw2gui import files
from hw2gui.arrays import Pixels
from hw2gui.datasets import registry
from hw2gui.errors import InputError, UserError
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.steps import finish
from hw2gui.training.events import EpochDone, Event, TimeLeft
from hw2gui.training.run_folder import RunFolder
from hw2gui.vision import collection, data, models, recipes
from hw2gui.vision.collection import Labelled
from hw2gui.vision.drawing import prepare
from hw2gui.vision.experiment_clock import Progress
from hw2gui.vision.ink import DRAWN, Norms
from hw2gui.vision.pen import Drawing

JOB = f"{__name__}:teach"
"""The name of `teach` for a `hw2gui.jobs.Job`; its argument is ``model``."""

LESSON_FILE = "lesson.json"
KNOWN = 600
"""So many known characters of each set are mixed in, …"""
TESTED = 1000
"""… and so many test images of it tell what was forgotten."""


@dataclass(frozen=True)
class Read:
    """What a model makes of one drawing: the class it reads, and how probable it is."""

    label: int
    probability: float


@dataclass(frozen=True)
class Taught:
    """One drawing, by its digest: its class, whether it was held out from the training, and how it was read before and after."""

    digest: str
    label: int
    held_out: bool
    before: Read
    after: Read


@dataclass(frozen=True)
class Known:
    """Accuracy on ``images`` test images of a known set, before and after."""

    data: str
    images: int
    before: float
    after: float


@dataclass(frozen=True)
class Lesson:
    """What came of teaching the model ``start`` in the run ``run`` (a folder)."""

    start: str
    run: str
    drawings: tuple[Taught, ...]
    known: tuple[Known, ...]

    def right(self, *, held_out: bool) -> tuple[int, int, int]:
        """(drawings, right before, right after), of those held out or of those it was trained on."""
        those = [one for one in self.drawings if one.held_out == held_out]
        return len(those), sum(one.before.label == one.label for one in those), sum(one.after.label == one.label for one in those)

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        held, trained = self.right(held_out=True), self.right(held_out=False)
        if held[0]:
            first = f"Of {held[0]} drawings held out from the training {held[1]} were read right before and {held[2]} after"
        else:
            first = f"No drawing was held out, for of no character there are {data.FEW} yet that could be spared from"
        second = f"of the {trained[0]} it was trained on {trained[1]} before and {trained[2]} after, which flatters it: it has seen them"
        kept = "; ".join(f"{_title(one.data)} {100 * one.before:.2f} % before, {100 * one.after:.2f} % after" for one in self.known)
        worst = max((one.before - one.after for one in self.known), default=0.0)
        verdict = "it has forgotten nothing" if worst < 0.005 else f"it has forgotten {100 * worst:.1f} points"
        return f"{first}; {second}. On test images of the known characters: {kept}: {verdict}."


@dataclass(frozen=True, eq=False)
class Kept:
    """A labelled drawing as it lies on the disk: its name there, its class, its pixels (28, 28), and how the model in use reads it."""

    digest: str
    label: int
    pixels: Pixels
    held_out: bool
    read: Read


@dataclass(frozen=True, eq=False)
class Hand:
    """All labelled drawings, read by ``model`` (in words), and the lesson where that model was taught by them."""

    model: str
    words: str
    drawings: tuple[Kept, ...]
    lesson: Lesson | None

    @property
    def counts(self) -> tuple[int, ...]:
        """Drawings of each class."""
        return tuple(np.bincount([one.label for one in self.drawings], minlength=10).tolist())


def keep(drawing: Drawing, label: int) -> str:
    """Keep *drawing* under *label*; its name on the disk. InputError for an empty pad, UnavailableError when the disk refuses."""
    return collection.keep(drawing, label).digest


def forget(label: int, digest: str) -> Labelled | None:
    """Take a drawing out of the collection; what it was, so that it can be kept again. None: it was gone already."""
    found = drawing_of(label, digest)
    if found is not None:
        collection.forget(found)
    return found


def drawing_of(label: int, digest: str) -> Labelled | None:
    """A kept drawing with its strokes; None: it is gone."""
    return next((one for one in collection.everything() if (one.label, one.digest) == (label, digest)), None)


def hand(model: str) -> Hand:
    """The collection as *model* reads it. UnavailableError for a damaged drawing."""
    kept = collection.everything()
    held = _held_out(kept)
    reads = _read(model, kept)
    shown = tuple(Kept(one.digest, one.label, _pixels(one, DRAWN), out, read) for one, out, read in zip(kept, held, reads, strict=True))
    return Hand(model, models.words(model), shown, lesson_of(model))


def lesson_of(model: str) -> Lesson | None:
    """What came of the lesson that *model* is from; None where it is from none."""
    try:
        return from_plain(Lesson, json.loads((Path(model) / LESSON_FILE).read_text("utf-8")), LESSON_FILE)
    except (OSError, ValueError, RecursionError, UserError):
        return None


def teach(model: str) -> Generator[Progress, None, Lesson]:
    """Train *model* further on the labelled drawings and known characters, in a run of its own, and compare before and after.

    InputError where there are no drawings, or for a model of shuffled pixels.
    """
    from hw2gui.training import compute
    from hw2gui.vision import train

    card = models.card(model)
    kept = collection.everything()
    if not kept:
        raise InputError("there are no labelled drawings yet: draw a character and choose its class")
    if card.config.permutation is not None:
        raise InputError(f"{card.title} was trained on shuffled pixels, which no drawing has: choose another model")
    run = train.begin(recipes.fine_tuning(model, card.network, "+".join(f"{name}:{KNOWN}" for name in known_sets())), title="my-hand")
    with compute.computing(0):
        yield from _trained(run)
        yield Progress(0.8, "comparing before and after")
        lesson = _compared(model, run, kept)
    files.write_json(run.path / LESSON_FILE, to_plain(lesson))
    yield Progress(1.0, "done")
    return lesson


def known_sets() -> tuple[str, ...]:
    """The sets whose characters must not be forgotten: the built-in one, and Kuzushiji-MNIST where it is there."""
    return ("kmnist", "strokes") if registry.is_present(registry.find("kmnist")) else ("strokes",)


def _trained(run: RunFolder) -> Generator[Progress, None, None]:
    from hw2gui.vision import train
    from hw2gui.vision.finished import config_of

    epochs, share = config_of(run).training.epochs, 0.0
    steps: Generator[Event, None, object] = train.train(str(run.path))
    try:
        for event in steps:
            if isinstance(event, EpochDone):
                share = 0.8 * event.epoch / epochs
                yield Progress(share, f"epoch {event.epoch} of {epochs}")
            elif isinstance(event, TimeLeft):
                yield Progress(share, f"training, {event.steps_per_second:.0f} steps a second", event.seconds)
    finally:
        steps.close()


def _compared(start: str, run: RunFolder, kept: tuple[Labelled, ...]) -> Lesson:
    from hw2gui.vision import answers

    after = str(run.path)
    taught = tuple(
        Taught(one.digest, one.label, out, before, now)
        for one, out, before, now in zip(kept, _held_out(kept), _read(start, kept), _read(after, kept), strict=True)
    )
    known = []
    for name in known_sets():
        scores = [finish(answers.evaluate(which, name, "test", TESTED)) for which in (start, after)]
        known.append(Known(name, len(scores[0]), scores[0].accuracy, scores[1].accuracy))
    return Lesson(start, after, taught, tuple(known))


def _held_out(kept: tuple[Labelled, ...]) -> tuple[bool, ...]:
    """Whether each is kept from training: as `hw2gui.vision.data` splits them."""
    images = data.stacked([_pixels(one, DRAWN) for one in kept], [one.label for one in kept])
    return tuple(split != "train" for split in data.own_splits(images))


def _read(model: str, kept: tuple[Labelled, ...]) -> Iterator[Read]:
    """Each drawing as *model* reads it, prepared as it knows characters."""
    from hw2gui.vision import answers

    if not kept:
        return
    norms = models.card(model).norms
    pictures = np.stack([_pixels(one, norms) for one in kept]).astype(np.float32) / np.float32(256)
    for chances in answers.classify(model, pictures).probabilities:
        yield Read(int(chances.argmax()), float(chances.max()))


@lru_cache(maxsize=8192)
def _pixels(one: Labelled, norms: Norms) -> Pixels:
    prepared = prepare(one.drawing, norms)
    assert prepared is not None, "an empty drawing is never kept"
    return prepared.pixels


def _title(name: str) -> str:
    return {"kmnist": "Kuzushiji-MNIST", "strokes": "built-in characters"}[name]
