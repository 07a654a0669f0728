"""``hw2gui train seq2seq``, ``evaluate`` and ``translate``: character models from a shell."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hw2gui.errors import InputError
from hw2gui.seq2seq.options import add_options

if TYPE_CHECKING:
    from hw2gui.seq2seq.answers import Reading
    from hw2gui.seq2seq.evaluation import Evaluation
    from hw2gui.training.events import Finished
    from hw2gui.training.run_folder import RunFolder

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
    parser.set_defaults(run=_dispatched(parser.get_default("run")))


def _dispatched(otherwise: Run | None) -> Run:
    """Evaluate here what is ours, and leave the rest to whoever registered ``evaluate`` before."""

    def run(arguments: argparse.Namespace) -> int:
        from hw2gui.seq2seq import models

        if otherwise is None or models.is_ours(arguments.model):
            return _evaluate(arguments)
        for name in ("beam", "alpha", "nbest", "optimum"):
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
    from hw2gui.seq2seq import models
    from hw2gui.seq2seq.metrics import as_json
    from hw2gui.seq2seq.train import corpus_of

    beams = _beams(arguments.beam or "1")
    if arguments.limit is not None and arguments.limit < 1:
        raise InputError("--limit must be a whole number from 1")
    card = models.card(arguments.model, arguments.epoch)
    name = arguments.data or card.config.data
    found = _evaluated(arguments, beams)
    corpus = corpus_of(card.config, arguments.data)
    seen = {pair.source for pair in corpus.train} if arguments.split != "train" else set()
    rows = found.as_json()
    for row in rows:
        rest = found.without(seen, row["beam"])
        row["without_known_sources"] = None if rest is None else dict(as_json(rest))
    if arguments.json:
        where = {"model": card.name, "epoch": card.epoch, "data": name, "split": arguments.split}
        optimum = None if found.optimum is None else {**as_json(found.optimum.scores), "proven": sum(found.optimum.proven)}
        _print_json({**where, "beams": {str(row["beam"]): row for row in rows}, "optimum": optimum, "attribution": corpus.attribution})
    else:
        print(f"{card.words}\nOn {rows[0]['n']:,} {arguments.split} pairs of {name}:\n{_table(rows)}")
        if found.optimum is not None:
            best = found.optimum
            print(f"{'optimum':>8}{best.scores.error_rate:>12.4f}{best.scores.cer:>8.4f}{100 * best.scores.exact_match:>8.2f} %"
                  f"   proven for {sum(best.proven):,} of {best.scores.n:,}")  # fmt: skip
    return 0


def _table(rows: list[dict[str, Any]]) -> str:
    lines = [
        f"{'beam':>8}{'error rate':>12}{'CER':>8}{'exact':>10}{'multi-ref.':>12}{'best of n':>11}{'search err.':>13}{'seconds':>9}",
    ]
    for row in rows:
        oracle = next(value for key, value in row.items() if key.startswith("oracle_"))
        beam, exact = "greedy" if row["beam"] == 1 else row["beam"], 100 * row["exact_match"]
        lines.append(
            f"{beam:>8}{row['error_rate']:>12.4f}{row['cer']:>8.4f}{exact:>8.2f} %{row['multi_reference']['error_rate']:>12.4f}"
            f"{oracle['error_rate']:>11.4f}{row['search_errors']:>13,}{row['seconds']:>9.2f}"
        )
    return "\n".join(lines)


def _beams(text: str) -> tuple[int, ...]:
    try:
        beams = tuple(int(part) for part in text.split(","))
    except ValueError:
        raise InputError(f"--beam is '{text[:40]}': give beam sizes from 1 to 20, such as 1,2,5") from None
    if not all(1 <= beam <= 20 for beam in beams):
        raise InputError(f"--beam is '{text[:40]}': give beam sizes from 1 to 20, such as 1,2,5")
    return beams


def _evaluated(arguments: argparse.Namespace, beams: tuple[int, ...]) -> Evaluation:
    from hw2gui.seq2seq.answers import evaluate

    steps = evaluate(
        arguments.model,
        arguments.split,
        beams,
        data=arguments.data,
        limit=arguments.limit,
        alpha=arguments.alpha or 0.0,
        nbest=5 if arguments.nbest is None else arguments.nbest,
        optimum=arguments.optimum,
        epoch=arguments.epoch,
    )
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


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
