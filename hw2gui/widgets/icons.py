"""The program's icons, drawn from a few lines each, so that they are sharp at any density and no font has to have them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from hw2gui.widgets import theme
from hw2gui.widgets.themes import Theme

SIZE = 16
_DENSITIES = (1.0, 2.0, 3.0)


def icon(name: str) -> QIcon:
    """The icon called *name* in the colours of the theme: normal, disabled, and on a pressed button."""
    return _icon(name, theme.current())


@cache
def _icon(name: str, colours: Theme) -> QIcon:
    made = QIcon()
    for density in _DENSITIES:
        for mode, state, colour in (
            (QIcon.Mode.Normal, QIcon.State.Off, colours.text),
            (QIcon.Mode.Normal, QIcon.State.On, colours.on_accent),
            (QIcon.Mode.Disabled, QIcon.State.Off, colours.line),
        ):
            made.addPixmap(_pixmap(name, QColor(colour), density), mode, state)
    return made


def _pixmap(name: str, colour: QColor, density: float) -> QPixmap:
    pixmap = QPixmap(round(SIZE * density), round(SIZE * density))
    pixmap.setDevicePixelRatio(density)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.6, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(colour)
    _DRAWINGS[name](painter)
    painter.end()
    return pixmap


def _triangle(painter: QPainter, tip: float, base: float) -> None:
    painter.drawPolygon(QPolygonF([QPointF(base, 3.5), QPointF(tip, 8), QPointF(base, 12.5)]))


def _bar(painter: QPainter, x: float) -> None:
    painter.drawLine(QPointF(x, 3.5), QPointF(x, 12.5))


def _first(painter: QPainter) -> None:
    _bar(painter, 3)
    _triangle(painter, 6, 12.5)


def _last(painter: QPainter) -> None:
    _triangle(painter, 10, 3.5)
    _bar(painter, 13)


def _pause(painter: QPainter) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(QRectF(4, 3, 3, 10), 1, 1)
    painter.drawRoundedRect(QRectF(9, 3, 3, 10), 1, 1)


def _export(painter: QPainter) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([QPointF(3, 10.5), QPointF(3, 13), QPointF(13, 13), QPointF(13, 10.5)]))
    painter.drawLine(QPointF(8, 3), QPointF(8, 9.5))
    painter.drawPolyline(QPolygonF([QPointF(5, 7), QPointF(8, 10), QPointF(11, 7)]))


def _close(painter: QPainter) -> None:
    painter.drawLine(QPointF(4.5, 4.5), QPointF(11.5, 11.5))
    painter.drawLine(QPointF(11.5, 4.5), QPointF(4.5, 11.5))


def _again(painter: QPainter) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    path = QPainterPath()
    path.arcMoveTo(QRectF(3.5, 3.5, 9, 9), 60)
    path.arcTo(QRectF(3.5, 3.5, 9, 9), 60, 290)
    painter.drawPath(path)
    painter.drawPolyline(QPolygonF([QPointF(10.6, 2.0), QPointF(10.3, 4.4), QPointF(12.8, 4.9)]))


def _copy(painter: QPainter) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(5.5, 5.5, 7.5, 7.5), 1.5, 1.5)
    painter.drawPolyline(QPolygonF([QPointF(3, 10), QPointF(3, 3), QPointF(10, 3)]))


def _help(painter: QPainter) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    path = QPainterPath(QPointF(5.2, 5.6))
    path.cubicTo(QPointF(5.2, 2.2), QPointF(10.9, 2.2), QPointF(10.9, 5.6))
    path.cubicTo(QPointF(10.9, 8.0), QPointF(8.0, 7.6), QPointF(8.0, 10.2))
    painter.drawPath(path)
    painter.drawPoint(QPointF(8.0, 13.2))


_DRAWINGS: dict[str, Callable[[QPainter], None]] = {
    "first": _first,
    "back": lambda painter: _triangle(painter, 5, 11),
    "play": lambda painter: _triangle(painter, 12.5, 4.5),
    "pause": _pause,
    "forward": lambda painter: _triangle(painter, 11, 5),
    "last": _last,
    "export": _export,
    "close": _close,
    "again": _again,
    "copy": _copy,
    "help": _help,
}
NAMES = tuple(_DRAWINGS)
