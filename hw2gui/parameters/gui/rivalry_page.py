"""What the pages about two networks share: their controls, and showing what is known now and again when the worker has answered."""

from __future__ import annotations

from html import escape

from hw2gui.parameters.gui.page import Page
from hw2gui.parameters.gui.rivalry import Rivalry, RivalryBar
from hw2gui.parameters.scene import Scene
from hw2gui.parameters.state import Page as PageName
from hw2gui.parameters.state import ParametersState
from hw2gui.session.store import Store
from hw2gui.widgets.services import Services


class RivalryPage(Page):
    """The page *name*. Where the two cannot be compared it says why, here and in the inspector."""

    def __init__(self, store: Store[ParametersState], services: Services, rivalry: Rivalry, name: PageName) -> None:
        super().__init__(store, services)
        self.rivalry = rivalry
        self._name = name
        self.bar = RivalryBar(store, rivalry)
        self.box.addWidget(self.bar)
        rivalry.grown_changed.connect(self._grown)

    def refresh(self) -> None:
        """Compare the scene's networks."""
        if self.scene is None:
            return
        self.rivalry.follow(self.scene)
        self._show(self.scene)

    def show_rivals(self, scene: Scene) -> None:
        """Show what is known of the two, or `Rivalry.problem` where there is no duel."""
        raise NotImplementedError

    def _grown(self) -> None:
        if self.scene is not None and self.scene.state.page == self._name:
            self._show(self.scene)

    def _show(self, scene: Scene) -> None:
        self.bar.show_scene(scene)
        self.show_rivals(scene)
        if self.rivalry.duel is None:
            self.explained.emit(f"<p>{escape(self.rivalry.problem)}</p>")
