"""Two networks side by side over one size: their tables, their ratio, where they cross, and what is true of "fewer parameters"."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from hw2gui.errors import InputError
from hw2gui.parameters.analysis import Analysis, Row
from hw2gui.parameters.claims import Claim, claims
from hw2gui.parameters.comparison import Duel
from hw2gui.parameters.explain_duel import explain_duel
from hw2gui.parameters.growth import BreakEven
from hw2gui.parameters.gui.rivalry import Rivalry, short_name
from hw2gui.parameters.gui.rivalry_page import RivalryPage
from hw2gui.parameters.scene import Scene
from hw2gui.parameters.state import ParametersState
from hw2gui.parameters.tables import bytes_text, number_text
from hw2gui.parameters.twins import QUANTITIES, Quantity, quantity
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.fields import text_label
from hw2gui.widgets.number_table import NumberTable
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.rich_text import RichText
from hw2gui.widgets.services import Services
from hw2gui.widgets.table_cells import Cell, Column

CLAIMS_HEIGHT = 112
_SIGNS = {"true": "✓", "false": "✗", "note": "•"}


def columns(which: Quantity) -> tuple[Column, ...]:
    """The twin tables' columns."""
    name = "memory" if which == "memory" else QUANTITIES[which]
    return (
        Column("layer", "The layer's name", 30, numeric=False),
        Column("output", "What comes out for one example", 30, numeric=False),
        Column(name, f"The layer's {name}, with its part of all", 40),
    )


class TwinTable:
    """One quantity of one network as cells."""

    def __init__(self, analysis: Analysis, state: ParametersState) -> None:
        self._analysis, self._state = analysis, state
        self._rows = [row for row in analysis.rows if self._count(row) or row.kind in ("Flatten", "MaxPool2d", "AvgPool2d")]
        self._total = max(1, sum(self._count(row) for row in analysis.rows))

    @property
    def count(self) -> int:
        """How many rows: layers that have nothing of the quantity and change no shape are left out."""
        return len(self._rows)

    def cell(self, row: int, column: int) -> Cell:
        """One cell."""
        layer = self._rows[row]
        if column == 0:
            return Cell(layer.name, below="", tip=f"{layer.name} ({layer.kind}): {layer.layer.summary}")
        if column == 1:
            return Cell(layer.output.text)
        count = self._count(layer)
        if not count:
            return Cell("0", muted=True)
        share = count / self._total
        return Cell(self._text(count), short=number_text(count, "short"), share=share, tip=f"{count:,}: {100 * share:.1f} % of all")

    def total(self, column: int) -> Cell:
        """The line of totals."""
        if column == 0:
            return Cell("total")
        if column == 1:
            return Cell(self._analysis.output.text)
        return Cell(
            self._text(quantity(self._analysis, self._state.quantity)),
            short=number_text(quantity(self._analysis, self._state.quantity), "short"),
        )

    def _count(self, row: Row) -> int:
        if self._state.quantity == "memory":
            return 4 * row.parameters + self._analysis.activation_bytes(row)
        return row.macs if self._state.quantity == "macs" else row.parameters

    def _text(self, count: int) -> str:
        if self._state.quantity == "memory":
            return bytes_text(count, self._state.numbers)
        return number_text(count, self._state.numbers)


class TwinsPage(RivalryPage):
    """The homework's Question 2.1, computed."""

    def __init__(self, store: Store[ParametersState], services: Services, rivalry: Rivalry) -> None:
        super().__init__(store, services, rivalry, "twins")
        which = store.state.quantity
        self.tables = (
            NumberTable("First network", columns(which), compact=True),
            NumberTable("Second network", columns(which), compact=True),
        )
        self.sentence = text_label(selectable=True)
        self.sentence.setObjectName("section")
        self.panels = (
            Panel("", self.tables[0], key="First network").hold_answer(self.sentence),
            Panel("", self.tables[1], key="Second network").hold_answer(),
        )
        self.crossing = text_label(muted=True)
        # Two lines whatever they say, so that the tables stay where they are.
        for label in (self.sentence, self.crossing):
            label.setFixedHeight(2 * label.fontMetrics().lineSpacing() + 2)
        # One line of it stands with the words below, not apart from them.
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        self.crossing.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.claims = RichText("What is true of fewer parameters")
        self.claims.setFixedHeight(CLAIMS_HEIGHT)
        self.claims_panel = Panel(
            "“A CNN has fewer parameters than a fully connected network”: is it so?", self.claims, key="Claims"
        ).hold_answer()
        self.claims_panel.setSizePolicy(self.claims_panel.sizePolicy().horizontalPolicy(), QSizePolicy.Policy.Maximum)
        pair = QWidget()
        side_by_side = QHBoxLayout(pair)
        side_by_side.setContentsMargins(0, 0, 0, 0)
        side_by_side.setSpacing(theme.SPACE)
        for panel in self.panels:
            side_by_side.addWidget(panel, 1)
        self.pair = pair
        self.box.addWidget(pair, 1)
        self.box.addWidget(self.sentence)
        self.box.addWidget(self.crossing)
        self.box.addWidget(self.claims_panel)

    def show_rivals(self, scene: Scene) -> None:
        """The two tables, and what is true of the two networks."""
        duel = self.rivalry.duel
        self.pair.setVisible(duel is not None)
        self.crossing.setVisible(duel is not None)
        if duel is None:
            self.sentence.setText(self.rivalry.problem)
            self.claims_panel.hide()
            return
        for panel, table, title, analysis in zip(self.panels, self.tables, duel.titles, (duel.first, duel.second), strict=True):
            panel.title.setText(title)
            panel.info.setText(number_text(quantity(analysis, scene.state.quantity), scene.state.numbers))
            table.set_columns(columns(scene.state.quantity))
            table.show_source(TwinTable(analysis, scene.state))
        self.sentence.setText(duel.sentence)
        self.crossing.setText(self._crossing_words(duel))
        self._show_claims(duel)
        self.explained.emit(explain_duel(duel, scene.state.quantity))

    def _crossing_words(self, duel: Duel) -> str:
        grown = self.rivalry.grown
        variable = short_name(duel.rivals[0].variable, duel.rivals)
        if grown is None or self.store.state.quantity == "memory":
            return f"At {variable} {duel.value:,}."
        if not grown.crossings:
            return f"At {variable} {duel.value:,}. They do not change places between {grown.axis.low:,} and {grown.axis.high:,}."
        return f"At {variable} {duel.value:,}. {_crossing_sentence(grown.crossings, variable, *duel.titles)}"

    def _show_claims(self, duel: Duel) -> None:
        try:
            found = claims(duel.first)
        except InputError:
            self.claims_panel.hide()
            return
        self.claims_panel.show()
        self.claims.show_html(_claims_html(duel.first.totals.parameters, found))


def _crossing_sentence(crossings: tuple[BreakEven, ...], variable: str, first: str, second: str) -> str:
    last = crossings[-1]
    above = first if last.first_above else second
    if len(crossings) == 1:
        return f"Break-even between {variable} {last.before:,} and {last.after:,}: from there on {above} has more."
    where = f"between {variable} {crossings[0].before:,} and {last.after:,}"
    return f"Break-even {len(crossings)} times {where} (the floors): from there on {above} has more."


def _claims_html(mine: int, found: tuple[Claim, ...]) -> str:
    colours = theme.current()
    colour = {"true": colours.good, "false": colours.bad, "note": colours.muted}
    lines = [
        f"<tr><td style='color: {colour[claim.verdict]}'><b>{_SIGNS[claim.verdict]}</b>&nbsp;</td>"
        f"<td>{escape(claim.against)}&nbsp;&nbsp;</td>"
        f"<td align='right'><b>{claim.parameters:,}</b>&nbsp;&nbsp;</td><td>{escape(claim.sentence)}</td></tr>"
        for claim in found
    ]
    return f"This CNN has <b>{mine:,}</b> parameters. Held against …<table cellspacing='0' cellpadding='1'>{''.join(lines)}</table>"
