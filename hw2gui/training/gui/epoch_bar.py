"""One line: a slider over the saved epochs of a model, and which model it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hw2gui.training.gui.model_choice import ModelChoice
from hw2gui.widgets import theme
from hw2gui.widgets.fields import text_label
from hw2gui.widgets.player import Player


class EpochBar(QWidget):
    """The slider is hidden where there is one epoch alone. What cannot be opened is said in `problem`, which stands elsewhere."""

    def __init__(self, choice: ModelChoice, what: str) -> None:
        """*what*: the model, in a word."""
        super().__init__()
        self.choice = choice
        self.player = Player("Epochs of the run", "epoch")
        self.player.slider.setToolTip(f"Rewind: the {what} as it was after each saved epoch; 0 is untrained")
        self.player.hide()
        self.problem = text_label()
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addStretch(1)
        line.addWidget(self.player, 8)
        line.addWidget(self.choice)

    def say(self, problem: str) -> None:
        """Show what is wrong with what was chosen, or that nothing is."""
        self.problem.setText(problem)
        self.problem.setStyleSheet(f"color: {theme.current().bad};")
        self.problem.setVisible(bool(problem))

    def show_epochs(self, kept: Sequence[int], epoch: int | None, words: str) -> None:
        """The slider over the epochs *kept*, at *epoch* (None: the one the model stands for), with *words* about it."""
        self.player.setVisible(len(kept) > 1)
        if len(kept) > 1:
            self.player.show_position(kept.index(epoch) if epoch in kept else None, len(kept), words)
