"""A titled frame around a view: what it shows, its colour range, and its export menu, always in the same place."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from hw2gui.colour import Scale, lookup_table
from hw2gui.widgets import theme
from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.raster import short_number

STRIP = 24
"""The length of the colour strip, in logical pixels."""

EXPORT_FORMATS = ("png", "svg", "pdf")


class Legend(QWidget):
    """A strip of the colour map with the range it stands for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale: Scale | None = None
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_scale(self, scale: Scale | None) -> None:
        """Show *scale*, or nothing."""
        self._scale = scale
        if scale is not None:
            low, high = short_number(scale.low, 6), short_number(scale.high, 6)
            middle = f", neutral at {short_number((scale.low + scale.high) / 2, 6)}" if scale.map == "diverging" else ""
            self.setToolTip(f"Colours from {low} to {high}{middle}")
            self.setAccessibleName(f"Colour range {low} to {high}{middle}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A strip and two numbers."""
        if self._scale is None:
            return QSize(0, 0)
        metrics = self.fontMetrics()
        text = metrics.horizontalAdvance(short_number(self._scale.low, 6) + short_number(self._scale.high, 6))
        return QSize(text + 8 + STRIP, metrics.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Low, strip, high."""
        if self._scale is None:
            return
        painter = QPainter(self)
        metrics = self.fontMetrics()
        low, high = short_number(self._scale.low, 6), short_number(self._scale.high, 6)
        painter.setPen(QColor(theme.current().muted))
        left = metrics.horizontalAdvance(low) + 4
        right = self.width() - metrics.horizontalAdvance(high) - 4
        painter.drawText(QRectF(0, 0, left, self.height()), Qt.AlignmentFlag.AlignVCenter, low)
        painter.drawText(QRectF(right + 4, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignVCenter, high)
        colours = lookup_table(self._scale.map, theme.current().dark).copy().reshape(1, -1)
        strip = QImage(colours.data, 256, 1, 1024, QImage.Format.Format_RGB32)
        area = QRectF(left, self.height() / 2 - 4, right - left, 8)
        painter.drawImage(area, strip)
        painter.setPen(QColor(theme.current().line))
        painter.drawRect(area)


class Panel(QFrame):
    """A frame with a title row above its *body* widget."""

    export_requested = Signal(str)
    """One of :data:`EXPORT_FORMATS` was chosen from the menu."""

    def __init__(self, title: str, body: QWidget, *, exports: bool = False, header: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.body = body
        self.title = QLabel(title)
        self.title.setObjectName("panelTitle")
        self.info = QLabel()
        self.info.setObjectName("muted")
        self.info.setMinimumWidth(0)
        self.info.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.legend = Legend()
        title_row = QWidget()
        self.header = QHBoxLayout(title_row)
        self.header.setContentsMargins(0, 0, 0, 0)
        self.header.setSpacing(6)
        self.header.addWidget(self.title)
        self.header.addWidget(self.info, 1)
        self.header.addWidget(self.legend)
        if exports:
            self.header.addWidget(self._export_button(title))
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE, 5, theme.SPACE, theme.SPACE)
        layout.setSpacing(4)
        layout.addWidget(title_row)
        title_row.setVisible(header)
        layout.addWidget(body, 1)
        # Panels in a row share it as their stretch says, not by the length of their titles.
        self.setMinimumWidth(120)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def add_below(self, widget: QWidget) -> None:
        """Put *widget* under the body."""
        self._column.addWidget(widget)

    def _export_button(self, title: str) -> QToolButton:
        button = IconButton("export", "Save this picture as PNG, SVG or PDF", flat=True)
        button.setAccessibleName(f"Export {title}")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for suffix in EXPORT_FORMATS:
            menu.addAction(f"Save as {suffix.upper()}…").triggered.connect(
                lambda _=False, chosen=suffix: self.export_requested.emit(chosen)
            )
        button.setMenu(menu)
        return button
