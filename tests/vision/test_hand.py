"""Teaching a model one's own hand: the collection, the lesson, what is kept of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hw2gui.errors import InputError, UnavailableError
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.steps import finish
from hw2gui.training import runs
from hw2gui.vision import collection, data, hand, recipes, train
from hw2gui.vision.experiment_clock import Progress
from hw2gui.vision.hand import Known, Lesson, Read, Taught
from hw2gui.vision.pen import Drawing, Stroke


@pytest.fixture(autouse=True)
def alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's drawings, no published data, short lessons."""
    monkeypatch.delenv("HW2GUI_DATA", raising=False)
    monkeypatch.setattr(hand, "KNOWN", 60)
    monkeypatch.setattr(hand, "TESTED", 60)


def zigzag(seed: int) -> Drawing:
    """A sign of one's own."""
    corners = np.array([[0.2, 0.2], [0.8, 0.3], [0.2, 0.4], [0.8, 0.5], [0.2, 0.6], [0.8, 0.7], [0.2, 0.8]])
    points = corners + np.random.default_rng(seed).normal(0, 0.02, corners.shape)
    return Drawing((Stroke(tuple((float(x), float(y)) for x, y in points), 0.05),))


def test_drawings_are_kept_found_forgotten_and_brought_back() -> None:
    digest = hand.keep(zigzag(0), 3)
    assert hand.keep(zigzag(0), 3) == digest, "the same drawing is kept once"
    hand.keep(zigzag(1), 4)
    found = hand.hand("shipped")
    assert [(one.label, one.held_out) for one in found.drawings] == [(3, False), (4, False)]
    assert found.counts[3:5] == (1, 1)
    assert found.drawings[0].pixels.max() == 255
    assert found.lesson is None
    gone = hand.forget(3, digest)
    assert gone is not None
    assert hand.forget(3, digest) is None
    assert len(collection.everything()) == 1
    assert hand.keep(gone.drawing, gone.label) == digest


def test_an_empty_pad_is_not_kept_and_a_damaged_file_is_named() -> None:
    with pytest.raises(InputError, match="pad is empty"):
        hand.keep(Drawing(), 3)
    hand.keep(zigzag(0), 3)
    (path,) = collection.folder().rglob("*.json")
    path.write_text("{", "utf-8")
    with pytest.raises(UnavailableError, match="is damaged"):
        hand.hand("shipped")


def test_a_lesson_teaches_and_is_kept_with_its_run() -> None:
    for seed in range(8):
        hand.keep(zigzag(seed), 3)
    told: list[Progress] = []
    lesson = finish(hand.teach("shipped"), told.append)
    assert [one.share for one in told] == sorted(one.share for one in told)
    held, trained = lesson.right(held_out=True), lesson.right(held_out=False)
    assert held[0] + trained[0] == 8
    assert trained[2] > trained[1]
    assert [known.data for known in lesson.known] == ["strokes"]
    assert lesson.known[0].after >= 0.9
    assert hand.lesson_of(lesson.run) == lesson
    again = hand.hand(lesson.run)
    assert again.lesson == lesson
    assert [one.read.label for one in again.drawings] == [one.after.label for one in sorted(lesson.drawings, key=lambda one: one.digest)]
    # Those held out are what training never saw.
    assert held[0] == sum(one.held_out for one in again.drawings)
    assert len(data.load("drawings", "train")) == trained[0]


def test_there_must_be_something_to_teach() -> None:
    with pytest.raises(InputError, match="no labelled drawings"):
        finish(hand.teach("shipped"))
    config = recipes.find("fast").config
    shuffled = train.begin(replace(config, data="strokes", permutation=1, limit=20), title="shuffled")
    hand.keep(zigzag(0), 3)
    outcome_of = hand.teach(str(shuffled.path))
    with pytest.raises(InputError):
        next(outcome_of)
    assert [listed.name for listed in runs.list_runs()] == ["shuffled"]


def lesson(held: int, known_after: float) -> Lesson:
    taught = [Taught(f"{number}", 3, number < held, Read(4, 0.6), Read(3, 0.9)) for number in range(5)]
    return Lesson("shipped", "run", tuple(taught), (Known("strokes", 100, 0.99, known_after),))


def test_the_sentence_says_what_was_held_out_and_what_was_forgotten() -> None:
    said = lesson(2, 0.99).sentence
    assert "Of 2 drawings held out from the training 0 were read right before and 2 after" in said
    assert "of the 3 it was trained on 0 before and 3 after, which flatters it" in said
    assert said.endswith("it has forgotten nothing.")
    assert "No drawing was held out" in lesson(0, 0.99).sentence
    assert lesson(0, 0.9).sentence.endswith("it has forgotten 9.0 points.")
    assert from_plain(Lesson, to_plain(lesson(2, 0.9))) == lesson(2, 0.9)
