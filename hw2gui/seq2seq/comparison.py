"""Two models measured on the same examples: what becomes of each, and how sure the difference is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from hw2gui.errors import InputError
from hw2gui.seq2seq.measurement import Measurement, half_of
from hw2gui.seq2seq.metrics import Change, changes


@dataclass(frozen=True, eq=False)
class Comparison:
    """What becomes of each example from the first model to the second, with one beam size.

    ``difference`` is the second's error rate less the first's, ``half`` half the 95 % interval of it, from the differences example by
    example.
    """

    beam: int
    changes: tuple[Change, ...]
    difference: float
    half: float

    @property
    def counts(self) -> Mapping[Change, int]:
        """How many examples of each kind."""
        counted = Counter(self.changes)
        return {kind: counted[kind] for kind in get_args(Change)}

    @property
    def moved(self) -> tuple[int, ...]:
        """The examples that did not stay the same."""
        return tuple(index for index, kind in enumerate(self.changes) if kind != "same")

    @property
    def sentence(self) -> str:
        """The figures for people."""
        counts = self.counts
        low, high = self.difference - self.half, self.difference + self.half
        sure = "more than chance would give" if low > 0 or high < 0 else "no more than chance could give"
        return (
            f"The second model repairs {counts['fixed']:,} and spoils {counts['broken']:,}; {counts['better']:,} come nearer, "
            f"{counts['worse']:,} go farther away, {counts['same']:,} stay as wrong or right. "
            f"Error rate {f'{self.difference:+.4f}'.replace('-', '−')} ± {self.half:.4f} (95 %), {sure}."
        )


def compare(first: Measurement, second: Measurement, beam: int) -> Comparison:
    """The two models on the same examples, beside the corpus's own references. InputError where the examples differ."""
    if first.evaluation.sources != second.evaluation.sources or first.evaluation.references != second.evaluation.references:
        raise InputError("the two models were measured on different pairs: compare two of the same data")
    before, after = first.evaluation.of(beam).own, second.evaluation.of(beam).own
    apart = after.rate - before.rate
    return Comparison(beam, changes(before, after), float(apart.mean()), half_of(apart))
