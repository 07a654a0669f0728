"""A heading that folds what is under it away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

ARROW = 10
"""The room of a heading's arrow, in logical pixels."""


class Fold(QWidget):
    """*body* under a heading to click, or to focus and press Space; folded at first unless *unfolded*."""

    def __init__(self, title: str, body: QWidget, tip: str = "", *, unfolded: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body = body
        self.heading = QToolButton()
        self.heading.setText(title)
        self.heading.setToolTip(tip or f"Show or hide: {title}")
        self.heading.setAccessibleName(title)
        self.heading.setCheckable(True)
        self.heading.setChecked(unfolded)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        # The arrow stands in a square: the smaller it is, the nearer to the edge that all else begins at.
        self.heading.setIconSize(QSize(ARROW, ARROW))
        self.heading.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # The arrow says whether it is open; a button that is down would say it twice.
        self.heading.setStyleSheet(
            "QToolButton, QToolButton:checked { border: 1px solid transparent; background: transparent; color: palette(window-text);"
            " font-weight: 600; text-align: left; padding: 2px 0; } QToolButton:focus { border: 1px solid palette(link); }"
        )
        self.heading.toggled.connect(self._show)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.heading)
        layout.addWidget(body)
        self._show(unfolded)

    @property
    def unfolded(self) -> bool:
        """Whether the body is in sight."""
        return self.heading.isChecked()

    def _show(self, on: bool) -> None:
        self.heading.setArrowType(Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow)
        self.body.setVisible(on)
