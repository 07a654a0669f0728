"""Pointing at cells of a 28×28 image, a 5×5 kernel and their matrix: from the mouse event to everything painted."""

from __future__ import annotations

import numpy as np
from _table import Row, milliseconds, percentile, report, spread
from _window import open_window
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

MOVES = 400
AIM_MS = 8.0


def main() -> None:
    """Measure and report."""
    window = open_window()
    page = window.page("convolution").page  # type: ignore[attr-defined]
    draw = np.random.default_rng(0)
    rows = []
    for name, view in (("x", page.image), ("w", page.kernel), ("z", page.output), ("M", page.matrix)):

        def move(view=view) -> None:  # type: ignore[no-untyped-def]
            place = QPoint(int(draw.integers(2, view.width() - 2)), int(draw.integers(2, view.height() - 2)))
            QTest.mouseMove(view, place)
            QApplication.processEvents()

        taken = milliseconds(move, MOVES)
        rows.append(
            Row(f"hover over {name}, 28×28 and 5×5", spread(taken), aim=f"p95 ≤ {AIM_MS:g} ms", met=percentile(taken, 0.95) <= AIM_MS)
        )
    window.close()
    report(rows)


if __name__ == "__main__":
    main()
