"""The options of ``hw2gui train seq2seq``, and the configuration they come to."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hw2gui.seq2seq.config import Seq2SeqConfig

_TRAINING = (
    "learning_rate", "epochs", "batch_size", "seed", "schedule", "optimizer", "weight_decay", "label_smoothing", "clip", "device",
    "threads", "chosen", "test", "tensorboard",
)  # fmt: skip
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
    training = parser.add_argument_group("training")
    training.add_argument("--lr", type=float, dest="learning_rate", metavar="RATE", help="(highest) learning rate")
    training.add_argument("--epochs", type=int, metavar="N", help="passes over the training data")
    training.add_argument("--batch-size", type=int, metavar="N", help="examples for each step")
    training.add_argument("--seed", type=int, metavar="S", help="of every random number: the same seed, the same run")
    training.add_argument("--schedule", metavar="NAME", help="constant, one-cycle, cosine, step or range")
    training.add_argument("--optimizer", metavar="NAME", help="sgd, adam or adamw")
    training.add_argument("--weight-decay", type=float, metavar="W", help="how strongly weights are drawn to 0")
    training.add_argument("--label-smoothing", type=float, metavar="E", help="share of the target given to all classes alike")
    training.add_argument("--clip", type=float, metavar="NORM", help="the gradient is scaled down to this norm where it is longer")
    training.add_argument("--device", metavar="NAME", help="cpu, cuda, mps or auto")
    training.add_argument("--tensorboard", action="store_true", default=None, help="also write event files for TensorBoard")
    training.add_argument("--threads", type=int, metavar="N", help="0: one for each core but one")
    training.add_argument("--chosen", choices=("last", "best"), help="the epoch the run stands for: the last, or the best on validation")
    training.add_argument("--test", choices=("end", "every epoch", "never"), help="when the test data are looked at")


def chosen(arguments: argparse.Namespace) -> Seq2SeqConfig:
    """The recipe with what *arguments* change. InputError for what cannot be."""
    from hw2gui.seq2seq import recipes

    def given(names: tuple[str, ...]) -> dict[str, Any]:
        return {name: value for name in names if (value := getattr(arguments, name)) is not None}

    config = recipes.find(arguments.recipe).config
    training = replace(config.training, **given(_TRAINING))
    model = replace(config.model, **given(_MODEL))
    return replace(config, training=training, model=model, **given(_OWN))
