"""Make a shipped model out of a finished run: ``python -m hw2gui.vision.ship RUN NAME``, in a checkout.

Weights go into ``resources/models`` in half precision, with a provenance file beside them; the test sets are read here, once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from torch import nn

from hw2gui import files
from hw2gui.datasets.characters import Split
from hw2gui.errors import InputError
from hw2gui.session.codec import to_plain
from hw2gui.steps import finish
from hw2gui.training import model_files
from hw2gui.training.runs import find_run
from hw2gui.training.weights import Weights, write_weights
from hw2gui.vision import data, models, provenance
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.models import Loaded
from hw2gui.vision.provenance import Provenance, Score
from hw2gui.vision.recipes import RECIPES

TITLES = {"shipped": "The model that came with hw2gui", "homework": "The homework's network, for looking inside"}
NOTE = "The command makes the same weights where processor, PyTorch and threads are the same; elsewhere the last digits differ."
MOST_LOST = 0.0005
"""Accuracy on validation that half precision may cost; beyond it single precision is kept."""


def ship(loaded: Loaded, name: str, versions: Mapping[str, str], note: str = NOTE) -> Provenance:
    """Write *loaded*, which *versions* trained, as the shipped model *name*: its weights and its provenance.

    *note* says how nearly the command makes it again.
    """
    import torch

    from hw2gui.vision.model import build, load_weights

    single = {key: tensor.numpy() for key, tensor in loaded.module.state_dict().items()}
    half = {key: array.astype(np.float16) if array.dtype == np.float32 else array for key, array in single.items()}
    rounded = build(loaded.network, 0)
    load_weights(rounded, {key: torch.from_numpy(array) for key, array in half.items()}, name)
    exact, lossy = (_accuracy(module, loaded.card.config.data, "validation") for module in (loaded.module, rounded))
    keep_half = exact - lossy <= MOST_LOST
    path = provenance.weights_path(name)
    config = loaded.card.config
    write_weights(path, Weights(path, models.TASK, to_plain(config), loaded.card.epoch, 0, {}, half if keep_half else single))
    made = Provenance(
        name=name,
        title=TITLES.get(name, name),
        config=loaded.card.config,
        epoch=loaded.card.epoch,
        command=f"{_training_command(loaded.card.config)} && python -m hw2gui.vision.ship RUN {name}",
        versions=tuple(f"{package} {versions[package]}" for package in ("python", "torch", "numpy")),
        scores=tuple(_scores(rounded if keep_half else loaded.module, loaded.card.config.data)),
        licence=provenance.LICENCE,
        attribution=loaded.card.attribution,
        precision="float16" if keep_half else "float32",
        sha256=model_files.sha256(path),
        note=note,
    )
    files.write_text(path.with_suffix(".json"), model_files.described(made))
    return made


def _training_command(config: VisionConfig) -> str:
    """The command whose recipe *config* follows, but for how long it trains, the number of threads and the like."""
    for recipe in RECIPES.values():
        training = recipe.config.training
        same = {
            name: getattr(training, name) for name in ("seed", "epochs", "threads", "device", "test", "keep_epochs", "checkpoint_seconds")
        }
        if replace(config, training=replace(config.training, **same)) == recipe.config:
            epochs = "" if config.training.epochs == training.epochs else f" --epochs {config.training.epochs}"
            device = "" if config.training.device == training.device else f" --device {config.training.device}"
            return f"hw2gui train cnn --recipe {recipe.name}{epochs} --seed {config.training.seed}{device}"
    raise InputError("the run follows none of the recipes: train one with 'hw2gui train cnn --recipe shipped'")


def _scores(module: nn.Module, name: str) -> Iterator[Score]:
    for part in data.names(name):
        own = part.partition(":")[0]
        splits: tuple[Split, ...] = ("validation", "test")
        for split in splits:
            count = len(data.load(own, split))
            yield Score(f"{own} {split} images", count, _accuracy(module, own, split))


def _accuracy(module: nn.Module, name: str, split: Split) -> float:
    from hw2gui.vision.activations import predict_steps
    from hw2gui.vision.evaluation import Evaluation

    samples = data.load(name, split)
    return Evaluation(finish(predict_steps(module, samples.images)), samples.labels).accuracy


def main(arguments: Sequence[str]) -> int:
    """``RUN NAME``."""
    if len(arguments) != 2:
        raise InputError("give a run and the name to ship it by: python -m hw2gui.vision.ship RUN NAME")
    run, name = arguments
    sys.stdout.write(ship(models.load(run), name, find_run(run).header.versions).sentence + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
