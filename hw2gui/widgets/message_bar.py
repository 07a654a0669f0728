"""Messages that do not get in the way: one line above the content, with what to do, until it is closed or no longer true."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from hw2gui.widgets.buttons import IconButton

INFO_SECONDS = 10
"""A message that asks for nothing goes by itself after this time; errors stay."""


class MessageBar(QFrame):
    """Shows the latest message; hidden when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self._text = QLabel()
        self._text.setWordWrap(True)
        # What the user typed, or a file is called, may look like HTML.
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._action = QPushButton()
        self._callback: Callable[[], None] | None = None
        self._action.clicked.connect(self._act)
        close = IconButton("close", "Close this message", self.dismiss, flat=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 4, 4, 4)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._action)
        layout.addWidget(close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        self.hide()

    @property
    def text(self) -> str:
        """The message shown, or an empty string."""
        return self._text.text() if not self.isHidden() else ""

    def show_message(
        self, text: str, kind: Literal["info", "error"] = "error", action: tuple[str, Callable[[], None]] | None = None
    ) -> None:
        """Show *text*, with a button for *action* when there is something to do."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self._callback = action[1] if action else None
        self._action.setText(action[0] if action else "")
        self._action.setVisible(action is not None)
        self.show()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        if kind == "info" and action is None:
            self._timer.start(INFO_SECONDS * 1000)
        else:
            self._timer.stop()

    def dismiss(self) -> None:
        """Hide the message."""
        self._timer.stop()
        self._callback = None
        self.hide()

    def _act(self) -> None:
        callback = self._callback
        self.dismiss()
        if callback is not None:
            callback()
