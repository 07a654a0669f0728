"""Which model reads the text: one that came with the program, or any run, after any of its saved epochs."""

from __future__ import annotations

from hw2gui.errors import UserError
from hw2gui.seq2seq import models, provenance
from hw2gui.seq2seq.examples import taken_up
from hw2gui.seq2seq.models import Card
from hw2gui.seq2seq.state import Seq2SeqState
from hw2gui.session.store import Store
from hw2gui.training.gui.epoch_bar import EpochBar
from hw2gui.training.gui.model_choice import ModelChoice, Offer
from hw2gui.widgets.services import Services

NO_MODEL = (
    "No trained model came with this copy of the program. Choose a run of yours with “Another run…”, or train one: "
    "hw2gui train seq2seq --recipe fast --data starter-ar-en"
)


class ModelBar(EpochBar):
    """The slider over the model's epochs, where there are several, and the model. What cannot be opened is said in `problem`."""

    def __init__(self, store: Store[Seq2SeqState], services: Services) -> None:
        choice = ModelChoice(
            "Model",
            "The model that reads the text: shipped ones first, then your runs",
            _shipped,
            models.TASK,
            width=32,
            other="Open a run's folder anywhere",
        )
        super().__init__(choice, "model")
        self._store = store
        self._services = services
        self._kept: tuple[str, tuple[int, ...], int] | None = None  # the model, the epochs it kept, the one it stands for
        self.choice.picked.connect(self.choose)
        self.choice.other.connect(self._other)
        self.player.speed.setCurrentIndex(0)
        self.player.moved.connect(self._go)

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
        was = self._store.state.model

        def done(_card: Card) -> None:
            self.say("")
            if self._store.state.model != was:
                return  # undone, or a session was opened, while this one was looked at
            self._store.replace("Model", taken_up(self._store.state, model, epoch))

        arguments = {"model": model, "epoch": epoch}
        self._services.ask("seq2seq open", "hw2gui.seq2seq.models:card", arguments, done, failed=self.say, what="Opening the model")

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
        if self._kept is None or self._kept[0] != now.model:
            self.player.hide()
            return
        _, kept, chosen = self._kept
        epoch = chosen if now.epoch is None else now.epoch
        self.show_epochs(kept, now.epoch, "untrained" if epoch == 0 else f"epoch {epoch} of {kept[-1]}")

    def _go(self, position: int | None) -> None:
        if self._kept is not None:
            epoch = None if position is None else self._kept[1][position]
            self._store.change("Epoch", gesture="epoch", epoch=epoch, chosen=0)


def _shipped() -> list[Offer]:
    """The shipped models by title and build; by their names where they cannot be read."""
    return [Offer(name, _title(name), f"Came with the program as '{name}'") for name in models.names()]


def _title(name: str) -> str:
    """A shipped model's title and build; its name where it cannot be read."""
    try:
        found = provenance.read(name)
        return f"{found.title} · {found.config.model.title}"
    except UserError:
        return name
