"""The vision tab's interesting states, for the tour."""

from __future__ import annotations

from dataclasses import replace

from hw2gui.training.room import Room
from hw2gui.vision.inquiry import Inquiry
from hw2gui.vision.pen import drawn
from hw2gui.vision.state import VisionState
from hw2gui.widgets.tour import Stop

START = VisionState()
RESULTS = replace(START, page="results", model="homework", tested_split="test")

STOPS = (
    Stop("empty", "An empty pad says nothing", lambda: START),
    Stop(
        "drawing",
        "A character drawn with the mouse, and how firmly it is read",
        lambda: replace(START, drawing=drawn(4)),
        lambda tab: tab.home(),
    ),
    Stop("inside", "One image on its way through the network", lambda: replace(START, page="inside", index=7)),
    Stop("teach", "Your own drawings, labelled, to train the model on", lambda: replace(START, page="teach", drawing=drawn(3))),
    Stop(
        "experiments",
        "A claim of question 2 as an experiment: what its networks reach, and what that shows",
        lambda: replace(START, page="experiments", inquiry=Inquiry("transformations")),
    ),
    Stop("train", "Training in a process of its own, with live curves", lambda: replace(START, page="train")),
    Stop(
        "sweep",
        "A sweep over any settings: every combination, the best chosen by validation",
        lambda: replace(START, page="train", room=Room(sweeping=True)),
    ),
    Stop(
        "one-value",
        "One value of a map: patch, filter, products",
        lambda: replace(START, page="inside", model="homework", index=7, pinned=("conv1", 2, 9, 16), attribution="saliency"),
    ),
    Stop(
        "filters",
        "The filters of the homework's network as pictures, and a logit taken apart",
        lambda: replace(START, page="inside", model="homework", index=7, showing="filters", pinned=("dense1", 5, 0, 0)),
    ),
    Stop(
        "results",
        "The confusion matrix: who is taken for whom, and the images behind a cell",
        lambda: replace(RESULTS, confused=(1, 7)),
    ),
    Stop("classes", "Class by class", lambda: replace(RESULTS, gallery="classes")),
    Stop("compare", "What the shipped model fixes and breaks", lambda: replace(RESULTS, gallery="compare", rival="shipped")),
    Stop(
        "strongest", "What excites each map most, framed by what its cell sees", lambda: replace(RESULTS, gallery="top", top=("conv2", 0))
    ),
)
