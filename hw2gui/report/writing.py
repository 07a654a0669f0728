"""Writing the document of a reproduction, by the file's suffix: HTML, PDF, Markdown, or the numbers as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hw2gui import files
from hw2gui.errors import InputError, UnavailableError
from hw2gui.report.document import Block, blocks
from hw2gui.report.gather import gather
from hw2gui.report.items import Report, Source
from hw2gui.writers import to_markdown

SUFFIXES = (".html", ".pdf", ".md", ".json")


def write(folder: Path | None, outs: Sequence[Path], notes: Mapping[str, str] | None = None, source: Source = "own") -> Iterator[Path]:
    """Write the document of the reproduction in *folder* (None: the program's own) to each of *outs*; yields what is written.

    *source* "both" takes the program's own figures, marked so, for what is not measured in *folder*.

    InputError for another suffix than those of `SUFFIXES` or a folder that is none, UnavailableError where a file
    cannot be written, which is tried before anything is computed.
    """
    for out in outs:
        if out.suffix.lower() not in SUFFIXES:
            raise InputError(f"{out.name} ends in none of {', '.join(SUFFIXES)}: give one of them to choose the kind of document")
        try:
            files.check_writable(out)
        except OSError as error:
            raise _unwritable(out, error) from error
    report = _report(folder, source)
    told = blocks(report, notes)
    for out in outs:
        try:
            _write(out, report, told)
        except OSError as error:
            raise _unwritable(out, error) from error
        yield out


def _unwritable(out: Path, error: OSError) -> UnavailableError:
    return UnavailableError(f"{out} cannot be written ({files.reason(error)}): choose another place")


def summary(folder: Path | None) -> str:
    """The table of all items of the reproduction in *folder* (None: the program's own), as Markdown. InputError for a folder that is
    none.
    """
    return to_markdown(_report(folder).summary)


def write_document(folder: str, out: str, notes: tuple[tuple[str, str], ...] = (), source: Source = "own") -> str:
    """`write` of one file, for the worker; answers its path."""
    return str(next(write(None if source == "shipped" else Path(folder), [Path(out)], dict(notes), source)))


def _report(folder: Path | None, source: Source = "own") -> Report:
    if folder is None:
        return gather("", "shipped")
    return gather(str(folder if source == "both" else _existing(folder)), source)


def _write(out: Path, report: Report, told: Sequence[Block]) -> None:
    suffix = out.suffix.lower()
    if suffix == ".html":
        from hw2gui.report.html import write_html

        files.write_text(out, write_html(told))
    elif suffix == ".pdf":
        from hw2gui.report.paper import write_pdf

        with files.replacing(out) as temporary:
            write_pdf(told, temporary)
    elif suffix == ".md":
        from hw2gui.report.markdown import write_markdown

        text, pictures = write_markdown(told, f"{out.stem}-figures")
        for path, picture in pictures.items():
            files.write_text(out.parent / path, picture)
        files.write_text(out, text)
    else:
        files.write_json(out, numbers(report))


def _existing(folder: Path) -> Path:
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder: give that of a reproduction ('hw2gui reproduce --out {folder}' makes one)")
    return folder


def numbers(report: Report) -> dict[str, Any]:
    """The figures of *report* as plain values."""
    return {
        "quick": report.quick,
        "items": [
            {"item": item.key, "title": item.title, "report": item.said, "measured": item.measured, "verdict": item.verdict.word,
             "sentence": item.verdict.sentence, "why": item.why, "origin": item.origin}
            for item in report.items
        ],
        "errata": [{"number": one.number, "item": one.where, "written": one.written, "right": one.right,
                    "counterexample": one.counterexample} for one in report.errata],
        "tables": [
            {"title": table.title, "header": list(table.header), "rows": [list(row) for row in table.all_rows]}
            for item in report.items for table in item.tables
        ],
        "runs": [vars(one) for one in report.runs],
        "settings": [list(row) for row in report.settings],
        "data": [list(row) for row in report.data],
        "made": [list(row) for row in report.made],
    }  # fmt: skip
