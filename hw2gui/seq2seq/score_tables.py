"""Measurements as tables, to be written by `hw2gui.writers` and shown in the window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hw2gui.seq2seq.comparison import Comparison
from hw2gui.seq2seq.error_places import Details, shown_positions
from hw2gui.seq2seq.evaluation import BeamScores
from hw2gui.seq2seq.measure_view import verdict_words
from hw2gui.seq2seq.measurement import Measurement, half_width
from hw2gui.seq2seq.metrics import NOTHING, LengthBin, Scores
from hw2gui.writers import Table

WORST = 50
"""Confusions listed at most."""

SCORES: tuple[tuple[str, str], ...] = (
    ("beam", "Places of the beam; 1 is greedy"),
    ("error rate", "The homework's: mean over the examples of edit distance / reference length, beside the corpus's own reference"),
    ("± 95 %", "Half the 95 % interval of the error rate over the examples: 1.96 s/√n"),
    ("CER", "Character error rate of the corpus: all edit distances / all reference lengths"),
    ("exact", "Share of the outputs that are exactly the reference"),
    (
        "other spellings",
        "Error rate beside the nearest of all references: those that training, or this split, lists for the same source",
    ),
    ("best of n", "Error rate if one who knows the references chose among the n best outputs of the beam"),
    ("log P", "Mean log-probability of the outputs (natural logarithm)"),
    ("length", "Mean length of the outputs in characters"),
    ("cut", "Outputs cut at the limit of length"),
    ("search errors", "Wrong outputs to which the model itself prefers a reference: the search missed it"),
    ("model errors", "Wrong outputs that the model prefers to every reference"),
    ("optimum found", "Share of the examples whose most probable output of all, by exact search, the beam found"),
    ("seconds", "Time of decoding all examples"),
    ("not repeated", "Error rate without the pairs that stand word for word in train"),
    ("unknown source", "Error rate without the sources that stand in train"),
)
"""The columns of a table of scores, and what they say."""

SPELLINGS, OPTIMUM, NOT_REPEATED, UNKNOWN_SOURCE = (
    [title for title, _ in SCORES].index(name) for name in ("other spellings", "optimum found", "not repeated", "unknown source")
)


def score_cells(measurement: Measurement, one: BeamScores, *, plain: bool = False) -> tuple[str, ...]:
    """One beam size; *plain* is for programs: shares as fractions."""
    faults, share, optimum = measurement.evaluation.faults(one.beam), one.scores.exact_match, measurement.evaluation.found(one.beam)

    def rate(scores: Scores | None) -> str:
        return "" if scores is None else f"{scores.error_rate:.4f}"

    return (
        str(one.beam) if plain or one.beam > 1 else "1 (greedy)",
        rate(one.scores),
        f"{half_width(one):.4f}",
        f"{one.scores.cer:.4f}",
        f"{share:.4f}" if plain else f"{100 * share:.2f} %",
        rate(one.multi),
        rate(one.oracle),
        f"{one.log_probability:.3f}" if plain else f"{one.log_probability:.3f}".replace("-", "−"),
        f"{one.scores.mean_length:.2f}",
        f"{one.cut}" if plain else f"{one.cut:,}",
        f"{faults.search}" if plain else f"{faults.search:,}",
        f"{faults.model}" if plain else f"{faults.model:,}",
        "" if optimum is None else f"{optimum:.4f}" if plain else f"{100 * optimum:.1f} %",
        f"{one.seconds:.2f}",
        rate(measurement.without_repeated(one.beam)),
        rate(measurement.without_known(one.beam)),
    )


def idle(measurement: Measurement) -> frozenset[int]:
    """The columns that can say nothing new of this split: no other references, nothing that training knows, no exact search."""
    spellings = () if measurement.several else (SPELLINGS,)
    known = () if measurement.overlap is not None and measurement.overlap.known else (NOT_REPEATED, UNKNOWN_SOURCE)
    optimum = () if measurement.evaluation.optimum is not None else (OPTIMUM,)
    return frozenset((*spellings, *known, *optimum))


def scores_table(measurement: Measurement, *, plain: bool = False) -> Table:
    """The scores by beam size, without the columns that can say nothing new of this split."""
    left_out = idle(measurement)
    columns = [at for at in range(len(SCORES)) if at not in left_out]
    rows = [score_cells(measurement, one, plain=plain) for one in measurement.evaluation.beams]
    return Table(
        _title(measurement),
        tuple(SCORES[at][0] for at in columns),
        (True,) * len(columns),
        tuple(tuple(row[at] for at in columns) for row in rows),
        notes=_notes(measurement),
    )


def _notes(measurement: Measurement) -> tuple[str, ...]:
    alpha, optimum = measurement.setting.alpha, measurement.evaluation.optimum
    rule = "scores are sums" if alpha == 0 else f"scores are divided by length^{alpha:g}"
    nbest = f"best of n: the {measurement.setting.nbest} best, or as many as the beam holds"
    notes = [f"References: mean length {_reference_length(measurement):.2f}; {rule}; {nbest}."]
    if optimum is not None:
        notes.append(
            f"The optimum (most probable output, proven for {sum(optimum.proven):,} of {len(optimum.proven):,}): "
            f"error rate {optimum.scores.error_rate:.4f}, CER {optimum.scores.cer:.4f}, exact {100 * optimum.scores.exact_match:.2f} %."
        )
    if measurement.report is not None:
        notes.append(f"The report's error rate, greedy: {measurement.report:.4f}.")
    return (measurement.words, *notes, *measurement.notes)


def _reference_length(measurement: Measurement) -> float:
    return measurement.evaluation.beams[0].scores.reference_length


def _title(measurement: Measurement) -> str:
    return f"{measurement.title} on {measurement.count:,} {measurement.setting.split} pairs of {measurement.data}"


def examples_table(measurement: Measurement, beam: int, indices: Sequence[int]) -> Table:
    """The examples *indices*, in that order."""
    one, evaluation = measurement.evaluation.of(beam), measurement.evaluation
    rows = tuple(
        (
            str(index + 1),
            evaluation.sources[index],
            " / ".join(evaluation.references[index]),
            one.outputs[index],
            str(int(one.own.distance[index])),
            f"{one.own.rate[index]:.4f}",
            f"{one.log_probabilities[index]:.3f}",
            f"{evaluation.reference_log_probabilities[index]:.3f}",
            ": ".join(filter(None, verdict_words(evaluation, beam, index))),
        )
        for index in indices
    )
    header = ("number", "source", "references", "output", "distance", "error rate", "log P", "log P of a reference", "verdict")
    return Table(
        f"{_title(measurement)}, beam {beam}",
        header,
        (True, False, False, False, True, True, True, True, False),
        rows,
        notes=_thanks(measurement),
    )


def confusions_table(measurement: Measurement, found: Details) -> Table:
    """The most frequent confusions of characters."""
    counts = {name: int(total) for name, total in zip(found.confusion.characters, found.confusion.counts.sum(axis=1), strict=True)}
    rows = tuple(
        (written(one), written(other), str(times), f"{times / counts[one]:.4f}") for one, other, times in found.confusion.worst(WORST)
    )
    header = ("in the reference", "in the output", "times", "share of the reference's")
    notes = ("∅: nothing (in the reference: inserted; in the output: left out).", *_thanks(measurement))
    return Table(f"{_title(measurement)}, beam {found.beam}: confusions", header, (False, False, True, True), rows, notes=notes)


def written(character: str) -> str:
    """A character by itself, so that one sees it."""
    return {NOTHING: "∅", " ": "␣"}.get(character, character)


def positions_table(measurement: Measurement, found: Details) -> Table:
    """Errors by their place in the reference."""
    position = found.position
    rows = []
    for at in shown_positions(position).tolist():
        present = max(int(position.present[at]), 1)
        shares = (part[at] / present for part in (position.substituted, position.deleted, position.inserted))
        rows.append((str(at + 1), str(int(position.present[at])), *(f"{share:.4f}" for share in shares)))
    header = ("position", "references", "replaced", "left out", "inserted before")
    return Table(f"{_title(measurement)}, beam {found.beam}: errors by position", header, (True,) * 5, tuple(rows))


def lengths_table(curves: Mapping[str, Sequence[LengthBin]], title: str) -> Table:
    """Error rate by the length of the source, for one model or two."""
    rows = tuple(
        (name, str(one.shortest), str(one.longest), str(one.n), f"{one.error_rate:.4f}", f"{one.standard_error:.4f}")
        for name, bins in curves.items()
        for one in bins
    )
    header = ("model", "from", "to", "examples", "error rate", "standard error")
    return Table(f"{title}: error rate by length of the source", header, (False, True, True, True, True, True), rows)


def comparison_table(first: Measurement, second: Measurement, found: Comparison, indices: Sequence[int]) -> Table:
    """Two models' outputs to the examples *indices*."""
    one, other = first.evaluation.of(found.beam), second.evaluation.of(found.beam)
    rows = tuple(
        (
            str(index + 1),
            first.evaluation.sources[index],
            first.evaluation.references[index][0],
            one.outputs[index],
            f"{one.own.rate[index]:.4f}",
            other.outputs[index],
            f"{other.own.rate[index]:.4f}",
            found.changes[index],
        )
        for index in indices
    )
    header = ("number", "source", "reference", "first output", "its error", "second output", "its error", "change")
    title = f"{first.title} beside {second.title}, beam {found.beam}"
    numeric = (True, False, False, False, True, False, True, False)
    return Table(title, header, numeric, rows, notes=(found.sentence, *_thanks(first)))


def _thanks(measurement: Measurement) -> tuple[str, ...]:
    return (measurement.attribution,) if measurement.attribution else ()
