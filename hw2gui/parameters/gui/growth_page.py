"""How two networks grow: exact points on logarithmic axes, fitted slopes, and a marker that sets the twin tables' size."""

from __future__ import annotations

from html import escape

from PySide6.QtWidgets import QSizePolicy

from hw2gui.parameters.explain_duel import explain_growth, power_words
from hw2gui.parameters.growth import VARIABLES, exponent
from hw2gui.parameters.gui.page import Page
from hw2gui.parameters.gui.rivalry import Rivalry, RivalryBar
from hw2gui.parameters.state import ParametersState
from hw2gui.parameters.twins import QUANTITIES, quantity
from hw2gui.session.store import Store
from hw2gui.widgets.fields import text_label
from hw2gui.widgets.log_axes import LogCurve, LogMarker
from hw2gui.widgets.log_plot import LogPlot
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.services import Services


class GrowthPage(Page):
    """Counts against size."""

    def __init__(self, store: Store[ParametersState], services: Services, rivalry: Rivalry) -> None:
        super().__init__(store, services)
        self._rivalry = rivalry
        self.bar = RivalryBar(store, rivalry)
        self.plot = LogPlot("Growth")
        self.plot.marked.connect(lambda value: store.change(f"Compared at {value:,}", gesture="value", value=value))
        self.panel = Panel("Growth", self.plot, exports=True)
        self.panel.export_requested.connect(lambda suffix: self.picture_requested.emit("growth", suffix))
        self.sentence = text_label(selectable=True)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.box.addWidget(self.bar)
        self.box.addWidget(self.panel, 1)
        self.box.addWidget(self.sentence)
        rivalry.grown_changed.connect(self._grown)

    def refresh(self) -> None:
        """Compare the scene's networks."""
        if self.scene is None:
            return
        self._rivalry.follow(self.scene)
        self._show()

    def _grown(self) -> None:
        if self.scene is not None and self.scene.state.page == "growth":
            self._show()

    def _show(self) -> None:
        scene, duel, grown = self.scene, self._rivalry.duel, self._rivalry.grown
        if scene is None:
            return
        now = scene.state
        self.bar.show_scene(scene)
        self.panel.title.setText(f"{QUANTITIES[now.quantity].capitalize()} against {VARIABLES[now.variable]}")
        if duel is None:
            self.plot.show_curves((), "", "", message=self._rivalry.problem)
            self.plot.show_marker(None)
            self.sentence.setText(self._rivalry.problem)
            self.explained.emit(f"<p>{escape(self._rivalry.problem)}</p>")
            return
        curves, crossings = [], []
        if grown is not None:
            names = (duel.rivals[0].title, duel.rivals[1].title if duel.rivals[1].twin is None else "fully connected twin")
            for name, curve in zip(names, grown.curves, strict=True):
                words = power_words(exponent(curve, now.quantity), now.variable)
                curves.append(LogCurve(f"{name}: {words}", curve.values, curve.counts(now.quantity)))
            crossings = [(crossing.before, crossing.after) for crossing in grown.crossings]
        self.plot.show_curves(curves, VARIABLES[now.variable], QUANTITIES[now.quantity], crossings, self._rivalry.problem or "counting …")
        span = duel.axis
        counts = tuple(quantity(analysis, now.quantity) for analysis in (duel.first, duel.second))
        self.plot.show_marker(LogMarker(duel.value, span.low, span.high, 1, counts))
        self.sentence.setText(duel.sentence)
        self.explained.emit(explain_growth(duel, grown, now.quantity))
