"""Which network reads and is looked into: one that came with the program, or any run; and how far its training had come then."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QWidget

from hw2gui.errors import UserError
from hw2gui.session.store import Store
from hw2gui.training import runs
from hw2gui.vision import models
from hw2gui.vision.gui.asked import Asked
from hw2gui.vision.models import Epochs
from hw2gui.vision.state import VisionState
from hw2gui.widgets import theme
from hw2gui.widgets.fields import teach_manners, text_label
from hw2gui.widgets.player import Player
from hw2gui.widgets.services import Services

OTHER = "other"
EPOCHS_PER_SECOND = 1
"""The player's speed at first, as a place in its list: an epoch is to be looked at."""

WORDS_WIDTH = 150
"""Room for the longest words about an epoch, so that the slider keeps its length while it plays."""


class ModelChoice(QComboBox):
    """The models there are; the list is made anew whenever it opens, for runs come and go."""

    picked = Signal(str)
    """The name of a shipped model, or a run's folder. It may be none that can be opened."""
    other = Signal()
    """A run that is not in the list is wanted."""

    def __init__(self, name: str, tip: str, *, none: str = "") -> None:
        """*none*: what the list says first where no model need be chosen."""
        super().__init__()
        self._none = none
        self._shown = ""
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setMinimumContentsLength(18)
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
        blocked = self.blockSignals(True)
        self.clear()
        if self._none:
            self.addItem(self._none, "")
        for name in models.names():
            self.addItem("shipped model" if name == models.DEFAULT else f"shipped: {name}", name)
        for listed in found:
            if listed.header is not None and listed.header.task != models.TASK:
                continue
            said = f"{listed.name} · {listed.state.epoch} epochs" if listed.header is not None else f"{listed.name} · cannot be opened"
            self.addItem(said, str(listed.path))
            self.setItemData(self.count() - 1, listed.problem or str(listed.path), Qt.ItemDataRole.ToolTipRole)
            if listed.header is None:
                _disable(self, self.count() - 1)
        self.addItem("Another run…", OTHER)
        self.setItemData(self.count() - 1, "Open a run's folder anywhere, or the weights of one epoch", Qt.ItemDataRole.ToolTipRole)
        self.blockSignals(blocked)
        self.show_model(self._shown)

    def showPopup(self) -> None:  # noqa: N802
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


class ModelBar(QWidget):
    """The slider over the model's epochs, where there are several, and the model. What cannot be opened is said in `problem`."""

    def __init__(self, store: Store[VisionState], asked: Asked) -> None:
        super().__init__()
        self._store = store
        self._asked = asked
        self._epochs: Epochs | None = None
        self.choice = ModelChoice("Model", "The network that reads the drawing and is looked into")
        self.choice.picked.connect(self.choose)
        self.choice.other.connect(self._other)
        self.player = Player("Epochs of the run", "epoch")
        self.player.ready = lambda: not asked.waiting
        self.player.speed.setCurrentIndex(EPOCHS_PER_SECOND)
        self.player.whole.setToolTip("The epoch the run stands for")
        self.player.whole.setAccessibleName("The epoch the run stands for")
        self.player.slider.setToolTip("Rewind: the network as it was after each saved epoch; 0 is untrained")
        self.player.label.setMinimumWidth(WORDS_WIDTH)
        self.player.moved.connect(self._go)
        self.problem = text_label()
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.hide()
        self.player.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addStretch(1)
        line.addWidget(self.player, 8)
        line.addWidget(self.choice)

    def show_state(self, before: VisionState | None, now: VisionState) -> None:
        """Show the model and the epoch."""
        self.choice.show_model(now.model)
        if before is None or before.model != now.model or (before.page == "train" and now.page != "train"):
            self.say("")
            self.refresh()
        else:
            self._show_epoch()

    def refresh(self) -> None:
        """Ask which epochs there are; a run that trains gains some."""
        model = self._store.state.model
        self._asked.ask("epochs", "epochs", {"model": model}, self._take, failed=self._none, what="Looking for the run's epochs")

    def choose(self, model: str, epoch: int | None = None) -> None:
        """Make *model* the model, unless it cannot be opened: then that is said and nothing changes."""

        def done(_words: str) -> None:
            self.say("")
            self._store.change("Model", model=model, epoch=epoch, pinned=None)

        arguments = {"model": model, "epoch": epoch}
        self._asked.ask("open model", "check_model", arguments, done, failed=self.say, what="Opening the model")

    def say(self, problem: str) -> None:
        """Show what is wrong with what was chosen, or that nothing is."""
        self.problem.setText(problem)
        self.problem.setStyleSheet(f"color: {theme.current().bad};")
        self.problem.setVisible(bool(problem))

    def _other(self) -> None:
        path = ask_for_run(self._asked.services)
        if path is None:
            return
        try:
            self.choose(*models.named_by(path))
        except UserError as error:
            self.say(str(error))

    # -- epochs -------------------------------------------------------------------------------------------------------------------

    def _take(self, epochs: Epochs) -> None:
        self._epochs = epochs
        chosen = self._store.state.epoch
        if chosen is not None and chosen not in epochs.kept:
            self._store.move(epoch=None)
        self._show_epoch()

    def _none(self, why: str) -> None:
        self._epochs = None
        self.player.hide()
        self.say(why)

    def _show_epoch(self) -> None:
        epochs, now = self._epochs, self._store.state
        several = epochs is not None and epochs.model == now.model and len(epochs.kept) > 1
        self.player.setVisible(several)
        if epochs is None or not several:
            return
        epoch = epochs.chosen if now.epoch is None else now.epoch
        position = epochs.kept.index(epoch) if now.epoch is not None and epoch in epochs.kept else None
        self.player.show_position(position, len(epochs.kept), _words(epochs, epoch))
        self.player.label.setToolTip(_long_words(epochs, epoch))

    def _go(self, position: int | None) -> None:
        if self._epochs is not None:
            epoch = None if position is None else self._epochs.kept[position]
            self._store.change("Epoch", gesture="epoch", epoch=epoch)


def ask_for_run(services: Services) -> Path | None:
    """A file of a run the user names; None when they think better of it."""
    return services.choose_file("Open a run", "", "A run's config.json or an epoch's weights (config.json *.safetensors)", save=False)


def _words(epochs: Epochs, epoch: int) -> str:
    """As short as the row needs it."""
    name = "untrained" if epoch == 0 else f"epoch {epoch}/{epochs.kept[-1]}"
    accuracy = _accuracy(epochs, epoch)
    return f"{name} · {100 * accuracy:.2f} %" if accuracy == accuracy else name


def _long_words(epochs: Epochs, epoch: int) -> str:
    accuracy = _accuracy(epochs, epoch)
    measured = f"{100 * accuracy:.2f} % right on {epochs.measure}" if accuracy == accuracy else "not measured after this epoch"
    return f"Epoch {epoch} of {epochs.kept[-1]}: {measured}. The run stands for epoch {epochs.chosen}."


def _accuracy(epochs: Epochs, epoch: int) -> float:
    return epochs.accuracies[epochs.kept.index(epoch)] if epoch in epochs.kept else float("nan")


def _disable(box: QComboBox, index: int) -> None:
    model = box.model()
    assert isinstance(model, QStandardItemModel)
    item = model.item(index)
    assert isinstance(item, QStandardItem)
    item.setEnabled(False)
