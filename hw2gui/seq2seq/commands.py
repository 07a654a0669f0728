"""``hw2gui train seq2seq``, ``evaluate`` and ``translate``: character models from a shell."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hw2gui.seq2seq import evaluate_command
from hw2gui.seq2seq.options import add_options
from hw2gui.training import sweep_command

if TYPE_CHECKING:
    from hw2gui.seq2seq.answers import Reading
    from hw2gui.training.run_folder import RunFolder


_TRANSLATE = """\
examples:
  hw2gui translate "محمد" --nbest 3
  hw2gui translate "buenos días" --model es-en --beam 10
  hw2gui translate "محمد" --reference Muhammad                 whose fault is an error, the search's or the model's?
"""

_TRAIN = """\
examples:
  hw2gui train seq2seq --recipe fast --data starter-ar-en      on built-in data, offline
  hw2gui train seq2seq --data toy-reverse --no-attention --epochs 5 --out plain
  hw2gui train seq2seq --out plain --resume                    goes on where it was stopped
  hw2gui train seq2seq --data table:pairs.tsv                  a table of your own with two columns
"""


def register(subparsers: Any) -> None:
    """Add ``translate``, and join ``train`` and ``evaluate``, which other subjects may have brought before."""
    _add_translate(subparsers)
    _join_train(subparsers)
    evaluate_command.join(subparsers)


def _add_translate(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "translate",
        help="write a name or short sentence in the other language",
        description="What a character model makes of a text, greedily and with a beam, with log-probabilities (of every symbol: --json).",
        epilog=_TRANSLATE,
    )
    parser.add_argument("text", metavar="TEXT", help="a name or a short sentence in the model's source language")
    parser.add_argument("--model", metavar="RUN|NAME", default="ar-en", help="a run's folder or a shipped model (default: ar-en)")
    parser.add_argument("--beam", type=int, metavar="K", default=5, help="places of the beam, 1 to 20 (default: 5)")
    parser.add_argument("--nbest", type=int, metavar="N", default=1, help="how many of the best outputs to print (default: 1)")
    parser.add_argument("--alpha", type=float, metavar="A", default=0.0, help="scores are divided by length to this power (default: 0)")
    parser.add_argument("--prefix", metavar="TEXT", default="", help="what the output must begin with")
    parser.add_argument("--reference", metavar="TEXT", default="", help="the right answer: whose fault are the errors?")
    parser.add_argument("--epoch", type=int, metavar="E", help="the weights after this epoch (default: those the run stands for)")
    parser.add_argument("--json", action="store_true", help="print JSON, with the attention")
    parser.set_defaults(run=_translate)


def _join_train(subparsers: Any) -> None:
    train = subparsers.choices.get("train")
    if train is None:
        train = subparsers.add_parser("train", help="train a network", description="Train a network of the homework in a run's folder.")
        train.add_subparsers(dest="subject", required=True)
    subjects = next(action for action in train._actions if isinstance(action, argparse._SubParsersAction))
    parser = subjects.add_parser(
        "seq2seq",
        help="a character model",
        description="Train a character model by a recipe; every setting can be changed. Ctrl+C stops cleanly; --resume goes on.",
        epilog=_TRAIN,
    )
    subjects.metavar = "|".join(subjects.choices)
    add_options(parser)
    sweep_command.add_options(parser)
    parser.add_argument("--out", metavar="DIR", help="the run's folder, or the folder of a sweep's runs (default: among your runs)")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --out, with the settings it was begun with")
    parser.add_argument("--json", action="store_true", help="print JSON at the end")
    parser.set_defaults(run=_train)


# --- translate -----------------------------------------------------------------------------------------------------------------------


def _translate(arguments: argparse.Namespace) -> int:
    from hw2gui.seq2seq.answers import translate
    from hw2gui.seq2seq.results import Options

    options = Options(arguments.beam, arguments.nbest, arguments.alpha)
    found = translate(arguments.model, arguments.text, options, arguments.prefix, None, arguments.reference, arguments.epoch)
    if arguments.json:
        _print_json(_as_json(found, arguments.model))
    else:
        print(_in_lines(found, options.beam))
    return 0


def _as_json(found: Reading, model: str) -> dict[str, Any]:
    told: dict[str, Any] = {"source": found.text.text, "source_tokens": list(found.source), "unknown": list(found.unknown), "model": model}
    if found.text.changed:
        told |= {"typed": found.text.original, "changes": list(found.text.sentences)}
    told |= {"greedy": found.greedy.as_json(), "beams": [one.as_json() for one in found.beams]}
    parted = found.divergence
    if parted is not None:
        told["divergence"] = {"step": parted.step, "gain": parted.gain}
    if found.judged is not None:
        told["reference"] = {**found.judged.reference.as_json(), "greedy": found.judged.greedy, "beam": found.judged.beam}
    return told


def _in_lines(found: Reading, beam: int) -> str:
    lines = [f"read as: {found.text.text} ({'; '.join(found.text.sentences)})"] if found.text.changed else []
    lines += [f"{'greedy':<10}{found.greedy.text}   log P {found.greedy.hypothesis.log_probability:.3f}"]
    for rank, one in enumerate(found.beams, start=1):
        score = "" if one.hypothesis.score == one.hypothesis.log_probability else f", score {one.hypothesis.score:.3f}"
        lines.append(f"{f'beam {beam}.{rank}':<10}{one.text}   log P {one.hypothesis.log_probability:.3f}{score}")
    if found.unknown:
        lines.append(f"read as unknown: {' '.join(map(repr, found.unknown))}")
    if found.judged is not None:
        verdicts = f"greedy: {found.judged.greedy}, beam: {found.judged.beam}"
        lines.append(
            f"{'reference':<10}{found.judged.reference.text}   log P {found.judged.reference.hypothesis.log_probability:.3f} ({verdicts})"
        )
    return "\n".join(lines)


# --- train ---------------------------------------------------------------------------------------------------------------------------


def _train(arguments: argparse.Namespace) -> int:
    from hw2gui.seq2seq import models, train
    from hw2gui.seq2seq.options import chosen
    from hw2gui.training.train_command import train_or_resume

    if sweep_command.is_wanted(arguments):
        from hw2gui.seq2seq.sweeping import TRAINABLE

        return sweep_command.run(arguments, TRAINABLE, chosen(arguments))

    def begin(folder: Path | None) -> RunFolder:
        return train.begin(chosen(arguments), folder, f"seq2seq-{arguments.recipe}")

    return train_or_resume(arguments, begin, train.train, lambda run: models.card(str(run.path)).network.parameters)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))
