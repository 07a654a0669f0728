"""``hw2gui train seq2seq``, ``evaluate`` and ``translate``: character models from a shell."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hw2gui.errors import InputError
from hw2gui.seq2seq.options import add_options

if TYPE_CHECKING:
    from hw2gui.seq2seq.answers import Reading
    from hw2gui.seq2seq.measure_choice import Setting
    from hw2gui.seq2seq.measurement import Measurement
    from hw2gui.training.events import Finished
    from hw2gui.training.run_folder import RunFolder
    from hw2gui.writers import Format

Run = Callable[[argparse.Namespace], int]


def register(subparsers: Any) -> None:
    """Add ``translate``, and join ``train`` and ``evaluate``, which other subjects may have brought before."""
    _add_translate(subparsers)
    _join_train(subparsers)
    _join_evaluate(subparsers)


def _add_translate(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "translate",
        help="write a name or short sentence in the other language",
        description="What a character model makes of a text, greedily and with a beam, each symbol with its log-probability.",
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
    )
    subjects.metavar = "|".join(subjects.choices)
    add_options(parser)
    parser.add_argument("--out", metavar="DIR", help="the run's folder (default: a new one among your runs)")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --out, with the settings it was begun with")
    parser.add_argument("--json", action="store_true", help="print JSON at the end")
    parser.set_defaults(run=_train)


def _join_evaluate(subparsers: Any) -> None:
    parser = subparsers.choices.get("evaluate")
    if parser is None:
        parser = subparsers.add_parser("evaluate", help="score a trained model on a split")
        parser.add_argument("model", metavar="RUN", help="a run's folder or a shipped model")
        parser.add_argument("--split", choices=("train", "validation", "test"), default="test", help="default: test")
        parser.add_argument("--data", metavar="NAME", help="another set of data than it was trained on")
        parser.add_argument("--limit", type=int, metavar="N", help="only the first N examples")
        parser.add_argument("--epoch", type=int, metavar="E", help="the weights after this epoch (default: those the run stands for)")
        parser.add_argument("--json", action="store_true", help="print JSON")
    parser.description = (
        "Scores of a model on a split of its data: a classifier's accuracy, or a character model's error rates by beam size."
    )
    group = parser.add_argument_group("character models")
    group.add_argument("--beam", metavar="K,K…", help="beam sizes, 1 to 20 (default: 1, which is greedy)")
    group.add_argument("--alpha", type=float, metavar="A", help="scores are divided by length to this power (default: 0)")
    group.add_argument("--nbest", type=int, metavar="N", help="also the best of the N best, as one who knows would choose (default: 5)")
    group.add_argument("--optimum", action="store_true", help="also the most probable output of all, by exact search")
    group.add_argument("--against", metavar="MODEL", help="another model on the same pairs: what it repairs and what it spoils")
    group.add_argument("--fresh", action="store_true", help="decode again what was decoded before and kept")
    group.add_argument("--format", choices=("table", "csv", "markdown", "latex"), help="how to print the table (default: table)")
    parser.set_defaults(run=_dispatched(parser.get_default("run")))


def _dispatched(otherwise: Run | None) -> Run:
    """Evaluate here what is ours, and leave the rest to whoever registered ``evaluate`` before."""

    def run(arguments: argparse.Namespace) -> int:
        from hw2gui.seq2seq import models

        if otherwise is None or models.is_ours(arguments.model):
            return _evaluate(arguments)
        for name in ("beam", "alpha", "nbest", "optimum", "against", "fresh", "format"):
            if getattr(arguments, name):
                raise InputError(f"--{name} is for character models, and {arguments.model[:80]} is none: leave it out")
        return otherwise(arguments)

    return run


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


# --- evaluate ------------------------------------------------------------------------------------------------------------------------


def _evaluate(arguments: argparse.Namespace) -> int:
    from hw2gui.seq2seq.measure_choice import Setting
    from hw2gui.seq2seq.measurement import compare
    from hw2gui.seq2seq.score_tables import comparison_table, scores_table
    from hw2gui.writers import write

    if arguments.limit is not None and arguments.limit < 1:
        raise InputError("--limit must be a whole number from 1")
    setting = Setting(
        model=arguments.model,
        split=arguments.split,
        beams=_beams(arguments.beam or "1"),
        alpha=arguments.alpha or 0.0,
        nbest=5 if arguments.nbest is None else arguments.nbest,
        limit=arguments.limit,
        epoch=arguments.epoch,
        data=arguments.data,
        optimum=arguments.optimum,
    )
    found = _measured(setting, arguments.fresh)
    if arguments.against is None:
        second = None
    else:
        second = _measured(replace(setting, model=arguments.against, epoch=None, data=found.data_name), arguments.fresh)
    form: Format = arguments.format or "table"
    if arguments.json:
        _print_json(_measured_as_json(found, second))
        return 0
    measured = [found] if second is None else [found, second]
    for one in measured:
        print(write(scores_table(one, plain=form == "csv"), form), end="")
    if second is not None:
        apart = compare(found, second, setting.beams[-1])
        print(apart.sentence if form == "table" else write(comparison_table(found, second, apart, apart.moved), form))
    return 0


def _measured(setting: Setting, fresh: bool) -> Measurement:
    from hw2gui.seq2seq.measurement import measure

    steps = measure(setting, fresh)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


def _measured_as_json(found: Measurement, second: Measurement | None) -> dict[str, Any]:
    from hw2gui.seq2seq.measurement import compare
    from hw2gui.seq2seq.metrics import as_json

    optimum = found.evaluation.optimum
    told = {
        "model": found.title,
        "epoch": found.epoch,
        "data": found.data_name,
        "split": found.setting.split,
        "beams": {str(row["beam"]): row for row in found.as_json()},
        "optimum": None if optimum is None else {**as_json(optimum.scores), "proven": sum(optimum.proven)},
        "overlap": found.overlap_as_json(),
        "report": found.report,
        "notes": list(found.notes),
        "attribution": found.attribution,
    }
    if second is not None:
        pairs = [(beam, compare(found, second, beam)) for beam in found.setting.beams]
        told["against"] = {
            "model": second.title,
            "beams": {str(row["beam"]): row for row in second.as_json()},
            "changes": {str(beam): {**one.counts, "difference": one.difference, "half_width_95": one.half} for beam, one in pairs},
        }
    return told


def _beams(text: str) -> tuple[int, ...]:
    try:
        beams = tuple(sorted({int(part) for part in text.split(",")}))
    except ValueError:
        raise InputError(f"--beam is '{text[:40]}': give beam sizes from 1 to 20, such as 1,2,5") from None
    if not all(1 <= beam <= 20 for beam in beams):
        raise InputError(f"--beam is '{text[:40]}': give beam sizes from 1 to 20, such as 1,2,5")
    return beams


# --- train ---------------------------------------------------------------------------------------------------------------------------


def _train(arguments: argparse.Namespace) -> int:
    from hw2gui.seq2seq import models, train
    from hw2gui.seq2seq.options import chosen
    from hw2gui.training.run_folder import RunFolder

    if arguments.resume:
        if arguments.out is None:
            raise InputError("--resume goes on with a run: name its folder with --out DIR")
        run = RunFolder.open(Path(arguments.out))
    else:
        folder = Path(arguments.out) if arguments.out else None
        run = train.begin(chosen(arguments), folder, f"seq2seq-{arguments.recipe}")
    finished = _followed(run.path)
    if arguments.json:
        told = {"run": str(run.path), "reason": finished.reason, "epoch": finished.chosen, "step": finished.step}
        parameters = models.card(str(run.path)).network.parameters
        _print_json({**told, "parameters": parameters, **finished.metrics, "seconds": _seconds(run)})
    else:
        print(f"{finished.reason} after epoch {finished.epoch}: {_told(finished.metrics)}\n{run.path}")
    return 0


def _followed(folder: Path) -> Finished:
    """Train the run in *folder* here, a line on stderr after each epoch; Ctrl+C stops it as Stop does."""
    import signal

    from hw2gui.jobs import Commands
    from hw2gui.seq2seq.train import train
    from hw2gui.training.controls import Stop
    from hw2gui.training.events import EpochDone, Warned

    commands = Commands()

    def stop(_number: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, before)  # a second one ends it at once
        commands.put(Stop())

    before = signal.signal(signal.SIGINT, stop)
    steps = train(str(folder), commands)
    try:
        while True:
            try:
                event = next(steps)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            if isinstance(event, EpochDone):
                print(f"epoch {event.epoch}: {_told(event.metrics)}, {event.seconds:.0f} s", file=sys.stderr, flush=True)
            elif isinstance(event, Warned):
                print(event.sentence, file=sys.stderr, flush=True)
    finally:
        signal.signal(signal.SIGINT, before)


def _told(metrics: Mapping[str, float]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value:.4f}" for name, value in metrics.items())


def _seconds(run: RunFolder) -> float:
    seconds = run.metrics().seconds
    return float(seconds[-1]) if len(seconds) else 0.0


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))
