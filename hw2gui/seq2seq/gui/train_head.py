"""What a training of a character model begins with: a recipe and a corpus, or a table of the user's."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QFormLayout, QVBoxLayout

from hw2gui.datasets import pairs, registry
from hw2gui.seq2seq import recipes
from hw2gui.seq2seq.config import TABLE, Seq2SeqConfig
from hw2gui.seq2seq.finished import data_words
from hw2gui.seq2seq.report_reference import DATA as REPORTED
from hw2gui.seq2seq.sweeping import LARGEST_LIMIT
from hw2gui.training.gui.recipe_head import RecipeHead
from hw2gui.training.gui.section import Section
from hw2gui.widgets.fields import WholeField, text_label
from hw2gui.widgets.services import Services

RECIPES = ("homework", "fast", "best", "names")
OWN_TABLE = "own"


class TrainHead(RecipeHead):
    """Recipe, corpus, and the one switch everything turns on: attention."""

    def __init__(self, services: Services) -> None:
        super().__init__(services, {name: recipes.find(name).summary for name in RECIPES}, "The pairs of texts the model learns from")
        self._services = services
        self.attention = QCheckBox("Attention")
        self.attention.setToolTip("Look back at the source for every symbol (bilinear attention)")
        self.attention.clicked.connect(self._take_attention)
        self.form.addRow(self.attention)
        self.words = text_label(muted=True)
        self.box.addWidget(self.words)

    def show_fields(self) -> None:
        """Show the corpus, whichever it is."""
        name = self.config.data
        known = [(one, registry.find(one).title) for one in pairs.names()]
        needed = [] if name.startswith(TABLE) else [registry.find(name)]
        self.show_data(known, (name, data_words(name)), (OWN_TABLE, "A table of your own…"), needed)
        self.attention.setChecked(self.config.model.attention)
        words = (
            "" if name == REPORTED else f"The report's values are of “{registry.find(REPORTED).title}”: they stand beside no other data."
        )
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def from_recipe(self, name: str) -> Seq2SeqConfig:
        """The recipe, on the data that are chosen and with attention as it is chosen."""
        config, now = recipes.find(name).config, self.config
        model = replace(config.model, attention=now.model.attention)
        return replace(config, model=model, data=now.data, table=now.table)

    def _take_attention(self, on: bool) -> None:
        model = self.config.model
        changed = {"attention": on} if on else {"attention": False, "input_feeding": False}
        self.attempt("Attention", "attention", lambda: replace(self.config, model=replace(model, **changed)))

    def take_data(self, name: str) -> None:
        """Learn from these pairs, or from a table of the user's."""
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
