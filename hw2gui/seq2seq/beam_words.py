"""A step of a beam search in words and as tables: sums with today's numbers, margins, what the stop rule says. Light: no torch, no Qt."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

from hw2gui.seq2seq.results import SCORE_FORMULA, STOP_RULE, Options
from hw2gui.seq2seq.symbols import symbol_label, symbol_name
from hw2gui.seq2seq.trace import Place, Step, StopState, Trace, in_words
from hw2gui.seq2seq.vocabulary import END
from hw2gui.writers import Table

SUMMANDS = 14
"""Terms of a sum written out; of a longer one the middle is left out."""

EMPTY = "(nothing yet)"
_P = "<p style='margin: 0 0 4px 0'>"


def minus(value: float, digits: int = 3) -> str:
    """A number with a real minus sign."""
    return f"{value:.{digits}f}".replace("-", "−")


def text_of(place: Place, symbols: Sequence[str]) -> str:
    """What *place* wrote, without the end."""
    return "".join(symbols[number] for number in place.numbers if number != END)


def label_of(place: Place, symbols: Sequence[str]) -> str:
    """The symbol on its node: the one it wrote last."""
    return symbol_label(symbols[place.numbers[-1]])


def fate(place: Place, *, pruned: bool) -> str:
    """What became of a hypothesis in its step."""
    if pruned:
        return "pruned"
    if place.stays:
        return "keeps its place"
    return "complete" if place.complete else "goes on"


def spoken(place: Place, symbols: Sequence[str], *, pruned: bool) -> str:
    """One line for a tooltip and for screen readers."""
    wrote = "" if place.stays else f", wrote {symbol_name(symbols[place.numbers[-1]])} with p = {math.exp(place.gain):.3f}"
    margin = "" if place.margin is None else f", {_margin(place, pruned=pruned)}"
    return (
        f"{text_of(place, symbols) or EMPTY}: {fate(place, pruned=pruned)}{wrote}; place {place.place + 1}"
        f"{' of the pruned' if pruned else ''}, sum {minus(place.sum)}, score {minus(place.score)}{margin}"
    )


def _margin(place: Place, *, pruned: bool) -> str:
    assert place.margin is not None
    if pruned:
        return f"{minus(-place.margin)} below the last survivor"
    return f"{minus(place.margin)} above the best pruned"


def explained(trace: Trace, step: int, place: Place, symbols: Sequence[str], *, pruned: bool) -> str:
    """How the sum and the score of a hypothesis come about, with its numbers, as HTML."""
    path = trace.path(step, place)
    written = [f"{html.escape(symbol_label(symbols[one.symbol]))}&nbsp;{minus(one.gain)}" for one in path if one.symbol is not None]
    if len(written) > SUMMANDS:
        half = SUMMANDS // 2
        written = [*written[:half], f"… ({len(written) - 2 * half} more) …", *written[-half:]]
    what = fate(place, pruned=pruned)
    lines = [
        f"{_P}<b>{html.escape(text_of(place, symbols)) or EMPTY}</b> – step {step + 1}, "
        f"{'pruned' if pruned else 'place'} {place.place + 1}: {what}.</p>",
        f"{_P}Σ log p = {' + '.join(written)} = <b>{minus(place.sum)}</b>, so P = {math.exp(place.sum):.3g}.</p>",
        f"{_P}{score_words(place, trace.options)}</p>",
    ]
    if place.margin is not None:
        lines.append(f"{_P}{_margin_sentence(place, pruned=pruned)}</p>")
    if not place.stays:
        after = "Enter or a click forces this beginning and decodes on."
        lines.append(f"{_P}{after}</p>")
    return "".join(lines)


def score_words(place: Place, options: Options) -> str:
    """The formula of the score with the numbers of *place*, as HTML."""
    if options.alpha == 0:
        return f"score = Σ log p / |y|<sup>0</sup> = <b>{minus(place.score)}</b>: α is 0, so the sum itself."
    below = math.pow(place.length, options.alpha)
    return (
        f"score = Σ log p / |y|<sup>α</sup> = {minus(place.sum)} / {place.length}<sup>{options.alpha:g}</sup> "
        f"= {minus(place.sum)} / {below:.3f} = <b>{minus(place.score)}</b>"
    )


def _margin_sentence(place: Place, *, pruned: bool) -> str:
    assert place.margin is not None
    if pruned and place.margin == 0:
        return "It has the last survivor's score and fell because of equal ones the lower index stays."
    if pruned:
        return f"It fell: its score is {minus(-place.margin)} below the last survivor's."
    return f"Its score is {minus(place.margin)} above that of the best one pruned."


def stop_words(stop: StopState, options: Options) -> str:
    """Where the stop rule stands, with the bound in numbers where length counts."""
    words = in_words(stop).replace("-", "−")
    if stop.reachable is not None and options.alpha and not stop.done:
        below = math.pow(options.max_length, options.alpha)
        words += (
            f" (The best open sum, {minus(stop.reachable * below)}, can only fall, and would count {minus(stop.reachable)} at the greatest "
            f"length: divided by {options.max_length} to the power {options.alpha:g} = {below:.2f}.)"
        )
    return words


def finished_words(step: Step) -> str:
    """How many of the survivors are complete."""
    finished, of = len(step.finished), len(step.survivors)
    if not finished:
        return "None is complete."
    if finished == of:
        return "All are complete."
    return f"{finished} of {of} {'is complete and keeps its' if finished == 1 else 'are complete and keep their'} place."


COLUMNS = ("step", "place", "fate", "text", "symbol", "log p", "sum", "length", "score", "margin")


def steps_table(trace: Trace, symbols: Sequence[str], title: str, *, plain: bool = False) -> Table:
    """Every step with its survivors and the best of its pruned; *plain* is for programs: numbers in full."""

    def number(value: float | None) -> str:
        return "" if value is None else repr(value) if plain else f"{value:.4f}"

    rows = []
    for step in trace.steps:
        for pruned, places in ((False, step.survivors), (True, step.pruned)):
            for place in places:
                symbol = "" if place.symbol is None else symbols[place.symbol] if plain else symbol_label(symbols[place.symbol])
                numbers = (number(place.gain), number(place.sum), str(place.length), number(place.score), number(place.margin))
                rows.append(
                    (str(step.number + 1), str(place.place + 1), fate(place, pruned=pruned), text_of(place, symbols), symbol, *numbers)
                )
    numeric = (True, True, False, False, False, True, True, True, True, True)
    return Table(title, COLUMNS, numeric, tuple(rows), notes=(f"{SCORE_FORMULA}; {settings_words(trace.options)}.", _pruned_note(trace)))


def stops_table(trace: Trace, title: str, *, plain: bool = False) -> Table:
    """The stop rule, step by step."""

    def number(value: float | None) -> str:
        return "" if value is None else repr(value) if plain else f"{value:.4f}"

    rows = tuple(
        (str(step.number + 1), str(len(step.survivors)), str(len(step.finished)), str(step.pruned_count),
         f"{step.stop.complete} of {step.stop.wanted}", number(step.stop.nth_score), number(step.stop.reachable),
         "yes" if step.stop.done else "no")
        for step in trace.steps
    )  # fmt: skip
    header = ("step", "survivors", "complete", "pruned", "n best complete", "n-th score", "reachable", "done")
    return Table(
        title, header, (True, True, True, True, False, True, True, False), rows, notes=(STOP_RULE, f"{settings_words(trace.options)}.")
    )


def settings_words(options: Options) -> str:
    """How a search was asked for."""
    return f"k = {options.beam}, n = {options.nbest}, α = {options.alpha:g}, at most {options.max_length} symbols"


def _pruned_note(trace: Trace) -> str:
    most = max((len(step.pruned) for step in trace.steps), default=0)
    return f"Of the pruned the best {most} of each step. Margin: above the best pruned, or (not positive) below the last survivor."
