"""The document of a reproduction as blocks, in the report's order: what HTML, Markdown and PDF are all written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hw2gui.report.items import Drawn, Item, Report
from hw2gui.report.verdicts import RULE, Kind
from hw2gui.writers import Table

TITLE = "The report, reproduced"

QUICK_NOTE = (
    "This is the quick version: small networks of the same kind, trained for a moment on the characters and names that come with the "
    "program. It shows that everything can be computed; its figures say nothing of the report's."
)


@dataclass(frozen=True)
class Heading:
    """A heading; *level* 1 is the document's title."""

    text: str
    level: int
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Text, with a word or two in bold before it; *kind* colours a verdict."""

    text: str
    lead: str = ""
    kind: Kind | None = None


@dataclass(frozen=True, eq=False)
class Grid:
    """A table."""

    table: Table


@dataclass(frozen=True, eq=False)
class Illustration:
    """A figure."""

    drawn: Drawn


Block = Heading | Paragraph | Grid | Illustration


def blocks(report: Report, notes: Mapping[str, str] | None = None) -> tuple[Block, ...]:
    """Everything, with the user's *notes* at the items they were typed at."""
    made: list[Block] = [Heading(TITLE, 1)]
    if report.quick:
        made.append(Paragraph(QUICK_NOTE, "Quick version."))
    made.append(
        Paragraph(
            f"Every claim, table and figure of the report (Deep Learning, homework 2) beside what hw2gui computes. "
            f"{len(report.items)} items: {report.counted()}. The report's values are quoted for comparison; everything else is measured."
        )
    )
    if report.origin:
        made.append(Paragraph(f"{report.origin}.", "Where the figures are from." if not report.folder else "Items marked so."))
    made.append(Grid(report.summary))
    made.append(Paragraph(RULE, "How a value is judged."))
    question = ""
    for item in report.items:
        if item.key[0] != question:
            question = item.key[0]
            made.append(Heading(f"Question {question}", 2))
        made += _item(item, (notes or {}).get(item.key, ""), bool(item.origin and report.folder))
    if report.examples:
        made.append(Heading("Test pairs to read", 2))
        made += [Grid(table) for table in report.examples]
    made += _errata(report)
    made += _appendix(report)
    return tuple(made)


def _item(item: Item, note: str, marked: bool) -> list[Block]:
    """*marked*: it is not of the reproduction the rest is of."""
    said = f" It gives: {item.said}." if item.said else ""
    made: list[Block] = [Heading(f"{item.key}  {item.title}", 3, f"item-{item.key}"), Paragraph(f"{item.claim}{said}", "The report.")]
    if item.measured:
        made.append(Paragraph(f"{item.measured}.", "Measured by the program's own reproduction." if marked else "Measured."))
    made.append(Paragraph(item.verdict.sentence, f"Verdict: {item.verdict.word}.", item.verdict.kind))
    parts = (("Why.", item.why), ("To do.", item.fetch), ("Formula.", item.formula), ("Note.", note))
    made += [Paragraph(text, lead) for lead, text in parts if text]
    made += [Grid(table) for table in item.tables]
    made += [Illustration(drawn) for drawn in item.drawn]
    return made


def _errata(report: Report) -> list[Block]:
    rows = tuple((str(one.number), one.where, one.written, one.right, one.counterexample) for one in report.errata)
    header = ("No.", "Item", "Written", "Right", "Counterexample, computed")
    return [
        Heading("Errata", 2, "errata"),
        Paragraph("Slips of the report's copy at hand, each with what it comes to."),
        Grid(Table("Errata", header, (True, False, False, False, False), rows)),
    ]


def _appendix(report: Report) -> list[Block]:
    made: list[Block] = [Heading("How it was made", 2, "made")]
    if report.settings:
        made.append(Grid(Table("Settings", ("Items", "Training"), (False, False), report.settings)))
    if report.runs:
        rows = tuple(
            (one.title, one.device, str(one.epochs), f"{one.minutes:.1f}", one.result or "–", one.started[:16].replace("T", " "))
            for one in report.runs
        )
        header = ("Training", "Device", "Epochs", "Minutes", "Result", "Begun (UTC)")
        made.append(Grid(Table("Trainings this rests on", header, (False, False, True, True, False, False), rows)))
    if report.data:
        made.append(Grid(Table("Data read", ("Set", "File or split", "Sum"), (False, False, False), report.data)))
    made.append(Grid(Table("Versions and machines", ("What", "With"), (False, False), report.made)))
    quick = " --quick" if report.quick else ""
    again = "hw2gui report --out report.html; to measure anew: " if not report.folder else ""
    made.append(Paragraph(f"{again}hw2gui reproduce{quick} --out DIR, then hw2gui report DIR --out report.html", "Commands."))
    made += [Paragraph(problem, "Left out.") for problem in report.problems]
    made += [Paragraph(text, "Data.") for text in dict.fromkeys(report.attributions) if text]
    return made
