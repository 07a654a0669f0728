"""``hw2gui experiment``: the claims of question 2 carried out from a shell."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hw2gui.errors import InputError
from hw2gui.steps import finish

if TYPE_CHECKING:
    from hw2gui.vision.experiments import Conclusion, Key
    from hw2gui.vision.inquiry import Inquiry
    from hw2gui.writers import Format

_EXAMPLES = """\
examples:
  hw2gui experiment 2.2 --data strokes                  on built-in data, offline
  hw2gui experiment 2.1 --size full --seeds 3 --save 2.1.pdf --save 2.1.csv
"""

QUESTIONS: dict[str, Key] = {"2.1": "parameters", "2.2": "transformations", "2.3": "permutation"}
TOLD_EVERY_S = 5.0


def register(subparsers: Any) -> None:
    """Add the verb."""
    experiment = subparsers.add_parser(
        "experiment",
        help="carry out an experiment of question 2",
        description="2.1: CNN against fully connected networks. 2.2: shifted, turned and scaled images. 2.3: shuffled pixels. "
        "Runs that are there already are not trained again; an interrupted experiment goes on where it was.",
        epilog=_EXAMPLES,
    )
    experiment.add_argument("question", choices=QUESTIONS, help="which claim of the homework to put to the test")
    experiment.add_argument("--data", metavar="NAME", default="kmnist", help="kmnist (default), strokes, drawings, folder:PATH")
    experiment.add_argument("--size", choices=("quick", "full", "homework"), default="quick", help="how thoroughly (default: quick)")
    experiment.add_argument("--seeds", type=int, metavar="N", default=1, help="runs of each network (default: 1)")
    experiment.add_argument(
        "--save",
        action="append",
        default=[],
        metavar="FILE",
        help="plots (.png, .svg, .pdf) or the table (.csv, .md, .tex); may be repeated",
    )
    experiment.add_argument("--json", action="store_true", help="print JSON")
    experiment.set_defaults(run=_experiment)


def _experiment(arguments: argparse.Namespace) -> int:
    from hw2gui.vision.inquiry import Inquiry

    paths = [_checked(Path(name)) for name in arguments.save]
    inquiry = Inquiry(QUESTIONS[arguments.question], arguments.data, arguments.size, arguments.seeds)
    conclusion = _followed(inquiry)
    for path in paths:
        _save(conclusion, path)
    if arguments.json:
        json.dump(_as_data(inquiry, conclusion), sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        from hw2gui.writers import write

        print(f"{conclusion.sentence}\n\n{write(conclusion.table, 'table')}", end="")
    return 0


def _followed(inquiry: Inquiry) -> Conclusion:
    """Carry it out here, telling how far it is on stderr."""
    from hw2gui.training.pace import time_left
    from hw2gui.vision.experiment_clock import Progress
    from hw2gui.vision.laboratory import investigate

    told = 0.0

    def hear(step: Progress) -> None:
        nonlocal told
        if step.plot is not None or time.monotonic() - told > TOLD_EVERY_S:
            told = time.monotonic()
            left = time_left(step.seconds_left) if step.share < 1 else ""
            print(f"{step.share:4.0%} {step.words}{left}", file=sys.stderr, flush=True)

    return finish(investigate(inquiry), hear)


def _tables() -> dict[str, Format]:
    return {".csv": "csv", ".md": "markdown", ".tex": "latex"}


def _checked(path: Path) -> Path:
    suffixes = (".png", ".svg", ".pdf", *_tables())
    if path.suffix.lower() not in suffixes:
        raise InputError(f"{path.name} ends in none of {', '.join(suffixes)}: give one of them to choose the kind of file")
    return path


def _save(conclusion: Conclusion, path: Path) -> None:
    """The table, or the plots: the first into *path*, further ones beside it, numbered."""
    from hw2gui import files
    from hw2gui.errors import UnavailableError
    from hw2gui.figures import save
    from hw2gui.training.figures import curves_figure
    from hw2gui.writers import write

    form = _tables().get(path.suffix.lower())
    if form is None:
        for number, plot in enumerate(conclusion.plots, 1):
            target = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
            save(curves_figure(plot), target)
        return
    try:
        files.write_text(path, write(conclusion.table, form))
    except OSError as error:
        raise UnavailableError(f"{path} cannot be written ({files.reason(error)}): choose another place") from error


def _as_data(inquiry: Inquiry, conclusion: Conclusion) -> dict[str, object]:
    experiment = inquiry.experiment
    return {
        "question": experiment.question,
        "claim": experiment.claim,
        "sentence": conclusion.sentence,
        "conditions": conclusion.conditions,
        "data": inquiry.data,
        "size": inquiry.size,
        "seeds": inquiry.seeds,
        "networks": [dict(zip(("label", *conclusion.table.header[1:]), row, strict=True)) for row in conclusion.table.rows],
        "plots": [
            {"title": plot.title, "lines": {line.label: [list(line.x), list(line.y)] for line in plot.lines if not line.thin}}
            for plot in conclusion.plots
        ],
    }
