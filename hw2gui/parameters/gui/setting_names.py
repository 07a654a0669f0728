"""The tab's pages and what can be set on them, by name."""

from __future__ import annotations

from hw2gui.widgets.setting import pages, settings

SETTINGS = (
    *pages("page", ("table", "Table"), ("twins", "CNN against fully connected"), ("growth", "Growth"), ("ladder", "Ladder")),
    *settings(
        {},
        ("preset", "Preset"),
        ("name of the network", "Name of the network"),
        ("input", "Kind of input"),
        ("batch", "Batch"),
        ("ignore biases", "Ignore biases"),
        ("numbers in full or short", "Numbers"),
    ),
    *settings(
        {"page": "twins"},
        ("first network", "First network"),
        ("second network", "Second network"),
        ("quantity that is compared", "Quantity"),
        ("what grows", "What grows"),
    ),
    *settings({"page": "ladder"}, ("connections", "Connections"), ("rows of the picture", "Rows of the picture")),
)
