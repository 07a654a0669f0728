"""Play, pause, step and scrub through a number of positions: the same controls wherever something unfolds."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QWidget

from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.elided import ElidedLabel
from hw2gui.widgets.fields import teach_manners

SPEEDS = (("1 / s", 1.0), ("4 / s", 4.0), ("15 / s", 15.0), ("60 / s", 60.0), ("300 / s", 300.0), ("2000 / s", 2000.0))
FRAME_MS = 16
LONGEST_FRAME_MS = 250
"""After a pause of the whole program it goes on where it was, not where it would have been."""


LEAST_SLIDER, WORDS_WIDTH = 60, 150
"""What the slider keeps in a narrow panel, and what the words would like: that it does not move as their number grows."""


class _Words(ElidedLabel):
    """Where it stands; gives way to the slider."""

    def sizeHint(self) -> QSize:
        """As wide for a short number as for a long one."""
        return super().sizeHint().expandedTo(QSize(WORDS_WIDTH, 0))


class Player(QWidget):
    """Positions 0..count−1, or None for "all of it"."""

    moved = Signal(object)
    """The position the user or the timer went to, or None for the whole."""

    def __init__(self, name: str, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._what = what
        self._count = 1
        self._position: int | None = None
        self._due = 0.0
        self._goes_on = False  # once its window is back
        self.ready: Callable[[], bool] = lambda: True
        """Whether what is shown is there: until it is, playing waits."""
        self.setAccessibleName(name)
        self.first = IconButton("first", "Back to the start", lambda: self._go(0))
        self.back = IconButton("back", "One step back", lambda: self._step(-1))
        self.play = IconButton("play", "Play", self.toggle)
        self.forward = IconButton("forward", "One step forward", lambda: self._step(1))
        self.whole = IconButton("last", "Show the whole", lambda: self._go(None))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(f"{name}: position")
        self.slider.setToolTip(f"Drag through the {what}s")
        self.slider.valueChanged.connect(self._scrubbed)
        self.speed = QComboBox()
        self.speed.setAccessibleName(f"{name}: speed")
        self.speed.setToolTip(f"How many {what}s a second")
        for text, rate in SPEEDS:
            self.speed.addItem(text, rate)
        self.speed.setCurrentIndex(2)
        teach_manners(self.speed)
        self.slider.setMinimumWidth(LEAST_SLIDER)
        self.label = _Words()
        self.label.setObjectName("muted")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self.first, self.back, self.play, self.forward, self.whole):
            layout.addWidget(widget)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.speed)
        layout.addWidget(self.label)
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._tick)
        self._clock = QElapsedTimer()

    @property
    def playing(self) -> bool:
        """Whether it plays now."""
        return self._timer.isActive()

    def show_position(self, position: int | None, count: int, words: str = "") -> None:
        """Show *position* of *count* without telling anybody, and *words* for where that is (default: its number)."""
        if count != self._count and self.playing:
            self.pause()
        self._count, self._position = count, position
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, count - 1)
            self.slider.setPageStep(max(1, count // 10))
            self.slider.setValue(count - 1 if position is None else position)
        number = f"all {count:,} {self._what}s" if position is None else f"{self._what} {position + 1:,} of {count:,}"
        self.label.setText(words or number)

    def toggle(self) -> None:
        """Play, or pause."""
        if self.playing:
            self.pause()
            return
        if self._position is None or self._position >= self._count - 1:
            self._go(0)
        self._start()

    def _start(self) -> None:
        self._due, self._goes_on = 0.0, False
        self.play.show_icon("pause", "Pause")
        self._clock.start()
        self._timer.start()

    def pause(self) -> None:
        """Stop where it is."""
        self._goes_on = False
        self._timer.stop()
        self.play.show_icon("play", "Play")

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight it stands still; what its whole window takes away (a zoom does) goes on when that is back."""
        goes_on = self.playing and self.window().isHidden()
        self.pause()
        self._goes_on = goes_on
        super().hideEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Go on with what the window interrupted."""
        super().showEvent(event)
        if self._goes_on:
            self._start()

    def _tick(self) -> None:
        if not self.ready():
            self._clock.restart()
            return
        # By the clock, for frames may take longer than they should.
        self._due += float(self.speed.currentData()) * min(self._clock.restart(), LONGEST_FRAME_MS) / 1000
        steps = int(self._due)
        if steps:
            self._due -= steps
            target = (self._position or 0) + steps
            if target >= self._count - 1:
                self.pause()
                target = self._count - 1
            self._emit(target)

    def _scrubbed(self, value: int) -> None:
        self.pause()
        self._emit(value)

    def _step(self, step: int) -> None:
        self.pause()
        at = self._position if self._position is not None else (self._count if step < 0 else -1)
        self._emit(min(max(at + step, 0), self._count - 1))

    def _go(self, position: int | None) -> None:
        self.pause()
        self._emit(position)

    def _emit(self, position: int | None) -> None:
        self.moved.emit(position)
