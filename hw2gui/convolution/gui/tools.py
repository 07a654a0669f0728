"""What every tool of the inspector is: a widget that follows the scene and the probed cell."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from hw2gui.convolution.links import Probe
from hw2gui.convolution.scene import Scene
from hw2gui.convolution.state import ConvolutionState
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.services import Services

TOLERANCE = 1e-9
"""Relative to the largest value compared: float64 sums in another order differ by far less, any real error is far larger."""


class Tool(QWidget):
    """One page of the inspector. Work is done only while it is in front."""

    def __init__(self, store: Store[ConvolutionState], services: Services) -> None:
        super().__init__()
        self.store = store
        self.services = services
        self.scene: Scene | None = None
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 4, 0, 0)
        self.box.setSpacing(theme.SPACE)

    def fill(self, *widgets: QWidget) -> None:
        """*widgets* below each other, from the top."""
        for widget in widgets:
            self.box.addWidget(widget)
        self.box.addStretch(1)

    def follow(self, scene: Scene) -> None:
        """A new scene is on screen."""
        self.scene = scene
        self.refresh()

    def refresh(self) -> None:
        """Show what belongs to :attr:`scene`."""

    def mark(self, before: ConvolutionState, now: ConvolutionState) -> None:
        """Something changed that leaves the scene as it is: fields of the tool itself."""

    def probe(self, probe: Probe | None) -> None:
        """Another cell is pointed at."""

    def leave(self) -> None:
        """Another tool came to the front: take marks off the views."""
