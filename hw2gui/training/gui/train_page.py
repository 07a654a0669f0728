"""A subject's page for training: its `TrainingRoom`, whose head takes recipes, and what becomes of a model in use whose run is deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from hw2gui.session.store import Store
from hw2gui.training.gui.recipe_head import RecipeHead
from hw2gui.training.gui.run_buttons import RunAction
from hw2gui.training.gui.sample_view import SampleView
from hw2gui.training.gui.section import Section
from hw2gui.training.gui.subject import Subject
from hw2gui.training.gui.training_room import TrainingRoom
from hw2gui.widgets.services import Services


class TrainPageBase(QWidget):
    """Over a store whose state has ``recipe``, ``setup``, ``room`` and ``model``, the model in use."""

    def __init__(self, store: Store[Any], services: Services, head: RecipeHead, fall_back: Callable[[], None]) -> None:
        super().__init__()
        self.store, self.services, self.head = store, services, head
        self._fall_back = fall_back
        head.recipe_taken.connect(lambda name, config: store.change("Recipe", recipe=name, setup=config))

    def fill(
        self,
        subject: Subject,
        folded: Sequence[tuple[str, Section]],
        actions: Sequence[RunAction] = (),
        views: Sequence[tuple[str, str, SampleView]] = (),
    ) -> None:
        """Make the room, see there."""
        self.room = TrainingRoom(subject, self.store, self.services, self.head, folded, actions, views)
        self.room.keeper.moved.connect(self._gone)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.room)

    def show_chosen(self) -> None:
        """Show the recipe and the room as they are in the store."""
        self.head.show_recipe(self.store.state.recipe)
        self.room.show_state()

    def _gone(self, folders: tuple[str, ...]) -> None:
        """A run that was deleted reads no longer."""
        if self.store.state.model in folders:
            self._fall_back()
