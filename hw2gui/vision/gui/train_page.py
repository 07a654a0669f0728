"""Train while one watches: a recipe and its settings, live curves, pause, stop and resume, and the runs that are there."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from hw2gui.errors import UserError
from hw2gui.session.store import Store
from hw2gui.training import runs
from hw2gui.training.controls import Pause, Resume, SetLearningRate, StepOnce, Stop
from hw2gui.training.events import BatchesDone, EpochDone, Finished, Paused, Resumed, Started, TimeLeft, Warned
from hw2gui.training.run_folder import RunFolder
from hw2gui.vision import recipes, train
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.finished import config_of
from hw2gui.vision.gui.curves import accuracy_lines, loss_lines, report_levels
from hw2gui.vision.state import SHIPPED, VisionState
from hw2gui.widgets import theme
from hw2gui.widgets.fields import Choices, WholeField, row, text_label
from hw2gui.widgets.live_plot import LivePlot
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.services import Services

KEY = "training"
DATA = (
    ("strokes:10000", "Built-in characters (10,000)"),
    ("kmnist", "Kuzushiji-MNIST"),
    ("kmnist+strokes:15000", "Both together"),
)
RECIPES = ("homework", "fast", "best")
READ_EVERY_S = 0.25
"""While a run trains its log is read again at most so often."""


class TrainPage(QWidget):
    """Settings at the left, curves in the middle, runs at the right."""

    def __init__(self, store: Store[VisionState], services: Services, use: Callable[[str], None]) -> None:
        super().__init__()
        self._store = store
        self._services = services
        self._use = use
        self._run: RunFolder | None = None
        self._training = False
        self._paused = False
        self._read_at = 0.0
        self.recipe = Choices("Recipe", tuple((name, name, recipes.find(name).summary) for name in RECIPES))
        self.recipe.chosen.connect(lambda key: store.change("Recipe", recipe=key, **_settings(key)))
        self.data = QComboBox()
        self.data.setAccessibleName("Training data")
        self.data.setToolTip("The images a new run is trained on")
        for key, title in DATA:
            self.data.addItem(title, key)
        self.data.activated.connect(lambda index: store.change("Training data", data=self.data.itemData(index)))
        self.rate = QDoubleSpinBox()
        self.rate.setDecimals(6)
        self.rate.setRange(1e-6, 1.0)
        self.rate.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.rate.setKeyboardTracking(False)
        self.rate.setAccessibleName("Learning rate")
        self.rate.setToolTip(
            "The step size; of a one-cycle schedule its peak.\nChanged while a run trains, it holds from the next batch on."
        )
        self.rate.valueChanged.connect(self._rate_changed)
        self.batch = WholeField("Batch size", "Examples whose mean loss makes one step")
        self.batch.edited.connect(lambda value: store.change("Batch size", gesture="batch", batch_size=value))
        self.epochs = WholeField("Epochs", "Passes over the training data")
        self.epochs.edited.connect(lambda value: store.change("Epochs", gesture="epochs", epochs=value))
        self.seed = WholeField("Seed", "Start of the random numbers: the same seed, the same run")
        self.seed.edited.connect(lambda value: store.change("Seed", gesture="seed", seed=value))
        self.begin = _button("Train", "Start a new run with these settings, in a process of its own", self.start)
        self.pause = _button("Pause", "Wait after this batch; the run is saved", self._pause)
        self.step = _button("One batch", "Do one batch, then wait", lambda: services.tell(KEY, StepOnce()))
        self.stop = _button("Stop", "Finish cleanly: the model is kept and the run can be resumed", lambda: services.tell(KEY, Stop()))
        self.cancel = _button("Cancel", "End at once; the run goes to the trash, from which it can be brought back", self._cancel)
        self.loss = LivePlot("Loss", "step", "loss")
        self.accuracy = LivePlot("Accuracy", "epoch", "accuracy")
        self.log = QCheckBox("Logarithmic loss")
        self.log.setToolTip("Show the loss on a logarithmic axis")
        self.log.toggled.connect(lambda on: self.loss.set_log(down=on))
        self.words = text_label(selectable=True)
        self.words.setMinimumHeight(5 * self.words.fontMetrics().lineSpacing())
        self.runs = QListWidget()
        self.runs.setAccessibleName("Runs")
        self.runs.setToolTip("All runs; choose one to see its curves")
        self.runs.currentItemChanged.connect(self._choose)
        self.use = _button("Draw with it", "Let this run's model read the pad and look inside it", self._use_run)
        self.resume = _button("Resume", "Go on with this run where it was", self._resume)
        self.delete = _button("Delete", "Move this run to the trash; it can be brought back", self._delete)
        self._build()

    def _build(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        for title, widget in (
            ("Recipe", self.recipe),
            ("Data", self.data),
            ("Learning rate", self.rate),
            ("Batch size", self.batch),
            ("Epochs", self.epochs),
            ("Seed", self.seed),
        ):
            form.addRow(title, widget)
        settings = QWidget()
        column = QVBoxLayout(settings)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addWidget(self.begin)
        column.addWidget(row(self.pause, self.step, self.stop, self.cancel))
        column.addWidget(self.log)
        column.addWidget(self.words)
        column.addStretch(1)
        left = Panel("Train", settings)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(Panel("Training and validation loss", self.loss), 1)
        column.addWidget(Panel("Accuracy", self.accuracy), 1)
        right = Panel("Runs", self.runs)
        right.add_below(row(self.use, self.resume, self.delete))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        for part, share in ((left, 27), (middle, 50), (right, 23)):
            layout.addWidget(part, share)

    # -- showing ------------------------------------------------------------------------------------------------------------------

    def show_state(self, now: VisionState) -> None:
        """Show what was chosen."""
        self.recipe.show_choice(now.recipe)
        with QSignalBlocker(self.data), QSignalBlocker(self.rate):
            self.data.setPlaceholderText(now.data)
            self.data.setCurrentIndex(self.data.findData(now.data))
            self.rate.setValue(now.learning_rate)
        self.batch.show_value(now.batch_size, 1, 4096, "one example at least", "larger batches learn no faster here")
        self.epochs.show_value(now.epochs, 1, 200, "one pass at least", "enough for any network here")
        self.seed.show_value(now.seed, 0, 2**31 - 1, "seeds are counted from 0", "the largest whole number of this box")
        self._show_buttons()

    def refresh(self) -> None:
        """List the runs there are on the disk."""
        chosen = self._run.path if self._run is not None else None
        with QSignalBlocker(self.runs):
            self.runs.clear()
            for listed in runs.list_runs():
                accuracy = listed.state.metrics.get("validation_accuracy")
                said = f", validation {accuracy:.4f}" if accuracy is not None else ""
                item = QListWidgetItem(f"{listed.name}\n{listed.problem or listed.state.status}, epoch {listed.state.epoch}{said}")
                item.setData(Qt.ItemDataRole.UserRole, str(listed.path))
                self.runs.addItem(item)
                if listed.path == chosen:
                    self.runs.setCurrentItem(item)
        self._show_buttons()

    def _show_buttons(self) -> None:
        chosen = self._run is not None
        for button, possible in (
            (self.begin, not self._training),
            (self.pause, self._training),
            (self.step, self._training and self._paused),
            (self.stop, self._training),
            (self.cancel, self._training),
            (self.use, chosen and bool(self._run and self._run.epochs_kept)),
            (self.resume, chosen and not self._training and self._run is not None and self._run.state.status in ("stopped", "interrupted")),
            (self.delete, chosen and not self._training),
        ):
            button.setEnabled(possible)
        self.pause.setText("Go on" if self._paused else "Pause")

    def _show_curves(self) -> None:
        """Read the run's log and draw it."""
        run = self._run
        if run is None:
            self.loss.show_lines(())
            self.accuracy.show_lines(())
            return
        try:
            metrics = run.metrics()
            levels = report_levels(config_of(run))
        except UserError as error:
            self.words.setText(str(error))
            return
        marks = tuple((float(change.step), f"{change.name} {change.new:g}") for change in metrics.changes)
        self.loss.show_lines(loss_lines(metrics), marks=marks)
        self.accuracy.show_lines(accuracy_lines(metrics), levels)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        try:
            self._run = RunFolder.open(Path(item.data(Qt.ItemDataRole.UserRole)))
        except UserError as error:
            self._run = None
            self.words.setText(str(error))
        self._show_curves()
        self._show_buttons()

    # -- training -----------------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin a new run with the chosen settings."""
        now = self._store.state
        try:
            run = train.begin(config(now), title=f"cnn-{now.recipe}")
        except UserError as error:
            self._services.message(str(error))
            return
        self._train(run)

    def _resume(self) -> None:
        if self._run is not None:
            self._train(self._run)

    def _train(self, run: RunFolder) -> None:
        self._run, self._training, self._paused = run, True, False
        self.words.setText("Starting…")
        self.refresh()
        self._show_curves()
        self._services.ask(
            KEY,
            train.JOB,
            {"folder": str(run.path)},
            self._finished,
            failed=self._failed,
            progress=self._event,
            cancelled=lambda: self._failed("Cancelled."),
            what="Training",
            alone=True,
        )

    def _event(self, event: Any) -> None:
        if isinstance(event, Started):
            self.words.setText(f"{event.parameters:,} parameters, {event.steps_per_epoch:,} steps an epoch, on {event.device}.")
            self.refresh()
        elif isinstance(event, TimeLeft):
            self.words.setText(f"{event.steps_per_second:.0f} steps a second, about {_duration(event.seconds)} left.")
        elif isinstance(event, Warned):
            self._services.message(event.sentence, "info")
        elif isinstance(event, Paused | Resumed):
            self._paused = isinstance(event, Paused)
            self._show_buttons()
        if isinstance(event, EpochDone) or (isinstance(event, BatchesDone) and time.monotonic() - self._read_at > READ_EVERY_S):
            self._read_at = time.monotonic()
            self._show_curves()
        if isinstance(event, EpochDone):
            self.refresh()

    def _finished(self, result: Finished) -> None:
        self._training = self._paused = False
        scores = ", ".join(f"{name.replace('_', ' ')} {value:.4f}" for name, value in result.metrics.items())
        self.words.setText(f"<b>{result.reason.capitalize()}</b> after epoch {result.epoch}. {result.sentence or scores}")
        self.refresh()
        self._show_curves()

    def _failed(self, why: str) -> None:
        self._training = self._paused = False
        self.words.setText(why)
        self.refresh()

    def _pause(self) -> None:
        self._services.tell(KEY, Resume() if self._paused else Pause())

    def _cancel(self) -> None:
        run = self._run
        self._services.forget(KEY)
        self._failed("Cancelled.")
        if run is not None:
            # The process may hold the folder for a moment yet.
            self._services.later(200, lambda: self._to_trash(run))

    def _rate_changed(self, value: float) -> None:
        self._store.change("Learning rate", gesture="rate", learning_rate=value)
        if self._training:
            self._services.tell(KEY, SetLearningRate(value))

    # -- runs ---------------------------------------------------------------------------------------------------------------------

    def _use_run(self) -> None:
        if self._run is not None:
            self._use(str(self._run.path))

    def _delete(self) -> None:
        if self._run is not None:
            self._to_trash(self._run)

    def _to_trash(self, run: RunFolder) -> None:
        try:
            trashed = runs.to_trash(run.path)
        except UserError as error:
            self._services.message(str(error))
            return
        if self._store.state.model == str(run.path):
            self._use(SHIPPED)
        self._run = None
        self.refresh()
        self._show_curves()
        self._services.message(f"The run {run.name} is in the trash.", "info", ("Bring it back", lambda: self._restore(trashed)))

    def _restore(self, trashed: Path) -> None:
        try:
            self._run = RunFolder.open(runs.restore(trashed))
        except UserError as error:
            self._services.message(str(error))
        self.refresh()
        self._show_curves()


def config(state: VisionState) -> VisionConfig:
    """The configuration of a new run: the recipe with the settings changed by hand. Raises InputError for what cannot be."""
    recipe = recipes.find(state.recipe).config
    training = replace(
        recipe.training, learning_rate=state.learning_rate, batch_size=state.batch_size, epochs=state.epochs, seed=state.seed, threads=0
    )
    return replace(recipe, training=training, data=state.data)


def _settings(name: str) -> dict[str, Any]:
    """What the recipe *name* sets the controls to."""
    training = recipes.find(name).config.training
    return {"learning_rate": training.learning_rate, "batch_size": training.batch_size, "epochs": training.epochs, "seed": training.seed}


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _button(title: str, tip: str, act: Callable[[], None]) -> QPushButton:
    button = QPushButton(title)
    button.setToolTip(tip)
    button.clicked.connect(lambda _=False: act())
    return button
