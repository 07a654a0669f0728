"""What the data page shows of a set of pairs, or of a table of the user's: computed in the worker, small enough to be sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hw2gui.datasets import tsv
from hw2gui.datasets.characters import Split
from hw2gui.datasets.corpus import Pair, PairCorpus
from hw2gui.datasets.pairs import open_corpus
from hw2gui.datasets.tsv import Dropped, TableChoice
from hw2gui.errors import InputError
from hw2gui.seq2seq.config import TABLE
from hw2gui.writers import Table

MOST_ROWS = 500
"""Pairs, and dropped lines, that are sent to be looked at."""


@dataclass(frozen=True)
class Row:
    """A pair of the part looked at: its number from 0, and the other targets that training lists for its source."""

    index: int
    source: str
    target: str
    others: tuple[str, ...]
    known: bool
    """Whether the pair stands word for word in train (never said of train itself)."""


@dataclass(frozen=True, eq=False)
class CorpusView:
    """A set of pairs: figures of the whole, the first of those pairs of ``part`` that contain what was looked for.

    ``lengths`` are how many pairs of train have a source, and a target, of each length. ``sums`` are md5 sums of the parts.
    """

    name: str
    title: str
    direction: str
    counts: Mapping[Split, int]
    sources: int
    ambiguous: int
    alphabets: tuple[str, str]
    lengths: tuple[Mapping[int, int], Mapping[int, int]]
    overlaps: tuple[str, ...]
    notes: tuple[str, ...]
    attribution: str
    citation: str
    sums: Mapping[Split, str]
    part: Split
    found: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, eq=False)
class TableView:
    """A table of the user's: how it was read, its first rows as they stand, what was dropped; ``corpus`` where there is enough for one.

    ``problem`` is the sentence why there is none.
    """

    path: str
    columns: int
    heading: tuple[str, ...]
    first_rows: tuple[tuple[str, ...], ...]
    report: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    dropped_count: int
    corpus: CorpusView | None
    problem: str = ""


def save_lengths(view: CorpusView, path: str) -> None:
    """Draw how many training pairs have a source, and a target, of each length into *path*. InputError, UnavailableError as `save_plot`."""
    from hw2gui.training.figures import save_plot
    from hw2gui.training.plots import Line, Plot

    lines = []
    for group, (name, counts) in enumerate(zip(("sources", "targets"), view.lengths, strict=True)):
        xs = range(1, max(counts, default=0) + 1)
        lines.append(Line(name, tuple(map(float, xs)), tuple(float(counts.get(x, 0)) for x in xs), group, dashed=group == 1))
    note = f"{view.title}, {view.direction}: {view.counts['train']:,} training pairs. {view.attribution}"
    save_plot(Plot("Lengths of the texts", "characters", "training pairs", tuple(lines), note=note), path)


def look(name: str, part: Split, text: str) -> CorpusView:
    """The set *name* of the registry. UnavailableError, with what to do, where its files are missing or damaged."""
    return viewed(open_corpus(name), part, text)


def look_at_table(path: str, reading: TableChoice, part: Split, text: str) -> TableView:
    """The table in the file *path*. InputError for a file that is no table, or one that cannot be read so."""
    table = tsv.read_table(Path(path), reading)
    corpus, problem = None, ""
    try:
        corpus = viewed(table.corpus(), part, text, f"{TABLE}{path}")
    except InputError as error:
        problem = str(error)
    return TableView(
        path=path,
        columns=table.columns,
        heading=table.heading,
        first_rows=table.first_rows,
        report=table.report,
        dropped=table.dropped[:MOST_ROWS],
        dropped_count=len(table.dropped),
        corpus=corpus,
        problem=problem,
    )


def viewed(corpus: PairCorpus, part: Split, text: str, name: str = "") -> CorpusView:
    """What is shown of *corpus*."""
    pairs, wanted = corpus.split(part), text.casefold()
    found = [index for index, pair in enumerate(pairs) if not wanted or any(wanted in side.casefold() for side in pair)]
    repeated = set(corpus.overlap(part).repeated) if part != "train" else set()
    rows = tuple(_row(corpus, index, pairs[index], known=index in repeated) for index in found[:MOST_ROWS])
    overlaps = (corpus.overlap(each) for each in ("validation", "test"))
    return CorpusView(
        name=name or corpus.name,
        title=corpus.title,
        direction=corpus.direction,
        counts=corpus.counts,
        sources=corpus.source_count,
        ambiguous=corpus.ambiguous_count,
        alphabets=(_alphabet(pair.source for pair in corpus.train), _alphabet(pair.target for pair in corpus.train)),
        lengths=(_lengths(pair.source for pair in corpus.train), _lengths(pair.target for pair in corpus.train)),
        overlaps=tuple(each.sentence for each in overlaps if each.known),
        notes=corpus.notes,
        attribution=corpus.attribution,
        citation=corpus.citation,
        sums=corpus.sums,
        part=part,
        found=len(found),
        rows=rows,
    )


def _row(corpus: PairCorpus, index: int, pair: Pair, *, known: bool) -> Row:
    others = tuple(target for target in corpus.references(pair.source) if target != pair.target)
    return Row(index, pair.source, pair.target, others, known)


def _alphabet(texts: Iterable[str]) -> str:
    found: set[str] = set()
    for text in texts:
        found.update(text)
    return "".join(sorted(found))


def _lengths(texts: Iterable[str]) -> Mapping[int, int]:
    return dict(sorted(Counter(len(text) for text in texts).items()))


# --- tables --------------------------------------------------------------------------------------------------------------------------


def pairs_table(view: CorpusView) -> Table:
    """The pairs shown."""
    rows = tuple((str(row.index + 1), row.source, row.target, " / ".join(row.others)) for row in view.rows)
    header = ("number", "source", "target", "training also lists")
    notes = tuple(filter(None, (view.attribution, view.citation)))
    return Table(f"{view.title}, {view.part}", header, (True, False, False, False), rows, notes=notes)


def dropped_table(view: TableView) -> Table:
    """The lines that are not used, and why."""
    rows = tuple((str(one.line), one.reason, one.detail) for one in view.dropped)
    return Table(f"Lines of {Path(view.path).name} that are not used", ("line", "why", "what"), (True, False, False), rows)


def about_words(view: CorpusView) -> Sequence[str]:
    """The set in sentences, with its own figures."""
    counts = ", ".join(f"{count:,} {part}" for part, count in view.counts.items())
    ambiguous = f", {view.ambiguous:,} of them with several targets" if view.ambiguous else ""
    source, target = (f"{len(alphabet)} characters" for alphabet in view.alphabets)
    longest = [max(lengths, default=0) for lengths in view.lengths]
    return (
        f"{view.direction}: {counts} pairs.",
        f"Train has {view.sources:,} different sources{ambiguous}.",
        f"Sources use {source}, targets {target}; the longest have {longest[0]} and {longest[1]} characters.",
        *view.overlaps,
        *view.notes,
    )
