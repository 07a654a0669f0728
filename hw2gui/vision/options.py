"""The options of ``hw2gui train cnn``, and the configuration they come to."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from hw2gui.errors import InputError
from hw2gui.training.options import NAMES, add_training_options, given

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
    add_training_options(parser, "0: one for each core (default: the recipe's)")


def chosen(arguments: argparse.Namespace) -> VisionConfig:
    """The recipe with what *arguments* change. InputError for what cannot be."""
    from hw2gui.vision import recipes
    from hw2gui.vision.augmentation import HANDWRITING, NONE, SHIFTS

    config = recipes.find(arguments.recipe).config
    training = given(arguments, NAMES)
    changes = given(arguments, ("data", "limit", "permutation", "start"))
    if training.get("threads", config.training.threads) == 0:
        # There is no window to keep a core for.
        training["threads"] = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    network = _network(arguments, config)
    if arguments.augmentation is not None:
        changes["augmentation"] = {"none": NONE, "shifts": SHIFTS, "handwriting": HANDWRITING}[arguments.augmentation]
    return replace(config, training=replace(config.training, **training), network=network, **changes)


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
