"""The options of ``hw2gui train cnn``, and the configuration they come to."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hw2gui.errors import InputError

if TYPE_CHECKING:
    from hw2gui.vision.config import VisionConfig
    from hw2gui.vision.network import Network

NETWORKS = ("homework", "subsampled", "dense", "dense-wide", "dense-alike", "best")
AUGMENTATIONS = ("none", "shifts", "handwriting")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Everything that changes a recipe. Left out, it is the recipe's."""
    parser.add_argument("--recipe", metavar="NAME", default="homework", help="homework, fast, best or shipped (default: homework)")
    parser.add_argument("--data", metavar="NAME", help="kmnist, strokes, drawings, folder:PATH, or some joined by +")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N images of each set")
    parser.add_argument("--network", choices=NETWORKS, help="another network than the recipe's")
    parser.add_argument("--dropout", type=float, metavar="P", help="share of the hidden units left out while training")
    parser.add_argument("--augmentation", choices=AUGMENTATIONS, help="random changes of the training images")
    parser.add_argument("--permutation", type=int, metavar="SEED", help="one fixed permutation of the pixels, drawn from this seed")
    parser.add_argument("--from", dest="start", metavar="RUN|NAME", help="train this model further")
    training = parser.add_argument_group("training")
    training.add_argument("--lr", type=float, dest="learning_rate", metavar="RATE", help="(highest) learning rate")
    training.add_argument("--epochs", type=int, metavar="N", help="passes over the training data")
    training.add_argument("--batch-size", type=int, metavar="N", help="examples for each step")
    training.add_argument("--seed", type=int, metavar="S", help="of every random number: the same seed, the same run")
    training.add_argument("--schedule", metavar="NAME", help="constant, one-cycle, cosine, step or range")
    training.add_argument("--optimizer", metavar="NAME", help="sgd, adam or adamw")
    training.add_argument("--weight-decay", type=float, metavar="W", help="how strongly weights are drawn to 0")
    training.add_argument("--label-smoothing", type=float, metavar="E", help="share of the target given to all classes alike")
    training.add_argument("--device", metavar="NAME", help="cpu, cuda, mps or auto")
    training.add_argument("--tensorboard", action="store_true", default=None, help="also write event files for TensorBoard")
    training.add_argument("--threads", type=int, metavar="N", help="0: one for each core (default: the recipe's)")


_TRAINING = (
    "learning_rate", "epochs", "batch_size", "seed", "schedule", "optimizer", "weight_decay", "label_smoothing", "device", "threads",
    "tensorboard",
)  # fmt: skip


def chosen(arguments: argparse.Namespace) -> VisionConfig:
    """The recipe with what *arguments* change. InputError for what cannot be."""
    from hw2gui.vision import recipes
    from hw2gui.vision.augmentation import HANDWRITING, NONE, SHIFTS

    config = recipes.find(arguments.recipe).config
    given = {name: value for name in _TRAINING if (value := getattr(arguments, name)) is not None}
    changes: dict[str, Any] = {
        name: value for name in ("data", "limit", "permutation", "start") if (value := getattr(arguments, name)) is not None
    }
    if given.get("threads", config.training.threads) == 0:
        # There is no window to keep a core for.
        given["threads"] = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    network = _network(arguments, config)
    if arguments.augmentation is not None:
        changes["augmentation"] = {"none": NONE, "shifts": SHIFTS, "handwriting": HANDWRITING}[arguments.augmentation]
    return replace(config, training=replace(config.training, **given), network=network, **changes)


def named_network(name: str) -> Network:
    """The network called *name*, one of `NETWORKS`."""
    from hw2gui.vision import network

    return {
        "homework": network.HOMEWORK,
        "subsampled": network.HOMEWORK_SUBSAMPLED,
        "dense": network.FULLY_CONNECTED,
        "dense-wide": network.FULLY_CONNECTED_WIDE,
        "dense-alike": network.fully_connected_like(network.HOMEWORK),
        "best": network.BEST,
    }[name]


def _network(arguments: argparse.Namespace, config: VisionConfig) -> Network:
    found = config.network
    if arguments.start is not None:
        from hw2gui.vision import models

        if arguments.network is not None:
            raise InputError("--from brings its own network: leave out --network")
        found = models.card(arguments.start).network
    elif arguments.network is not None:
        found = named_network(arguments.network)
    return found if arguments.dropout is None else replace(found, dropout=arguments.dropout)
