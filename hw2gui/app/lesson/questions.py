"""The homework's questions in our own words: where each is answered in the program, what to look at, and the number to guess first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

NUMBERS = "hw2gui.app.lesson.numbers"


@dataclass(frozen=True)
class Place:
    """A tab in one of its states."""

    tab: str
    state: Callable[[], Any]


@dataclass(frozen=True)
class Question:
    """One question."""

    key: str
    title: str
    text: str
    places: tuple[Place, ...]
    """Where it is answered; the first whose tab is there."""
    look: str
    """What to look at there, in a sentence."""
    guess: str
    """What to guess."""
    unit: str
    number: str
    """The function of :mod:`hw2gui.app.lesson.numbers` that computes it."""
    told: bool = False
    """Whether the view that is opened shows the number, too: it is covered there until there is a guess."""

    def place(self, tabs: Sequence[str]) -> Place | None:
        """The first place whose tab is among *tabs*."""
        return next((place for place in self.places if place.tab in tabs), None)


def _convolution(**changes: Any) -> Place:
    def state() -> Any:
        from hw2gui.convolution.state import Pin, first_state

        made = dict(changes)
        if "pinned" in made:
            made["pinned"] = Pin(*made["pinned"])
        return replace(first_state(), **made)

    return Place("convolution", state)


def _parameters(preset: str, **changes: Any) -> Place:
    def state() -> Any:
        from hw2gui.parameters.state import ParametersState, with_preset

        return replace(with_preset(ParametersState(), preset), **changes)

    return Place("parameters", state)


def _vision(**changes: Any) -> Place:
    def state() -> Any:
        from hw2gui.vision.state import first_state

        return replace(first_state(), **changes)

    return Place("vision", state)


def _turned() -> Any:
    """A drawing to be turned: the model strokes of one character."""
    from hw2gui.datasets.glyphs import centre_line
    from hw2gui.vision.pen import Drawing, Stroke
    from hw2gui.vision.state import first_state

    points, strokes, _ = centre_line(4, 120)
    lines = (points[strokes == number] for number in range(int(strokes.max()) + 1))
    drawing = Drawing(tuple(Stroke(tuple((float(x), float(y)) for x, y in line), 0.07) for line in lines))
    return replace(first_state(), page="draw", drawing=drawing, change="rotation")


def _letters(**changes: Any) -> Place:
    """The transliteration tab as it opens."""

    def state() -> Any:
        from hw2gui.app.tabs import TABS
        from hw2gui.names import load

        return replace(load(next(spec.state for spec in TABS if spec.key == "seq2seq"))(), **changes)

    return Place("seq2seq", state)


QUESTIONS = (
    Question(
        "1.1a",
        "The output's size",
        "A kernel of 5 × 5 weights slides over an image of 28 × 28 pixels in steps of one, never past its edge. How large is what "
        "comes out?",
        (_convolution(pinned=("output", 9, 6)),),
        "Change the kernel's size and the stride at the left: Facts says H′ and W′ with today's numbers. At which strides is a border "
        "left over?",
        "How many cells has z?",
        "cells",
        "output_cells",
        told=True,
    ),
    Question(
        "1.1b",
        "A convolution is a matrix",
        "Written as vectors, z is M times x for some matrix M. Which of its entries can differ from 0, and which weight stands where?",
        (_convolution(pinned=("matrix", 300, 435)),),
        "Point at entries of M: the formula says which weight stands there and why. Then try your own formula with the tool My formula.",
        "What share of M's entries lies inside the kernel?",
        "%",
        "density",
        told=True,
    ),
    Question(
        "1.1c",
        "Counting weights",
        "A convolution, a ReLU, 2 × 2 pooling and a layer to three classes, all without biases; beside it, the same with convolution and "
        "pooling replaced by one fully connected layer of as many outputs. Compare the numbers of weights.",
        (_parameters("question1", ignore_biases=True, page="twins"),),
        "Read the formulas of both tables at the right, and drag the size: where do the two grow apart?",
        "How many times as many weights has the fully connected one?",
        "times",
        "question1_ratio",
        told=True,
    ),
    Question(
        "1.2",
        "Attention over pixels",
        "Every pixel attends to all others; queries, keys and values are the grey levels themselves. What are the probabilities, and "
        "what does "
        "the output come to?",
        (_convolution(mode="attention", pinned=("image", 10, 19)),),
        "Walk over x: the row of P of each pixel is painted as an image. Then look at the tone curve: Z depends on the pixel's own "
        "level alone.",
        "How many times the uniform weight 1/HW is the largest entry of P?",
        "times",
        "largest_attention",
        told=True,
    ),
    Question(
        "2.1",
        "Why fewer parameters",
        "What makes a convolutional network smaller than a fully connected one, and how much smaller is it at equal widths?",
        (_parameters("cnn", page="twins"),),
        "Compare with the same widths, then with 784-512-10: which layers hold the weights?",
        "How many times the CNN's parameters has the fully connected network of the same widths?",
        "times",
        "dense_ratio",
        told=True,
    ),
    Question(
        "2.2",
        "Moved, turned, scaled",
        "Convolution and pooling are said to cope with shifts, rotations and changes of size. How far does that go?",
        (Place("vision", _turned),),
        "Choose what is done to the drawing above the strip, and see where the answer tips over.",
        "Of 100 test characters turned by 30°, how many are read right?",
        "of 100",
        "read_turned",
    ),
    Question(
        "2.3",
        "Without neighbours",
        "If all images had their pixels shuffled in one fixed order, neighbours would no longer mean anything. What would be left of the "
        "convolutional network's advantage?",
        (_convolution(mode="attention", permuted=True),),
        "What it comes to, at the right, says how far a convolution's output changes when the pixels are shuffled, and attention's.",
        "Of 100 test characters, shuffled, how many does a network read right that was trained on unshuffled ones?",
        "of 100",
        "read_shuffled",
    ),
    Question(
        "2.4",
        "Training it",
        "Train the network on the characters with three learning rates and compare how well they do on images kept aside.",
        (_vision(page="train"),),
        "Start a run and watch the two curves; then change the learning rate and start another beside it.",
        "What share of the test images does the homework's network read right?",
        "%",
        "accuracy",
    ),
    Question(
        "2.5",
        "What the filters see",
        "Show what the first convolution makes of one image. What do its maps respond to?",
        (_vision(page="inside", index=7, pinned=("conv1", 2, 9, 17)),),
        "Click a value of a map: patch × filter is at the right. Switch to filters and find the map that each belongs to.",
        "What share of the values after the first ReLU is 0?",
        "%",
        "silent",
    ),
    Question(
        "3.1a",
        "Characters to characters",
        "An encoder reads a word letter by letter into one state, and a decoder writes from it. How many letters come out wrong?",
        (_letters(beside="plain"), _parameters("seq2seq-plain")),
        "Beside the beam stands the model without attention: type longer names and see where it loses the thread.",
        "What is the error rate without attention, writing the likeliest letter each time?",
        "%",
        "plain_error",
    ),
    Question(
        "3.1b",
        "With attention",
        "Let the decoder look back at every letter it read. What does that change?",
        (_letters(), _parameters("seq2seq")),
        "Which letter does it look at while it writes which? Move the attention of one step and see what changes.",
        "What is the error rate with attention?",
        "%",
        "attention_error",
    ),
    Question(
        "3.1c",
        "Several candidates",
        "Instead of the likeliest letter at each step, keep the k best beginnings. When is the search over, and does it help?",
        (_letters(beam=5), _parameters("seq2seq")),
        "Compare the greedy output with the best of the beam: where do they part?",
        "What is the error rate with attention and a beam of 5?",
        "%",
        "beam_error",
    ),
)

BY_KEY = {question.key: question for question in QUESTIONS}


def judged(guess: float, value: float, unit: str) -> str:
    """How near the guess was, in words."""
    if value == guess:
        return "Exactly."
    if value == 0:
        return f"You said {guess:g} {unit}."
    off = abs(guess - value) / abs(value)
    how = "Very near" if off <= 0.05 else "Near" if off <= 0.2 else "The right size" if 1 / 3 <= guess / value <= 3 else "Far off"
    return f"{how}: you said {guess:g} {unit}, {'too high' if guess > value else 'too low'} by {100 * off:.0f} %."
