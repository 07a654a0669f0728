"""Panning and zooming the matrix of a 1024×1024 image, beside matplotlib's spy on the largest sparse matrix it draws in a few seconds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from _table import Row, milliseconds, percentile, report, spread
from _window import open_window, resident_bytes
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hw2gui.app.tour import settle
from hw2gui.convolution import state
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.convolution.state import ImageChoice

FRAMES = 200
AIM_MS = 16.0
AIM_BYTES = 100 * 2**20
SPY_SIDES = (64, 128, 256, 512)
SPY_LIMIT_MS = 20_000


def main() -> None:
    """Measure and report."""
    window = open_window()
    store = window.document.stores["convolution"]
    page = window.page("convolution").page  # type: ignore[attr-defined]
    idle = resident_bytes()
    store.replace("large", replace(state.with_image(store.state, ImageChoice(kind="random"), 1024, 1024)))
    settle(window)
    view = page.matrix
    rows, worst = [], 0
    for name, cell in (("a third of it in view", 0.0), ("a pixel a cell", 1.0), ("legible cells", 28.0)):
        if cell:
            view.show_cell((520_200, 524_288), cell)
        else:
            view.zoom(3.0)
        taken = _pan(view)
        worst = max(worst, resident_bytes() - idle)
        rows.append(Row(f"pan M of 1024×1024 ({name})", spread(taken), aim=f"p95 ≤ {AIM_MS:g} ms", met=percentile(taken, 0.95) <= AIM_MS))
    zoomed = _zoom(view)
    rows.append(Row("zoom M of 1024×1024", spread(zoomed), aim=f"p95 ≤ {AIM_MS:g} ms", met=percentile(zoomed, 0.95) <= AIM_MS))
    rows.append(Row("memory for it above idle", f"{worst / 2**20:.0f} MiB", aim="< 100 MB", met=worst < AIM_BYTES))
    view.fit()
    view.zoom(3.0)
    frame = percentile(_pan(view), 0.5)
    window.close()
    rows.append(_spy(frame))
    report(rows)


def _pan(view) -> list[float]:  # type: ignore[no-untyped-def]
    """One frame a step of the drag, back and forth."""
    middle = QPoint(view.width() // 2, view.height() // 2)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    steps = iter(np.concatenate((np.arange(8, 8 + FRAMES // 2), np.arange(8 + FRAMES // 2, 8, -1))).tolist())

    def move() -> None:
        step = next(steps)
        QTest.mouseMove(view, middle - QPoint(step, step))
        QApplication.processEvents()

    taken = milliseconds(move, FRAMES)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle)
    return taken


def _zoom(view) -> list[float]:  # type: ignore[no-untyped-def]
    view.fit()
    place = QPointF(view.width() * 0.4, view.height() * 0.4)
    factors = iter([1.2] * 60 + [1 / 1.2] * 60)

    def step() -> None:
        view.zoom(next(factors), place)
        QApplication.processEvents()

    return milliseconds(step, 120)


def _spy(ours: float) -> Row:
    """The same picture by matplotlib: one frame of spy(sparse M), the image made larger until a frame takes too long."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    said = ""
    for side in SPY_SIDES:
        matrix = ConvolutionMatrix(Geometry(side, side, 5, 5), np.ones((5, 5))).sparse()
        figure = Figure(figsize=(6, 3.5), dpi=100)
        axes = figure.add_subplot()
        axes.spy(matrix, markersize=1)
        canvas = FigureCanvasAgg(figure)
        taken = milliseconds(canvas.draw, 2)[-1]
        said = (
            f"spy: {taken:.0f} ms a frame at {side}×{side}, {matrix.data.nbytes + matrix.indices.nbytes + matrix.indptr.nbytes >> 20} MiB"
        )
        ratio = f"{taken / ours:.0f}× (at {(1024 // side) ** 4:,} times fewer entries)"
        if taken > SPY_LIMIT_MS:
            break
    return Row("one frame of M", f"{ours:.1f} ms at 1024×1024, nothing stored", said, ratio)


if __name__ == "__main__":
    main()
