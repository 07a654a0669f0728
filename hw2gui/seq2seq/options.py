"""The options of ``hw2gui train seq2seq``, and the configuration they come to."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from hw2gui.training.options import NAMES, add_training_options, given

if TYPE_CHECKING:
    from hw2gui.seq2seq.config import Seq2SeqConfig

_TRAINING = (*NAMES, "clip", "chosen", "test")
_MODEL = ("hidden", "layers", "dropout", "attention", "tied", "cell", "input_feeding")
_OWN = ("data", "limit", "buckets", "noise", "max_length")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Everything that changes a recipe. Left out, it is the recipe's."""
    switch = argparse.BooleanOptionalAction
    parser.add_argument("--recipe", metavar="NAME", default="homework", help="homework, fast, wide, best or names (default: homework)")
    parser.add_argument(
        "--data", metavar="NAME", help="anetac-ar-en (the default), anetac-en-ar, spa-eng, starter-ar-en, toy-reverse …, table:FILE"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N pairs of each split")
    parser.add_argument("--buckets", action=switch, help="sentences of like length in a batch: less time spent on padding")
    parser.add_argument("--noise", type=float, metavar="P", help="share of the symbols read that are replaced by the unknown one")
    parser.add_argument("--max-length", type=int, metavar="N", help="most symbols of an output, its end included (default: 50)")
    model = parser.add_argument_group("the model")
    model.add_argument("--attention", action=switch, help="look back at the source for every symbol")
    model.add_argument("--hidden", type=int, metavar="H", help="size of embeddings and states, even")
    model.add_argument("--layers", type=int, metavar="N", help="recurrent layers")
    model.add_argument("--dropout", type=float, metavar="P", help="share of the values left out while training")
    model.add_argument("--tied", action=switch, help="the output layer's weight is the decoder's embedding")
    model.add_argument("--cell", choices=("LSTM", "GRU"), help="the recurrent unit")
    model.add_argument("--input-feeding", action=switch, help="read the attention's last output with the next symbol (slower)")
    training = add_training_options(parser, "0: one for each core but one")
    training.add_argument("--clip", type=float, metavar="NORM", help="the gradient is scaled down to this norm where it is longer")
    training.add_argument("--chosen", choices=("last", "best"), help="the epoch the run stands for: the last, or the best on validation")
    training.add_argument("--test", choices=("end", "every epoch", "never"), help="when the test data are looked at")


def chosen(arguments: argparse.Namespace) -> Seq2SeqConfig:
    """The recipe with what *arguments* change. InputError for what cannot be."""
    from hw2gui.seq2seq import recipes

    config = recipes.find(arguments.recipe).config
    training = replace(config.training, **given(arguments, _TRAINING))
    model = replace(config.model, **given(arguments, _MODEL))
    return replace(config, training=training, model=model, **given(arguments, _OWN))
