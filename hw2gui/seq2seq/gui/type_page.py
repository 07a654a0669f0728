"""Type and see: an output beside the beam's, both with their attention, the n best, and what it all comes to in numbers."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from hw2gui.seq2seq.answers import Reading
from hw2gui.seq2seq.gui.beside import BESIDE, TITLES, Beside, twin
from hw2gui.seq2seq.gui.best_list import BestList
from hw2gui.seq2seq.gui.desk import Desk
from hw2gui.seq2seq.gui.exact_search import ExactSearch
from hw2gui.seq2seq.gui.output_panel import OutputPanel
from hw2gui.seq2seq.gui.shaped_text import ShapedText
from hw2gui.seq2seq.moving import moved
from hw2gui.seq2seq.pages import KEYS
from hw2gui.seq2seq.reading_words import (
    judged_words,
    log_words,
    outputs_table,
    parting_words,
    score_words,
    standing_words,
    symbols_table,
)
from hw2gui.seq2seq.results import Output
from hw2gui.seq2seq.state import Seq2SeqState, Side, forced
from hw2gui.seq2seq.vocabulary import SPECIALS
from hw2gui.widgets import theme
from hw2gui.widgets.fields import Choices
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.rich_text import RichText
from hw2gui.widgets.saving import save_picture
from hw2gui.widgets.table_menu import Offer, TableMenu

NO_MAP = "This model has no attention: all it knows of the source is the encoder's last state."
SIDEBAR = 300


class TypePage(QWidget):
    """Follows the store and the reader; what stands beside the beam is asked for by itself."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._store, self._services, self._reader = desk.store, desk.services, desk.reader
        self._other = Beside(desk.services, self)
        self._other.changed.connect(self._show)
        self._exact = ExactSearch(desk.services, desk.reader, self)
        self._exact.changed.connect(self._show)
        self._spot: tuple[int | None, int | None] | None = None
        self.source = ShapedText("The text as it is read")
        self.best = BestList(lambda rank: self._store.move(chosen=rank, pinned=None))
        self.words = RichText("What it comes to")
        self.beside = OutputPanel("beside", "Greedy")
        self.beam = OutputPanel("beam", "Beam")
        self.besides = Choices("Beside the beam", BESIDE)
        self.besides.chosen.connect(lambda key: self._store.change("Beside the beam", beside=key, pinned=None))
        self.views = Choices(
            "Attention as",
            (("map", "Map", "A cell for every pair of symbols"), ("lines", "Lines", "A line for every share, as wide as it is")),
        )
        self.views.chosen.connect(lambda key: self._store.move(lines=key == "lines"))
        self.visual = QCheckBox("Reading order")
        self.visual.setToolTip("Source letters on the axes as they are read, Arabic from right to left; else in the order they are stored")
        self.visual.toggled.connect(lambda on: self._store.move(visual=on))
        self.hints = QCheckBox("Latin hints")
        self.hints.setToolTip("Latin letters under Arabic ones")
        self.hints.toggled.connect(lambda on: self._store.move(hints=on))
        self.lengths = QPushButton("Error by length")
        self.lengths.setToolTip("Why attention helps: measure this model and the one without attention, and plot their errors by length")
        self.lengths.clicked.connect(self._measure_lengths)
        self.tables = TableMenu(self._services, self._offers, flat=True)
        self._build()
        for panel in (self.beside, self.beam):
            self._follow_panel(panel)
        self.source.hovered.connect(lambda at: self._light(None if at is None else (None, at)))
        self._reader.changed.connect(self._take)

    def _build(self) -> None:
        left = QWidget()
        left.setFixedWidth(SIDEBAR)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        source = Panel("What is read", self.source)
        source.setFixedHeight(92)
        best = Panel("The n best", self.best)
        best.header.addWidget(self.tables)
        column.addWidget(source)
        column.addWidget(best, 2)
        column.addWidget(Panel("What it comes to", self.words), 3)
        options = QHBoxLayout()
        options.setContentsMargins(0, 0, 0, 0)
        options.addWidget(self.besides)
        options.addWidget(self.lengths)
        options.addStretch(1)
        for part in (self.views, self.visual, self.hints):
            options.addWidget(part)
        pair = QHBoxLayout()
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(theme.SPACE)
        pair.addWidget(self.beside, 1)
        pair.addWidget(self.beam, 1)
        right = QVBoxLayout()
        right.setSpacing(theme.SPACE)
        right.addLayout(options)
        right.addLayout(pair, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(left)
        layout.addLayout(right, 1)

    def _follow_panel(self, panel: OutputPanel) -> None:
        panel.hovered.connect(self._light)
        panel.clicked.connect(lambda spot: self._pin(panel.side, spot))
        panel.released.connect(lambda: self._store.move(pinned=None))
        panel.forced.connect(lambda at: self._force(panel.output, at))
        panel.dragged.connect(lambda step, taken, given, half: self._move(panel, step, taken, given, half))
        panel.export_requested.connect(lambda suffix: self._save(panel, suffix))

    def home(self) -> None:
        """What waits for the typing to rest is asked for now."""
        self._exact.home()

    # -- showing ------------------------------------------------------------------------------------------------------------------

    def show_state(self, before: Seq2SeqState | None, now: Seq2SeqState) -> None:
        """Show what was chosen."""
        self.besides.show_choice(now.beside)
        if before is None or before.model != now.model:
            self._show_twin(now.model)
        self.views.show_choice("lines" if now.lines else "map")
        for box, on in ((self.visual, now.visual), (self.hints, now.hints)):
            blocked = box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(blocked)
        self._other.follow(now)
        if before is None or before.question == now.question:
            self._show()  # else the answer will be, in a moment

    def _show_twin(self, model: str) -> None:
        """What can be done with the model without attention, if there is one."""
        plain, button = twin(model), self.besides.button("plain")
        button.setEnabled(plain is not None)
        button.setToolTip(BESIDE[2][2] if plain else "No model without attention came with the program for this one")
        self.lengths.setVisible("measure" in KEYS)
        self.lengths.setEnabled(plain is not None and plain != model)

    def _take(self) -> None:
        self._exact.follow()
        self._show()

    def _show(self) -> None:
        now, reading = self._store.state, self._reader.reading
        self.besides.button("uniform").setEnabled(reading is None or reading.greedy.hypothesis.attention is not None)
        self.tables.setEnabled(reading is not None)
        if reading is None:
            self.source.show_text("")
            self.best.show_outputs((), 0)
            self.words.show_html(standing_words())
            for panel in (self.beside, self.beam):
                self._fill(panel, None, None, "")
            return
        chosen = min(now.chosen, len(reading.beams) - 1)
        self.source.show_text(reading.text.text)
        self.best.show_outputs(reading.beams, chosen)
        self._show_beside(reading)
        parting = reading.divergence.step if reading.divergence and chosen == 0 and now.beside == "greedy" else None
        self.beam.title.setText("Beam's best" if chosen == 0 else f"Beam's number {chosen + 1}")
        self._fill(self.beam, reading, reading.beams[chosen], log_words(reading.beams[chosen]), parting)
        self._show_words(reading, reading.beams[chosen])
        self._light(self._spot)

    def _show_beside(self, reading: Reading) -> None:
        now = self._store.state
        self.beside.title.setText(TITLES[now.beside])
        if now.beside == "greedy":
            parting = reading.divergence.step if reading.divergence is not None else None
            self._fill(self.beside, reading, reading.greedy, log_words(reading.greedy), parting)
        elif (other := self._other.reading(now)) is None:
            self._fill(self.beside, None, None, self._other.problem)
        else:
            same = other.beams[0].text == reading.beams[0].text
            words = f"{log_words(other.beams[0])} {'The same output.' if same else 'Another output.'}"
            self._fill(self.beside, other, other.beams[0], words)

    def _fill(self, panel: OutputPanel, reading: Reading | None, output: Output | None, words: str, parting: int | None = None) -> None:
        now = self._store.state
        panel.show_output(
            output,
            reading.source if reading is not None else (),
            visual=now.visual,
            hints=now.hints,
            lines=now.lines,
            forced=len(now.prefix),
            parting=parting,
        )
        if output is not None and output.hypothesis.attention is None:
            words = f"{words} {NO_MAP}"
        panel.words.setText(words)

    def _show_words(self, reading: Reading, output: Output) -> None:
        now = self._store.state
        free = not now.prefix and not now.override.active
        parts = [parting_words(reading), judged_words(reading, free=free), self._exact.words(), score_words(output, now.options)]
        self.words.show_html("<br><br>".join(part for part in (*parts, standing_words()) if part))

    def _light(self, spot: tuple[int | None, int | None] | None) -> None:
        self._spot = spot
        pinned = self._store.state.pinned
        for panel in (self.beside, self.beam):
            own = pinned[1:] if pinned is not None and pinned[0] == panel.side else None
            panel.light(spot if spot is not None else own)
            panel.map.pin(own)
        shares = self.beam.map.source.light if self._spot is not None else {}
        order = self.beam.map.order
        self.source.set_light({order[at]: share for at, share in shares.items() if at < len(order)})

    # -- changing -----------------------------------------------------------------------------------------------------------------

    def _measure_lengths(self) -> None:
        """On the measuring page: both models on the same pairs, the errors by length."""
        now = self._store.state
        measure = replace(now.measure, model=now.model, against=twin(now.model) or "", view="places")
        self._store.change("Error by length", page="measure", measure=replace(measure, asked=measure.settings()))

    def _pin(self, side: Side, spot: tuple[int, int]) -> None:
        pinned = (side, *spot)
        self._store.move(pinned=None if self._store.state.pinned == pinned else pinned)

    def _force(self, output: Output | None, at: int) -> None:
        """Make outputs begin as *output* does up to its symbol *at*; the end cannot be forced."""
        if output is None or at >= len(output.symbols):
            return
        prefix = "".join(symbol for symbol in output.symbols[: at + 1] if symbol not in SPECIALS)
        self._store.replace("Force the beginning", forced(self._store.state, prefix))

    def _move(self, panel: OutputPanel, step: int, taken: int, given: int, half: bool) -> None:
        output, now = panel.output, self._store.state
        if output is None or output.hypothesis.attention is None or (panel is self.beside and now.beside != "greedy"):
            self._show()
            return
        row = output.hypothesis.attention[step].tolist()
        self._store.change("Move attention", override=moved(now.override, step, row, taken, given, 0.5 if half else 1.0))

    # -- taking away --------------------------------------------------------------------------------------------------------------

    def _save(self, panel: OutputPanel, suffix: str) -> None:
        output, now = panel.output, self._store.state
        reading = self._reader.reading
        if panel is self.beside and now.beside != "greedy":
            reading = self._other.latest or reading
        if output is None or output.hypothesis.attention is None or reading is None:
            self._services.message("There is no attention to save: type a text, and choose a model with attention.")
            return
        wanted = {
            "attention": output.hypothesis.attention,
            "source": reading.source,
            "output": output.symbols,
            "title": f"{reading.text.text} → {output.text}, {panel.title.text()}, log P = {output.hypothesis.log_probability:.3f}.",
            "visual": now.visual,
            "hints": now.hints,
            "lines": now.lines,
        }
        save_picture(self._services, "hw2gui.seq2seq.reading_tasks:save_attention", wanted, "attention", suffix)

    def _offers(self) -> tuple[Offer, ...]:
        reading = self._reader.reading
        if reading is None:
            return ()
        chosen = reading.beams[min(self._store.state.chosen, len(reading.beams) - 1)]
        return (("Outputs", lambda _: outputs_table(reading)), ("Symbols of the chosen output", lambda _: symbols_table(chosen)))
