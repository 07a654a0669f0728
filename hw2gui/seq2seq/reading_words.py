"""A reading in words: where greedy and beam part, what scores are made of, whose error it is, what exact search knows. As HTML."""

from __future__ import annotations

import math
from html import escape

from hw2gui.seq2seq.answers import Exact, Reading
from hw2gui.seq2seq.results import ATTENTION_NOTE, STOP_RULE, Divergence, Options, Output, Verdict
from hw2gui.seq2seq.symbols import symbol_name
from hw2gui.writers import Table

VERDICTS: dict[Verdict, str] = {
    "right": "right",
    "search error": "<b>search error</b>: the model itself prefers the reference, the search did not find it",
    "model error": "<b>model error</b>: the model prefers this output to the reference",
}


def parting_words(reading: Reading) -> str:
    """Where greedy and the best of the beam part, and what greedy's choice cost."""
    parting = reading.divergence
    if parting is None:
        return "Greedy and beam write the same: at no step was a less probable symbol worth it."
    greedy, beam = reading.greedy.symbols[parting.step], reading.beams[0].symbols[parting.step]
    return (
        f"They part at symbol {parting.step + 1}: greedy takes <b>{escape(symbol_name(greedy))}</b> "
        f"({math.exp(parting.first_log_probability):.3f}), the beam's best <b>{escape(symbol_name(beam))}</b> "
        f"({math.exp(parting.second_log_probability):.3f}). {_cost(parting)}"
    )


def _cost(parting: Divergence) -> str:
    if parting.gain > 0:
        return f"As a whole the beam's output is <b>{math.exp(parting.gain):.2f}×</b> as probable: that is what the greedy choice cost."
    if parting.gain < 0:
        return f"As a whole greedy's output is {math.exp(-parting.gain):.2f}× as probable: here the beam's ranking by length chose another."
    return "As a whole both are equally probable."


def score_words(output: Output, options: Options) -> str:
    """The score's formula with this output's numbers."""
    found = output.hypothesis
    length = len(found.numbers)
    formula = "score = Σ log p / |y|<sup>α</sup>"
    terms = " ".join(f"{'−' if value < 0 else '+'} {abs(value):.2f}" for value in found.token_log_probabilities[:12])
    more = " …" if length > 12 else ""
    return (
        f"<b>{formula}</b><br>Σ log p = {terms}{more} = <b>{_number(found.log_probability)}</b><br>"
        f"|y| = {length} (the end counts), α = {options.alpha:g}: {_number(found.log_probability)} / {length}<sup>{options.alpha:g}</sup> "
        f"= <b>{_number(found.score)}</b>" + ("" if found.ended else "<br>It was cut at the longest length allowed, and never ended.")
    )


def judged_words(reading: Reading, *, free: bool) -> str:
    """Whose fault each output is; empty without a reference. Where outputs were not *free* (a beginning forced, attention replaced) there
    is no telling: the reference is scored by the model as it is.
    """
    judged = reading.judged
    if judged is None:
        return ""
    scored = judged.reference.hypothesis
    if not free:
        return (
            f"The model as it is gives the reference <b>{escape(judged.reference.text)}</b> log P = {_number(scored.log_probability)}. "
            "Whose error an output is can be told only while nothing is forced and no attention is changed."
        )
    return (
        f"The model gives the reference <b>{escape(judged.reference.text)}</b> log P = {_number(scored.log_probability)} "
        f"(greedy {_number(reading.greedy.hypothesis.log_probability)}, beam {_number(reading.beams[0].hypothesis.log_probability)}). "
        f"Greedy: {VERDICTS[judged.greedy]}. Beam: {VERDICTS[judged.beam]}."
    )


def exact_words(exact: Exact, reading: Reading) -> str:
    """What exact search says of the beam's best by log-probability."""
    result = exact.result
    best = max(output.hypothesis.log_probability for output in reading.beams)
    looked = f"{result.expanded:,} beginnings looked at"
    if not result.proven:
        return (
            f"Exact search gave up after {looked}: the best it saw is {_named(exact.output)} "
            f"({_number(result.best.log_probability)}); nothing can be above {_number(result.bound)}."
        )
    found = best >= result.best.log_probability - 1e-4
    said = "the beam found it" if found else f"the beam missed it by {result.best.log_probability - best:.3f}"
    return (
        f"Exact search: the most probable output of all is {_named(exact.output)}, log P = "
        f"{_number(result.best.log_probability)}; {said} ({looked})."
    )


def _named(output: Output) -> str:
    """What it says; one that ends at once says nothing."""
    return f"<b>{escape(output.text)}</b>" if output.text else "<b>the empty one</b>"


def log_words(output: Output) -> str:
    """How probable an output is."""
    found = output.hypothesis
    return f"log P = {_number(found.log_probability)}, score {_number(found.score)}."


def _number(value: float) -> str:
    """Three digits behind the point, with a true minus sign."""
    return f"{value:.3f}".replace("-", "\N{MINUS SIGN}")


def standing_words() -> str:
    """What always holds: the stop rule, and what attention shows."""
    return f"<b>When it stops.</b> {STOP_RULE}<br><br><b>What attention shows.</b> {ATTENTION_NOTE}"


def outputs_table(reading: Reading) -> Table:
    """Greedy and the n best, with their numbers."""
    rows = [("greedy", reading.greedy), *((f"beam {rank}", output) for rank, output in enumerate(reading.beams, 1))]
    return Table(
        reading.text.text,
        ("search", "output", "log P", "P", "score", "symbols"),
        (False, False, True, True, True, True),
        tuple(
            (
                name,
                output.text,
                f"{output.hypothesis.log_probability:.6f}",
                f"{math.exp(output.hypothesis.log_probability):.6g}",
                f"{output.hypothesis.score:.6f}",
                str(len(output.hypothesis.numbers)),
            )
            for name, output in rows
        ),
    )


def symbols_table(output: Output) -> Table:
    """One output symbol by symbol."""
    tokens = output.hypothesis.token_log_probabilities
    rows = zip(output.symbols, tokens, strict=True)
    return Table(
        output.text,
        ("step", "symbol", "log p", "p", "sum"),
        (True, False, True, True, True),
        tuple(
            (str(at), symbol, f"{value:.6f}", f"{math.exp(value):.6g}", f"{sum(tokens[:at]):.6f}")
            for at, (symbol, value) in enumerate(rows, 1)
        ),
    )
