"""The theme in use: its colours, put on the program; fonts and spacing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QBrush, QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from hw2gui.widgets.style_sheet import style_sheet
from hw2gui.widgets.themes import LIGHT, Theme

SPACE = 8
"""The unit of spacing, in logical pixels; margins and gaps are halves and multiples of it."""

SIDEBAR_WIDTH = 266
INSPECTOR_WIDTH = 344


_current = LIGHT


def current() -> Theme:
    """The theme now in use."""
    return _current


def apply(application: QApplication, theme: Theme) -> None:
    """Put *theme* on the whole program. Widgets that paint themselves hear of it as a palette change."""
    global _current
    _current = theme
    application.setPalette(_palette(theme))
    for dressed in application.findChildren(_Dress):
        dressed.follow()


def dress(widget: QWidget) -> None:
    """Give *widget*, and all that is or will be in it, the theme's shapes, now and whenever the theme changes.

    The rules hang on parts of the window and not on the application: under rules of the application a widget is measured anew each time it
    is put into another, which takes most of the time in which a page is built. What is out of sight follows a change when it is shown.
    """
    application = QApplication.instance()
    assert application is not None
    _Dress(widget, application).follow()


class _Dress(QObject):
    """Keeps the style sheet of one widget true."""

    def __init__(self, widget: QWidget, application: QObject) -> None:
        super().__init__(application)
        self._widget = widget
        self._theme: Theme | None = None
        widget.installEventFilter(self)
        widget.destroyed.connect(self.deleteLater)

    def follow(self) -> None:
        """Put the theme on, unless the widget is out of sight and has one."""
        if self._theme is not _current and isValid(self._widget) and (self._theme is None or self._widget.isVisible()):
            self._theme = _current
            self._widget.setStyleSheet(style_sheet(_current))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What comes into sight follows."""
        if event.type() == QEvent.Type.Show:
            self.follow()
        return False


def brush(name: str) -> QBrush:
    """The colour called *name*, for items of lists."""
    return QBrush(QColor(getattr(_current, name)))


def header_rules(points: float, padding: str) -> str:
    """The style sheet of a table's column titles: small, muted, over one line. *points*: the size of the cells' font."""
    return (
        f"QHeaderView {{ background: {_current.panel}; }}"
        f"QHeaderView::section {{ font-size: {0.86 * points:.1f}pt; background: {_current.panel}; color: {_current.muted}; border: none;"
        f" padding: {padding}; border-bottom: 1px solid {_current.muted}; }}"
    )


def mono_font(points: float | None = None) -> QFont:
    """The fixed-width font, for code and cell values."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    if points is not None:
        font.setPointSizeF(points)
    return font


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, theme.window),
        (roles.Base, theme.panel),
        (roles.AlternateBase, theme.sunken),
        (roles.Button, theme.panel),
        (roles.ToolTipBase, theme.panel),
        (roles.Text, theme.text),
        (roles.WindowText, theme.text),
        (roles.ButtonText, theme.text),
        (roles.ToolTipText, theme.text),
        (roles.BrightText, theme.on_accent),
        (roles.PlaceholderText, theme.muted),
        (roles.Highlight, theme.accent),
        (roles.HighlightedText, theme.on_accent),
        (roles.Link, theme.accent),
        (roles.Mid, theme.line),
        (roles.Light, theme.panel),
        (roles.Dark, theme.line),
    ):
        palette.setColor(role, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        faded = QColor(theme.muted)
        faded.setAlpha(130)
        palette.setColor(disabled, role, faded)
    return palette
