"""What the program is busy with, in the status line, with Cancel."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QWidget

from hw2gui.widgets.elided import ElidedLabel


class BusyLine(QWidget):
    """Hidden while there is nothing to tell."""

    cancelled = Signal()
    """The user wants it to stop."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Of a long list what there is room for: the window would grow with it, and stay so.
        self.label = ElidedLabel()
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setFixedWidth(90)
        bar.setMaximumHeight(10)
        bar.setTextVisible(False)
        bar.setAccessibleName("Busy")
        self.cancel = QPushButton("Cancel")
        self.cancel.setToolTip("Stop what the program is busy with")
        self.cancel.clicked.connect(self.cancelled)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.label, bar, self.cancel):
            layout.addWidget(widget)
        # Beside a dock the status bar would make it as wide as there is room.
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.cancel.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_busy(self, what: str) -> None:
        """Show *what* the program is busy with; nothing when it is empty."""
        self.label.setText(f"{what}…" if what else "")
        self.setVisible(bool(what))
