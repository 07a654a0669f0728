"""A titled frame around a view: what it shows, its colour range, and its export menu, always in the same place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from hw2gui.widgets import theme
from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.elided import ElidedLabel
from hw2gui.widgets.focus import stop_where_it_scrolls
from hw2gui.widgets.legend import Legend

EXPORT_FORMATS = ("png", "svg", "pdf")
SAVE, NO_PICTURE = "Save this picture as PNG, SVG or PDF", "There is no picture to save yet"

DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
HEADER_HEIGHT = 24
SLACK = 4
"""Logical pixels that rounding may take."""


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
