"""Two models on the same images: what one fixed and the other broke."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from hw2gui.session.store import Store
from hw2gui.vision.gui.asked import Asked
from hw2gui.vision.gui.gallery_view import GalleryView, show_images
from hw2gui.vision.gui.model_bar import choose_other, model_choice
from hw2gui.vision.models import Epochs
from hw2gui.vision.readings import Compared
from hw2gui.vision.state import VisionState
from hw2gui.widgets.fields import Choices, teach_manners
from hw2gui.widgets.rich_text import RichText

WORDS_HEIGHT = 68
IDLE = "Choose a second model: the images it fixes and breaks are shown here, and the change of every cell on the left."


class CompareView(QWidget):
    """The rival and its epoch, the outcome in a sentence, and the images."""

    changed = Signal()
    """There is another outcome, or none any more."""

    def __init__(self, store: Store[VisionState], asked: Asked) -> None:
        super().__init__()
        self._store = store
        self._asked = asked
        self.found: Compared | None = None
        self.rival = model_choice("Rival", "The model to compare with, on the same images", none="compare with …")
        self.rival.picked.connect(self.choose)
        self.rival.other.connect(lambda: choose_other(asked.services, self.choose, self.say))
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
        if before is None or before.exam != now.exam:
            return  # the page asks when the model has been tested
        if (before.rival, before.rival_epoch, before.gallery) != (now.rival, now.rival_epoch, now.gallery):
            self.ask()
        elif before.compared != now.compared:
            self._ask_images()

    def forget(self) -> None:
        """The model is another: what was found is worth nothing."""
        self.found = None
        self._asked.forget("comparison")

    def ask(self) -> None:
        """Test the rival on the same images, where there is one and it is wanted."""
        now = self._store.state
        if now.gallery != "compare":
            return
        self.forget()
        if not now.rival:
            self._none(IDLE)
            return
        arguments = {"exam": now.exam, "rival": now.rival, "rival_epoch": now.rival_epoch}
        self._asked.ask(
            "comparison", "hw2gui.vision.trials:compared", arguments, self._take_outcome, failed=self._none, what="Testing the rival"
        )

    def choose(self, model: str, epoch: int | None = None) -> None:
        """Make *model* the rival, unless it cannot be opened: then that is said and nothing changes."""
        if not model:
            self._asked.forget("open rival")
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

    def _take_outcome(self, found: Compared) -> None:
        self.found = found
        self.say(f"First: {found.first.words}. Second: {found.rival_words}.<br><b>{found.comparison.sentence}</b>")
        self.changed.emit()
        self._ask_images()

    def _none(self, why: str) -> None:
        self.say(why)
        self.gallery.show_nothing("")
        self.changed.emit()

    def _ask_images(self) -> None:
        found, wanted = self.found, self._store.state.compared
        if found is None:
            return
        indices = found.comparison.which(wanted)
        kind = "both get wrong" if wanted == "both" else f"the second {wanted}"
        if not len(indices):
            self._asked.forget("compared images")
            self.gallery.show_nothing(f"There is no image {kind}.")
            return
        title = f"{len(indices):,} images {kind}, read as first → second"
        show_images(self._asked, "compared images", self.gallery, found.first, indices, title, found)

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
