"""Beside the stepper's picture: the stop rule in words, the step as a table, one hypothesis with its sum, and its attention."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hw2gui.seq2seq.answers import Stepping
from hw2gui.seq2seq.beam_scene import Key, ancestry, place_of
from hw2gui.seq2seq.beam_words import explained, fate, finished_words, minus, stop_words, text_of
from hw2gui.seq2seq.gui.attention_view import MOST_ROWS, PROBABILITY, READABLE, TOP, TOP_HINTED, AttentionView
from hw2gui.seq2seq.results import STOP_RULE
from hw2gui.seq2seq.symbols import axis_order
from hw2gui.seq2seq.trace import Place, Step
from hw2gui.widgets import theme
from hw2gui.widgets.fields import text_label
from hw2gui.widgets.number_table import NumberTable
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.rich_text import RichText
from hw2gui.widgets.table_cells import Cell, Column

COLUMNS = (
    Column("", "Place among the survivors; below them that among the pruned", 26),
    Column("output so far", "What is written; ∎ is the end", 118, numeric=False),
    Column("log p", "Log-probability of the symbol written in this step; 0 where it stays as it is", 52),
    Column("score", "What is compared: Σ log p / |y|^α", 52),
    Column("margin", "Above the best pruned; of the pruned, below the last survivor", 54),
)


class _Places:
    """The survivors of a step and the best of its pruned, as rows."""

    def __init__(self, found: Stepping, step: Step) -> None:
        self._symbols = found.symbols
        self.rows: tuple[tuple[Place, bool], ...] = (*((one, False) for one in step.survivors), *((one, True) for one in step.pruned))

    @property
    def count(self) -> int:
        return len(self.rows)

    def cell(self, row: int, column: int) -> Cell:
        place, pruned = self.rows[row]
        what = fate(place, pruned=pruned)
        match column:
            case 0:
                return Cell("✕" if pruned else str(place.place + 1), muted=pruned, tip=what)
            case 1:
                end = "∎" if place.complete and not pruned else ""
                text = text_of(place, self._symbols)
                shown = text if text.strip() else "␣" * len(text)
                return Cell(f"{shown}{end}", muted=pruned, tip=f"{text}: {what}")
            case 2:
                return Cell(minus(place.gain, 2), muted=pruned or place.stays)
            case 3:
                return Cell(minus(place.score, 2), muted=pruned, tip=minus(place.score, 6))
        return Cell("" if place.margin is None else minus(place.margin, 2), muted=pruned)

    def total(self, column: int) -> Cell:
        return Cell("")


class StepInspector(QWidget):
    """Told what to show; tells which hypothesis was chosen in the table, and that its attention is to be saved as (arguments, suffix)."""

    export_requested = Signal(object, str)

    def __init__(self, keep: Callable[[Key | None], None]) -> None:
        super().__init__()
        self._keep = keep
        self._step = 0
        self._places: _Places | None = None
        self.words = text_label()
        self.words.setToolTip(STOP_RULE)
        self.table = NumberTable("Hypotheses of the step", COLUMNS, compact=True, totals=False)
        self.table.chosen.connect(self._chosen)
        self.step_panel = Panel("Step", self.table)
        self.step_panel.add_below(self.words)
        self.text = RichText("How the score of the hypothesis comes about")
        self.text_panel = Panel("One hypothesis", self.text)
        self.map = AttentionView("Attention of the hypothesis", moves=False)
        self.map_panel = Panel("Its attention", self.map, exports=True)
        self._mapped: Mapping[str, Any] = {}
        self.map_panel.export_requested.connect(lambda suffix: self.export_requested.emit(self._mapped, suffix))
        self.map_panel.legend.show_scale(PROBABILITY)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.step_panel, 10)
        layout.addWidget(self.text_panel, 8)
        layout.addWidget(self.map_panel, 10)
        self.map.hovered.connect(self.map.light)

    def show_step(self, found: Stepping, step: int, key: Key, *, visual: bool, hints: bool) -> tuple[Key, ...]:
        """Show *step* and, of the hypotheses, *key*; answers it and all it comes from."""
        trace = found.trace
        here = trace.steps[step]
        if self._places is None or self._places.rows != _Places(found, here).rows or self._step != step:
            self._places, self._step = _Places(found, here), step
        self.step_panel.title.setText(f"Step {step + 1} of {len(trace.steps)}")
        self.step_panel.info.setText(f"{len(here.survivors)} survive, {here.pruned_count:,} pruned")
        self.words.setText(f"{finished_words(here)} {stop_words(here.stop, trace.options)}")
        rows = self._places.rows
        row = next((at for at, (place, pruned) in enumerate(rows) if (step, place.place, pruned) == key), None)
        self.table.show_source(self._places, row)
        place = place_of(trace, key)
        if place is None:
            return ()
        self.text.show_html(explained(trace, key[0], place, found.symbols, pruned=key[2]))
        attention = trace.attention(key[0], place)
        self.map_panel.setVisible(attention is not None)
        # By all steps and not by those so far: nothing moves while one walks through them.
        self.map.setMinimumHeight((TOP_HINTED if hints else TOP) + READABLE * min(len(trace.steps), MOST_ROWS))
        written = [found.symbols[one.symbol] for one in trace.path(key[0], place) if one.symbol is not None]
        self.map.show_attention(attention, found.source, written, axis_order(found.source, visual=visual), hints=hints)
        title = f"{''.join(found.source)} → {''.join(written)}, step {key[0] + 1} of the beam search."
        self._mapped = {
            "attention": attention,
            "source": found.source,
            "output": written,
            "title": title,
            "visual": visual,
            "hints": hints,
        }
        return ancestry(trace, key)

    def _chosen(self, row: int) -> None:
        if self._places is not None and row < self._places.count:
            place, pruned = self._places.rows[row]
            self._keep((self._step, place.place, pruned))
