from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from hw2gui.datasets import strokes
from hw2gui.errors import InputError
from hw2gui.training.config import TrainingConfig
from hw2gui.vision import data, models
from hw2gui.vision.augmentation import SHIFTS
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.network import BEST, HOMEWORK
from hw2gui.vision.task import CharacterTask

TINY = VisionConfig(TrainingConfig(seed=3), data="strokes", limit=40)


def prepared(config: VisionConfig = TINY) -> CharacterTask:
    task = CharacterTask(config)
    task.prepare(torch.device("cpu"))
    return task


def test_batches_are_the_images() -> None:
    task = prepared()
    images, labels = strokes.generate(40, strokes.SPLITS["train"][0])
    inputs, targets = task.batch(torch.tensor([7, 3, 3]))
    np.testing.assert_allclose(inputs[:, 0].numpy(), images[[7, 3, 3]] / np.float32(256))
    assert targets.tolist() == labels[[7, 3, 3]].tolist()


def test_an_epoch_sees_every_image_once() -> None:
    task = prepared()
    first, again, other = (task.plan(1, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert sorted(torch.cat(list(first)).tolist()) == list(range(40))
    assert [len(batch) for batch in first] == [8] * 5
    assert torch.equal(torch.cat(list(first)), torch.cat(list(again)))
    assert not torch.equal(torch.cat(list(first)), torch.cat(list(other)))


def test_augmentation_changes_training_images_alone() -> None:
    task = prepared(replace(TINY, augmentation=SHIFTS))
    torch.manual_seed(1)
    inputs, _ = task.batch(torch.tensor([0, 0]))
    assert not torch.equal(inputs[0], inputs[1])
    torch.manual_seed(1)
    assert torch.equal(task.batch(torch.tensor([0, 0]))[0], inputs)
    np.testing.assert_array_equal(task.images("validation").images, data.load("strokes", "validation", 40).images)


def test_the_permutation_is_on_every_split() -> None:
    task = CharacterTask(replace(TINY, permutation=4))
    for split in ("train", "validation", "test"):
        plain = data.load("strokes", split, 40)
        np.testing.assert_array_equal(task.images(split).images, data.permuted(plain, 4).images)


def test_loss_and_scores_beside_brute_force() -> None:
    task = prepared(replace(TINY, training=TrainingConfig(label_smoothing=0.1)))
    module = task.build().eval()
    inputs, labels = task.batch(torch.arange(9))
    with torch.no_grad():
        logs = torch.log_softmax(module(inputs), 1).numpy()
        loss = float(task.loss(module, torch.arange(9)))
    wanted = -np.mean([0.9 * logs[i, labels[i]] + 0.1 * logs[i].mean() for i in range(9)])
    assert loss == pytest.approx(wanted, rel=1e-5)
    validation = task.images("validation")
    with torch.no_grad():
        found = task.evaluate(module, "validation")
        logs = torch.log_softmax(module(torch.from_numpy(validation.images / np.float32(256))[:, None]), 1).numpy()
    assert found["accuracy"] == np.mean(logs.argmax(1) == validation.labels)
    assert found["loss"] == pytest.approx(-np.mean(logs[np.arange(40), validation.labels]), rel=1e-5)


def test_weights_come_from_torchs_generator_or_from_a_model() -> None:
    torch.manual_seed(3)
    first = CharacterTask(TINY).build()
    torch.manual_seed(3)
    torch.testing.assert_close(CharacterTask(TINY).build().state_dict(), first.state_dict(), rtol=0, atol=0)
    shipped = models.load("shipped")
    further = CharacterTask(replace(TINY, network=shipped.network, start="shipped")).build()
    torch.testing.assert_close(dict(further.state_dict()), dict(shipped.module.state_dict()), rtol=0, atol=0)
    with pytest.raises(InputError, match="shipped is another network"):
        CharacterTask(replace(TINY, network=HOMEWORK, start="shipped")).build()
    assert shipped.network.stages() == BEST.stages()


def test_dead_units_are_counted() -> None:
    task = prepared()
    module = task.build()
    alive = task.dead_share(module)
    with torch.no_grad():
        module.get_submodule("conv1").bias.fill_(-100.0)
    dead = task.dead_share(module)
    assert alive is not None
    assert dead is not None
    assert dead >= alive + 7 / (8 + 16 + 600 + 120)


def test_the_data_have_sums() -> None:
    found = CharacterTask(replace(TINY, data="kmnist+strokes:30")).data
    assert found["kmnist/train-labels-idx1-ubyte.gz"] == "e144d726b3acfaa3e44228e80efcd344"
    assert found["strokes:30"] != CharacterTask(replace(TINY, data="strokes:29")).data["strokes:29"]
