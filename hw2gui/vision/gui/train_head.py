"""What a training of a character network begins with: a recipe, and the images."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QFormLayout, QVBoxLayout

from hw2gui.datasets import registry
from hw2gui.training.gui.recipe_head import RecipeHead
from hw2gui.training.gui.section import Section
from hw2gui.vision import data, recipes
from hw2gui.vision.config import VisionConfig
from hw2gui.widgets.fields import WholeField
from hw2gui.widgets.services import Services

RECIPES = ("homework", "fast", "best")

DATA = (
    ("strokes:10000", "Built-in characters (10,000)"),
    ("kmnist", "Kuzushiji-MNIST"),
    ("kmnist+strokes:15000", "KMNIST and built-in together"),
    ("drawings", "Your labelled drawings"),
    ("drawings+strokes:2000", "Your drawings and built-in ones"),
)
FOLDER_TITLE = "A folder of pictures…"


class TrainHead(RecipeHead):
    """Recipe and data."""

    def __init__(self, services: Services) -> None:
        summaries = {name: recipes.find(name).summary for name in RECIPES}
        super().__init__(services, summaries, "The images the network is trained and tested on")
        self._choose_folder = services.choose_folder

    def show_fields(self) -> None:
        """Show the data, whichever they are."""
        name = self.config.data
        needed = [registry.find("kmnist")] if any(part.startswith("kmnist") for part in data.names(name)) else []
        self.show_data(DATA, (name, data.words(name)), (data.FOLDER, FOLDER_TITLE), needed)

    def from_recipe(self, name: str) -> VisionConfig:
        """The recipe, on the data that are chosen."""
        return replace(recipes.find(name).config, data=self.config.data)

    def take_data(self, name: str) -> None:
        """Learn from these images, or from a folder's."""
        if name == data.FOLDER:
            folder = self._choose_folder("A folder with folders named o, ki, su … and pictures in them")
            if folder is None:
                self.show_fields()
                return
            name = f"{data.FOLDER}{folder}"
        self.attempt("Training data", "data", lambda: replace(self.config, data=name))


class DataSection(Section):
    """Less and other data than all of them as they are."""

    def __init__(self) -> None:
        super().__init__()
        self.limit = WholeField("Images of each set", "Only the first so many images of each set and split; 0: all of them")
        self.limit.setSpecialValueText("all")
        self.limit.edited.connect(lambda value: self._attempt("Images of each set", limit=value or None))
        self.balanced = QCheckBox("Repeat smaller sets of a mixture")
        self.balanced.setToolTip("Repeat the images of smaller sets until each set of a mixture has as many as the largest")
        self.balanced.clicked.connect(lambda on: self._attempt("Mixture", balanced=on))
        self.permuted = QCheckBox("Permute the pixels")
        self.permuted.setToolTip(
            "One fixed permutation of the pixels, for training and test alike: what has no use for neighbours loses nothing"
        )
        self.permuted.clicked.connect(lambda on: self._attempt("Permutation", permutation=42 if on else None))
        self.seed = WholeField("Seed of the permutation", "From which the permutation is drawn")
        self.seed.edited.connect(lambda value: self._attempt("Permutation", permutation=value))
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        form.addRow("Images of each set", self.limit)
        form.addRow(self.balanced)
        form.addRow(self.permuted)
        form.addRow("Its seed", self.seed)
        self._form = form
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(form)
        layout.addWidget(self.problem)

    def show_fields(self) -> None:
        """Show what is left out, repeated or permuted."""
        config: VisionConfig = self.config
        self.limit.show_value(config.limit or 0, 0, data.MOST_IMAGES, "all of them", "no set has more")
        self.balanced.setChecked(config.balanced)
        self.permuted.setChecked(config.permutation is not None)
        self.seed.show_value(config.permutation or 0, 0, 2**31 - 1)
        self._form.setRowVisible(self.seed, config.permutation is not None)

    def _attempt(self, label: str, **changes: object) -> None:
        self.attempt(label, f"data {label}", lambda: replace(self.config, **changes))
