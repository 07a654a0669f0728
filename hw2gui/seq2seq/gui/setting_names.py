"""The tab's pages and what can be set on them, by name."""

from __future__ import annotations

from hw2gui.seq2seq.pages import PAGES
from hw2gui.training.gui import setting_names as training
from hw2gui.widgets.setting import pages, settings

SETTINGS = (
    *pages("page", *((page.key, page.title) for page in PAGES)),
    *settings(
        {"page": "type"},
        ("text", "Text"),
        ("model", "Model"),
        ("keyboard on screen", "Keyboard on screen"),
        ("reference", "Reference"),
        ("beam size k", "Beam size"),
        ("n best", "n best"),
        ("length exponent α", "Length exponent"),
        ("beside the beam", "Beside the beam"),
        ("attention as map or lines", "Attention as"),
        ("reading order", "Reading order"),
        ("Latin hints", "Latin hints"),
    ),
    *training.SETTINGS,
    *settings({"page": "train"}, ("attention", "Attention")),
    *settings({"page": "measure"}, ("beam sizes to measure", "Beam sizes"), ("pairs to measure", "Pairs")),
)
