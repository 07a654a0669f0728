"""The tab's pages and what can be set on them, by name."""

from __future__ import annotations

from hw2gui.training.gui import setting_names as training
from hw2gui.widgets.setting import pages, settings

SETTINGS = (
    *pages(
        "page",
        ("draw", "Draw"),
        ("inside", "Look inside"),
        ("results", "Results"),
        ("train", "Train"),
        ("teach", "Teach"),
        ("experiments", "Experiments"),
    ),
    *settings({}, ("model", "Model")),
    *settings(
        {"page": "draw"},
        ("drawing pad", "Drawing pad"),
        ("brush", "Brush width"),
        ("eraser", "Eraser"),
        ("what is done to the drawing", "What is done to the drawing"),
    ),
    *settings(
        {"page": "inside"},
        ("image that is looked into", "Image: "),
        ("image number", "Image number"),
        ("saliency or occlusion", "What the answer rests on"),
        ("maps or filters", "Stages"),
        ("one colour scale", "One colour scale"),
    ),
    *settings({"page": "results"}, ("images to test on", "Images to test on"), ("colour the errors", "Colour the errors")),
    *training.SETTINGS,
    *settings(
        {"page": "experiments"},
        ("experiment", "Experiment"),
        ("thoroughness of the experiment", "Thoroughness"),
        ("seeds of the experiment", "Seeds"),
    ),
)
