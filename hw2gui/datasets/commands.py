"""``hw2gui data list | fetch NAME | check | show NAME|FILE``: the data sets from a shell."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from hw2gui.errors import UserError, shortened

if TYPE_CHECKING:
    from pathlib import Path

    from hw2gui.datasets.download import Progress
    from hw2gui.datasets.registry import Dataset


_EXAMPLES = {
    "list": "  hw2gui data list\n",
    "fetch": "  hw2gui data fetch kmnist              about 21 MB; checked against the published sums\n",
    "check": "  hw2gui data check --json\n",
    "show": "  hw2gui data show starter-ar-en\n  hw2gui data show pairs.tsv            a table of your own\n",
}


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb ``data``."""
    data = subparsers.add_parser("data", help="data sets: what there is, fetch one, check the files", description="The data sets.")
    verbs = data.add_subparsers(dest="verb", metavar="list | fetch NAME | check | show NAME", required=True)
    for name, run, text in (
        ("list", _list, "every data set, where it lies, its licence"),
        ("fetch", _fetch, "download a data set from its publisher into the cache"),
        ("check", _check, "compute the md5 sum of every file that is there"),
        ("show", _show, "what is in a set of pairs, or in a table of your own, and what of it is not used"),
    ):
        parser = verbs.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".", epilog="examples:\n" + _EXAMPLES[name])
        if name == "fetch":
            parser.add_argument("name", metavar="NAME", help="a name from 'hw2gui data list'")
        if name == "show":
            parser.add_argument("name", metavar="NAME|FILE", help="a set of pairs from 'hw2gui data list', or a text file with two columns")
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.set_defaults(run=run)


def _list(arguments: argparse.Namespace) -> int:
    from hw2gui.datasets import registry

    rows = [
        {
            "name": dataset.name,
            "title": dataset.title,
            "kind": dataset.kind,
            "built_in": dataset.built_in,
            "present": registry.is_present(dataset),
            "bytes": dataset.size,
            "publisher": dataset.publisher,
            "licence": dataset.licence,
            "attribution": dataset.attribution,
            "citation": dataset.citation,
            "how_to_get": "" if dataset.built_in else dataset.how_to_get,
        }
        for dataset in registry.DATASETS.values()
    ]
    if arguments.json:
        _print_json(rows)
        return 0
    for row in rows:
        state = "built in" if row["built_in"] else "here" if row["present"] else f"missing: {row['how_to_get']}"
        size = "" if row["built_in"] else f" ({_megabytes(int(str(row['bytes'])))})"
        print(f"{row['name']:<14}{row['title']}{size}, licence: {row['licence']}\n{'':<14}{state}")
    return 0


def _fetch(arguments: argparse.Namespace) -> int:
    from hw2gui.datasets import download, registry

    dataset = registry.find(arguments.name)
    reporter = _Reporter()
    try:
        for event in download.fetch(dataset):
            reporter.show(event)
    finally:
        reporter.close()
    found = registry.status(dataset)
    if arguments.json:
        _print_json({"name": dataset.name, "files": [{"name": one.file.name, "path": str(one.path)} for one in found]})
    elif dataset.built_in:
        print(f"{dataset.name} is built in: nothing to fetch")
    else:
        print(f"{dataset.name} is here: {', '.join(sorted({str(one.path.parent) for one in found if one.path}))}\n{dataset.attribution}")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from hw2gui.datasets import registry

    report = {dataset.name: registry.status(dataset, fresh=True) for dataset in registry.DATASETS.values() if not dataset.built_in}
    made = {dataset.name: _made(dataset) for dataset in registry.DATASETS.values() if dataset.built_in and dataset.kind == "pairs"}
    states = [one.state for found in report.values() for one in found] + [state for state, _ in made.values()]
    if arguments.json:
        rows = {
            name: [{"name": one.file.name, "state": one.state, "path": str(one.path) if one.path else None} for one in found]
            for name, found in report.items()
        }
        built_in = {name: {"state": state, "what": what} for name, (state, what) in made.items()}
        _print_json({"datasets": rows, "built_in": built_in, "damaged": states.count("damaged"), "missing": states.count("missing")})
    else:
        for name, found in report.items():
            mend = registry.find(name).how_to_get
            for one in found:
                print(f"{one.state:<9}{name:<14}{one.path or one.file.name}")
            if any(one.state != "ok" for one in found):
                print(f"{'':<9}{name}: {mend}")
        for name, (state, what) in made.items():
            print(f"{state:<9}{name:<14}built in: {what}")
    return 1 if "damaged" in states else 0


def _show(arguments: argparse.Namespace) -> int:
    from hw2gui.datasets import pairs
    from hw2gui.datasets.tsv import read_table

    table = None if arguments.name in pairs.names() else read_table(_file(arguments.name))
    corpus = pairs.open_corpus(arguments.name) if table is None else table.corpus()
    overlaps = [corpus.overlap(split) for split in ("validation", "test")]
    if arguments.json:
        dropped = [] if table is None else [one._asdict() for one in table.dropped]
        known = {one.split: {"repeated_pairs": len(one.repeated), "known_sources": len(one.known)} for one in overlaps}
        told = {"title": corpus.title, "direction": corpus.direction, "pairs": dict(corpus.counts), "sums": dict(corpus.sums)}
        figures = {"sources": corpus.source_count, "ambiguous_sources": corpus.ambiguous_count, "overlap": known}
        _print_json({**told, **figures, "notes": list(corpus.notes), "dropped": dropped, "attribution": corpus.attribution})
        return 0
    counts = ", ".join(f"{count:,} {split}" for split, count in corpus.counts.items())
    several = f", {corpus.ambiguous_count:,} of them with several targets" if corpus.ambiguous_count else ""
    print(f"{corpus.title}, {corpus.direction}: {counts} pairs; {corpus.source_count:,} different sources in train{several}")
    for line in (*(one.sentence for one in overlaps if one.known), *corpus.notes, corpus.attribution):
        print(f"- {line}")
    return 0


def _file(name: str) -> Path:
    """The file *name*; InputError where it is neither a file nor a set of pairs."""
    from pathlib import Path

    from hw2gui.datasets import pairs
    from hw2gui.errors import InputError

    path = Path(name).expanduser()
    if not path.is_file():
        known = ", ".join(pairs.names())
        raise InputError(
            f"'{shortened(name, 80)}' is neither a file nor a set of pairs: give a text file with two columns, or one of {known}"
        )
    return path


def _made(dataset: Dataset) -> tuple[str, str]:
    """The state of a built-in set of pairs, "ok" or "damaged", and how many pairs it has or what is wrong with it."""
    from hw2gui.datasets import pairs

    try:
        counts = pairs.open_corpus(dataset.name).counts
    except UserError as error:
        return "damaged", str(error)
    return "ok", ", ".join(f"{count:,} {split}" for split, count in counts.items()) + " pairs"


class _Reporter:
    """Progress on stderr: one line rewritten in place on a terminal, else one line for each tenth of the way."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._tenth = -1

    def show(self, event: Progress) -> None:
        left = event.seconds_left
        time_left = "" if left is None or left < 1 else f", about {left:.0f} s left"
        line = f"{event.file}: {_megabytes(event.done)} of {_megabytes(event.total)}, {event.rate / 1e6:.2f} MB/s{time_left}"
        if self._terminal:
            print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
        elif event.done * 10 // event.total > self._tenth:
            print(line, file=sys.stderr, flush=True)
        self._tenth = event.done * 10 // event.total

    def close(self) -> None:
        if self._terminal and self._tenth >= 0:
            print(file=sys.stderr)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB"
