"""Make a shipped model out of a finished run: ``python -m hw2gui.seq2seq.ship RUN NAME``, in a checkout.

Weights go into ``resources/models/seq2seq``, in half precision if that costs nothing that can be seen on validation, with a provenance
file beside them; the test pairs are read here, once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from hw2gui import files
from hw2gui.datasets.characters import Split
from hw2gui.errors import InputError
from hw2gui.seq2seq import models, provenance
from hw2gui.seq2seq.config import Seq2SeqConfig
from hw2gui.seq2seq.evaluation import evaluate
from hw2gui.seq2seq.model import Seq2Seq, build
from hw2gui.seq2seq.models import Loaded
from hw2gui.seq2seq.provenance import Provenance, Score
from hw2gui.seq2seq.recipes import RECIPES
from hw2gui.seq2seq.train import corpus_of, pairs
from hw2gui.seq2seq.translator import Translator
from hw2gui.steps import finish
from hw2gui.training import model_files
from hw2gui.training.checkpoint import model_arrays
from hw2gui.training.runs import find_run
from hw2gui.training.tensor_file import Array
from hw2gui.training.weights import Weights, read_weights, write_weights

MOST_LOST = 0.0005
"""Error rate on validation that half precision may cost, greedy; beyond it single precision is kept."""

BEAMS = (1, 5)


def ship(loaded: Loaded, weights: Weights, name: str, versions: Mapping[str, str]) -> Provenance:
    """Write *loaded*, whose file is *weights* and which *versions* trained, as the shipped model *name*: weights and provenance."""
    command = f"{_training_command(loaded.card.config)} && python -m hw2gui.seq2seq.ship RUN {name}"
    single = model_arrays(loaded.translator.model)
    rounded = replace(loaded.translator, model=_rounded(loaded.translator.model))
    exact, lossy = (next(_scores(one, loaded.card.config, "validation", (1,))).error_rate for one in (loaded.translator, rounded))
    keep_half = lossy - exact <= MOST_LOST
    shipped = rounded if keep_half else loaded.translator
    path = provenance.weights_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_weights(path, replace(weights, arrays=_half(single) if keep_half else single))
    config, corpus = loaded.card.config, corpus_of(loaded.card.config)
    made = Provenance(
        name=name,
        title=corpus.direction,
        config=config,
        epoch=loaded.card.epoch,
        command=command,
        versions=tuple(f"{package} {versions[package]}" for package in ("python", "torch", "numpy")),
        scores=tuple(score for split in _SPLITS for score in _scores(shipped, config, split, BEAMS)),
        attribution=corpus.attribution,
        citation=corpus.citation,
        precision="float16" if keep_half else "float32",
        sha256=model_files.sha256(path),
    )
    files.write_text(path.with_suffix(".json"), model_files.described(made))
    return made


_SPLITS: tuple[Split, ...] = ("validation", "test")


def _half(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """In half precision; arrays that share their memory (tied weights) go on sharing it."""
    halves: dict[int, Array] = {}
    return {name: halves.setdefault(array.__array_interface__["data"][0], array.astype(np.float16)) for name, array in arrays.items()}


def _rounded(model: Seq2Seq) -> Seq2Seq:
    """*model* with the weights that half precision leaves."""
    import torch

    copy = build(model.network, 0)
    copy.load_state_dict({name: torch.from_numpy(array.astype(np.float32)) for name, array in _half(model_arrays(model)).items()})
    return copy.eval()


def _scores(translator: Translator, config: Seq2SeqConfig, split: Split, beams: Sequence[int]) -> Iterator[Score]:
    chosen = pairs(corpus_of(config), split, config.limit)
    sources, references = [pair.source for pair in chosen], [(pair.target,) for pair in chosen]
    found = finish(evaluate(translator, sources, references, beams, max_length=config.max_length, nbest=1))
    for one in found.beams:
        scores = one.scores
        yield Score(split, scores.n, one.beam, round(scores.error_rate, 6), round(scores.cer, 6), round(scores.exact_match, 6))


def _training_command(config: Seq2SeqConfig) -> str:
    """The command whose recipe *config* follows, but for the number of threads and the like."""
    for recipe in RECIPES.values():
        training = recipe.config.training
        same = {name: getattr(training, name) for name in ("seed", "threads", "device", "test", "keep_epochs", "checkpoint_seconds")}
        model = replace(config.model, attention=recipe.config.model.attention)
        plain = replace(config, training=replace(config.training, **same), model=model, data=recipe.config.data, alphabets=None)
        if replace(plain, sentences=False) == recipe.config:
            attention = "" if config.model.attention else " --no-attention"
            device = "" if config.training.device == training.device else f" --device {config.training.device}"
            return f"hw2gui train seq2seq --recipe {recipe.name} --data {config.data}{attention} --seed {config.training.seed}{device}"
    raise InputError("the run follows none of the recipes: train one with 'hw2gui train seq2seq --recipe NAME'")


def main(arguments: Sequence[str]) -> int:
    """``RUN NAME``."""
    if len(arguments) != 2:
        raise InputError("give a run and the name to ship it by: python -m hw2gui.seq2seq.ship RUN NAME")
    run, name = arguments
    made = ship(models.load(run), read_weights(models.weights_path(run)), name, find_run(run).header.versions)
    sys.stdout.write(made.sentence + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
