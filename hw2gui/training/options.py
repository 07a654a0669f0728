"""The options of ``hw2gui train …`` that change how any subject trains, and what of them was given."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

NAMES = (
    "learning_rate", "epochs", "batch_size", "seed", "schedule", "optimizer", "weight_decay", "label_smoothing", "device", "threads",
    "tensorboard",
)  # fmt: skip
"""Fields of `TrainingConfig` that the options set."""


def add_training_options(parser: argparse.ArgumentParser, threads: str) -> argparse._ArgumentGroup:
    """Add the group ``training`` to *parser*, and answer it for what else belongs there; *threads* says what 0 threads are."""
    group = parser.add_argument_group("training")
    group.add_argument("--lr", type=float, dest="learning_rate", metavar="RATE", help="(highest) learning rate")
    group.add_argument("--epochs", type=int, metavar="N", help="passes over the training data")
    group.add_argument("--batch-size", type=int, metavar="N", help="examples for each step")
    group.add_argument("--seed", type=int, metavar="S", help="of every random number: the same seed, the same run")
    group.add_argument("--schedule", metavar="NAME", help="constant, one-cycle, cosine, step or range")
    group.add_argument("--optimizer", metavar="NAME", help="sgd, adam or adamw")
    group.add_argument("--weight-decay", type=float, metavar="W", help="how strongly weights are drawn to 0")
    group.add_argument("--label-smoothing", type=float, metavar="E", help="share of the target given to all classes alike")
    group.add_argument("--device", metavar="NAME", help="cpu, cuda, mps or auto")
    group.add_argument("--tensorboard", action="store_true", default=None, help="also write event files for TensorBoard")
    group.add_argument("--threads", type=int, metavar="N", help=threads)
    return group


def given(arguments: argparse.Namespace, names: Iterable[str]) -> dict[str, Any]:
    """The options among *names* that were given, with their values."""
    return {name: value for name in names if (value := getattr(arguments, name)) is not None}
