"""``hw2gui evaluate``: a character model on a split of its pairs, by beam size, alone or against another."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hw2gui.errors import InputError, shortened
from hw2gui.steps import finish

if TYPE_CHECKING:
    from hw2gui.seq2seq.measure_choice import Setting
    from hw2gui.seq2seq.measurement import Measurement
    from hw2gui.writers import Format, Table

Run = Callable[[argparse.Namespace], int]

_EXAMPLES = """\
examples:
  hw2gui evaluate shipped --data strokes                        a classifier: accuracy, by class, confusions
  hw2gui evaluate ar-en --data starter-ar-en --beam 1,3,5       a character model, greedy and by beam
  hw2gui evaluate first --split validation --epoch 2            one of your runs, earlier
"""

SHOWN = ("scores", "examples", "characters", "positions", "lengths")
PICTURES = {"scores": "beams", "lengths": "lengths", "positions": "positions", "characters": "characters"}


def join(subparsers: Any) -> None:
    """Add ``evaluate``, or join it where another subject brought it before."""
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
    parser.epilog = _EXAMPLES
    group = parser.add_argument_group("character models")
    group.add_argument("--beam", metavar="K,K…", help="beam sizes, 1 to 20 (default: 1, which is greedy)")
    group.add_argument("--alpha", type=float, metavar="A", help="scores are divided by length to this power (default: 0)")
    group.add_argument("--nbest", type=int, metavar="N", help="also the best of the N best, as one who knows would choose (default: 5)")
    group.add_argument("--optimum", action="store_true", help="also the most probable output of all, by exact search")
    group.add_argument("--against", metavar="MODEL", help="another model on the same pairs: what it repairs and what it spoils")
    group.add_argument("--fresh", action="store_true", help="decode again what was decoded before and kept")
    group.add_argument("--format", choices=("table", "csv", "markdown", "latex"), help="how to print the table (default: table)")
    group.add_argument("--show", choices=SHOWN, metavar="WHAT", help=f"which table: {', '.join(SHOWN)} (default: scores)")
    group.add_argument(
        "--plot", metavar="FILE", help="a picture by the file's suffix (png, svg, pdf): scores by beam size, or what --show says"
    )
    parser.set_defaults(run=_dispatched(parser.get_default("run")))


def _dispatched(otherwise: Run | None) -> Run:
    """Evaluate here what is ours, and leave the rest to whoever registered ``evaluate`` before."""

    def run(arguments: argparse.Namespace) -> int:
        from hw2gui.seq2seq import models
        from hw2gui.training.model_files import NoSuchModelError

        if otherwise is None or models.is_ours(arguments.model):
            return _evaluate(arguments)
        for name in ("beam", "alpha", "nbest", "optimum", "against", "fresh", "format", "show", "plot"):
            if getattr(arguments, name) not in (None, False):
                raise InputError(f"--{name} is for character models, and {arguments.model[:80]} is none: leave it out")
        try:
            return otherwise(arguments)
        except NoSuchModelError as error:  # neither's: those of both could have been meant
            raise NoSuchModelError(arguments.model, (*error.shipped, *models.names())) from error

    return run


def _evaluate(arguments: argparse.Namespace) -> int:
    from hw2gui.seq2seq.comparison import compare
    from hw2gui.seq2seq.measure_choice import Setting
    from hw2gui.seq2seq.measure_tasks import save_picture
    from hw2gui.writers import write

    if arguments.limit is not None and arguments.limit < 1:
        raise InputError("--limit must be a whole number from 1")
    if arguments.json and arguments.format:
        raise InputError(f"--json and --format {arguments.format} contradict each other: give one of them")
    setting = Setting(
        model=arguments.model,
        split=arguments.split,
        beams=_beams("1" if arguments.beam is None else arguments.beam),
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
        print(json.dumps(_measured_as_json(found, second), ensure_ascii=False, indent=1))
        return 0
    measured = [found] if second is None else [found, second]
    if arguments.plot:
        save_picture(PICTURES.get(arguments.show or "scores", "beams"), arguments.plot, measured, setting.beams[-1])
        print(arguments.plot)
        return 0
    for table in _tables(measured, arguments.show or "scores", setting.beams[-1], plain=form == "csv"):
        print(write(table, form), end="")
    if second is not None and form == "table":
        print(compare(found, second, setting.beams[-1]).sentence)
    return 0


def _tables(measured: list[Measurement], shown: str, beam: int, *, plain: bool) -> list[Table]:
    """The tables to print; those of single examples and characters are of the widest beam."""
    from hw2gui.seq2seq import score_tables as tables
    from hw2gui.seq2seq.comparison import compare
    from hw2gui.seq2seq.error_places import details, length_bins

    if shown == "scores":
        return [tables.scores_table(one, plain=plain) for one in measured]
    if shown == "examples" and len(measured) == 2:
        apart = compare(measured[0], measured[1], beam)
        return [tables.comparison_table(measured[0], measured[1], apart, apart.moved)]
    if shown == "examples":
        return [tables.examples_table(one, beam, range(one.count)) for one in measured]
    if shown == "lengths":
        return [tables.lengths_table({one.title: length_bins(one, beam) for one in measured}, measured[0].data)]
    make = tables.confusions_table if shown == "characters" else tables.positions_table
    return [make(one, details(one, beam)) for one in measured]


def _measured(setting: Setting, fresh: bool) -> Measurement:
    from hw2gui.seq2seq.measurement import measure

    return finish(measure(setting, fresh))


def _measured_as_json(found: Measurement, second: Measurement | None) -> dict[str, Any]:
    from hw2gui.seq2seq.comparison import compare
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
        raise InputError(f"--beam is '{shortened(text)}': give beam sizes from 1 to 20, such as 1,2,5") from None
    if not all(1 <= beam <= 20 for beam in beams):
        raise InputError(f"--beam is '{shortened(text)}': give beam sizes from 1 to 20, such as 1,2,5")
    return beams
