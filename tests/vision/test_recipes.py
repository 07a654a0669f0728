from __future__ import annotations

from dataclasses import replace

import pytest

from hw2gui.errors import InputError
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.training.config import TrainingConfig
from hw2gui.vision import recipes
from hw2gui.vision.augmentation import SHIFTS
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.network import BEST, FULLY_CONNECTED, HOMEWORK, HOMEWORK_SUBSAMPLED
from hw2gui.vision.recipes import RECIPES
from hw2gui.vision.report_reference import LEARNING_RATES, VALIDATION_ACCURACY, reference


def test_the_homeworks_protocol() -> None:
    config = RECIPES["homework"].config
    training = config.training
    assert (training.batch_size, training.optimizer, training.learning_rate, training.epochs) == (8, "adam", 5e-4, 20)
    assert (training.schedule, training.weight_decay, training.seed) == ("constant", 0, 42)
    assert (config.network, config.data, config.network.dropout) == (HOMEWORK, "kmnist", 0.3)


def test_fast_is_the_same_network() -> None:
    assert RECIPES["fast"].config.network == HOMEWORK
    assert RECIPES["fast"].config.data == "kmnist"


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.name)
def test_configurations_survive_the_disk(recipe: recipes.Recipe) -> None:
    assert recipes.find(recipe.name) is recipe
    assert from_plain(VisionConfig, to_plain(recipe.config)) == recipe.config


def test_unknown_recipe() -> None:
    with pytest.raises(InputError, match="choose one of homework, fast, best, shipped"):
        recipes.find("quick")


@pytest.mark.parametrize("rate", LEARNING_RATES)
def test_the_report_is_beside_its_own_protocol(rate: float) -> None:
    config = VisionConfig(TrainingConfig(learning_rate=rate))
    assert reference(config) == VALIDATION_ACCURACY[rate]
    same = replace(config, training=replace(config.training, seed=1, threads=2, keep_epochs=False, test="every epoch", chosen="best"))
    assert reference(same) == VALIDATION_ACCURACY[rate]


@pytest.mark.parametrize(
    "other",
    [
        VisionConfig(data="strokes"),
        VisionConfig(data="kmnist+strokes"),
        VisionConfig(limit=50),
        VisionConfig(network=BEST),
        VisionConfig(network=HOMEWORK_SUBSAMPLED),
        VisionConfig(network=FULLY_CONNECTED),
        VisionConfig(network=replace(HOMEWORK, dropout=0.0)),
        VisionConfig(augmentation=SHIFTS),
        VisionConfig(permutation=0),
        VisionConfig(start="hiragana"),
        *(
            VisionConfig(replace(TrainingConfig(), **change))
            for change in (
                {"learning_rate": 1e-3},
                {"epochs": 19},
                {"batch_size": 16},
                {"optimizer": "sgd"},
                {"schedule": "one-cycle"},
                {"weight_decay": 0.1},
                {"label_smoothing": 0.1},
                {"clip": 1.0},
                {"momentum": 0.8},
            )
        ),
    ],
)
def test_and_beside_no_other(other: VisionConfig) -> None:
    assert reference(other) is None


def test_fine_tuning_mixes_the_users_hand_in() -> None:
    config = recipes.fine_tuning("hiragana", BEST)
    assert (config.start, config.network, config.balanced) == ("hiragana", BEST, True)
    assert config.data.startswith("drawings+")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"data": "mnist"}, "is no set"),
        ({"limit": 0}, "choose 1 to"),
        ({"permutation": -1}, "seed of the pixel"),
        ({"permutation": 1, "augmentation": SHIFTS}, "permuted pixels"),
    ],
)
def test_what_cannot_be(change, message: str) -> None:
    with pytest.raises(InputError, match=message):
        VisionConfig(**change)
