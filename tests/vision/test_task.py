from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from hw2gui.datasets import strokes
from hw2gui.errors import InputError
from hw2gui.training.config import TrainingConfig
from hw2gui.vision import data
from hw2gui.vision.augmentation import SHIFTS
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.model import build
from hw2gui.vision.network import BEST, HOMEWORK
from hw2gui.vision.task import CharacterTask

TINY = VisionConfig(TrainingConfig(seed=3), data="strokes", limit=40)


def test_batches_are_the_images() -> None:
    task = CharacterTask(TINY)
    assert task.count() == task.count("validation") == 40
    images, labels = strokes.generate(40, strokes.SPLITS["train"][0])
    chosen = torch.tensor([7, 3, 3])
    inputs, targets = task.batch(chosen, torch.Generator())
    np.testing.assert_allclose(inputs[:, 0].numpy(), images[[7, 3, 3]] / np.float32(256))
    assert targets.tolist() == labels[[7, 3, 3]].tolist()


def test_augmentation_changes_training_images_alone() -> None:
    task = CharacterTask(replace(TINY, augmentation=SHIFTS))
    inputs, _ = task.batch(torch.tensor([0, 0]), torch.Generator().manual_seed(1))
    assert not torch.equal(inputs[0], inputs[1])
    np.testing.assert_array_equal(task.samples("validation").images, data.load("strokes", "validation", 40).images)


def test_the_permutation_is_on_every_split() -> None:
    task = CharacterTask(replace(TINY, permutation=4))
    for split in ("train", "validation", "test"):
        plain = data.load("strokes", split, 40)
        np.testing.assert_array_equal(task.samples(split).images, data.permuted(plain, 4).images)


def test_loss_and_scores_beside_brute_force() -> None:
    task = CharacterTask(replace(TINY, training=TrainingConfig(label_smoothing=0.1)))
    module = task.build().eval()
    inputs, labels = task.batch(torch.arange(9), torch.Generator())
    with torch.no_grad():
        logs = torch.log_softmax(module(inputs), 1).numpy()
        loss = float(task.loss(module, (inputs, labels)))
    wanted = -np.mean([0.9 * logs[i, labels[i]] + 0.1 * logs[i].mean() for i in range(9)])
    assert loss == pytest.approx(wanted, rel=1e-5)
    found = task.evaluate(module, "validation")
    validation = task.samples("validation")
    with torch.no_grad():
        logs = torch.log_softmax(module(torch.from_numpy(validation.images / np.float32(256))[:, None]), 1).numpy()
    assert found["accuracy"] == np.mean(logs.argmax(1) == validation.labels)
    assert found["loss"] == pytest.approx(-np.mean(logs[np.arange(40), validation.labels]), rel=1e-5)


def test_weights_come_from_the_seed_or_from_a_model() -> None:
    first, again = CharacterTask(TINY).build(), build(HOMEWORK, 3)
    torch.testing.assert_close(first.state_dict(), again.state_dict(), rtol=0, atol=0)
    from hw2gui.vision import models

    shipped = models.load("shipped")
    further = CharacterTask(replace(TINY, network=shipped.network, start="shipped")).build()
    torch.testing.assert_close(dict(further.state_dict()), dict(shipped.module.state_dict()), rtol=0, atol=0)
    with pytest.raises(InputError, match="shipped is another network"):
        CharacterTask(replace(TINY, network=HOMEWORK, start="shipped")).build()
    assert shipped.network.stages() == BEST.stages()
