"""How two networks grow: exact points on logarithmic axes, fitted slopes, and a marker that sets the twin tables' size."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtWidgets import QSizePolicy

from hw2gui.parameters.explain_duel import explain_growth, power_words
from hw2gui.parameters.growth import VARIABLES, axis_name, exponent, with_unit
from hw2gui.parameters.gui.rivalry import VALUE, Rivalry
from hw2gui.parameters.gui.rivalry_page import RivalryPage
from hw2gui.parameters.scene import Scene
from hw2gui.parameters.state import ParametersState
from hw2gui.parameters.twins import QUANTITIES, quantity
from hw2gui.session.store import Store, Stroke
from hw2gui.widgets.fields import text_label
from hw2gui.widgets.log_axes import LogCurve, LogMarker
from hw2gui.widgets.log_plot import LogPlot
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.services import Services


class GrowthPage(RivalryPage):
    """Counts against size."""

    def __init__(self, store: Store[ParametersState], services: Services, rivalry: Rivalry) -> None:
        super().__init__(store, services, rivalry, "growth")
        self.plot = LogPlot("Growth")
        self._gesture: Hashable = VALUE
        self.plot.grabbed.connect(self._hold)
        self.plot.marked.connect(lambda value: store.change(f"Compared at {value:,}", gesture=self._gesture, value=value))
        self.panel = Panel("Growth", self.plot, exports=True)
        self.panel.export_requested.connect(lambda suffix: self.picture_requested.emit("growth", suffix))
        self.sentence = text_label(selectable=True)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.box.addWidget(self.panel, 1)
        self.box.addWidget(self.sentence)

    def _hold(self, held: bool) -> None:
        self._gesture = Stroke() if held else VALUE

    def show_rivals(self, scene: Scene) -> None:
        """The curves, where they cross, and the marker."""
        duel, grown = self.rivalry.duel, self.rivalry.grown
        now = scene.state
        axis = VARIABLES[now.variable] if duel is None else axis_name(now.variable, *(rival.architecture for rival in duel.rivals))
        self.panel.title.setText(f"{QUANTITIES[now.quantity].capitalize()} against {axis}")
        if duel is None:
            self.plot.show_curves((), "", "", message=self.rivalry.problem)
            self.plot.show_marker(None)
            self.sentence.setText(self.rivalry.problem)
            return
        curves, crossings = [], []
        if grown is not None:
            for name, curve in zip(duel.titles, grown.curves, strict=True):
                words = power_words(exponent(curve, now.quantity), now.variable)
                curves.append(LogCurve(f"{name}: {words}", curve.values, curve.counts(now.quantity)))
            crossings = [(crossing.before, crossing.after) for crossing in grown.crossings]
        self.plot.show_curves(curves, with_unit(axis), QUANTITIES[now.quantity], crossings, self.rivalry.problem or "counting …")
        span = duel.axis
        counts = tuple(quantity(analysis, now.quantity) for analysis in (duel.first, duel.second))
        self.plot.show_marker(LogMarker(duel.value, span.low, span.high, 1, counts))
        self.sentence.setText(duel.sentence)
        self.explained.emit(explain_growth(duel, grown, now.quantity))
