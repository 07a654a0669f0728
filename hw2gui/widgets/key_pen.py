"""A pen moved with the arrow keys, for those who have no pointer: where it is, and where the keys that are held take it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen

from hw2gui.widgets import theme

WAYS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}

STEP = 1 / 40
"""Of the pad's side, for each press or repetition: it is crossed in less than two seconds by a key that is held."""

FINE = 0.25
"""Of a step, with Shift."""


class KeyPen:
    """Where the pen is, in sides of the pad from the upper left; two arrows held together take it along a diagonal."""

    def __init__(self) -> None:
        self.place = (0.5, 0.5)
        self.shown = False
        """Whether the keyboard was used last: a pointer needs no picture of the pen."""
        self._held: set[int] = set()

    def moves(self, event: QKeyEvent) -> bool:
        """Follow a press of an arrow key; other keys leave the pen where it is and are answered with False."""
        if event.key() not in WAYS:
            return False
        self._held.add(event.key())
        ways = [way for key, way in WAYS.items() if key in self._held]
        step = STEP * (FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        x, y = (value + step * sum(way[axis] for way in ways) for axis, value in enumerate(self.place))
        self.place = (min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))
        return True

    def release(self, event: QKeyEvent) -> None:
        """A key was let go of; repetitions of a key that is held come as releases too."""
        if not event.isAutoRepeat():
            self._held.discard(event.key())

    def let_go(self) -> None:
        """No key is held any more, whatever was: the keyboard went elsewhere."""
        self._held.clear()

    def centre(self) -> None:
        """Back to the middle of the pad."""
        self.place = (0.5, 0.5)

    def words(self) -> str:
        """Where it is, for those who hear it."""
        x, y = self.place
        return f"{x:.0%} from the left, {y:.0%} from the top"

    def paint(self, painter: QPainter, square: QRectF, width: float, down: bool) -> None:
        """A ring as wide as the brush, with a point in it while the pen is *down*; seen on paper and on ink."""
        colours = theme.current()
        middle = QPointF(square.x() + self.place[0] * square.width(), square.y() + self.place[1] * square.height())
        radius = max(width * square.width() / 2, 5.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, thick in ((colours.link_edge, 4.0), (colours.link, 2.0)):
            painter.setPen(QPen(QColor(colour), thick))
            painter.drawEllipse(middle, radius, radius)
        if down:
            painter.setPen(QPen(QColor(colours.link_edge), 1.0))
            painter.setBrush(QColor(colours.link))
            painter.drawEllipse(middle, radius / 2, radius / 2)
