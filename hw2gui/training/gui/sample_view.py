"""What a task shows of itself after each epoch, on a slider over the epochs: a subject says how one of them looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hw2gui.training.events import Sample
from hw2gui.widgets.fields import text_label
from hw2gui.widgets.player import Player


class SampleView(QWidget):
    """Samples called *name*; `show_payload` is the subclass's, and *body* what it fills."""

    epoch_chosen = Signal(object)
    """The epoch the user goes to, or None: the latest, whichever that is."""

    def __init__(self, name: str, title: str, body: QWidget, empty: str) -> None:
        super().__init__()
        self.name = name
        self._samples: tuple[Sample, ...] = ()
        self._shown: Sample | None = None
        self._empty = empty
        self.body = body
        self.words = text_label(empty, muted=True)
        self.player = Player(title, "epoch")
        self.player.moved.connect(self._moved)
        self.player.speed.setCurrentIndex(1)
        for widget in (self.player.first, self.player.speed):
            widget.hide()  # half a window has no room for them; Home goes to the first
        self.player.label.setMinimumWidth(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(body, 1)
        layout.addWidget(self.words)
        layout.addWidget(self.player)

    def show_samples(self, samples: Sequence[Sample], epoch: int | None) -> None:
        """Show the sample of *epoch* (None: of the latest)."""
        self._samples = tuple(sample for sample in samples if sample.name == self.name)
        epochs = [sample.epoch for sample in self._samples]
        at = epochs.index(epoch) if epoch in epochs else None
        self.player.setEnabled(bool(epochs))
        position = f"epoch {epochs[-1 if at is None else at]} of {epochs[-1]}" if epochs else ""
        # The latest is the last of them, so that a step back goes to the one before it.
        self.player.show_position(
            max(0, len(epochs) - 1) if at is None else at, max(1, len(epochs)), position + (" (latest)" if epochs and at is None else "")
        )
        sample = self._samples[-1 if at is None else at] if epochs else None
        self.body.setVisible(sample is not None)
        if sample is None:
            self.words.setText(self._empty)
        elif sample != self._shown:
            self.words.setText(self.show_payload(sample.payload, sample.epoch))
        self._shown = sample

    def picture(self) -> tuple[str, dict[str, Any]] | None:
        """The function that draws what is shown into a file, and its arguments but for ``path``; None: there is no picture of it."""
        return None

    @property
    def sample(self) -> Sample | None:
        """What is shown."""
        return self._shown

    def show_payload(self, payload: Any, epoch: int) -> str:
        """Show one sample; answers a sentence about it."""
        raise NotImplementedError

    def _moved(self, position: int | None) -> None:
        latest = position is None or position >= len(self._samples) - 1
        self.epoch_chosen.emit(None if latest or position is None else self._samples[position].epoch)
