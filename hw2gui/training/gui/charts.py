"""The two plots of a training room: the loss (or a range test), and beside it whatever else is measured."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from hw2gui.errors import InputError
from hw2gui.training.config import TrainingConfig
from hw2gui.training.fields import number_words
from hw2gui.training.gui import lines
from hw2gui.training.gui.lines import Shown
from hw2gui.training.gui.subject import Subject
from hw2gui.training.range_test import RangeTest, judged
from hw2gui.training.room import Room
from hw2gui.widgets import theme
from hw2gui.widgets.fields import teach_manners, text_label
from hw2gui.widgets.live_plot import LivePlot
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.plot_lines import Line

NO_RUN = "No run to draw yet: press Train, or choose a run in the table below."
NOT_YET = "The first point comes with the first batch."
NO_EPOCH_YET = "The first point comes at the end of the first epoch."
EXPLAINED = {
    "gradient": "‖∇‖ = √Σg² is the length of all weights' gradient together, before clipping: when it explodes, lower the rate or clip it.",
    "dead": "A dead ReLU unit is 0 on every probed example: no gradient reaches its weights. A share that climbs means too high a rate.",
}


class Charts(QWidget):
    """Follows the room's choices; *views* are further views for the right half, by their keys."""

    chosen = Signal(object)
    """The user changed how things are shown: a function from the room before to the room after."""
    rate_taken = Signal(float)
    """The user takes this learning rate from a range test."""
    export_requested = Signal(object, str, str)
    """(the plot or the further view, its title, the suffix)."""

    def __init__(self, subject: Subject, views: Sequence[tuple[str, str, QWidget]] = ()) -> None:
        super().__init__()
        self._subject = subject
        self._score = score = subject.score
        self._rates = subject.rates
        self._shown: tuple[Shown, ...] = ()
        self._room = Room()
        self.loss = LivePlot("Loss", "step", "loss", NO_RUN)
        self.loss_words = text_label(muted=True)
        self.take = QPushButton("Take this rate")
        self.take.setToolTip("Make the suggested learning rate that of the next run")
        self.take.clicked.connect(self._take_rate)
        self._range: RangeTest | None = None
        self.other = LivePlot(score.title, "epoch", score.title.lower(), NO_RUN)
        self.other_words = text_label(muted=True)
        self.across = self._combo("What runs across", tuple(lines.AXES.items()), lambda key: self._choose(across=key))
        self.log_down = self._toggle("log ↕", "Logarithmic loss axis", lambda on: self._choose(log_down=on))
        self.log_across = self._toggle("log ↔", "Logarithmic step axis", lambda on: self._choose(log_across=on))
        dead = (("dead", "Dead ReLU units"),) if subject.relus else ()
        charts = (("score", score.title), ("gradient", "Gradient norm"), *dead, ("rate", "Learning rate"))
        self._titles = {**dict(charts), **{key: title for key, title, _ in views}}
        self.chart = self._combo("What the right half shows", tuple(self._titles.items()), lambda key: self._choose(chart=key))
        self._views = {key: widget for key, _, widget in views}
        self._build()

    def _build(self) -> None:
        left = QWidget()
        column = _column(left)
        column.addWidget(self.loss, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.loss_words, 1)
        foot.addWidget(self.take)
        column.addLayout(foot)
        self.left = Panel("Loss", left, exports=True)
        for control in (self.across, self.log_across, self.log_down):
            self.left.header.insertWidget(2, control)
        self.left.export_requested.connect(lambda suffix: self.export_requested.emit(self.loss, self.left.title.text(), suffix))
        plot = QWidget()
        column = _column(plot)
        column.addWidget(self.other, 1)
        column.addWidget(self.other_words)
        self._stack = QStackedWidget()
        self._stack.addWidget(plot)
        self._plot_page = plot
        for widget in self._views.values():
            self._stack.addWidget(widget)
        self.right = Panel("", self._stack, exports=True, key="Charts")
        self.right.header.insertWidget(0, self.chart)
        self.right.export_requested.connect(
            lambda suffix: self.export_requested.emit(self._views.get(self._room.chart, self.other), self._titles[self._room.chart], suffix)
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.left, 1)
        layout.addWidget(self.right, 1)
        self.take.hide()

    def _combo(self, name: str, options: Sequence[tuple[str, str]], act: Callable[[Any], None]) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setToolTip(name)
        for key, title in options:
            combo.addItem(title, key)
        combo.activated.connect(lambda index: act(combo.itemData(index)))
        teach_manners(combo)
        return combo

    def _toggle(self, text: str, tip: str, act: Callable[[bool], None]) -> QPushButton:
        button = QPushButton(text)
        button.setCheckable(True)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(act)
        return button

    def _choose(self, **changes: Any) -> None:
        self.chosen.emit(changes)

    def _take_rate(self) -> None:
        if self._range is not None:
            self.rate_taken.emit(float(f"{self._range.steepest:.2g}"))

    # -- showing ------------------------------------------------------------------------------------------------------------------

    def show_room(self, room: Room) -> None:
        """Another way to show the same."""
        self._room = room
        with QSignalBlocker(self.across), QSignalBlocker(self.chart):
            self.across.setCurrentIndex(self.across.findData(room.across))
            self.chart.setCurrentIndex(self.chart.findData(room.chart))
        self.log_down.setChecked(room.log_down)
        self.log_across.setChecked(room.log_across)
        self._stack.setCurrentWidget(self._views.get(room.chart, self._plot_page))
        self._draw()

    def show_runs(self, shown: Sequence[Shown]) -> None:
        """The curves of these runs."""
        self._shown = tuple(shown)
        self._draw()

    def _draw(self) -> None:
        self.loss.set_empty(NOT_YET if self._shown else NO_RUN)
        self.other.set_empty((NO_EPOCH_YET if self._room.chart == "score" else NOT_YET) if self._shown else NO_RUN)
        self._draw_loss()
        self.left.offer_export(self.loss.is_drawn)
        if self._room.chart not in self._views:
            self._draw_other()
        self.right.offer_export(self._room.chart in self._views or self.other.is_drawn)

    def _draw_loss(self) -> None:
        shown, room = self._shown, self._room
        ranged = len(shown) == 1 and shown[0].row.training.schedule == "range"
        test = self._draw_range(shown[0]) if ranged else None
        for widget in (self.across, self.log_across):
            widget.setVisible(not ranged)
        if not ranged:
            self.left.title.setText("Loss" if len(shown) < 2 else "Training loss")
            self.loss.set_labels(lines.AXES[room.across], "loss")
            self.loss.set_whole(across=room.across == "step")
            self.loss.set_log(across=room.log_across, down=room.log_down)
            found = lines.loss_lines(shown, room.across)
            self.loss.show_lines(found, lines.guessing(shown, found), lines.marks(shown, room.across))
            self.loss_words.setText(self._loss_words(shown[0].row.training) if shown else "")
        self.loss_words.setVisible(bool(self.loss_words.text()))
        self._range = test if test is not None and test.whole else None
        self.take.setVisible(self._range is not None)

    def _loss_words(self, training: TrainingConfig) -> str:
        return self._subject.loss(training) + smoothing_words(training, self._subject.classes)

    def _draw_range(self, one: Shown) -> RangeTest | None:
        """The range test that *one* is, drawn; None: there is nothing to draw yet, which is said."""
        self.left.title.setText("Learning-rate range test")
        self.loss.set_labels("learning rate", "smoothed training loss")
        self.loss.set_whole()
        self.loss.set_log(across=True, down=self._room.log_down)
        try:
            test = judged(one.row.training, one.metrics)
        except InputError as error:
            self.loss.show_lines(())
            self.loss_words.setText(str(error))
            return None
        xs, ys = np.array(test.rates), np.array(test.losses)
        marked = [(rate, number_words(rate)) for rate in self._rates if xs[0] <= rate <= xs[-1]]
        marked.append((test.steepest, f"steepest {'' if test.whole else 'so far '}{test.steepest:.1e}"))
        self.loss.show_lines((Line("smoothed training loss", xs, ys, 0),), marks=tuple(marked))
        self.loss_words.setText(test.sentence + (" The other marks are the homework's rates." if self._rates else ""))
        return test

    def _draw_other(self) -> None:
        shown, room, across = self._shown, self._room, self._room.across
        words = EXPLAINED.get(room.chart, "")
        if room.chart == "score":
            words = self._score.formula
            self.other.set_labels("epoch", self._score.title.lower())
            self.other.set_whole(across=True)
            self.other.set_log()
            found = lines.score_lines(shown, self._score)
            self.other.show_lines(found, lines.levels(shown) if found else ())
        else:
            if room.chart == "rate" and shown:
                words = rate_words(shown[0].row.training)
            make = {"gradient": lines.norm_lines, "dead": lines.dead_lines, "rate": lines.rate_lines}[room.chart]
            down = {"gradient": "‖∇‖", "dead": "share dead", "rate": "learning rate"}[room.chart]
            self.other.set_labels(lines.AXES[across], down)
            self.other.set_whole(across=across == "step")
            self.other.set_log(across=room.log_across, down=room.log_down and room.chart != "dead")
            self.other.show_lines(make(shown, across), marks=lines.marks(shown, across))
        self.other_words.setText(words)
        self.other_words.setVisible(bool(words))


def rate_words(training: TrainingConfig) -> str:
    """The schedule's formula with a run's numbers: t counts steps, T all of them, e epochs."""
    first, rate, rise = number_words(training.first_rate), number_words(training.learning_rate), 100 * training.rise
    return {
        "constant": f"η = {rate}, whatever the step.",
        "cosine": f"η(t) = {rate}/2 · (1 + cos πt/T): down to nothing along half a cosine.",
        "step": f"η = {rate} · {training.decay:g}^⌊e/{training.decay_every}⌋: smaller every {training.decay_every} epochs.",
        "one-cycle": f"η rises along half a cosine from {rate}/25 to {rate} over {rise:.0f} % of the steps, then falls towards 0.",
        "range": f"η(t) = {first} · ({rate}/{first})^(t/T): equal factors, to see where training breaks.",
    }[training.schedule] + " What was changed by hand is marked."


def smoothing_words(training: TrainingConfig, classes: int | None) -> str:
    """Why the training loss stays above that of validation where labels are smoothed, with its least value if the *classes* are known.

    With the share ε spread over K classes the target is q = 1 − ε + ε/K for the right one and ε/K for each other, and no prediction costs
    less than its entropy −Σ q log q (Szegedy et al. 2016).
    """
    share = training.label_smoothing
    if not share:
        return ""
    words = f" The training labels are smoothed by {share:g}, those of validation are not:"
    if classes is None:
        return f"{words} the training loss ends higher for it."
    wrong = share / classes
    right = 1 - share + wrong
    least = -right * math.log(right) - (classes - 1) * wrong * math.log(wrong)
    return f"{words} the training loss cannot fall below {least:.3f}."


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    return column
