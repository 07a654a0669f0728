from __future__ import annotations

import argparse
from dataclasses import replace

import pytest

from hw2gui.errors import InputError
from hw2gui.vision.augmentation import NONE
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.network import BEST, FULLY_CONNECTED, HOMEWORK
from hw2gui.vision.options import NETWORKS, add_options, chosen
from hw2gui.vision.recipes import RECIPES


def parsed(*options: str) -> VisionConfig:
    parser = argparse.ArgumentParser()
    add_options(parser)
    return chosen(parser.parse_args(options))


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_a_recipe_alone(name: str) -> None:
    found, recipe = parsed("--recipe", name), RECIPES[name].config
    assert found.training.threads >= 1, "without a window every core is free"
    assert replace(found, training=replace(found.training, threads=recipe.training.threads)) == recipe
    assert parsed() == RECIPES["homework"].config


OPTIONS = """
--recipe best --data strokes --limit 50 --network dense --dropout 0.1 --augmentation none --permutation 3
--lr 0.01 --epochs 2 --batch-size 16 --seed 7 --schedule cosine --optimizer sgd --weight-decay 0.1
--label-smoothing 0.2 --device auto --threads 2
"""


def test_every_option() -> None:
    found = parsed(*OPTIONS.split())
    assert found.network == replace(FULLY_CONNECTED, dropout=0.1)
    assert (found.data, found.limit, found.permutation, found.augmentation, found.start) == ("strokes", 50, 3, NONE, None)
    training = found.training
    assert (training.learning_rate, training.epochs, training.batch_size, training.seed) == (0.01, 2, 16, 7)
    assert (training.schedule, training.optimizer, training.weight_decay, training.label_smoothing) == ("cosine", "sgd", 0.1, 0.2)
    assert (training.device, training.threads) == ("auto", 2)


@pytest.mark.parametrize("name", NETWORKS)
def test_networks(name: str) -> None:
    assert parsed("--network", name).network.parameters > 100_000
    assert parsed("--network", "homework").network == HOMEWORK


def test_training_further_keeps_the_network() -> None:
    found = parsed("--recipe", "fast", "--from", "shipped")
    assert (found.start, found.network) == ("shipped", BEST)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--recipe", "none"), "no recipe"),
        (("--epochs", "0"), "Epochs is 0"),
        (("--schedule", "no"), "Schedule"),
        (("--data", "mnist"), "no set"),
        (("--from", "nothing"), "no model"),
        (("--from", "shipped", "--network", "dense"), "leave out --network"),
    ],
)
def test_what_cannot_be(options: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        parsed(*options)
