"""Curves that grow while one looks: many lines on one pair of axes, read by hovering, linear or logarithmic, cheap to extend."""

from __future__ import annotations

from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from hw2gui.widgets import plot_lines, theme
from hw2gui.widgets.fields import text_label
from hw2gui.widgets.focus import paint_focus
from hw2gui.widgets.keyboard import KeyList, describe
from hw2gui.widgets.plot_axes import dress_axis
from hw2gui.widgets.plot_lines import (
    MARKED_UP_TO,
    Level,
    Line,
    drawable,
    hue,
    in_words,
    is_smooth,
    look_of,
    on_axes,
    pen_of,
    plain_pen,
    sample_of,
)
from hw2gui.widgets.spare_axes import take

_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End)
REDRAW_MS = 50
"""However fast points arrive, curves are drawn again at most this often."""
EDGE = 8
"""Room for the half of a label that stands at the end of an axis, in logical pixels."""


class LivePlot(QWidget):
    """Lines, dashed levels and vertical marks on one pair of axes."""

    TITLE = "Curves"
    KEYS: KeyList = (("← →", "read the points of a curve"), ("↑ ↓", "go to another curve"), ("Home End", "to its first or last point"))

    read = Signal(str)
    """What the pointer reads: the nearest point of the nearest line, in words; empty when there is none."""

    def __init__(self, name: str, across: str, down: str, empty: str = "", parent: QWidget | None = None) -> None:
        """*empty*: the sentence that stands in the plot as long as there is nothing to draw."""
        super().__init__(parent)
        self.setAccessibleName(name)
        describe(self, self.KEYS)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._at: tuple[int, int] | None = None
        """(curve, point) that the keyboard reads."""
        self._labels = (across, down)
        self._lines: tuple[Line, ...] = ()
        self._levels: tuple[Level, ...] = ()
        self._marks: tuple[tuple[float, str], ...] = ()
        self._log = (False, False)
        self._items: list[pg.GraphicsObject] = []
        self._curves: list[tuple[pg.PlotDataItem, pg.PlotDataItem | None, pg.PlotDataItem | None]] = []
        self._look: object = None
        self._plot = _axes_of_a_plot()
        self.empty = text_label(empty, muted=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside = QVBoxLayout(self._plot)
        inside.setContentsMargins(2 * EDGE, EDGE, 2 * EDGE, EDGE)
        inside.addWidget(self.empty)
        self._point = pg.ScatterPlotItem(size=9, pxMode=True)
        self._plot.scene().sigMouseMoved.connect(self._moved)
        self._reading = QLabel()
        self._reading.setObjectName("muted")
        self._reading.setMinimumHeight(self._reading.fontMetrics().height())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3, 3, 3, 3)  # the frame of the focus
        layout.setSpacing(2)
        self.legend = QLabel()
        self.legend.setWordWrap(True)
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.legend.hide()
        layout.addWidget(self.legend)
        layout.addWidget(self._plot, 1)
        self._plot.show()
        layout.addWidget(self._reading)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REDRAW_MS)
        self._timer.timeout.connect(self._draw)
        self._draw()

    def show_lines(self, lines: tuple[Line, ...], levels: tuple[Level, ...] = (), marks: tuple[tuple[float, str], ...] = ()) -> None:
        """Show *lines*, dashed horizontal *levels* and vertical *marks* (x, name). May be called as often as points arrive."""
        self._lines, self._levels, self._marks = lines, levels, marks
        if not self._timer.isActive():
            self._timer.start()

    def set_log(self, *, across: bool = False, down: bool = False) -> None:
        """Logarithmic axes."""
        if (across, down) != self._log:
            self._log = (across, down)
            self._draw()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The curves shown."""
        return self._lines

    @property
    def levels(self) -> tuple[Level, ...]:
        """The dashed levels."""
        return self._levels

    @property
    def marks(self) -> tuple[tuple[float, str], ...]:
        """The vertical marks."""
        return self._marks

    @property
    def labels(self) -> tuple[str, str]:
        """What the axes are called, across and down."""
        return self._labels

    @property
    def log(self) -> tuple[bool, bool]:
        """Whether they are logarithmic."""
        return self._log

    def flush(self) -> None:
        """Draw now what was shown last."""
        self._timer.stop()
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """A new theme: new colours. A screen of another density: lines as wide as before."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.DevicePixelRatioChange):
            self._draw()
        super().changeEvent(event)

    # -- drawing ------------------------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        self._draw_curves()
        # Else pyqtgraph would fit the axes while it paints, and have to paint a second time.
        self._plot.getPlotItem().vb.prepareForPaint()

    def _draw_curves(self) -> None:
        drawn = self.is_drawn
        density = self.devicePixelRatioF()
        # A name that kept off a short curve may lie on the longer one.
        places = tuple(map(self._name_place, self._levels))
        shown = (self._log, self._labels, self._levels, places, self._marks, drawn)
        look = (theme.current(), density, *shown, tuple(map(look_of, self._lines)))
        if look == self._look:
            self._grow()
            return
        self._look = look
        colours = theme.current()
        item = self._plot.getPlotItem()
        for old in self._items:
            item.removeItem(old)
        self._items, self._curves = [], []
        item.setLogMode(*self._log)
        self._plot.setBackground(colours.panel)
        for line in self._lines:
            self._add_line(line)
        for level, (place, above) in zip(self._levels, places, strict=True):
            y = np.log10(level.y) if self._log[1] and level.y > 0 else level.y
            pen = plain_pen(colours.muted, 1.2, density, dashed=True)
            options = {"position": place, "color": colours.muted, "anchors": [(0, above), (0, above)]}
            self._add(pg.InfiniteLine(y, angle=0, pen=pen, label=level.name, labelOpts=options))
        for number, (x, name) in enumerate(self._marks):
            place = np.log10(x) if self._log[0] and x > 0 else x
            # Names of near marks one below the other.
            pen = plain_pen(colours.warning, 1, density, dashed=True)
            options = {"position": 0.95 - 0.09 * (number % 4), "color": colours.warning, "anchors": [(0, 0), (0, 0)]}
            self._add(pg.InfiniteLine(place, angle=90, pen=pen, label=name, labelOpts=options))
        self._point.setBrush(QColor(colours.link))
        self._point.setPen(plain_pen(colours.link_edge, 1.2, density))
        self._point.setData([], [])
        self._add(self._point)
        for side, label in (("bottom", self._labels[0]), ("left", self._labels[1])):
            axis = self._plot.getAxis(side)
            dress_axis(axis, label, density)
            # Axes without a point on them would be made up.
            # `setVisible` would leave an axis as narrow as it was.
            (axis.show if drawn else axis.hide)()
        self._show_empty()
        self._show_legend()

    def _name_place(self, level: Level) -> tuple[float, int]:
        """Where the name of *level* begins, as a part of the width, and whether it stands above (1) or below (0) its line."""
        above = plot_lines.has_room_above(level, self._lines, self._log)
        return plot_lines.clear_place(level, self._lines, self._log, above=above), int(above)

    def _add_line(self, line: Line) -> None:
        xs, ys = drawable(line, self._log)
        edges: list[pg.PlotDataItem | None] = [None, None]
        if line.low is not None and line.high is not None:
            edges = [pg.PlotDataItem(*drawable(line, self._log, edge), pen=QColor(0, 0, 0, 0)) for edge in (line.low, line.high)]
            for edge in edges:
                self._add(edge)
            tint = QColor(hue(line.hue))
            tint.setAlpha(45)
            self._add(pg.FillBetweenItem(*edges, brush=tint))
        # Few points are marked: a line through one of them would not be seen at all.
        dot = {"symbol": "o", "symbolSize": 6, "symbolBrush": QColor(hue(line.hue)), "symbolPen": None}
        marked = {} if line.faint or xs.size > MARKED_UP_TO else dot
        curve = pg.PlotDataItem(xs, ys, pen=pen_of(line, self.devicePixelRatioF()), connect="finite", antialias=is_smooth(line), **marked)
        self._add(curve)
        self._curves.append((curve, edges[0], edges[1]))

    def _grow(self) -> None:
        """The same curves with other points: nothing is made anew."""
        for line, (curve, low, high) in zip(self._lines, self._curves, strict=True):
            curve.setData(*drawable(line, self._log), connect="finite")
            for edge, values in ((low, line.low), (high, line.high)):
                if edge is not None and values is not None:
                    edge.setData(*drawable(line, self._log, values))

    def _show_legend(self) -> None:
        named = list({line.name: line for line in self._lines if not line.unnamed}.values())
        self.legend.setText("&ensp; ".join(f"<nobr>{sample_of(line)} {escape(line.name)}</nobr>" for line in named))
        self.legend.setVisible(bool(named) and self.is_drawn)

    def set_empty(self, words: str) -> None:
        """Say *words* where nothing is drawn."""
        self.empty.setText(words)
        self._show_empty()

    @property
    def is_drawn(self) -> bool:
        """Whether there is a point to be seen."""
        return any(drawable(line, self._log)[0].size for line in self._lines)

    def _show_empty(self) -> None:
        self.empty.setVisible(not self.is_drawn and bool(self.empty.text()))

    def set_whole(self, *, across: bool = False, down: bool = False) -> None:
        """Which axes count something: halves are no numbers there."""
        for side, whole in (("bottom", across), ("left", down)):
            axis = self._plot.getAxis(side)
            if axis.whole != whole:
                axis.whole = whole
                axis.picture = None
                axis.update()

    def set_labels(self, across: str, down: str) -> None:
        """Call the axes something else."""
        if (across, down) != self._labels:
            self._labels = (across, down)
            self._draw()

    def _add(self, item: pg.GraphicsObject) -> None:
        self._plot.addItem(item)
        self._items.append(item)

    # -- reading ------------------------------------------------------------------------------------------------------------------

    def _moved(self, position: QPointF) -> None:
        box = self._plot.getPlotItem().vb
        if not box.sceneBoundingRect().contains(position):
            self._show_reading("", None)
            return
        best: tuple[float, str, tuple[float, float]] | None = None
        for line in self._lines:
            xs, ys = drawable(line, self._log)
            if xs.size == 0:
                continue
            shown_x, shown_y = on_axes(xs, ys, self._log)
            at = int(np.argmin(np.abs(shown_x - box.mapSceneToView(position).x())))
            place = box.mapViewToScene(QPointF(float(shown_x[at]), float(shown_y[at])))
            distance = abs(place.x() - position.x()) + abs(place.y() - position.y())
            if best is None or distance < best[0]:
                words = in_words(line, float(xs[at]), float(ys[at]), self._labels)
                best = (distance, words, (float(shown_x[at]), float(shown_y[at])))
        self._show_reading(best[1] if best else "", best[2] if best else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk the points of a curve, and from curve to curve."""
        key = Qt.Key(event.key())
        curves = [line for line in self._lines if drawable(line, self._log)[0].size]
        if key not in _KEYS or not curves:
            super().keyPressEvent(event)
            return
        number, at = self._at if self._at is not None else (0, -1)
        number = min(max(number + {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key, 0), 0), len(curves) - 1)
        xs, ys = drawable(curves[number], self._log)
        at += {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -xs.size, Qt.Key.Key_End: xs.size}.get(key, 0)
        at = min(max(at, 0), xs.size - 1)
        self._at = (number, at)
        shown_x, shown_y = on_axes(xs, ys, self._log)
        words = in_words(curves[number], float(xs[at]), float(ys[at]), self._labels)
        self.setAccessibleDescription(words)
        self._show_reading(words, (float(shown_x[at]), float(shown_y[at])))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard's point goes with the focus."""
        super().focusOutEvent(event)
        self._at = None
        self._show_reading("", None)
        describe(self, self.KEYS)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame of the focus; the rest is the children's."""
        if self.hasFocus():
            paint_focus(QPainter(self), self.rect())

    def _show_reading(self, words: str, point: tuple[float, float] | None) -> None:
        self._reading.setText(words)
        self._point.setData([] if point is None else [point[0]], [] if point is None else [point[1]])
        self.read.emit(words)


def _axes_of_a_plot() -> pg.PlotWidget:
    """Axes that take what room there is, and are moved by nothing but their curves."""
    plot = take()
    plot.hideButtons()
    plot.setMouseEnabled(x=False, y=False)
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    # pyqtgraph asks for 640×480; layouts decide here.
    plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
    plot.setMinimumSize(120, 80)
    plot.getPlotItem().layout.setContentsMargins(0, EDGE, EDGE, 0)
    return plot
