from __future__ import annotations

import json

import pytest

from hw2gui.datasets.tsv import TableChoice
from hw2gui.seq2seq.config import Alphabets, Seq2SeqConfig
from hw2gui.seq2seq.network import ModelConfig
from hw2gui.seq2seq.recipes import RECIPES
from hw2gui.seq2seq.results import AttentionOverride, Options
from hw2gui.session.codec import from_plain, to_plain


@pytest.mark.parametrize(
    "value",
    [
        Options(3, 2, 0.5, 20),
        AttentionOverride("argmax", ((2, (0.25, 0.75)), (0, (1.0,)))),
        Seq2SeqConfig(model=ModelConfig(64, cell="GRU"), data="table:/a/b.tsv", table=TableChoice(1, 0), alphabets=Alphabets("ab", "شس")),
        *(recipe.config for recipe in RECIPES.values()),
    ],
)
def test_what_is_chosen_comes_back_from_a_file(value: object) -> None:
    """Sessions and run folders keep these as plain JSON."""
    assert from_plain(type(value), json.loads(json.dumps(to_plain(value)))) == value


def test_of_attention_given_twice_the_last_counts() -> None:
    override = AttentionOverride(weights=((1, (1.0, 0.0)), (1, (0.0, 1.0))))
    assert override.at(1) == (0.0, 1.0) and override.at(0) is None and override.active
