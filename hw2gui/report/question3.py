"""Question 3 of the report beside the finished runs: error rates without and with attention, and what a beam adds."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from hw2gui.errors import UnavailableError
from hw2gui.report.evidence import Evidence, among_the_users, seeds_plot
from hw2gui.report.items import Drawn, Item, Show
from hw2gui.report.plan import BEAMS, identity
from hw2gui.report.records import Record
from hw2gui.report.verdicts import NOTHING, QUICK, Spread, Verdict, against, printed, together
from hw2gui.seq2seq import provenance
from hw2gui.seq2seq.report_reference import DATA, WITH_ATTENTION, WITHOUT_ATTENTION, Reference
from hw2gui.seq2seq.state import Seq2SeqState
from hw2gui.training.plots import Level, Line, Plot
from hw2gui.training.room import Room
from hw2gui.writers import Table

FORMULA = "error rate = mean over pairs of Levenshtein(output, target) ÷ |target|"


def items(evidence: Evidence) -> tuple[Item, ...]:
    """3.1a, 3.1b and 3.1c."""
    return (
        _trained(evidence, "3.1a", "Without attention", evidence.plain, WITHOUT_ATTENTION, ("figure-5", "Figure 5")),
        _trained(evidence, "3.1b", "With bilinear attention", evidence.attention, WITH_ATTENTION, ("figure-6", "Figure 6")),
        _beams(evidence),
    )


def _trained(evidence: Evidence, key: str, title: str, runs: tuple[Record, ...], reference: Reference, figure: tuple[str, str]) -> Item:
    epochs = evidence.plan.pairs_base(False).training.epochs
    claim = f"{title}, trained for 50 epochs and decoded greedily: error rates on validation and test, and the curve of the first."
    validation, test = _values(runs, "validation_error_rate"), _values(runs, "test_error_rate")
    if not runs:
        verdict = NOTHING
    elif evidence.quick:
        verdict = Verdict("quick", QUICK)
    else:
        parts = (("Validation", reference.validation, validation), ("Test", reference.test, test))
        verdict = together([_named(name, against(value, values)) for name, value, values in parts])
    plot = None
    if runs:
        note = "" if evidence.quick else f"the report {reference.validation:.4f}"
        plot = seeds_plot(f"{title}: validation error rate over {epochs} epochs", "validation error rate", runs, "validation_error_rate")
        plot = replace(plot, levels=(Level(note, reference.validation, 1),)) if note else plot
    measured = f"validation {Spread(validation).text}; test {Spread(test).text}" if runs else ""
    caption = f"Error rate on the validation pairs; {measured}." if runs else ""
    return Item(
        key,
        title,
        claim,
        f"validation {reference.validation:.4f}, test {reference.test:.4f}",
        measured,
        verdict,
        formula=FORMULA,
        look="How a sentence is read symbol by symbol" + (", and where attention looks." if "attention" in key or key == "3.1b" else "."),
        show=show_model(evidence, runs, "greedily and with a beam"),
        why="" if evidence.quick else _why(evidence, runs, reference, validation, test),
        fetch="" if runs else evidence.missing(f"the character model {title.lower()}", *_pairs(evidence)),
        drawn=(Drawn(*figure, caption, plot),) if plot is not None else (),
    )


def _named(name: str, verdict: Verdict) -> Verdict:
    return Verdict(verdict.kind, f"{name} {verdict.word}: {verdict.sentence}")


def _why(evidence: Evidence, runs: tuple[Record, ...], reference: Reference, validation: Sequence[float], test: Sequence[float]) -> str:
    """Puts a figure that misses beside how much an error rate over so many pairs varies by itself."""
    if len(runs) < 2:
        return ""
    missed = [
        (name, statistics.fmean(values) - value)
        for name, value, values in (("validation", reference.validation, validation), ("test", reference.test, test))
        if against(value, values).kind == "differs"
    ]
    scores = [found for found in map(evidence.beams, runs) if found is not None]
    if not missed or not scores:
        return ""
    row = _row(scores[0], 1)
    error, pairs = float(row["standard_error"]), int(row["n"])
    parts = [
        f"The {name} rate misses by {printed(difference, '+.4f')}, {abs(difference) / error:.1f} times the standard error {error:.4f} "
        f"that {pairs:,} pairs give such a mean"
        for name, difference in missed
    ]
    return (
        f"{'; '.join(parts)}. Our seeds differ from each other by less than programs do: the report's began from other random numbers, "
        "in another order of the same pairs."
    )


def _beams(evidence: Evidence) -> Item:
    scored = {
        name: [found for found in map(evidence.beams, runs) if found is not None]
        for name, runs in (("without attention", evidence.plain), ("with attention", evidence.attention))
    }
    scored = {name: found for name, found in scored.items() if found}
    claim = (
        "Greedy decoding takes the likeliest symbol at each step and cannot take it back; a beam of k hypotheses should translate better. "
        "No figure is given."
    )
    if not scored:
        missing = evidence.missing("and measure the character models", *_pairs(evidence))
        return Item("3.1c", "Beam search", claim, "proposed", "", Verdict("missing", "Nothing is measured yet."), fetch=missing)
    changes = {name: [_rate(one, BEAMS[-1]) - _rate(one, 1) for one in found] for name, found in scored.items()}
    ends = {name: tuple(statistics.fmean(_rate(one, beam) for one in found) for beam in (1, BEAMS[-1])) for name, found in scored.items()}
    told = [
        f"{name} from {first:.4f} to {last:.4f} ({printed(statistics.fmean(changes[name]), '+.4f')}; lower in "
        f"{sum(change < 0 for change in changes[name])} of {len(changes[name])} seeds)"
        for name, (first, last) in ends.items()
    ]
    lengths = ", ".join(_lengths(name, found) for name, found in scored.items())
    sentence = f"Test error rate, greedy to beam {BEAMS[-1]}: {'; '.join(told)}. The outputs get shorter: {lengths}."
    return Item(
        "3.1c",
        "Beam search",
        claim,
        "proposed, no figure",
        "; ".join(f"{name}: greedy {first:.4f}, beam {BEAMS[-1]} {last:.4f}" for name, (first, last) in ends.items()),
        Verdict("open", sentence),
        formula="ŷ = argmax over the k kept of Σₜ log p(yₜ | y₁ … yₜ₋₁, x)",
        look="Where greedy and the beam part, and what the beam gained there.",
        show=show_model(evidence, evidence.attention or evidence.plain, f"greedy beside a beam of {BEAMS[-1]}"),
        drawn=(Drawn("beams", "", sentence, _beams_plot(scored)),),
        tables=(_beams_table(scored),),
    )


def _beams_plot(scored: Mapping[str, Sequence[Mapping[str, Any]]]) -> Plot:
    lines = []
    for group, (name, found) in enumerate(scored.items()):
        rates = [[_rate(one, beam) for one in found] for beam in BEAMS]
        mean = tuple(statistics.fmean(values) for values in rates)
        low, high = (tuple(map(min, rates)), tuple(map(max, rates))) if len(found) > 1 else ((), ())
        lines.append(Line(name, tuple(map(float, BEAMS)), mean, group, low=low, high=high))
    return Plot("Test error rate by beam size (band: least to greatest of the seeds)", "beam size", "test error rate", tuple(lines))


def _beams_table(scored: Mapping[str, Sequence[Mapping[str, Any]]]) -> Table:
    rows = []
    for name, found in scored.items():
        for beam in BEAMS:
            own = [_row(one, beam) for one in found]

            def mean(key: str, own: Sequence[Mapping[str, Any]] = own) -> float:
                return statistics.fmean(float(row[key]) for row in own)

            rows.append(
                (
                    name,
                    "greedy" if beam == 1 else str(beam),
                    Spread(tuple(float(row["error_rate"]) for row in own)).text,
                    f"{mean('cer'):.4f}",
                    f"{100 * mean('exact_match'):.1f} %",
                    f"{mean('mean_length'):.2f}",
                    f"{mean('search_errors'):.0f}",
                    f"{mean('seconds'):.2f}",
                )
            )
    header = ("Model", "Beam", "Error rate", "Corpus CER", "Exact", "Mean length", "Search errors", "Seconds")
    reference = _row(next(iter(scored.values()))[0], 1)
    note = (
        f"{int(reference['n']):,} test pairs, references of {float(reference['reference_length']):.2f} characters on the mean; means over "
        "the seeds. A search error: the model gives the reference more probability than what was found."
    )
    return Table("Test scores by beam size", header, (False, True, True, True, True, True, True, True), tuple(rows), notes=(note,))


def examples(evidence: Evidence) -> tuple[Table, ...]:
    """Test pairs with what the first seed's models write, to read."""
    made = []
    for name, runs in (("without attention", evidence.plain), ("with attention", evidence.attention)):
        found = next((found for found in map(evidence.beams, runs) if found is not None), None)
        if found is not None:
            rows = tuple((one["source"], one["reference"], one["greedy"], one["beam"]) for one in found["examples"])
            header = ("Source", "Reference", "Greedy", f"Beam {found['widest']}")
            made.append(Table(f"Some test pairs, {name} (seed {runs[0].seed})", header, (False,) * 4, rows))
    return tuple(made)


def _row(found: Mapping[str, Any], beam: int) -> Mapping[str, Any]:
    rows: Sequence[Mapping[str, Any]] = found["beams"]
    return next(row for row in rows if row["beam"] == beam)


def _rate(found: Mapping[str, Any], beam: int) -> float:
    return float(_row(found, beam)["error_rate"])


def _lengths(name: str, found: Sequence[Mapping[str, Any]]) -> str:
    first, last = (statistics.fmean(float(_row(one, beam)["mean_length"]) for one in found) for beam in (1, BEAMS[-1]))
    return f"{first:.2f} to {last:.2f} characters {name}"


def _values(runs: tuple[Record, ...], name: str) -> tuple[float, ...]:
    return tuple(one.final[name] for one in runs)


def _pairs(evidence: Evidence) -> tuple[str, ...]:
    return () if evidence.quick else (DATA,)


def show_model(evidence: Evidence, runs: tuple[Record, ...], words: str, page: str = "type") -> Show | None:
    """The tab of the character models, at its *page*, on the first of *runs* and a test pair; None without any.

    Where its folder is gone: on the shipped model of the same training, or on none.
    """
    model = next((found for found in map(_model, runs) if found), "")
    if not model:
        return None
    measured = evidence.beams(runs[0])
    pair = measured["examples"][0] if measured and measured["examples"] else {"source": "", "reference": ""}
    state = Seq2SeqState(
        page=page,
        model=model,
        text=pair["source"],
        reference=pair["reference"],
        beam=BEAMS[-1],
        hints=evidence.quick,
        room=Room(shown=tuple(str(one.path) for one in runs if among_the_users(one)), across="epoch"),
    )
    curves = "; its curves are on the training page" if state.room.shown else ""
    return Show("seq2seq", state, f"a test pair, read by {'this model' if Path(model).is_absolute() else _SHIPPED}, {words}{curves}")


_SHIPPED = "a model that comes with the program, trained with these settings and this seed"


def _model(record: Record) -> str:
    """The name of the model of this training: its folder, or the shipped model of the same settings and seed; empty where there is none."""
    if record.path is not None:
        return str(record.path)
    own = identity(record.config)
    return next((name for name, known in _shipped() if identity(known.config) == own), "")


def _shipped() -> list[tuple[str, provenance.Provenance]]:
    found = []
    for name in provenance.shipped():
        with suppress(UnavailableError):
            found.append((name, provenance.read(name)))
    return found
