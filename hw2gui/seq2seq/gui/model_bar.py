"""Which model reads the text: one that came with the program, or any run, after any of its saved epochs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QWidget

from hw2gui.errors import UserError
from hw2gui.seq2seq import models, provenance
from hw2gui.seq2seq.models import Card
from hw2gui.seq2seq.state import Seq2SeqState, reading_with
from hw2gui.session.store import Store
from hw2gui.training import runs
from hw2gui.widgets import theme
from hw2gui.widgets.fields import teach_manners, text_label
from hw2gui.widgets.player import Player
from hw2gui.widgets.services import Services

OTHER = "other"
NO_MODEL = (
    "No trained model came with this copy of the program. Choose a run of yours with “Another run…”, or train one: "
    "hw2gui train seq2seq --recipe fast --data starter-ar-en"
)


class ModelChoice(QComboBox):
    """The models there are; the list is made anew whenever it opens, for runs come and go."""

    picked = Signal(str)
    """The name of a shipped model, or a run's folder. It may be none that can be opened."""
    other = Signal()
    """A run that is not in the list is wanted."""

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        self._shown = ""
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setMinimumContentsLength(28)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        teach_manners(self)
        self.activated.connect(self._pick)

    def show_model(self, model: str) -> None:
        """Show *model* as chosen without telling anybody."""
        self._shown = model
        if self.findData(model) < 0:
            self.fill()
        self.setCurrentIndex(self.findData(model))
        self.setPlaceholderText(Path(model).name)

    def fill(self) -> None:
        """List the models there are now. A run that cannot be opened is listed with the reason, and cannot be chosen."""
        blocked = self.blockSignals(True)
        self.clear()
        for name in models.names():
            self.addItem(_title(name), name)
            self.setItemData(self.count() - 1, f"Came with the program as '{name}'", Qt.ItemDataRole.ToolTipRole)
        for listed in runs.list_runs():
            if listed.header is not None and listed.header.task != models.TASK:
                continue
            said = f"{listed.name} · {listed.state.epoch} epochs" if listed.header is not None else f"{listed.name} · cannot be opened"
            self.addItem(said, str(listed.path))
            self.setItemData(self.count() - 1, listed.problem or str(listed.path), Qt.ItemDataRole.ToolTipRole)
            if listed.header is None:
                _disable(self, self.count() - 1)
        self.addItem("Another run…", OTHER)
        self.setItemData(self.count() - 1, "Open a run's folder anywhere", Qt.ItemDataRole.ToolTipRole)
        self.setCurrentIndex(self.findData(self._shown))
        self.blockSignals(blocked)

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

    def __init__(self, store: Store[Seq2SeqState], services: Services) -> None:
        super().__init__()
        self._store = store
        self._services = services
        self._kept: tuple[str, tuple[int, ...], int] | None = None  # the model, the epochs it kept, the one it stands for
        self.choice = ModelChoice("Model", "The model that reads the text: shipped ones first, then your runs")
        self.choice.picked.connect(self.choose)
        self.choice.other.connect(self._other)
        self.player = Player("Epochs of the run", "epoch")
        self.player.speed.setCurrentIndex(0)
        self.player.slider.setToolTip("Rewind: the model as it was after each saved epoch; 0 is untrained")
        self.player.moved.connect(self._go)
        self.player.hide()
        self.problem = text_label()
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addStretch(1)
        line.addWidget(self.player, 8)
        line.addWidget(self.choice)

    def show_state(self, before: Seq2SeqState | None, now: Seq2SeqState) -> None:
        """Show the model and the epoch."""
        self.choice.show_model(now.model)
        if before is None or before.model != now.model or (before.page != now.page):
            self.refresh()
        else:
            self._show_epoch()

    def refresh(self) -> None:
        """Look at the model again; a run that trains gains epochs."""
        model = self._store.state.model
        if not models.names() and model == models.DEFAULT:
            self.player.hide()
            self.say(NO_MODEL)
            return
        self._services.ask(
            "seq2seq card", "hw2gui.seq2seq.models:card", {"model": model}, self._take, failed=self._none, what="Opening the model"
        )

    def choose(self, model: str, epoch: int | None = None) -> None:
        """Make *model* the model, unless it cannot be opened: then that is said and nothing changes."""

        def done(_card: Card) -> None:
            self.say("")
            self._store.replace("Model", reading_with(self._store.state, model, epoch))

        arguments = {"model": model, "epoch": epoch}
        self._services.ask("seq2seq open", "hw2gui.seq2seq.models:card", arguments, done, failed=self.say, what="Opening the model")

    def say(self, problem: str) -> None:
        """Show what is wrong with what was chosen, or that nothing is."""
        self.problem.setText(problem)
        self.problem.setStyleSheet(f"color: {theme.current().bad};")
        self.problem.setVisible(bool(problem))

    def _other(self) -> None:
        path = self._services.choose_file("Open a run", "", "A run's config.json (config.json)", save=False)
        if path is not None:
            self.choose(str(path if path.is_dir() else path.parent))

    # -- epochs -------------------------------------------------------------------------------------------------------------------

    def _take(self, card: Card) -> None:
        model = self._store.state.model
        self.choice.setToolTip(card.words)
        try:
            kept = models.epochs(model)
        except UserError as error:
            self._none(str(error))
            return
        self._kept = (model, kept, card.epoch)
        self.say("")
        if self._store.state.epoch not in (None, *kept):
            self._store.move(epoch=None)
        self._show_epoch()

    def _none(self, why: str) -> None:
        self._kept = None
        self.player.hide()
        self.say(why)

    def _show_epoch(self) -> None:
        now = self._store.state
        if self._kept is None or self._kept[0] != now.model or len(self._kept[1]) < 2:
            self.player.hide()
            return
        _, kept, chosen = self._kept
        epoch = chosen if now.epoch is None else now.epoch
        words = "untrained" if epoch == 0 else f"epoch {epoch} of {kept[-1]}"
        position = kept.index(epoch) if now.epoch is not None and epoch in kept else None
        self.player.show_position(position, len(kept), words)
        self.player.show()

    def _go(self, position: int | None) -> None:
        if self._kept is not None:
            epoch = None if position is None else self._kept[1][position]
            self._store.change("Epoch", gesture="epoch", epoch=epoch, chosen=0)


def _title(name: str) -> str:
    """A shipped model's title and build; its name where it cannot be read."""
    try:
        found = provenance.read(name)
        return f"{found.title} · {found.config.model.title}"
    except UserError:
        return name


def _disable(box: QComboBox, index: int) -> None:
    model = box.model()
    assert isinstance(model, QStandardItemModel)
    item = model.item(index)
    assert isinstance(item, QStandardItem)
    item.setEnabled(False)
