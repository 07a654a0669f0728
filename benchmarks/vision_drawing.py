"""From a movement of the mouse on the pad to the answer's bars painted, in the real window with its worker process."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from _table import Row, percentile, report, spread
from _window import open_window
from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest

from hw2gui.app.tour import settle
from hw2gui.vision.pen import drawn

AIM_MS = 16.0
REPEATS = 2
EVERY = 8
"""A mouse tells of its way about 125 times a second: the next movement comes so many milliseconds later."""


def main() -> None:
    """Measure and report."""
    window = open_window()
    window.show_tab("vision")
    settle(window)
    page = window.page("vision").draw  # type: ignore[attr-defined]
    clock = _Clock(page.bars)
    single: list[float] = []
    flow: list[float] = []
    for _ in range(REPEATS):
        for label in range(10):
            single += _draw(page, label, clock, wait=True)
            page.clear.click()
            settle(window)
            flow += _draw(page, label, clock, wait=False)
            page.clear.click()
            settle(window)
    window.close()
    report(
        [
            Row(
                "Stroke to bars, each movement answered before the next",
                spread(single),
                aim=f"p95 ≤ {AIM_MS:g} ms",
                met=percentile(single, 0.95) <= AIM_MS,
            ),
            Row(
                f"Stroke to bars, a movement every {EVERY} ms",
                spread(flow),
                aim=f"p95 ≤ {AIM_MS:g} ms",
                met=percentile(flow, 0.95) <= AIM_MS,
            ),
            Row("… movements answered one by one (the newest only is read where they come faster)", f"{len(flow) / clock.moves:.0%}"),
        ]
    )


class _Clock:
    """Notes when the bars were painted with a new answer."""

    def __init__(self, bars: object) -> None:
        self.painted = 0.0
        self.moves = 0
        self.loop: QEventLoop | None = None
        self._fresh = False
        show, paint = bars.show_values, bars.paintEvent  # type: ignore[attr-defined]

        def shown(*values: object) -> None:
            self._fresh = True
            show(*values)

        def paint_event(event: object) -> None:
            paint(event)
            if self._fresh:
                self._fresh, self.painted = False, perf_counter()
                if self.loop is not None:
                    self.loop.quit()

        bars.show_values, bars.paintEvent = shown, paint_event  # type: ignore[attr-defined]


def _draw(page: object, label: int, clock: _Clock, *, wait: bool) -> list[float]:
    """Draw a character by mouse events; milliseconds from each movement that was answered to its bars."""
    pad = page.pad  # type: ignore[attr-defined]
    side = min(pad.width(), pad.height())
    left, top = (pad.width() - side) // 2, (pad.height() - side) // 2
    taken = []
    for stroke in drawn(label).strokes:
        points = np.array(stroke.points)[::4]
        places = [QPoint(left + int(x * side), top + int(y * side)) for x, y in points]
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=places[0])
        sent = perf_counter()
        for place in places[1:]:
            taken += _until_painted(clock, sent, None if wait else EVERY / 1000)
            QTest.mouseMove(pad, place)
            sent = perf_counter()
            clock.moves += not wait
        taken += _until_painted(clock, sent, None)
        QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=places[-1])
        _until_painted(clock, perf_counter(), None)
    return taken


def _until_painted(clock: _Clock, sent: float, at_most: float | None) -> list[float]:
    """Wait until the bars are painted anew (or for *at_most* seconds); the milliseconds that took, if they were.

    It sleeps in Qt's event loop, as the program does: a loop that polls would keep the thread that listens to the worker from running.
    """
    end = sent + (at_most if at_most is not None else 2.0)
    if at_most is not None:
        _sleep(end)
    elif clock.painted <= sent:
        clock.loop = QEventLoop()
        _sleep(end, clock.loop)
        clock.loop = None
    return [(clock.painted - sent) * 1000] if clock.painted > sent else []


def _sleep(end: float, loop: QEventLoop | None = None) -> None:
    loop = loop or QEventLoop()
    timer = QTimer()
    timer.setSingleShot(True)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(loop.quit)
    timer.start(max(0, round((end - perf_counter()) * 1000)))
    loop.exec()


if __name__ == "__main__":
    main()
