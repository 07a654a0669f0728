"""``hw2gui runs``: the runs from a shell, what room they take, and how to make some."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hw2gui.errors import InputError

if TYPE_CHECKING:
    from hw2gui.training.runs import Listed

MOST_NAMED = 8
"""Runs in the trash that are named; a longer list hides what matters."""

_EXAMPLES = {
    "list": "  hw2gui runs list\n  hw2gui runs list --json\n",
    "prune": "  hw2gui runs prune cnn-fast\n  hw2gui runs prune --all\n",
    "delete": "  hw2gui runs delete cnn-fast cnn-fast-2\n",
    "restore": "  hw2gui runs restore                what was deleted or pruned last\n  hw2gui runs restore cnn-fast\n",
    "empty-trash": "  hw2gui runs empty-trash\n  hw2gui runs empty-trash --older-than 30\n",
}


def register(subparsers: Any) -> None:
    """Add the verb ``runs``."""
    parser = subparsers.add_parser(
        "runs",
        help="your runs: what room they take, and how to make some",
        description="Your runs: list them with their sizes, delete or thin them out, bring them back.",
    )
    verbs = parser.add_subparsers(dest="verb", metavar="list | prune | delete | restore | empty-trash", required=True)
    for name, run, text in (
        ("list", _list, "every run with its size, the trash and the room that is left"),
        ("prune", _prune, "move the weights of all epochs but the chosen, the best and the last to the trash"),
        ("delete", _delete, "move runs to the trash"),
        ("restore", _restore, "bring back what is in the trash"),
        ("empty-trash", _empty, "delete for good what is in the trash"),
    ):
        verb = verbs.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", epilog="examples:\n" + _EXAMPLES[name])
        if name in ("prune", "delete", "restore"):
            verb.add_argument("runs", metavar="RUN", nargs="+" if name == "delete" else "*", help="a run's name or its folder")
        if name == "prune":
            verb.add_argument("--all", action="store_true", help="all runs that are not being trained")
        if name == "empty-trash":
            verb.add_argument("--older-than", type=float, default=0.0, metavar="DAYS", help="only what has been there for so long")
        if name == "list":
            verb.add_argument("--json", action="store_true", help="print JSON")
        verb.set_defaults(run=run)


def _list(arguments: argparse.Namespace) -> int:
    from hw2gui import paths
    from hw2gui.training import runs
    from hw2gui.writers import Table, write

    listed, space = runs.list_runs(), runs.space()
    rows = [_row(one) for one in listed]
    if arguments.json:
        room = {"bytes": space.runs, "trash_bytes": space.trash, "free_bytes": space.free}
        json.dump({"folder": str(paths.runs_folder()), "runs": rows, **room}, sys.stdout, ensure_ascii=False, indent=1)
        print()
        return 0
    if rows:
        table = Table(
            "Runs",
            ("run", "status", "epochs", "size", "can be freed", "begun"),
            (False, False, True, True, True, False),
            tuple(
                (row["name"], row["status"], f"{row['epoch']}", *map(runs.size_text, (row["bytes"], row["prunable"])), row["created"])
                for row in rows
            ),
            notes=tuple(f"{row['name']}: {row['problem']}" for row in rows if row["problem"]),
        )
        print(write(table, "table"), end="")
    print(
        f"{len(rows)} runs in {paths.runs_folder()}: {runs.size_text(space.runs) or 'nothing'}; in the trash: "
        f"{runs.size_text(space.trash) or 'nothing'}; free: {runs.size_text(space.free)}"
    )
    return 0


def _row(listed: Listed) -> dict[str, Any]:
    from hw2gui.errors import UserError
    from hw2gui.training import runs
    from hw2gui.training.run_folder import RunFolder

    try:
        prunable = sum(file.stat().st_size for file in runs.superfluous(RunFolder.open(listed.path)))
    except (UserError, OSError):
        prunable = 0
    return {
        "name": listed.name,
        "folder": str(listed.path),
        "status": listed.state.status,
        "epoch": listed.state.epoch,
        "created": listed.header.created[:16].replace("T", " ") if listed.header else "",
        "bytes": runs.size_of(listed.path),
        "prunable": prunable,
        "problem": listed.problem,
    }


def _prune(arguments: argparse.Namespace) -> int:
    from hw2gui.training import runs
    from hw2gui.training.lock import is_locked
    from hw2gui.training.run_folder import RunFolder

    if arguments.all == bool(arguments.runs):
        raise InputError("Name the runs to thin out, or give --all.")
    if arguments.all:
        folders = [one.path for one in runs.list_runs() if one.header and not is_locked(one.path / "lock")]
    else:
        folders = [_folder(text) for text in arguments.runs]
    freed = 0
    for folder in folders:
        moved = runs.prune(RunFolder.open(folder))
        if moved:
            freed += runs.size_of(moved)
            print(f"{folder.name}: {len(list(moved.glob('*.safetensors')))} epochs' weights, {runs.size_text(runs.size_of(moved))}")
    if freed:
        print(f"{runs.size_text(freed)} are in the trash: 'hw2gui runs restore' brings back, 'hw2gui runs empty-trash' frees the room.")
    else:
        print("Nothing to thin out: only the chosen, the best and the last epoch's weights are there.")
    return 0


def _delete(arguments: argparse.Namespace) -> int:
    from hw2gui.training import runs

    for folder in [_folder(text) for text in arguments.runs]:
        runs.to_trash(folder)
        print(f"{folder.name} is in the trash: 'hw2gui runs restore' brings it back.")
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    from hw2gui.training import runs

    trashed = runs.trashed_runs()
    wanted = [next((path for path in trashed if path.name == text), Path(text)) for text in arguments.runs] or trashed[:1]
    missing = [path.name for path in wanted if path not in trashed]
    if missing:
        raise InputError(f"{missing[0]} is not in the trash, which holds {', '.join(path.name for path in trashed) or 'nothing'}.")
    if not wanted:
        print("The trash is empty.")
    for path in wanted:
        print(f"{runs.restore(path)} is back.")
    left = [path.name for path in trashed if path not in wanted]
    if left and not arguments.runs:
        shown = ", ".join(left[:MOST_NAMED]) + (f" and {len(left) - MOST_NAMED} more" if len(left) > MOST_NAMED else "")
        print(
            f"Still in the trash, the latest first: {shown}. {shlex.join(['hw2gui', 'runs', 'restore', left[0]])} brings one of them back."
        )
    return 0


def _empty(arguments: argparse.Namespace) -> int:
    from hw2gui.training import runs

    if not arguments.older_than >= 0:
        raise InputError("--older-than must be a number of days from 0")
    print(f"{runs.size_text(runs.empty_trash(older_than_days=arguments.older_than)) or 'Nothing'} freed.")
    return 0


def _folder(text: str) -> Path:
    """The folder of the run called *text*, also of a damaged one."""
    from hw2gui.training import runs

    damaged = [one.path for one in runs.list_runs() if one.header is None and text in (one.path.name, str(one.path))]
    return damaged[0] if damaged else runs.find_run(text).path
