"""The list of the models there are: those that came with the program, then the runs of one task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QSizePolicy

from hw2gui.training import runs
from hw2gui.widgets.fields import teach_manners

OTHER = "other"


@dataclass(frozen=True)
class Offer:
    """A model that came with the program: its name, and how the list calls it."""

    name: str
    title: str
    tip: str = ""


class ModelChoice(QComboBox):
    """The list is made anew whenever it opens, for runs come and go. *shipped* says what came with the program; runs are of *task*."""

    picked = Signal(str)
    """The name of a shipped model, or a run's folder. It may be none that can be opened."""
    other = Signal()
    """A run that is not in the list is wanted."""

    def __init__(
        self, name: str, tip: str, shipped: Callable[[], Sequence[Offer]], task: str, *, width: int, other: str, none: str = ""
    ) -> None:
        """*width*: so many characters; *other*: what else can be opened; *none*: what stands first where no model need be chosen."""
        super().__init__()
        self._shipped = shipped
        self._task = task
        self._other = other
        self._none = none
        self._shown = ""
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setMinimumContentsLength(width)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        teach_manners(self)
        self._list(())
        self.activated.connect(self._pick)

    def show_model(self, model: str) -> None:
        """Show *model* as chosen without telling anybody; an empty name is none."""
        self._shown = model
        if self.findData(model) < 0 and model:
            # Where it is from is looked up when the list opens, not while one draws.
            self.insertItem(self.count() - 1, Path(model).name, model)
        self.setCurrentIndex(self.findData(model))

    def fill(self) -> None:
        """List the models there are now. A run that cannot be opened is listed with the reason, and cannot be chosen."""
        self._list(runs.list_runs())

    def _list(self, found: Sequence[runs.Listed]) -> None:
        with QSignalBlocker(self):
            self.clear()
            if self._none:
                self.addItem(self._none, "")
            for offer in self._shipped():
                self._add(offer.title, offer.name, offer.tip)
            for listed in found:
                if listed.header is None:
                    self._add(f"{listed.name} · cannot be opened", str(listed.path), listed.problem)
                    self._disable(self.count() - 1)
                elif listed.header.task == self._task:
                    self._add(f"{listed.name} · {listed.state.epoch} epochs", str(listed.path), listed.problem or str(listed.path))
            self._add("Another run…", OTHER, self._other)
        self.show_model(self._shown)

    def _add(self, title: str, name: str, tip: str) -> None:
        self.addItem(title, name)
        self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)

    def _disable(self, index: int) -> None:
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        item = model.item(index)
        assert isinstance(item, QStandardItem)
        item.setEnabled(False)

    def showPopup(self) -> None:
        """The runs as they are now."""
        self.fill()
        super().showPopup()

    def _pick(self, index: int) -> None:
        chosen = str(self.itemData(index))
        self.setCurrentIndex(self.findData(self._shown))
        if chosen == OTHER:
            self.other.emit()
        else:
            self.picked.emit(chosen)
