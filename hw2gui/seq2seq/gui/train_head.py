"""What a training of a character model begins with: a recipe and a corpus, or a table of the user's."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QVBoxLayout

from hw2gui.datasets import pairs, registry
from hw2gui.seq2seq import recipes
from hw2gui.seq2seq.config import TABLE
from hw2gui.seq2seq.finished import data_words
from hw2gui.seq2seq.report_reference import DATA as REPORTED
from hw2gui.training.gui.data_note import DataNote
from hw2gui.training.gui.section import Section
from hw2gui.widgets.fields import Choices, WholeField, narrow, teach_manners, text_label
from hw2gui.widgets.services import Services

RECIPES = ("homework", "fast", "best", "names")
OWN_TABLE = "own"

LARGEST_LIMIT = 1_000_000


class TrainHead(Section):
    """Recipe, corpus, and the one switch everything turns on: attention."""

    recipe_taken = Signal(str, object)
    """(recipe, configuration): the user starts from a recipe."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.note = DataNote(services, self.show_fields)
        self.recipe = Choices("Recipe", tuple((name, name, recipes.find(name).summary) for name in RECIPES))
        self.recipe.chosen.connect(lambda name: self.recipe_taken.emit(name, self._from_recipe(name)))
        self.data = QComboBox()
        self.data.setAccessibleName("Training data")
        self.data.setToolTip("The pairs of texts the model learns from")
        self.data.activated.connect(lambda index: self._take_data(self.data.itemData(index)))
        teach_manners(narrow(self.data))
        self.attention = QCheckBox("Attention")
        self.attention.setToolTip("Look back at the source for every symbol (bilinear attention)")
        self.attention.clicked.connect(self._take_attention)
        self.words = text_label(muted=True)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        form.addRow(self.recipe)
        form.addRow(self.data)
        form.addRow(self.attention)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(form)
        layout.addWidget(self.note)
        layout.addWidget(self.problem)
        layout.addWidget(self.words)

    def show_recipe(self, name: str) -> None:
        """The recipe the settings were taken from last."""
        if name in RECIPES:
            self.recipe.show_choice(name)

    def show_fields(self) -> None:
        """Show the corpus, whichever it is."""
        name = self.config.data
        with QSignalBlocker(self.data):
            self.data.clear()
            for known in pairs.names():
                self.data.addItem(registry.find(known).title, known)
            if self.data.findData(name) < 0:
                self.data.addItem(data_words(name), name)
            self.data.addItem("A table of your own…", OWN_TABLE)
            self.data.setCurrentIndex(self.data.findData(name))
        self.attention.setChecked(self.config.model.attention)
        words = (
            "" if name == REPORTED else f"The report's values are of “{registry.find(REPORTED).title}”: they stand beside no other data."
        )
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.note.show_needed([] if name.startswith(TABLE) else [registry.find(name)])

    def _from_recipe(self, name: str) -> object:
        config, now = recipes.find(name).config, self.config
        model = replace(config.model, attention=now.model.attention)
        return replace(config, model=model, data=now.data, table=now.table)

    def _take_attention(self, on: bool) -> None:
        model = self.config.model
        changed = {"attention": on} if on else {"attention": False, "input_feeding": False}
        self.attempt("Attention", "attention", lambda: replace(self.config, model=replace(model, **changed)))

    def _take_data(self, name: str) -> None:
        if name == OWN_TABLE:
            path = self._services.choose_file("A table of pairs, two columns", "", "Tables (*.tsv *.csv *.txt)", save=False)
            if path is None:
                self.show_fields()
                return
            name = f"{TABLE}{path}"
        self.attempt("Training data", "data", lambda: replace(self.config, data=name, table=None, alphabets=None))


class PairsSection(Section):
    """Less than all of the pairs."""

    def __init__(self) -> None:
        super().__init__()
        self.limit = WholeField("Pairs of each part", "Only the first so many pairs of training, validation and test; 0: all of them")
        self.limit.setSpecialValueText("all")
        self.limit.edited.connect(
            lambda value: self.attempt("Pairs of each part", "limit", lambda: replace(self.config, limit=value or None))
        )
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow("Pairs of each part", self.limit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(form)
        layout.addWidget(self.problem)

    def show_fields(self) -> None:
        """Show how many."""
        self.limit.show_value(self.config.limit or 0, 0, LARGEST_LIMIT)
