"""Which network reads and is looked into: one that came with the program, or any run; and how far its training had come then."""

from __future__ import annotations

from collections.abc import Callable

from hw2gui.errors import UserError
from hw2gui.session.store import Store
from hw2gui.training.gui.epoch_bar import EpochBar
from hw2gui.training.gui.model_choice import ModelChoice, Offer
from hw2gui.vision import models
from hw2gui.vision.gui.asked import Asked
from hw2gui.vision.models import Epochs
from hw2gui.vision.state import VisionState
from hw2gui.widgets.services import Services

EPOCHS_PER_SECOND = 1
"""The player's speed at first, as a place in its list: an epoch is to be looked at."""

WORDS_WIDTH = 150
"""Room for the longest words about an epoch, so that the slider keeps its length while it plays."""


class ModelBar(EpochBar):
    """The slider over the model's epochs, where there are several, and the model. What cannot be opened is said in `problem`."""

    def __init__(self, store: Store[VisionState], asked: Asked) -> None:
        super().__init__(model_choice("Model", "The network that reads the drawing and is looked into"), "network")
        self._store = store
        self._asked = asked
        self._epochs: Epochs | None = None
        self.choice.picked.connect(self.choose)
        self.choice.other.connect(lambda: choose_other(asked.services, self.choose, self.say))
        self.player.ready = lambda: not asked.waiting
        self.player.speed.setCurrentIndex(EPOCHS_PER_SECOND)
        self.player.whole.setToolTip("The epoch the run stands for")
        self.player.whole.setAccessibleName("The epoch the run stands for")
        self.player.label.setMinimumWidth(WORDS_WIDTH)
        self.player.moved.connect(self._go)

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
        was = self._store.state.model

        def done(_words: str) -> None:
            self.say("")
            if self._store.state.model != was:
                return  # undone, or a session was opened, while this one was looked at
            self._store.change("Model", model=model, epoch=epoch, pinned=None)

        arguments = {"model": model, "epoch": epoch}
        self._asked.ask("open model", "check_model", arguments, done, failed=self.say, what="Opening the model")

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
        if epochs is None or epochs.model != now.model:
            self.player.hide()
            return
        epoch = epochs.chosen if now.epoch is None else now.epoch
        self.show_epochs(epochs.kept, now.epoch, _words(epochs, epoch))
        self.player.label.setToolTip(_long_words(epochs, epoch))

    def _go(self, position: int | None) -> None:
        if self._epochs is not None:
            epoch = None if position is None else self._epochs.kept[position]
            self._store.change("Epoch", gesture="epoch", epoch=epoch)


def model_choice(name: str, tip: str, *, none: str = "") -> ModelChoice:
    """The list of networks; *none*: what stands first where none need be chosen."""
    other = "Open a run's folder anywhere, or the weights of one epoch"
    return ModelChoice(name, tip, _shipped, models.TASK, width=18, other=other, none=none)


def choose_other(services: Services, choose: Callable[[str, int | None], None], say: Callable[[str], None]) -> None:
    """Let the user name a file of a run, for *choose*; what it cannot be is for *say*."""
    kinds = "A run's config.json or an epoch's weights (config.json *.safetensors)"
    path = services.choose_file("Open a run", "", kinds, save=False)
    if path is None:
        return
    try:
        choose(*models.named_by(path))
    except UserError as error:
        say(str(error))


def _shipped() -> list[Offer]:
    return [Offer(name, "shipped model" if name == models.DEFAULT else f"shipped: {name}") for name in models.names()]


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
