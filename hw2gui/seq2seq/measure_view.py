"""Which examples are shown, in which order, letter above letter; and what the figures come to in sentences with today's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from hw2gui.datasets.arabic import is_right_to_left, isolated, romanised
from hw2gui.seq2seq.alignment import Edit, align
from hw2gui.seq2seq.comparison import Comparison
from hw2gui.seq2seq.error_places import Details
from hw2gui.seq2seq.evaluation import BeamScores, Evaluation
from hw2gui.seq2seq.measure_choice import COMPARED, Kind, MeasureChoice
from hw2gui.seq2seq.measurement import Measurement, half_width
from hw2gui.seq2seq.metrics import NOTHING, LengthBin


def shown(choice: MeasureChoice, measurement: Measurement, details: Details | None, comparison: Comparison | None) -> tuple[int, ...]:
    """The examples that *choice* asks for, in its order."""
    one, evaluation = measurement.evaluation.of(choice.beam), measurement.evaluation
    found: Sequence[int] = range(measurement.count)
    if choice.confusion is not None:
        found = details.examples.get(choice.confusion, ()) if details is not None and details.beam == choice.beam else ()
    if choice.kind != "all":
        found = [index for index in found if _is(choice.kind, index, measurement, choice.beam, comparison)]
    if choice.text:
        wanted = choice.text.casefold()
        found = [
            index
            for index in found
            if any(wanted in text.casefold() for text in (evaluation.sources[index], one.outputs[index], *evaluation.references[index]))
        ]
    return tuple(_sorted(found, choice, measurement, one, comparison))


def _is(kind: Kind, index: int, measurement: Measurement, beam: int, comparison: Comparison | None) -> bool:
    if kind in COMPARED:
        return comparison is not None and comparison.changes[index] == kind
    right = measurement.evaluation.of(beam).judged.distance[index] == 0
    if kind in ("right", "wrong"):
        return bool(right) == (kind == "right")
    return measurement.evaluation.verdict(beam, index) == kind


def verdict_words(evaluation: Evaluation, beam: int, index: int) -> tuple[str, str]:
    """Whose fault the output is, and, where it is right although its error rate is not 0, why."""
    verdict = evaluation.verdict(beam, index)
    return verdict, "another spelling" if verdict == "right" and evaluation.of(beam).own.distance[index] else ""


def _sorted(
    found: Sequence[int], choice: MeasureChoice, measurement: Measurement, one: BeamScores, comparison: Comparison | None
) -> Sequence[int]:
    def key(index: int) -> Any:
        match choice.order:
            case "source":
                return measurement.evaluation.sources[index].casefold()
            case "error":
                return float(one.own.rate[index])
            case "log P":
                return one.log_probabilities[index]
            case "verdict":
                return measurement.evaluation.verdict(choice.beam, index)
            case "change":
                return comparison.changes[index] if comparison is not None else ""
        return index

    # Python's sort leaves equals in their order also when it is reversed: the corpus's.
    return sorted(found, key=key, reverse=choice.descending)


@lru_cache(maxsize=4096)
def alignment(output: str, reference: str) -> tuple[Edit, ...]:
    """The alignment, remembered: a table asks for the same again at every repaint."""
    return align(output, reference)


def letter(character: str | None) -> str:
    """A character as it stands alone, so that one sees it; nothing for None."""
    if not character:
        return ""
    return "␣" if character == " " else isolated(character)[0]


def runs_leftwards(text: str) -> bool:
    """Whether *text* is read from right to left."""
    return is_right_to_left(text)


def hint(text: str) -> str:
    """Latin letters under Arabic ones; nothing for what has none."""
    return romanised(text) if is_right_to_left(text) else ""


def arrow(confusion: tuple[str, str]) -> str:
    """A confusion in writing: e → a, ∅ for nothing."""
    return " → ".join("∅" if character == NOTHING else letter(character) for character in confusion)


# --- sentences -----------------------------------------------------------------------------------------------------------------------


def rates_words(measurement: Measurement, beam: int) -> str:
    """How the rates of one beam size come about."""
    one = measurement.evaluation.of(beam)
    n, own = one.scores.n, one.own
    return (
        f"Error rate = 1/N · Σ d(output, reference) / |reference| = {own.rate.sum():.2f} / {n:,} = {one.scores.error_rate:.4f} "
        f"± {half_width(one):.4f}; corpus CER = Σ d / Σ |reference| = {int(own.distance.sum()):,} / {int(own.length.sum()):,} "
        f"= {one.scores.cer:.4f}; exact: {int((own.distance == 0).sum()):,} of {n:,}. d counts characters inserted, left out and replaced; "
        "the first weighs every example alike, the second every character."
    )


def beams_words(measurement: Measurement) -> str:
    """What a beam brings, in figures: the answer to 3.1c on this split."""
    beams = measurement.evaluation.beams
    first, last = beams[0], beams[-1]
    best = min(beams, key=lambda one: (one.scores.error_rate, one.beam))
    if len(beams) == 1:
        return f"One beam size was measured. {score_words(first)}"
    name = "Greedy" if first.beam == 1 else f"Beam {first.beam}"
    gained = last.log_probability - first.log_probability
    error = last.scores.error_rate - first.scores.error_rate
    times = last.seconds / first.seconds if first.seconds > 0 else float("inf")
    moved = f"{_signed(error, 4)} (from {first.scores.error_rate:.4f} to {last.scores.error_rate:.4f})"
    if round(error, 4) == 0:
        moved = f"unchanged at {last.scores.error_rate:.4f}"
    found = (
        f"{name} to beam {last.beam}: mean log P {_signed(gained, 3)} (a wider beam finds more probable outputs), "
        f"error rate {moved}, {times:.1f} times the time, mean length "
        f"{first.scores.mean_length:.2f} to {last.scores.mean_length:.2f} (references {last.scores.reference_length:.2f}). "
        f"Least error here: beam {best.beam} with {best.scores.error_rate:.4f}."
    )
    optimum, share = measurement.evaluation.optimum, measurement.evaluation.found(last.beam)
    if optimum is not None and share is not None:
        found += (
            f" Exact search: error rate {optimum.scores.error_rate:.4f} with the most probable outputs of all, of which beam {last.beam} "
            f"finds {100 * share:.1f} %: to search better cannot give more."
        )
    faults = measurement.evaluation.faults(last.beam)
    rest = f" Of the {faults.search + faults.model:,} wrong outputs of beam {last.beam}, {faults.search:,} are the search's: "
    return found + rest + "for those alone a better search could help; the others the model itself prefers."


def score_words(one: BeamScores) -> str:
    """What the score is that a beam keeps."""
    if one.alpha == 0:
        return "Score: the sum of the log-probabilities, Σ log p."
    return f"Score: Σ log p / |y|^{one.alpha:g}, the end symbol counted."


def places_words(bins: Sequence[Sequence[LengthBin]], names: Sequence[str]) -> str:
    """What the two plots of places show."""
    told = "Left: of the references that reach a position, the share whose character there was replaced or left out, or had something "
    told += "inserted before it. Right: the homework's error rate by the length of the source, a band of one standard error around it."
    ends = []
    for name, own in zip(names, bins, strict=True):
        if len(own) > 1:
            short, long = own[0], own[-1]
            ends.append(f"{name}: {short.error_rate:.3f} at {_span(short)} characters, {long.error_rate:.3f} at {_span(long)}")
    return f"{told} {'; '.join(ends)}." if ends else told


def _span(one: LengthBin) -> str:
    return f"{one.shortest}" if one.shortest == one.longest else f"{one.shortest}–{one.longest}"


def characters_words(details: Details) -> str:
    """What the confusion matrix shows, and its worst cell."""
    counts = details.confusion.counts
    wrong = int(counts.sum() - np.trace(counts))
    worst = details.confusion.worst(1)
    most = f" The most frequent: {arrow(worst[0][:2])}, {worst[0][2]:,} times." if worst else ""
    return (
        "A row for each character of the references, a column for what the aligned output has there, coloured by the share of the row "
        f"(0 to 1); numbers count. Row ∅: inserted; column ∅: left out. {wrong:,} errors in {int(counts.sum()):,} aligned places.{most} "
        "Click a cell to see its examples."
    )


def _signed(value: float, places: int) -> str:
    return f"{value:+.{places}f}".replace("-", "−")
