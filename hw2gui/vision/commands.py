"""``hw2gui train cnn``, ``evaluate`` and ``classify``: character networks from a shell."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hw2gui.errors import InputError
from hw2gui.training import sweep_command
from hw2gui.vision import experiment_command
from hw2gui.vision.options import add_options

if TYPE_CHECKING:
    from hw2gui.training.run_folder import RunFolder
    from hw2gui.vision.evaluation import Evaluation

_CLASSIFY = """\
examples:
  hw2gui classify mine.png
  hw2gui classify mine.png --model cnn-fast --json      with one of your runs
"""

_TRAIN = """\
examples:
  hw2gui train cnn --recipe fast --data strokes                          on built-in data, offline
  hw2gui train cnn --data strokes --limit 2000 --epochs 2 --out first    in a minute
  hw2gui train cnn --out first --resume                                  goes on where it was stopped
  hw2gui train cnn --lr 5e-4 --seeds 42,43,44                            the report's protocol with three seeds
"""

SPLITS = ("train", "validation", "test")


def register(subparsers: Any) -> None:
    """Add the verbs."""
    classify = subparsers.add_parser(
        "classify",
        help="read a hand-drawn character",
        description="Read a picture of one character: prepared as a drawing on the pad is, then classified.",
        epilog=_CLASSIFY,
    )
    classify.add_argument("image", metavar="IMAGE", help="a picture of a character, dark on light or light on dark")
    classify.add_argument("--model", metavar="RUN|NAME", default="shipped", help="a run's folder or a shipped model (default: shipped)")
    classify.add_argument("--json", action="store_true", help="print JSON")
    classify.set_defaults(run=_classify)

    train = subparsers.add_parser("train", help="train a network", description="Train a network of the homework in a run's folder.")
    subjects = train.add_subparsers(dest="subject", metavar="cnn", required=True)
    cnn = subjects.add_parser(
        "cnn",
        help="a character network",
        description="Train a character network by a recipe; every setting can be changed. Ctrl+C stops cleanly; --resume goes on.",
        epilog=_TRAIN,
    )
    add_options(cnn)
    sweep_command.add_options(cnn)
    cnn.add_argument("--out", metavar="DIR", help="the run's folder, or the folder of a sweep's runs (default: among your runs)")
    cnn.add_argument("--resume", action="store_true", help="go on with the run in --out, with the settings it was begun with")
    cnn.add_argument("--json", action="store_true", help="print JSON at the end")
    cnn.set_defaults(run=_train)

    evaluate = subparsers.add_parser(
        "evaluate",
        help="score a trained model on a split",
        description="Accuracy, accuracy by class and the confusion matrix of a model on a split of its data.",
    )
    evaluate.add_argument("model", metavar="RUN", help="a run's folder or a shipped model")
    evaluate.add_argument("--split", choices=SPLITS, default="test", help="default: test")
    evaluate.add_argument(
        "--data", metavar="NAME", help="kmnist, strokes, drawings, folder:PATH, or a set of pairs (default: what it was trained on)"
    )
    evaluate.add_argument("--limit", type=int, metavar="N", help="only the first N images or pairs of each set (default: as trained)")
    evaluate.add_argument("--epoch", type=int, metavar="E", help="the weights after this epoch (default: those the run stands for)")
    evaluate.add_argument("--json", action="store_true", help="print JSON")
    evaluate.set_defaults(run=_evaluate)
    experiment_command.register(subparsers)


def _train(arguments: argparse.Namespace) -> int:
    from hw2gui.training.train_command import train_or_resume
    from hw2gui.vision import train
    from hw2gui.vision.finished import config_of
    from hw2gui.vision.options import chosen

    if sweep_command.is_wanted(arguments):
        from hw2gui.vision.sweeping import TRAINABLE

        return sweep_command.run(arguments, TRAINABLE, chosen(arguments))

    def begin(folder: Path | None) -> RunFolder:
        return train.begin(chosen(arguments), folder, f"cnn-{arguments.recipe}")

    return train_or_resume(arguments, begin, train.train, lambda run: config_of(run).network.parameters)


def _classify(arguments: argparse.Namespace) -> int:
    import numpy as np

    from hw2gui.datasets.kmnist import CLASSES
    from hw2gui.datasets.pictures import read_picture
    from hw2gui.vision import answers, models
    from hw2gui.vision.data import as_character

    card = models.card(arguments.model)
    picture = read_picture(Path(arguments.image))
    pixels = as_character(picture.pixels, Path(arguments.image).name, card.norms)
    probabilities = answers.classify(arguments.model, pixels[None].astype(np.float32) / np.float32(256)).probabilities[0]
    order = [int(label) for label in np.argsort(-probabilities, kind="stable")]
    if arguments.json:
        by_name = {CLASSES[label].romaji: float(probabilities[label]) for label in order}
        found = CLASSES[order[0]]
        _print_json({"class": order[0], "romaji": found.romaji, "kana": found.kana, "probabilities": by_name, "model": card.name})
        return 0
    for label in order[:5]:
        print(f"{CLASSES[label].kana} {CLASSES[label].romaji:<4} {100 * probabilities[label]:6.2f} %")
    return 0


def _evaluate(arguments: argparse.Namespace) -> int:
    from hw2gui.datasets.kmnist import CLASSES
    from hw2gui.vision import models

    if arguments.limit is not None and arguments.limit < 1:
        raise InputError("--limit must be a whole number from 1")
    card = models.card(arguments.model, arguments.epoch)
    name = arguments.data or card.config.data
    found = _scored(arguments, name, card.config.limit if arguments.data is None else None)
    if arguments.json:
        where = {"model": card.name, "epoch": card.epoch, "data": name, "split": arguments.split}
        _print_json({**where, **found.as_data(), "attribution": card.attribution})
        return 0
    print(f"{card.name}, epoch {card.epoch}, on {len(found):,} {arguments.split} images of {name}: {100 * found.accuracy:.2f} % right")
    for character, share in zip(CLASSES, found.per_class, strict=True):
        print(f"  {character.kana} {character.romaji:<4} {100 * share:6.2f} %")
    print("\nEach class (row) by what it was taken for:")
    print("      " + "".join(f"{character.romaji:>6}" for character in CLASSES))
    for character, row in zip(CLASSES, found.confusion, strict=True):
        print(f"  {character.romaji:<4}" + "".join(f"{count:>6,}" for count in row))
    return 0


def _scored(arguments: argparse.Namespace, name: str, limit: int | None) -> Evaluation:
    from hw2gui.steps import finish
    from hw2gui.vision import answers

    return finish(answers.evaluate(arguments.model, name, arguments.split, arguments.limit or limit, arguments.epoch))


def _print_json(value: object) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1)
    print()
