"""What a sweep has come to: its cells with mean and spread over the seeds, and the best of them, by validation alone. Needs no torch."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hw2gui.training.score import Score, score_text
from hw2gui.training.survey import RunRow
from hw2gui.training.sweep import Cell, Sweep, words
from hw2gui.writers import Table

TEST_NOTE = "The test score is told of the best cell only: whoever looks at all of them chooses by the test images."


@dataclass(frozen=True)
class CellResult:
    """A cell and its runs by seed (None: not begun), with the validation score of those that have finished."""

    cell: Cell
    rows: tuple[RunRow | None, ...]
    validation: tuple[float, ...]
    test: tuple[float, ...]
    sentences: tuple[str, ...] = field(default=())
    """Why runs of it ended before their end."""

    @property
    def whole(self) -> bool:
        """Whether all its seeds have finished."""
        return len(self.validation) == len(self.rows)

    @property
    def mean(self) -> float:
        """Of the finished runs, NaN without one."""
        return statistics.fmean(self.validation) if self.validation else math.nan

    @property
    def spread(self) -> float:
        """The standard deviation over the seeds (n − 1), NaN with fewer than two."""
        return statistics.stdev(self.validation) if len(self.validation) > 1 else math.nan


def results(sweep: Sweep, rows: Sequence[RunRow], score: Score) -> tuple[CellResult, ...]:
    """The cells of *sweep* as the runs in *rows* have it. Of runs of one configuration the finished one counts, else the furthest."""
    known = by_identity(rows)
    return tuple(_result(cell, [known.get(one) for one in cell.identities], score) for cell in sweep.cells)


def by_identity(rows: Sequence[RunRow]) -> Mapping[str, RunRow]:
    """The run of each configuration there is."""
    found: dict[str, RunRow] = {}
    for row in rows:
        if row.problem or not row.identity:
            continue
        before = found.get(row.identity)
        if before is None or _worth(row) > _worth(before):
            found[row.identity] = row
    return found


def is_finished(row: RunRow | None) -> bool:
    """Whether a run has come to its end."""
    return row is not None and row.state.status == "finished"


def best(found: Sequence[CellResult], score: Score) -> CellResult | None:
    """The cell with the best mean on validation, of those whose seeds have all finished; the first named among equals."""
    whole = [one for one in found if one.whole and not math.isnan(one.mean)]
    if not whole:
        return None
    return max(whole, key=lambda one: one.mean) if score.more else min(whole, key=lambda one: one.mean)


def table(sweep: Sweep, found: Sequence[CellResult], score: Score, *, plain: bool = False) -> Table:
    """The cells as a table; *plain* has bare numbers, for programs."""
    chosen = best(found, score)
    title = score.title.lower()
    header = (*(one.spec.label for one in sweep.settings), "finished", f"validation {title}", "±", f"test {title}", "")
    rows = tuple(_cells(one, one is chosen, plain=plain) for one in found)
    notes = () if plain else (sentence(sweep, found, score), TEST_NOTE)
    return Table(_title(sweep), header, (*(True for _ in sweep.settings), True, True, True, True, False), rows, notes=notes)


def sentence(sweep: Sweep, found: Sequence[CellResult], score: Score) -> str:
    """What it comes to so far, in words."""
    done, total = sum(len(one.validation) for one in found), sweep.count
    chosen = best(found, score)
    if chosen is None:
        return f"{done} of {total} runs have finished; no cell has all its seeds yet."
    where = ", ".join(f"{one.spec.label.lower()} {words(value)}" for one, value in zip(sweep.settings, chosen.cell.values, strict=True))
    kind = "highest" if score.more else "lowest"
    spread = "" if math.isnan(chosen.spread) else f" ± {chosen.spread:.4f}"
    seeds = f" over {len(chosen.validation)} seeds" if len(chosen.validation) > 1 else ""
    part = "" if done == total else f" {done} of {total} runs have finished."
    return f"Best by validation ({kind} mean {score.title.lower()}): {where or 'the only cell'}, {chosen.mean:.4f}{spread}{seeds}.{part}"


def _title(sweep: Sweep) -> str:
    over = " × ".join(one.spec.label.lower() for one in sweep.settings) or "seeds"
    return f"Sweep over {over}, seeds {', '.join(map(str, sweep.seeds))}"


def _cells(one: CellResult, is_best: bool, *, plain: bool) -> tuple[str, ...]:
    test = score_text(statistics.fmean(one.test)) if is_best and one.test else ""
    spread = score_text(one.spread) if len(one.validation) > 1 else ""
    finished = str(len(one.validation)) if plain else f"{len(one.validation)} of {len(one.rows)}"
    mark = "best" if is_best else "; ".join(dict.fromkeys(one.sentences))
    return (*map(words, one.cell.values), finished, score_text(one.mean), spread, test, mark)


def _result(cell: Cell, rows: Sequence[RunRow | None], score: Score) -> CellResult:
    ended = [row for row in rows if row is not None and is_finished(row)]

    def values(split: str) -> tuple[float, ...]:
        return tuple(row.metrics[name] for row in ended if (name := f"{split}_{score.metric}") in row.metrics)

    broken = tuple(row.state.sentence or "failed" for row in rows if row is not None and row.state.status == "failed")
    return CellResult(cell, tuple(rows), values("validation"), values("test"), broken)


def _worth(row: RunRow) -> tuple[bool, int]:
    return is_finished(row), row.state.step
