"""Two models on the same images: what one fixed and the other broke."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from hw2gui.errors import UserError
from hw2gui.session.store import Store
from hw2gui.vision import models
from hw2gui.vision.gui.asked import Asked
from hw2gui.vision.gui.gallery_view import GalleryView
from hw2gui.vision.gui.model_bar import ModelChoice, ask_for_run
from hw2gui.vision.models import Epochs
from hw2gui.vision.state import VisionState
from hw2gui.widgets.fields import Choices, teach_manners
from hw2gui.widgets.rich_text import RichText

WORDS_HEIGHT = 68
IDLE = "Choose a second model: the images it fixes and breaks are shown here, and the change of every cell on the left."


class CompareView(QWidget):
    """The rival and its epoch, the outcome in a sentence, and the images."""

    refused = Signal(str)
    """The rival that was chosen cannot be opened: why."""

    def __init__(self, store: Store[VisionState], asked: Asked) -> None:
        super().__init__()
        self._store = store
        self._asked = asked
        self.rival = ModelChoice("Rival", "The model to compare with, on the same images", none="compare with …")
        self.rival.picked.connect(self.choose)
        self.rival.other.connect(self._other)
        self.epoch = QComboBox()
        self.epoch.setAccessibleName("The rival's epoch")
        self.epoch.setToolTip("One of the rival's saved epochs")
        teach_manners(self.epoch)
        self.epoch.activated.connect(lambda at: store.change("Rival's epoch", rival_epoch=self.epoch.itemData(at)))
        self.which = Choices(
            "Which images",
            (
                ("fixed", "fixed", "The rival reads them rightly, the model does not"),
                ("broken", "broken", "The model reads them rightly, the rival does not"),
                ("both", "both wrong", "Neither reads them rightly"),
            ),
        )
        self.which.chosen.connect(lambda key: store.change("Which images", compared=key))
        self.words = RichText("The outcome")
        self.words.setFixedHeight(WORDS_HEIGHT)
        self.say(IDLE)
        self.gallery = GalleryView()
        top = QHBoxLayout()
        top.addWidget(self.rival)
        top.addWidget(self.epoch)
        top.addStretch(1)
        top.addWidget(self.which)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.words)
        column.addWidget(self.gallery, 1)

    def show_state(self, before: VisionState | None, now: VisionState) -> None:
        """Show the rival and which images are wanted."""
        self.rival.show_model(now.rival)
        self.which.show_choice(now.compared)
        if before is None or before.rival != now.rival:
            self.epoch.clear()
            self.epoch.hide()
            if now.rival:
                self._asked.ask("rival epochs", "epochs", {"model": now.rival}, self._take, failed=self.say, what="Looking for its epochs")
        self._show_epoch()

    def choose(self, model: str, epoch: int | None = None) -> None:
        """Make *model* the rival, unless it cannot be opened: then that is said and nothing changes."""
        if not model:
            self._store.change("Rival", rival="", rival_epoch=None)
            return
        self._asked.ask(
            "open rival",
            "check_model",
            {"model": model, "epoch": epoch},
            lambda _: self._store.change("Rival", rival=model, rival_epoch=epoch),
            failed=self.say,
            what="Opening the model",
        )

    def say(self, words: str) -> None:
        """The outcome, or why there is none."""
        self.words.show_html(words)

    def _other(self) -> None:
        path = ask_for_run(self._asked.services)
        if path is None:
            return
        try:
            self.choose(*models.named_by(path))
        except UserError as error:
            self.say(str(error))

    def _take(self, epochs: Epochs) -> None:
        self.epoch.clear()
        self.epoch.addItem("the one it stands for", None)
        for epoch in epochs.kept:
            self.epoch.addItem("untrained" if epoch == 0 else f"epoch {epoch}", epoch)
        self.epoch.setVisible(len(epochs.kept) > 1)
        self._show_epoch()

    def _show_epoch(self) -> None:
        wanted = self._store.state.rival_epoch
        at = next((at for at in range(self.epoch.count()) if self.epoch.itemData(at) == wanted), 0)
        self.epoch.setCurrentIndex(at)
