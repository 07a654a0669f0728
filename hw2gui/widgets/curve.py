"""A small plot of one or two curves with a marked point, in the colours of the theme."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hw2gui.arrays import Floats
from hw2gui.widgets import theme
from hw2gui.widgets.plot_axes import dress_axis
from hw2gui.widgets.plot_lines import plain_pen
from hw2gui.widgets.spare_axes import new_axes

NARROW_ROOM = 40.0
"""How many logical pixels a number across takes: a small plot has small numbers."""


class CurvePlot(QWidget):
    """One curve over its axis, an optional comparison, and a point that follows what is probed."""

    pointed = Signal(float)
    """The pointer's place along the horizontal axis."""

    def __init__(self, name: str, across: str, down: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._labels = (across, down)
        self._plot = new_axes()
        self._plot.getAxis("bottom").room = NARROW_ROOM
        self._plot.hideButtons()
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._curve = self._plot.plot([], [], antialias=True)
        self._reference = self._plot.plot([], [], antialias=True)
        self._marks = pg.ScatterPlotItem(size=5, pxMode=True)
        self._point = pg.ScatterPlotItem(size=11, pxMode=True)
        self._plot.addItem(self._marks)
        self._plot.addItem(self._point)
        self._plot.scene().sigMouseMoved.connect(self._moved)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plot)
        self._colour()

    def show_curve(
        self, xs: Floats, ys: Floats, reference: tuple[Floats, Floats] | None = None, marks: tuple[Floats, Floats] | None = None
    ) -> None:
        """Show the curve, a dashed *reference* and small *marks* on it."""
        self._curve.setData(xs, ys)
        self._reference.setData(*(reference or ([], [])))
        self._marks.setData(*(marks or ([], [])))
        self._plot.getPlotItem().vb.prepareForPaint()  # else it would be painted, fitted and painted again

    def show_point(self, x: float | None, y: float = 0.0) -> None:
        """Mark one point, or none."""
        self._point.setData([] if x is None else [x], [] if x is None else [y])

    def changeEvent(self, event: QEvent) -> None:
        """A new theme: new colours. A screen of another density: lines as wide as before."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.DevicePixelRatioChange):
            self._colour()
        super().changeEvent(event)

    def _moved(self, position: object) -> None:
        box = self._plot.getPlotItem().vb
        if box.sceneBoundingRect().contains(position):
            self.pointed.emit(float(box.mapSceneToView(position).x()))

    def _colour(self) -> None:
        colours, density = theme.current(), self.devicePixelRatioF()
        self._plot.setBackground(colours.panel)
        self._curve.setPen(plain_pen(colours.accent, 2, density))
        self._reference.setPen(plain_pen(colours.muted, 1, density, dashed=True))
        self._marks.setBrush(QColor(colours.accent))
        self._marks.setPen(None)
        self._point.setBrush(QColor(colours.link))
        self._point.setPen(plain_pen(colours.link_edge, 1.5, density))
        for side, label in (("bottom", self._labels[0]), ("left", self._labels[1])):
            axis = self._plot.getAxis(side)
            dress_axis(axis, label, density)
