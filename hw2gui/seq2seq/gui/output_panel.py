"""One output of a model in full: as a text, symbol by symbol with probabilities, and its attention; all three light up together."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hw2gui.seq2seq.gui.attention_lines import AttentionLines
from hw2gui.seq2seq.gui.attention_view import PROBABILITY, AttentionView
from hw2gui.seq2seq.gui.shaped_text import ShapedText
from hw2gui.seq2seq.gui.symbol_row import SymbolRow
from hw2gui.seq2seq.results import Output
from hw2gui.seq2seq.state import Side
from hw2gui.seq2seq.symbols import axis_order
from hw2gui.widgets.fields import text_label
from hw2gui.widgets.panel import Panel

EMPTY = "The output appears here letter by letter, with the attention behind each."
NO_ATTENTION = "There is no attention to show: this model writes from the encoder's last state alone."
WIDER = "the wider a line, the larger the share"


class OutputPanel(Panel):
    """Everything is in stored positions; a spot is (symbol of the output, symbol of the source), either None for all."""

    hovered = Signal(object)
    clicked = Signal(object)
    released = Signal()
    dragged = Signal(int, int, int, bool)
    forced = Signal(int)

    def __init__(self, side: Side, title: str) -> None:
        self.text = ShapedText(f"{title}: the output")
        self.symbols = SymbolRow(f"{title}: its symbols")
        self.map = AttentionView(f"{title}: attention")
        self.lines = AttentionLines(f"{title}: attention")
        self.words = text_label(muted=True)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part, stretch in ((self.text, 0), (self.symbols, 0), (self.map, 1), (self.lines, 1)):
            column.addWidget(part, stretch)
        self._filler = text_label(EMPTY, muted=True)
        self._filler.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._filler, 1)
        column.addWidget(self.words)
        super().__init__(title, body, exports=True)
        self.side = side
        self.output: Output | None = None
        """What is shown."""
        self.text.hovered.connect(self._hover_symbol)
        self.symbols.hovered.connect(self._hover_symbol)
        self.text.clicked.connect(self.forced)
        self.symbols.clicked.connect(self.forced)
        self.lines.hovered.connect(self.hovered)
        for signal in ("hovered", "clicked", "released", "dragged", "forced"):
            getattr(self.map, signal).connect(getattr(self, signal))

    def show_output(
        self,
        output: Output | None,
        source: Sequence[str],
        *,
        visual: bool,
        hints: bool,
        lines: bool,
        forced: int = 0,
        parting: int | None = None,
    ) -> None:
        """Show *output* of *source*; None: nothing."""
        self.output = output
        found = output.hypothesis if output is not None else None
        self.text.show_text(output.text if output is not None else "")
        chances = [math.exp(value) for value in found.token_log_probabilities] if found is not None else []
        self.symbols.show_symbols(output.symbols if output is not None else (), chances, forced=forced, parting=parting)
        attention = found.attention if found is not None else None
        self.offer_export(attention is not None)
        self.map.show_attention(
            attention,
            source,
            output.symbols if output is not None else (),
            axis_order(source, visual=visual),
            hints=hints,
            forced=forced,
        )
        self.lines.show_attention(attention, source, output.symbols if output is not None else (), visual=visual, hints=hints)
        self.map.setVisible(attention is not None and not lines)
        self.lines.setVisible(attention is not None and lines)
        self._filler.setVisible(attention is None)
        self._filler.setText(EMPTY if output is None else NO_ATTENTION)
        # Lines are all of one colour: there it is their width that tells.
        coloured = attention is not None and not lines
        self.legend.show_scale(PROBABILITY if coloured else None, "the share of each source letter; a row sums to 1")
        self.info.setText(WIDER if attention is not None and lines else "")

    def light(self, spot: tuple[int | None, int | None] | None) -> None:
        """Light *spot* and its partners."""
        self.map.light(spot)
        self.lines.light(spot)
        lit = self.map.output.light if spot is not None else {}
        if spot is not None and not lit and spot[0] is not None:
            lit = {spot[0]: 1.0}
        self.symbols.set_light(lit)
        self.text.set_light(lit)

    def _hover_symbol(self, at: int | None) -> None:
        self.hovered.emit(None if at is None else (at, None))
