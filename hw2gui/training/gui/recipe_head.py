"""What the settings of a training begin with, whatever the subject: a recipe, and the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QVBoxLayout

from hw2gui.datasets.registry import Dataset
from hw2gui.training.gui.data_note import DataNote
from hw2gui.training.gui.section import Section
from hw2gui.widgets.fields import Choices, narrow, teach_manners
from hw2gui.widgets.services import Services


class RecipeHead(Section):
    """*recipes* are names with what each is, in a sentence. A subject says what a recipe comes to, which data there are, and what to do
    with those that were chosen.
    """

    recipe_taken = Signal(str, object)
    """(recipe, configuration): the user starts from a recipe."""

    def __init__(self, services: Services, recipes: Mapping[str, str], data_tip: str) -> None:
        super().__init__()
        self._recipes = tuple(recipes)
        self.note = DataNote(services, self.show_fields)
        self.recipe = Choices("Recipe", tuple((name, name, summary) for name, summary in recipes.items()))
        self.recipe.chosen.connect(lambda name: self.recipe_taken.emit(name, self.from_recipe(name)))
        self.data = QComboBox()
        self.data.setAccessibleName("Training data")
        self.data.setToolTip(data_tip)
        self.data.activated.connect(lambda index: self.take_data(self.data.itemData(index)))
        teach_manners(narrow(self.data))
        self.form = QFormLayout()
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setVerticalSpacing(4)
        self.form.addRow(self.recipe)
        self.form.addRow(self.data)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(4)
        self.box.addLayout(self.form)
        self.box.addWidget(self.note)
        self.box.addWidget(self.problem)

    def from_recipe(self, name: str) -> Any:
        """The configuration of the recipe *name*, with what stays of the one that is shown."""
        raise NotImplementedError

    def take_data(self, name: str) -> None:
        """The user chose these data."""
        raise NotImplementedError

    def show_recipe(self, name: str) -> None:
        """The recipe the settings were taken from last."""
        if name in self._recipes:
            self.recipe.show_choice(name)

    def show_data(self, known: Sequence[tuple[str, str]], chosen: tuple[str, str], own: tuple[str, str], needed: Sequence[Dataset]) -> None:
        """(name, title) of the data there are, of the *chosen* ones, listed too if they are others, and of what leads to the user's *own*.

        Of what is *needed*, the note says what is missing.
        """
        with QSignalBlocker(self.data):
            self.data.clear()
            for name, title in known if chosen[0] in dict(known) else (*known, chosen):
                self.data.addItem(title, name)
            self.data.addItem(own[1], own[0])
            self.data.setCurrentIndex(self.data.findData(chosen[0]))
        self.note.show_needed(needed)
