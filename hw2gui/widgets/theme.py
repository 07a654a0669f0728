"""The one place for colours, fonts and spacing of the window, in light and dark."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QBrush, QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from hw2gui import paths

SPACE = 8
"""The unit of spacing, in logical pixels; margins and gaps are halves and multiples of it."""

SIDEBAR_WIDTH = 266
INSPECTOR_WIDTH = 344


@dataclass(frozen=True)
class Theme:
    """Colours by what they mean, as #rrggbb."""

    dark: bool
    window: str
    panel: str
    sunken: str
    text: str
    muted: str
    line: str
    """Between parts of the window; nobody has to see it."""
    edge: str
    """Around what one types or chooses in: seen on every ground."""
    handle: str
    """Of scroll bars: seen on every ground."""
    accent: str
    on_accent: str
    link: str
    """The hue of linked cells, the same in every view; never a colour of the colour maps."""
    link_edge: str
    """Drawn around the link hue so that it stands out from any cell colour."""
    good: str
    warning: str
    bad: str
    empty: str
    """Around the cells of a view."""
    mixed: str
    """A pixel that covers both positive and negative entries."""


LIGHT = Theme(
    dark=False,
    window="#eef0f3",
    panel="#ffffff",
    sunken="#f5f6f8",
    text="#1b1f24",
    muted="#57606a",
    line="#d0d7de",
    edge="#808892",
    handle="#7d8590",
    accent="#0b63b5",
    on_accent="#ffffff",
    link="#f59f00",
    link_edge="#000000",
    good="#1a6e35",
    warning="#8a5300",
    bad="#b3261e",
    empty="#e4e7eb",
    mixed="#8250c8",
)

DARK = Theme(
    dark=True,
    window="#15181d",
    panel="#1d2128",
    sunken="#171a20",
    text="#e6e9ee",
    muted="#a3acb8",
    line="#353c47",
    edge="#687180",
    handle="#6b7483",
    accent="#5aa9f0",
    on_accent="#0b1017",
    link="#ffc042",
    link_edge="#000000",
    good="#6fd08c",
    warning="#f2b84b",
    bad="#ff8a80",
    empty="#11141a",
    mixed="#b48cff",
)

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
            self._widget.setStyleSheet(_style_sheet(_current))

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


def _drawn(name: str, theme: Theme) -> str:
    """The file of the small drawing *name* in the colours of *theme*."""
    return paths.resource("icons", f"{name}-{'dark' if theme.dark else 'light'}.svg").as_posix()


def _style_sheet(theme: Theme) -> str:
    tick, arrow, arrow_off, up, up_off = (_drawn(name, theme) for name in ("tick", "arrow", "arrow-off", "up", "up-off"))
    return f"""
    QToolTip {{ color: {theme.text}; background: {theme.panel}; border: 1px solid {theme.line}; padding: 4px; }}
    QFrame#panel {{ background: {theme.panel}; border: 1px solid {theme.line}; border-radius: 6px; }}
    QFrame#palette {{ background: {theme.panel}; border: 1px solid {theme.muted}; border-radius: 8px; }}
    QFrame#palette QLineEdit {{ padding: 6px 8px; }}
    QFrame#palette QTreeWidget {{ background: {theme.panel}; }}
    QFrame#palette QTreeWidget::item {{ padding: 3px 2px; }}
    QLabel#panelTitle {{ font-weight: 600; }}
    QLabel#muted {{ color: {theme.muted}; }}
    QLabel#section {{ font-weight: 600; }}
    QLabel[verdict="waiting"], QLabel[verdict="note"] {{ color: {theme.muted}; }}
    QLabel[verdict="good"] {{ color: {theme.good}; }}
    QLabel[verdict="bad"] {{ color: {theme.bad}; }}
    QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
    QGroupBox {{ border: none; margin-top: 18px; font-weight: 600; }}
    QGroupBox::title {{ subcontrol-origin: margin; left: -2px; padding: 0; }}
    QPushButton, QToolButton {{ background: {theme.panel}; border: 1px solid {theme.line}; border-radius: 4px; padding: 3px 7px; }}
    QToolButton {{ padding: 3px 6px; }}
    QPushButton:hover, QToolButton:hover {{ border-color: {theme.accent}; }}
    QPushButton:checked, QToolButton:checked {{ background: {theme.accent}; color: {theme.on_accent}; border-color: {theme.accent}; }}
    QPushButton:focus, QToolButton:focus {{ border: 2px solid {theme.accent}; padding: 2px 6px; }}
    QToolButton:focus {{ padding: 2px 5px; }}
    QPushButton:focus:checked, QToolButton:focus:checked {{ border: 3px double {theme.on_accent}; padding: 1px 5px; }}
    QToolButton:focus:checked {{ padding: 1px 4px; }}
    QPushButton:disabled, QToolButton:disabled {{ color: {theme.muted}; background: {theme.sunken}; }}
    QPushButton[place="first"] {{ border-top-right-radius: 0; border-bottom-right-radius: 0; }}
    QPushButton[place="inner"] {{ border-radius: 0; border-left: none; padding-left: 8px; }}
    QPushButton[place="last"] {{ border-top-left-radius: 0; border-bottom-left-radius: 0; border-left: none; padding-left: 8px; }}
    QPushButton[place="inner"]:focus, QPushButton[place="last"]:focus {{ border-left: 2px solid {theme.accent}; padding-left: 6px; }}
    QPushButton[place="inner"]:focus:checked, QPushButton[place="last"]:focus:checked {{
        border-left: 3px double {theme.on_accent}; padding-left: 5px; }}
    QPushButton[primary="true"] {{ background: {theme.text}; color: {theme.panel}; border-color: {theme.text}; font-weight: 600; }}
    QPushButton[primary="true"]:hover {{ background: {theme.accent}; color: {theme.on_accent}; border-color: {theme.accent}; }}
    QPushButton[primary="true"]:focus {{ border: 3px double {theme.panel}; padding: 1px 5px; }}
    QPushButton[primary="true"]:disabled {{ color: {theme.muted}; background: {theme.sunken}; border-color: {theme.line}; }}
    QToolButton::menu-indicator {{ image: none; }}
    QToolButton[flat="true"] {{ border: 1px solid transparent; background: transparent; color: {theme.muted}; padding: 1px; }}
    QToolButton[flat="true"]:focus {{ border: 1px solid {theme.accent}; padding: 1px; }}
    QToolButton[flat="true"]:hover {{ border-color: {theme.line}; color: {theme.text}; }}
    QLineEdit, QPlainTextEdit {{ background: {theme.sunken}; border: 1px solid {theme.edge}; border-radius: 4px; padding: 2px 4px;
        selection-background-color: {theme.accent}; selection-color: {theme.on_accent}; }}
    QLineEdit {{ background: {theme.panel}; }}
    QLineEdit:disabled {{ background: {theme.sunken}; }}
    QLineEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {theme.accent}; padding: 1px 3px; }}
    QLineEdit:disabled, QPlainTextEdit:disabled, QPlainTextEdit[readOnly="true"] {{ border-color: {theme.line}; }}
    QPlainTextEdit[readOnly="true"]:focus {{ border-color: {theme.accent}; }}
    QAbstractSpinBox {{ background: {theme.panel}; border: 1px solid {theme.edge}; border-radius: 4px; padding: 1px 0 1px 4px;
        selection-background-color: {theme.accent}; selection-color: {theme.on_accent}; }}
    QAbstractSpinBox:hover, QAbstractSpinBox:focus {{ border-color: {theme.accent}; }}
    QAbstractSpinBox:disabled {{ color: {theme.muted}; background: {theme.sunken}; border-color: {theme.line}; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ subcontrol-origin: border; width: 16px; border: none; background: none; }}
    QAbstractSpinBox::up-button {{ subcontrol-position: top right; margin: 2px 2px 0 0; }}
    QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; margin: 0 2px 2px 0; }}
    QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{ background: {theme.empty}; }}
    QAbstractSpinBox::up-arrow {{ image: url({up}); width: 8px; height: 5px; }}
    QAbstractSpinBox::down-arrow {{ image: url({arrow}); width: 8px; height: 5px; }}
    QAbstractSpinBox::up-arrow:off, QAbstractSpinBox::up-arrow:disabled {{ image: url({up_off}); }}
    QAbstractSpinBox::down-arrow:off, QAbstractSpinBox::down-arrow:disabled {{ image: url({arrow_off}); }}
    QAbstractSpinBox QLineEdit {{ border: none; background: transparent; padding: 0; }}
    QCheckBox::indicator {{ width: 13px; height: 13px; border: 1px solid {theme.muted}; border-radius: 3px; background: {theme.sunken}; }}
    QCheckBox::indicator:checked {{ background: {theme.accent}; border-color: {theme.accent}; image: url({tick}); }}
    QCheckBox::indicator:disabled {{ border-color: {theme.line}; }}
    QCheckBox {{ border: 1px solid transparent; border-radius: 3px; }}
    QCheckBox:focus {{ border-color: {theme.accent}; }}
    QTableView, QTreeView {{ border: 1px solid transparent; }}
    QTableView:focus, QTreeView:focus {{ border-color: {theme.accent}; }}
    QTextBrowser:focus {{ border: 1px solid {theme.accent}; }}
    QComboBox {{ background: {theme.panel}; border: 1px solid {theme.edge}; border-radius: 4px; padding: 2px 6px; combobox-popup: 0; }}
    QComboBox:hover {{ border-color: {theme.accent}; }}
    QComboBox:focus {{ border: 2px solid {theme.accent}; padding: 1px 5px; }}
    QComboBox:disabled {{ color: {theme.muted}; background: {theme.sunken}; border-color: {theme.line}; }}
    QComboBox::drop-down {{ border: none; width: 18px; }}
    QComboBox::down-arrow {{ image: url({arrow}); width: 10px; height: 6px; }}
    QComboBox QAbstractItemView {{ background: {theme.panel}; border: 1px solid {theme.muted}; }}
    QSlider {{ border: 1px solid transparent; border-radius: 3px; min-height: 20px; }}
    QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {theme.edge}; }}
    QSlider::sub-page:horizontal {{ border-radius: 2px; background: {theme.accent}; }}
    QSlider::handle:horizontal {{ width: 10px; margin: -5px 0; border: 2px solid {theme.accent}; border-radius: 7px;
        background: {theme.panel}; }}
    QSlider::handle:horizontal:hover {{ background: {theme.accent}; }}
    QSlider::handle:horizontal:disabled {{ border-color: {theme.edge}; }}
    QSlider::sub-page:horizontal:disabled {{ background: {theme.edge}; }}
    QSlider:focus {{ border-color: {theme.accent}; }}
    QLabel:focus {{ border: 1px solid {theme.accent}; }}
    QTabWidget::pane {{ border: none; }}
    QTabBar::tab {{ padding: 5px 10px; border: none; border-bottom: 2px solid transparent; color: {theme.muted}; background: transparent; }}
    QTabBar::tab:selected {{ color: {theme.text}; border-bottom: 2px solid {theme.accent}; }}
    QTabBar::tab:hover {{ color: {theme.text}; }}
    QTabBar::tab:selected:focus {{ color: {theme.accent}; border-bottom: 5px solid {theme.accent}; padding-bottom: 2px; }}
    QStatusBar {{ color: {theme.muted}; }}
    QStatusBar::item {{ border: none; }}
    QScrollBar:vertical {{ width: 9px; background: transparent; margin: 0; }}
    QScrollBar:horizontal {{ height: 9px; background: transparent; margin: 0; }}
    QScrollBar::handle {{ background: {theme.handle}; border-radius: 4px; min-height: 24px; min-width: 24px; }}
    QScrollBar::handle:hover {{ background: {theme.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
        background: none; border: none; width: 0; height: 0; }}
    QAbstractScrollArea::corner {{ background: transparent; border: none; }}
    QSplitter::handle {{ background: transparent; }}
    QFrame#message {{ border-radius: 6px; border: 1px solid {theme.warning}; background: {theme.panel}; }}
    QFrame#message[kind="error"] {{ border: 1px solid {theme.bad}; }}
    """
