"""What can be set in the training room, by name: the same in every subject that trains."""

from __future__ import annotations

from hw2gui.widgets.setting import settings

SETTINGS = settings(
    {"page": "train"},
    ("recipe", "Recipe"),
    ("training data", "Training data"),
    ("learning rate", "Learning rate"),
    ("schedule of the learning rate", "Schedule"),
    ("optimizer", "Optimizer"),
    ("batch size", "Batch size"),
    ("epochs", "Epochs"),
    ("seed", "Seed"),
)
