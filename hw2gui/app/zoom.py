"""The presentation's zoom: everything larger at once, fonts, cells, plots and icons, while the program goes on.

Qt lays everything out in logical pixels, and one factor says how large these are. It reads the factor from ``QT_SCALE_FACTOR`` when the
program starts, and has one function that sets it later, meant for before there are windows: so the windows are taken from the screen for
that moment, and come back laid out anew. The function is none of Qt's public ones. Where it cannot be found, :func:`set_live` says so and
the program starts anew instead.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from PySide6.QtCore import QRect, QRectF, Qt, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

LIBRARIES = {"win32": "Qt6Gui.dll", "darwin": None}
"""Where the function is found: the name under which Qt is loaded already; None is the whole program."""

FUNCTION = "?setGlobalFactor@QHighDpiScaling@@SAXN@Z" if sys.platform == "win32" else "_ZN15QHighDpiScaling15setGlobalFactorEd"

PLACE = "placeAtZoom"
"""On a window: the place a zoom gave it, and the one it comes from at 100 %."""

_percent = 100


def current() -> int:
    """How large everything is shown now, in percent."""
    return _percent


def at_start(percent: int) -> None:
    """Have Qt show everything at *percent* of the size it would have; before its application is made."""
    global _percent
    _percent = percent
    os.environ.setdefault("HW2GUI_OWN_SCALE", os.environ.get("QT_SCALE_FACTOR", "1"))
    os.environ["QT_SCALE_FACTOR"] = f"{_own_scale() * percent / 100:g}"


def set_live(percent: int) -> bool:
    """Show everything at *percent* from now on, in windows that keep their place on the screen; whether that can be done here."""
    global _percent
    set_factor = _set_factor()
    if set_factor is None:
        return False
    with _off_the_screen(percent / 100):
        before = qInstallMessageHandler(lambda *_: None)  # it warns that there are windows
        try:
            set_factor(_own_scale() * percent / 100)
        finally:
            qInstallMessageHandler(before)
    _percent = percent
    return True


def _own_scale() -> float:
    """The factor the user's desktop asks for."""
    with suppress(ValueError):
        own = float(os.environ.get("HW2GUI_OWN_SCALE") or os.environ.get("QT_SCALE_FACTOR") or 1)
        return own if own > 0 else 1.0
    return 1.0


def _set_factor() -> Callable[[float], None] | None:
    """Qt's function that sets the factor, if this Qt has it."""
    try:
        found = ctypes.CDLL(LIBRARIES.get(sys.platform, "libQt6Gui.so.6"))[FUNCTION]
    except (OSError, AttributeError):
        return None
    found.argtypes, found.restype = [ctypes.c_double], None
    return found


@contextmanager
def _off_the_screen(factor: float) -> Iterator[None]:
    """Take all windows from the screen, and bring those that were there back, laid out for pixels *factor* times as large as at 100 %."""
    QToolTip.hideText()
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    active, focus = QApplication.activeWindow(), QApplication.focusWidget()
    seen = [(widget, widget.windowState(), _unzoomed(widget)) for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    quits = QGuiApplication.quitOnLastWindowClosed()
    QGuiApplication.setQuitOnLastWindowClosed(False)
    for widget, _, _ in seen:
        widget.hide()
    for window in QGuiApplication.allWindows():  # also those of menus that were open once: they would keep their old factor
        window.destroy()
    try:
        yield
    finally:
        for widget, state, place in seen:
            widget.setWindowState(Qt.WindowState.WindowNoState)
            scaled = QRectF(place.x() / factor, place.y() / factor, place.width() / factor, place.height() / factor).toRect()
            widget.setGeometry(scaled)
            widget.setProperty(PLACE, (_place(widget), place))
            widget.setWindowState(state)
            widget.show()
        QGuiApplication.setQuitOnLastWindowClosed(quits)
        if active is not None:
            active.activateWindow()
        if focus is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)


def _place(widget: QWidget) -> QRect:
    """Where *widget* is when it does not fill the screen."""
    normal = widget.normalGeometry()
    return normal if normal.isValid() else widget.geometry()


def _unzoomed(widget: QWidget) -> QRectF:
    """The place of *widget* as it is at 100 %; zoomed in and out again, a window is exactly where it was."""
    place, known = _place(widget), widget.property(PLACE)
    if known is not None and known[0] == place:
        return QRectF(known[1])
    factor = _percent / 100
    return QRectF(place.x() * factor, place.y() * factor, place.width() * factor, place.height() * factor)
