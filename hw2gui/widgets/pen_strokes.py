"""Strokes of a pen on a square pad, and how they are painted: as smooth as the hand was."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

Point = tuple[float, float]

PAPER = "#000000"
INK = "#ffffff"
"""White on black, as the characters a network is trained on are."""


@dataclass(frozen=True)
class PadStroke:
    """One movement of the pen: its points and its width in sides of the pad (0..1, from the upper left), and whether it erases."""

    points: tuple[Point, ...]
    width: float
    erases: bool = False


def paint_stroke(painter: QPainter, stroke: PadStroke, square: QRectF) -> None:
    """*stroke* on the pad that lies at *square*."""
    places = [QPointF(square.x() + x * square.width(), square.y() + y * square.height()) for x, y in stroke.points]
    colour = QColor(PAPER if stroke.erases else INK)
    width = stroke.width * square.width()
    if len(places) == 1:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(places[0], width / 2, width / 2)
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, width, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    painter.drawPath(smooth_path(places))


def smooth_path(places: list[QPointF]) -> QPainterPath:
    """A curve through the middles of neighbouring *places*, bent by the places themselves: no corners where the pointer was sampled."""
    path = QPainterPath(places[0])
    for here, after in pairwise(places[1:]):
        path.quadTo(here, (here + after) / 2)
    path.lineTo(places[-1])
    return path
