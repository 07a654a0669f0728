"""What every page in the middle is: a widget that shows a scene while it is in front, and has something to say in the inspector."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hw2gui.parameters.scene import Scene
from hw2gui.parameters.state import ParametersState
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.services import Services


class Page(QWidget):
    """Work is done only while the page is in front."""

    explained = Signal(str)
    """HTML for the inspector."""
    picture_requested = Signal(str, str)
    """(which picture, format)"""

    def __init__(self, store: Store[ParametersState], services: Services) -> None:
        super().__init__()
        self.store = store
        self.services = services
        self.scene: Scene | None = None
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(theme.SPACE)

    def show_scene(self, scene: Scene) -> None:
        """Show *scene*."""
        self.scene = scene
        self.refresh()

    def refresh(self) -> None:
        """Show what belongs to :attr:`scene`."""
