"""What can be told to trainings under way: wait, do one batch, go on, stop, end; another rate or dropout from the next batch on."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from hw2gui.training.desk import Live
from hw2gui.training.gui.run_columns import duration
from hw2gui.training.gui.run_entry import Entry
from hw2gui.training.pace import time_left
from hw2gui.training.race import Turn
from hw2gui.training.score import Score
from hw2gui.widgets.buttons import push_button
from hw2gui.widgets.elided import ElidedLabel
from hw2gui.widgets.number_field import NumberField


class ControlBar(QWidget):
    """Buttons for the trainings it is shown; what they are pressed for is the room's affair."""

    pressed = Signal(str)
    """One of pause, release, step, stop, cancel."""
    rate_set = Signal(float)
    dropout_set = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.pause = push_button("Pause", "Wait after this batch; the run is saved", lambda: self.pressed.emit(self._pause_means))
        self.step = push_button("One batch", "Do one batch, then wait", lambda: self.pressed.emit("step"))
        self.stop = push_button("Stop", "Finish cleanly: the model is kept and the run can be resumed", lambda: self.pressed.emit("stop"))
        self.cancel = push_button(
            "Cancel", "End at once; the run goes to the trash, from which it can be brought back", lambda: self.pressed.emit("cancel")
        )
        self._pause_means = "pause"
        self.setAccessibleName("The training under way")
        self.rate = NumberField("Learning rate from now on", "The (highest) learning rate from the next batch on", 1e-10, 100)
        self.rate.edited.connect(self.rate_set)
        self.dropout = NumberField("Dropout from now on", "The share every dropout drops, from the next batch on", 0, 0.99)
        self.dropout.edited.connect(self.dropout_set)
        for field in (self.rate, self.dropout):
            field.setFixedWidth(84)
        self.share = QProgressBar()
        self.share.setTextVisible(False)
        self.share.setFixedWidth(90)
        self.share.setMaximumHeight(10)
        self.share.setAccessibleName("How far the training is")
        self.words = ElidedLabel()
        self.words.setMinimumWidth(120)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        for widget in (self.pause, self.step, self.stop, self.cancel):
            layout.addWidget(widget)
        for title, field in (("rate", self.rate), ("dropout", self.dropout)):
            label = QLabel(title)
            label.setObjectName("muted")
            layout.addWidget(label)
            layout.addWidget(field)
        layout.addWidget(self.share)
        layout.addWidget(self.words, 1)

    def show_lives(self, lives: Sequence[tuple[Live, Turn | None]], sentence: str, *, resumable: bool = False) -> None:
        """The trainings that the buttons are for, with their turns; *sentence* is what to say where there are none.

        Where a run that is selected can be resumed, the rate and the dropout it shall go on with can be set beforehand.
        """
        held = bool(lives) and all(turn == "held" for _, turn in lives)
        self._pause_means = "release" if held else "pause"
        self.pause.setText("Go on" if held else "Pause")
        self.pause.setToolTip("Go on training" if held else "Wait after this batch; the run is saved")
        for button in (self.pause, self.stop, self.cancel):
            button.setEnabled(bool(lives))
        for field in (self.rate, self.dropout):
            field.setEnabled(bool(lives) or resumable)
        self.step.setEnabled(held)
        self.share.setVisible(bool(lives))
        self._show_share([live for live, _ in lives])
        self.words.setText(_words(lives) if lives else sentence)

    def show_values(self, rate: float, dropout: float) -> None:
        """What holds now, unless the user is typing another."""
        for field, value in ((self.rate, rate), (self.dropout, dropout)):
            if not field.hasFocus():
                with QSignalBlocker(field):
                    field.setValue(value)

    def _show_share(self, lives: Sequence[Live]) -> None:
        known = [live.started for live in lives if live.started]
        done = sum(live.step for live in lives)
        total = sum(started.steps_per_epoch * started.epochs for started in known)
        if known and len(known) < len(lives):
            total = total * len(lives) // len(known)  # those that have not begun are as long as the others
        self.share.setRange(0, max(1, total))
        self.share.setValue(min(done, max(1, total)))


def idle_words(selected: Sequence[Entry], score: Score, *, tested: bool = False) -> str:
    """What to say of the selected runs while nothing trains: of a single one how it ended, and how well it does, on the test data if
    these were asked for (*tested*).
    """
    if len(selected) != 1:
        return f"{len(selected)} runs compared." if selected else ""
    (entry,) = selected
    if entry.sentence:
        return entry.sentence
    scores = [
        f"{split} {score.title.lower()} {value:.4f}"
        for split in (("validation", "test") if tested else ("validation",))
        if not math.isnan(value := entry.metric(f"{split}_{score.metric}"))
    ]
    return f"{entry.status.capitalize()} after epoch {entry.epoch}" + (f": {', '.join(scores)}." if scores else ".")


def _seconds_left(lives: Sequence[Live]) -> float:
    """What all of *lives* still have to compute: those that have not begun take as long as the others do on the mean. 0: not known."""
    told = [(live, live.left.seconds) for live in lives if live.left and not math.isnan(live.left.seconds)]
    whole = []
    for live, seconds in told:
        steps = live.started.steps_per_epoch * live.started.epochs if live.started else 0
        whole.append(seconds * steps / (steps - live.step) if steps > live.step else live.seconds + seconds)
    queued = sum(live.started is None for live in lives)
    return sum(seconds for _, seconds in told) + (queued * math.fsum(whole) / len(whole) if whole else 0.0)


def _words(lives: Sequence[tuple[Live, Turn | None]]) -> str:
    if len(lives) > 1:
        turns = [turn for _, turn in lives]
        counted = ((turns.count("running"), "training"), (turns.count("waiting"), "waiting their turn"), (turns.count("held"), "paused"))
        said = ", ".join(f"{count} {what}" for count, what in counted if count)
        left = _seconds_left([live for live, _ in lives])
        return f"{len(lives)} runs: {said}" + (f"; about {duration(left)} of computing left" if left > 0 else "")
    live, turn = lives[0]
    if live.started is None:
        return "Starting a process and reading the data…"
    if live.waits_for_room:
        return "Trained, and waits for room on the disk to be saved."
    about = f"epoch {min(live.epoch + 1, live.started.epochs)} of {live.started.epochs}, step {live.step:,}"
    if turn == "held":
        return f"Paused: {about}."
    if turn == "waiting":
        return f"Waiting its turn: {about}."
    if live.left is None or not live.left.steps_per_second > 0:
        return f"{about.capitalize()}, {live.started.parameters:,} parameters on {live.started.device}."
    return f"{about.capitalize()}; {live.left.steps_per_second:.0f} steps/s{time_left(live.left.seconds)}."
