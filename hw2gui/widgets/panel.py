"""A titled frame around a view: what it shows, its colour range, and its export menu, always in the same place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from hw2gui.colour import Scale, lookup_table
from hw2gui.widgets import theme
from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.focus import stop_where_it_scrolls
from hw2gui.widgets.raster import short_number

STRIP, SHORT_STRIP = 24, 14
"""The length of the colour strip, in logical pixels."""

EXPORT_FORMATS = ("png", "svg", "pdf")
SAVE, NO_PICTURE = "Save this picture as PNG, SVG or PDF", "There is no picture to save yet"

DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
HEADER_HEIGHT = 24
SLACK = 4
"""Logical pixels that rounding may take."""


class Legend(QWidget):
    """A strip of the colour map between the ends of the range it stands for."""

    fit_changed = Signal()
    """The range is another, and so is the room it would like."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale: Scale | None = None
        self._short = False
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_scale(self, scale: Scale | None, note: str = "") -> None:
        """Show *scale*, or nothing; *note* is added to the tooltip (what a pixel of many cells shows)."""
        changed, self._scale = scale != self._scale, scale
        if scale is not None:
            low, high = short_number(scale.low), short_number(scale.high)
            middle = f", neutral at {short_number((scale.low + scale.high) / 2)}" if scale.map == "diverging" else ""
            self.setToolTip(f"Colours from {low} to {high}{middle}{f'. {note}' if note else ''}")
            self.setAccessibleName(f"Colour range {low} to {high}{middle}")
        self.fit_changed.emit()
        if changed:  # else the whole page would be laid out anew at every keystroke that shows other values in the same colours
            self.updateGeometry()
            self.update()

    def set_short(self, short: bool) -> None:
        """Take as little room as possible, or all that reads well."""
        if short != self._short:
            self._short = short
            self.updateGeometry()
            self.update()

    def width_of(self, *, short: bool) -> int:
        """How much room either form takes, in logical pixels."""
        if self._scale is None:
            return 0
        low, high = self._ends()
        return self.fontMetrics().horizontalAdvance(low + high) + (4 if low else 0) + (4 if high else 0) + (SHORT_STRIP if short else STRIP)

    def _ends(self) -> tuple[str, str]:
        """What stands before and behind the strip."""
        assert self._scale is not None
        low, high = self._scale.low, self._scale.high
        if self._scale.map == "diverging":
            # Nearer to the neutral middle than the values go, an end would be a number that none of them has.
            middle = round((low + high) / 2, 12)
            return "", f"{_end(middle) if middle else ''}±{_end((high - low) / 2)}"
        return _end(low), _end(high)

    def sizeHint(self) -> QSize:
        """A strip and two numbers."""
        return QSize(self.width_of(short=self._short), self.fontMetrics().height() if self._scale is not None else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Low, strip, high."""
        if self._scale is None or self.width() < self.width_of(short=True):
            return  # a part of a number would be another
        painter = QPainter(self)
        metrics = self.fontMetrics()
        low, high = self._ends()
        painter.setPen(QColor(theme.current().muted))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, low)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, high)
        left = metrics.horizontalAdvance(low) + 4 if low else 0
        right = self.width() - (metrics.horizontalAdvance(high) + 4 if high else 0)
        colours = lookup_table(self._scale.map, theme.current().dark).copy().reshape(1, -1)
        strip = QImage(colours.data, 256, 1, 1024, QImage.Format.Format_RGB32)
        area = QRectF(left, self.height() / 2 - 4, right - left, 8)
        painter.drawImage(area, strip)
        painter.setPen(QColor(theme.current().line))
        painter.drawRect(area.adjusted(0, 0, -1, -1))


def _end(value: float) -> str:
    """An end of a range: the same number is the same text on every panel, to as many digits with a sign as without.

    Beside a panel's title it is written as in a sentence, with a digit on either side of the point.
    """
    size = short_number(abs(value), 4)
    # An exponent is for what is too large or too small to be read without.
    size = (short_number(abs(value), 6) if "e" in size else size).removesuffix(".")
    return ("−" if value < 0 else "") + (f"0{size}" if size.startswith(".") else size)


class ElidedLabel(QLabel):
    """One line of plain text that ends in … where there is no room for it; the tooltip then has all of it."""

    fit_changed = Signal()
    """The text is another, and so is the room it would like."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setText(self, text: str) -> None:
        """Show *text*."""
        if text != self.text():
            super().setText(text)
            self.fit_changed.emit()

    def text_width(self) -> int:
        """The room that all of the text takes, in logical pixels."""
        return self.fontMetrics().horizontalAdvance(self.text())

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        return QSize(min(self.text_width(), 24), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """As much of the text as there is room for."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        shown = shown.strip("…") and shown  # three dots alone say nothing
        self.setToolTip(self.text() if shown != self.text() else "")
        painter.drawText(self.rect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)


class Panel(QFrame):
    """A frame with a title row above its *body* widget."""

    export_requested = Signal(str)
    """One of :data:`EXPORT_FORMATS` was chosen from the menu."""

    def __init__(
        self, title: str, body: QWidget, *, exports: bool = False, header: bool = True, key: str = "", parent: QWidget | None = None
    ) -> None:
        """*key*: the name its help is found by, where that is not the title."""
        super().__init__(parent)
        self.setObjectName("panel")
        self.body = body
        self.help_key = key or title
        self.help_button: QToolButton | None = None
        self.is_answer = False
        self.tells = False
        """Whether something of it can be covered: all but its name, or only what its title row says."""
        self._cover: QLabel | None = None
        self.title = ElidedLabel(title)
        self.title.setObjectName("panelTitle")
        self.info = ElidedLabel()
        self.info.setObjectName("muted")
        roomy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        roomy.setRetainSizeWhenHidden(True)  # covered, it leaves no room for its neighbours to spread into
        self.info.setSizePolicy(roomy)
        self.legend = Legend()
        self._telling: list[QWidget] = [self.info, self.legend]
        """What in the title row would give an answer away."""
        self._title_row = title_row = QWidget()
        self.header = QHBoxLayout(title_row)
        self.header.setContentsMargins(0, 0, 0, 0)
        self.header.setSpacing(6)
        self.header.addWidget(self.title)
        self.header.addWidget(self.info, 1)
        self.header.addWidget(self.legend)
        self._export: QToolButton | None = None
        if exports:
            self._export = export_button(title or self.help_key, self.export_requested.emit)
            self._telling.append(self._export)
            self.header.addWidget(self._export)
        # Panels side by side begin at the same height, with an export button or without.
        self.header.addStrut(HEADER_HEIGHT)
        for part in (self.title, self.info, self.legend):
            part.fit_changed.connect(self._fit_header)
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE, 5, theme.SPACE, theme.SPACE)
        layout.setSpacing(4)
        layout.addWidget(title_row)
        title_row.setVisible(header)
        layout.addWidget(body, 1)
        # Panels in a row share it as their stretch says, not by the length of their titles.
        self.setMinimumWidth(120)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width: another share for title, shape and colour range."""
        super().resizeEvent(event)
        self._fit_header()

    def _fit_header(self) -> None:
        """The colour range gives way to the words beside it, for it can be said more shortly than they."""
        shown = [widget for widget in self._title_row.findChildren(QWidget, options=DIRECT) if not widget.isHidden()]
        wanted = sum(widget.sizeHint().width() for widget in shown if widget not in (self.info, self.title, self.legend))
        wanted += max(self.title.text_width(), self.title.sizeHint().width()) + self.info.text_width() + self.legend.width_of(short=False)
        margins = self._column.contentsMargins()
        room = self.width() - margins.left() - margins.right() - self.header.spacing() * (len(shown) - 1) - SLACK
        self.legend.set_short(wanted > room)

    def offer_help(self, act: Callable[[], None]) -> None:
        """Put a button into the title row that says what one is looking at."""
        if self.help_button is None:
            self.help_button = IconButton("help", "What am I looking at?", act, flat=True)
            self.help_button.setAccessibleName(f"What is {self.help_key}?")
            self.header.addWidget(self.help_button)
            last = self._last_stop(self.help_button)
            if last is not None:
                # A button made later would come last of all when one walks with Tab.
                QWidget.setTabOrder(last, self.help_button)
            self._fit_header()

    def _last_stop(self, but: QWidget) -> QWidget | None:
        """Where one who walks with Tab leaves the panel, *but* this one left out."""
        stops = {one for one in self.findChildren(QWidget) if one is not but and one.focusPolicy() & Qt.FocusPolicy.TabFocus}
        stops = {one for one in stops if self.isAncestorOf(one)}
        last, widget = None, self.nextInFocusChain()
        # The chain goes through the whole window: no further than need be.
        while stops and widget is not self and widget is not None:
            if widget in stops:
                stops.remove(widget)
                last = widget
            widget = widget.nextInFocusChain()
        return last

    def offer_export(self, on: bool) -> None:
        """Whether there is a picture to be saved: of what is empty there is none."""
        if self._export is not None:
            self._export.setEnabled(on)
            self._export.setToolTip(SAVE if on else NO_PICTURE)

    def hold_answer(self, *more: QWidget) -> Self:
        """Say that what is shown here answers a question: it can be covered, and *more* widgets with it."""
        self.is_answer = self.tells = True
        self._telling.extend(more)
        return self

    def hold_title(self, *more: QWidget) -> Self:
        """Say that sizes and colour range in the title row answer a question, and so do *more* widgets of the panel; its body does not."""
        self.tells = True
        self._telling = [self.info, self.legend, *more]
        return self

    def cover(self, why: str) -> None:
        """Show nothing but *why* it is hidden, or, with an empty one, show all again."""
        if why and self.is_answer and self._cover is None:
            self._cover = QLabel()
            self._cover.setObjectName("muted")
            self._cover.setWordWrap(True)
            self._cover.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._column.insertWidget(1, self._cover, 1)
        if self._cover is not None:
            self._cover.setText(why)
            self._cover.setVisible(bool(why))
            self.body.setVisible(not why)
        if self._cover is not None or not self.is_answer:
            for part in self._telling:
                part.setVisible(not why)
            self._fit_header()

    def add_below(self, widget: QWidget) -> None:
        """Put *widget* under the body."""
        self._column.addWidget(widget)


def export_button(title: str, chosen: Callable[[str], None]) -> QToolButton:
    """A button whose menu offers the picture called *title* in each of the formats; *chosen* is told which."""
    button = IconButton("export", SAVE, flat=True)
    button.setAccessibleName(f"Export {title}")
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu = QMenu(button)
    for suffix in EXPORT_FORMATS:
        menu.addAction(f"Save as {suffix.upper()}…").triggered.connect(lambda _=False, wanted=suffix: chosen(wanted))
    button.setMenu(menu)
    return button


def scrolled(widget: QWidget, name: str) -> QScrollArea:
    """*widget*, as wide as there is room, scrolling up and down where it is too tall; *name* for screen readers.

    What scrolls keeps a little apart from the bar.
    """
    area = QScrollArea()
    stop_where_it_scrolls(area)
    area.setAccessibleName(name)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setMinimumHeight(60)
    laid_out = widget.layout()
    if laid_out is not None and laid_out.hasHeightForWidth():
        # Its height follows its width. The least height it hints at is that of wrapped words in a far narrower place, for which a bar
        # would come where everything is in view.
        widget.setMinimumHeight(1)
    area.setWidget(widget)
    area.verticalScrollBar().rangeChanged.connect(lambda _, most: widget.setContentsMargins(0, 0, theme.SPACE if most else 0, 0))
    return area
