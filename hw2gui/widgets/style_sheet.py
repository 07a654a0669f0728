"""The shapes of Qt's own widgets in a theme's colours, as one style sheet."""

from __future__ import annotations

from hw2gui import paths
from hw2gui.widgets.themes import Theme


def style_sheet(theme: Theme) -> str:
    """The whole sheet. Of two rules of one weight for a widget the later one wins: their order matters."""
    parts = (_surfaces, _buttons, _text_fields, _spin_boxes, _check_boxes, _combo_boxes, _sliders, _tabs, _scroll_bars)
    return "\n".join(part(theme) for part in parts)


def _drawn(name: str, theme: Theme) -> str:
    """The file of the small drawing *name* in the colours of *theme*."""
    return paths.resource("icons", f"{name}-{'dark' if theme.dark else 'light'}.svg").as_posix()


def _surfaces(theme: Theme) -> str:
    """Tips, panels, the palette, labels, and what only groups others."""
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
    QGroupBox::title {{ subcontrol-origin: margin; left: -2px; padding: 0; }}"""


def _buttons(theme: Theme) -> str:
    """Buttons: plain, checked, in a row of choices, the one that goes on, flat."""
    return f"""
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
    QToolButton[flat="true"]:hover {{ border-color: {theme.line}; color: {theme.text}; }}"""


def _text_fields(theme: Theme) -> str:
    """Fields and texts."""
    return f"""
    QLineEdit, QPlainTextEdit {{ background: {theme.sunken}; border: 1px solid {theme.edge}; border-radius: 4px; padding: 2px 4px;
        selection-background-color: {theme.accent}; selection-color: {theme.on_accent}; }}
    QLineEdit {{ background: {theme.panel}; }}
    QLineEdit:disabled {{ background: {theme.sunken}; }}
    QLineEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {theme.accent}; padding: 1px 3px; }}
    QLineEdit:disabled, QPlainTextEdit:disabled, QPlainTextEdit[readOnly="true"] {{ border-color: {theme.line}; }}
    QPlainTextEdit[readOnly="true"]:focus {{ border-color: {theme.accent}; }}"""


def _spin_boxes(theme: Theme) -> str:
    """Numbers, with their two small buttons."""
    arrow, arrow_off, up, up_off = (_drawn(name, theme) for name in ("arrow", "arrow-off", "up", "up-off"))
    return f"""
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
    QAbstractSpinBox QLineEdit {{ border: none; background: transparent; padding: 0; }}"""


def _check_boxes(theme: Theme) -> str:
    """Check boxes; tables and lists, which show the focus alike."""
    tick = _drawn("tick", theme)
    return f"""
    QCheckBox::indicator {{ width: 13px; height: 13px; border: 1px solid {theme.muted}; border-radius: 3px; background: {theme.sunken}; }}
    QCheckBox::indicator:checked {{ background: {theme.accent}; border-color: {theme.accent}; image: url({tick}); }}
    QCheckBox::indicator:disabled {{ border-color: {theme.line}; }}
    QCheckBox {{ border: 1px solid transparent; border-radius: 3px; }}
    QCheckBox:focus {{ border-color: {theme.accent}; }}
    QTableView, QTreeView {{ border: 1px solid transparent; }}
    QTableView:focus, QTreeView:focus {{ border-color: {theme.accent}; }}
    QTextBrowser:focus {{ border: 1px solid {theme.accent}; }}"""


def _combo_boxes(theme: Theme) -> str:
    """Choices that fold out."""
    arrow = _drawn("arrow", theme)
    return f"""
    QComboBox {{ background: {theme.panel}; border: 1px solid {theme.edge}; border-radius: 4px; padding: 2px 6px; combobox-popup: 0; }}
    QComboBox:hover {{ border-color: {theme.accent}; }}
    QComboBox:focus {{ border: 2px solid {theme.accent}; padding: 1px 5px; }}
    QComboBox:disabled {{ color: {theme.muted}; background: {theme.sunken}; border-color: {theme.line}; }}
    QComboBox::drop-down {{ border: none; width: 18px; }}
    QComboBox::down-arrow {{ image: url({arrow}); width: 10px; height: 6px; }}
    QComboBox QAbstractItemView {{ background: {theme.panel}; border: 1px solid {theme.muted}; }}"""


def _sliders(theme: Theme) -> str:
    """Sliders."""
    return f"""
    QSlider {{ border: 1px solid transparent; border-radius: 3px; min-height: 20px; }}
    QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {theme.edge}; }}
    QSlider::sub-page:horizontal {{ border-radius: 2px; background: {theme.accent}; }}
    QSlider::handle:horizontal {{ width: 10px; margin: -5px 0; border: 2px solid {theme.accent}; border-radius: 7px;
        background: {theme.panel}; }}
    QSlider::handle:horizontal:hover {{ background: {theme.accent}; }}
    QSlider::handle:horizontal:disabled {{ border-color: {theme.edge}; }}
    QSlider::sub-page:horizontal:disabled {{ background: {theme.edge}; }}
    QSlider:focus {{ border-color: {theme.accent}; }}
    QLabel:focus {{ border: 1px solid {theme.accent}; }}"""


def _tabs(theme: Theme) -> str:
    """Tabs and the status bar."""
    return f"""
    QTabWidget::pane {{ border: none; }}
    QTabBar::tab {{ padding: 5px 10px; border: none; border-bottom: 2px solid transparent; color: {theme.muted}; background: transparent; }}
    QTabBar::tab:selected {{ color: {theme.text}; border-bottom: 2px solid {theme.accent}; }}
    QTabBar::tab:hover {{ color: {theme.text}; }}
    QTabBar::tab:selected:focus {{ color: {theme.accent}; border-bottom: 5px solid {theme.accent}; padding-bottom: 2px; }}
    QStatusBar {{ color: {theme.muted}; }}
    QStatusBar::item {{ border: none; }}"""


def _scroll_bars(theme: Theme) -> str:
    """Scroll bars, handles and messages."""
    return f"""
    QScrollBar:vertical {{ width: 9px; background: transparent; margin: 0; }}
    QScrollBar:horizontal {{ height: 9px; background: transparent; margin: 0; }}
    QScrollBar::handle {{ background: {theme.handle}; border-radius: 4px; min-height: 24px; min-width: 24px; }}
    QScrollBar::handle:hover {{ background: {theme.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
        background: none; border: none; width: 0; height: 0; }}
    QAbstractScrollArea::corner {{ background: transparent; border: none; }}
    QSplitter::handle {{ background: transparent; }}
    QFrame#message {{ border-radius: 6px; border: 1px solid {theme.warning}; background: {theme.panel}; }}
    QFrame#message[kind="error"] {{ border: 1px solid {theme.bad}; }}"""
