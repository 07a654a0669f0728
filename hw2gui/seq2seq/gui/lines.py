"""Labels for long sentences along the whole width of a page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

from hw2gui.widgets.fields import text_label


def sentence_label(lines: int = 2) -> QLabel:
    """A muted, selectable label with room for so many *lines*; its text never makes the page grow."""
    label = text_label(muted=True, selectable=True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    label.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
    label.setMinimumHeight(lines * label.fontMetrics().lineSpacing())
    return label
