"""The right column: formulas above, the check against PyTorch in the middle, what can be taken away below."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from hw2gui.parameters.gui.rivalry import AT_ONCE, Rivalry
from hw2gui.parameters.gui.take_away import TakeAway
from hw2gui.parameters.scene import Scene
from hw2gui.parameters.state import ParametersState
from hw2gui.parameters.verify import Verification
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.badge import Badge
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.rich_text import RichText
from hw2gui.widgets.services import Services

VERIFY_AFTER_MS = 250
"""PyTorch is asked about a large stack once it rests for this long."""
SHARES = [380, 240]


class Inspector(QWidget):
    """Explains what is selected; verifies; hands out."""

    def sizeHint(self) -> QSize:
        """As wide as inspectors are."""
        return QSize(theme.INSPECTOR_WIDTH, super().sizeHint().height())

    def __init__(self, store: Store[ParametersState], services: Services, rivalry: Rivalry) -> None:
        super().__init__()
        self._services = services
        self._verified: tuple[str, bool] | None = None
        self.formulas = RichText("Formulas")
        self.badge = Badge("Check against PyTorch")
        self.take_away = TakeAway(store, services, rivalry)
        checked = QWidget()
        line = QHBoxLayout(checked)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.badge, 1)
        self.verify_panel = Panel("Verify", checked, header=False).hold_answer()
        self.verify_panel.setSizePolicy(self.verify_panel.sizePolicy().horizontalPolicy(), self.badge.sizePolicy().verticalPolicy())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(VERIFY_AFTER_MS)
        self._timer.timeout.connect(self._ask)
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(theme.SPACE)
        below.addWidget(self.verify_panel)
        below.addWidget(Panel("Take away", self.take_away).hold_answer(), 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(theme.SPACE)
        splitter.addWidget(Panel("Formulas", self.formulas).hold_answer())
        splitter.addWidget(lower)
        splitter.setSizes(SHARES)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def show_scene(self, scene: Scene) -> None:
        """A new scene: PyTorch is asked about it, and what can be taken away is written."""
        self.take_away.show_scene(scene)
        wanted = (scene.state.stack, scene.state.ignore_biases)
        if wanted == self._verified:
            return
        self._verified = wanted
        self._timer.stop()
        if scene.analysis.error is not None:
            self._services.forget("verify")
            self.badge.show_verdict("note", "Can be verified once every layer fits.")
        elif not scene.architecture.layers:
            self._services.forget("verify")
            self.badge.show_verdict("note", "Nothing to verify yet.")
        else:
            self.badge.show_verdict("waiting", "PyTorch builds the same network")
            if len(scene.architecture.layers) <= AT_ONCE:
                self._ask()
            else:
                self._services.forget("verify")
                self._timer.start()

    def explain(self, html: str) -> None:
        """Show *html* as the formulas."""
        self.formulas.show_html(html)

    def _ask(self) -> None:
        if self._verified is None:
            return
        stack, ignore_biases = self._verified
        self._services.ask(
            "verify",
            "hw2gui.parameters.tasks:verify_stack",
            {"stack": stack, "ignore_biases": ignore_biases},
            self._take,
            failed=lambda why: self.badge.show_verdict("note", why[0].upper() + why[1:]),
            what="Verifying with PyTorch",
        )

    def _take(self, found: Verification) -> None:
        lines = [f"{layer.name}: {layer.torch_parameters:,} parameters, {layer.torch_shape}" for layer in found.layers[:30]]
        self.badge.show_verdict("good" if found.agrees else "bad", found.sentence, "\n".join(lines))
