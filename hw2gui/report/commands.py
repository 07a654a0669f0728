"""``hw2gui reproduce`` and ``report``: the report's figures computed anew, and the document of them."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Generator
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hw2gui.steps import finish
from hw2gui.training.in_a_shell import STATUS_S, on_interrupt

if TYPE_CHECKING:
    from hw2gui.report.progress import QueueProgress, Reproduced

_REPRODUCE = """\
examples:
  hw2gui reproduce --quick --out quick                 on built-in data, offline, in minutes
  hw2gui reproduce --out whole                         all of it; Ctrl+C, and the same again goes on
"""

_REPORT = """\
examples:
  hw2gui report quick --out report.html --out report.pdf
  hw2gui report quick --table
"""


def register(subparsers: Any) -> None:
    """Add the verbs."""
    reproduce = subparsers.add_parser(
        "reproduce",
        help="compute every figure and table of the report",
        description=(
            "Train and measure everything the report's figures need. What is in the folder already is found by its settings and not done "
            "again; half-finished runs go on. Ctrl+C stops cleanly."
        ),
        epilog=_REPRODUCE,
    )
    reproduce.add_argument("--quick", action="store_true", help="a small version on the built-in data, in minutes and offline")
    reproduce.add_argument("--out", metavar="DIR", help="the folder of its runs (default: one among your data)")
    reproduce.add_argument("--jobs", type=int, metavar="N", default=0, help="pieces of work side by side (default: one a core but one)")
    reproduce.add_argument("--seeds", metavar="S,S…", help="a training with each (default: 42,43,44; quick: 42,43)")
    reproduce.add_argument("--ray", metavar="ADDRESS", default="", help="run on the Ray cluster there: host:port, ray://host:port, auto")
    reproduce.add_argument("--json", action="store_true", help="print JSON at the end")
    reproduce.set_defaults(run=_reproduce)

    report = subparsers.add_parser(
        "report",
        help="write the report of a reproduction",
        description="Every claim of the report beside what was measured, with figures, runs, errata and settings, as one document.",
        epilog=_REPORT,
    )
    report.add_argument(
        "folder", metavar="DIR", nargs="?", help="the folder of a reproduction (default: the one that comes with the program)"
    )
    report.add_argument("--out", metavar="FILE", action="append", default=[], help="report.html, .pdf, .md or .json; may be repeated")
    report.add_argument("--table", action="store_true", help="print the table of all items as Markdown")
    report.set_defaults(run=_report)


def _reproduce(arguments: argparse.Namespace) -> int:
    from hw2gui.jobs import Commands
    from hw2gui.report.plan import QUICK_SEEDS, SEEDS, parse_seeds
    from hw2gui.report.reproduce import reproduce
    from hw2gui.training.controls import Stop

    seeds = parse_seeds(arguments.seeds) if arguments.seeds is not None else QUICK_SEEDS if arguments.quick else SEEDS
    commands = Commands()
    with on_interrupt(lambda: commands.put(Stop())), redirect_stdout(sys.stderr):  # Ray says there what it has to say of its nodes
        outcome = _followed(reproduce(arguments.quick, arguments.out or "", arguments.jobs, arguments.ray, seeds, commands))
    if arguments.json:
        import json

        print(json.dumps({**vars(outcome), "failed": [list(one) for one in outcome.failed]}, ensure_ascii=False, indent=1))
    else:
        print(f"{outcome.sentence}\n{outcome.folder}")
        if outcome.done:
            print(f"The document: hw2gui report {outcome.folder} --out report.html")
    return 130 if outcome.stopped else 1 if outcome.failed else 0


def _followed(steps: Generator[QueueProgress, None, Reproduced]) -> Reproduced:
    """Say on stderr what happens; on a terminal the last line is how far it is."""
    terminal = sys.stderr.isatty()
    told = 0.0

    def hear(event: QueueProgress) -> None:
        nonlocal told
        for line in event.said:
            print(f"{chr(13) + chr(27) + '[K' if terminal else ''}{line}", file=sys.stderr, flush=True)
        if terminal:
            print(f"\r\033[K{_how_far(event)}", end="", file=sys.stderr, flush=True)
        elif event.working and time.monotonic() - told >= STATUS_S:
            told = time.monotonic()
            print(_how_far(event), file=sys.stderr, flush=True)

    reproduced = finish(steps, hear)
    if terminal:
        print("\r\033[K", end="", file=sys.stderr)
    return reproduced


def _how_far(event: QueueProgress) -> str:
    from hw2gui.training.pace import time_left

    return f"{event.share:.0%}, {event.done} of {event.total} done, {len(event.working)} running{time_left(event.seconds_left)}"


def _report(arguments: argparse.Namespace) -> int:
    from hw2gui.errors import InputError
    from hw2gui.report.writing import summary, write

    if not (arguments.out or arguments.table):
        raise InputError("name the document to write with --out FILE (.html, .pdf, .md or .json), or ask for the --table")
    folder = Path(arguments.folder) if arguments.folder else None
    if arguments.table:
        print(summary(folder), end="")
    outs = [Path(out) for out in arguments.out]
    for written in write(folder, outs) if outs else ():
        print(written)
    return 0
