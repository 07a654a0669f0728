"""Screens of 1, 1.25, 1.5 and 2 device pixels per logical pixel: the picture of the cells arrives on them unchanged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SHOWS_VIEWS_AT_ODD_PLACES = """
import json, math
import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication, QWidget
from hw2gui.colour import Scale
from hw2gui.widgets.cells import ArraySource
from hw2gui.widgets.matrix_view import Behaviour, MatrixView
from tests.widgets.hands import pixels

app = QApplication([])
array = np.random.default_rng(0).normal(size=(40, 60))
found = []
for k in range(5):
    window = QWidget()
    window.resize(300, 260)
    view = MatrixView("m", Behaviour(pans=True, square=False), window)
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    view.setGeometry(11 + k, 7 + 2 * k, 201 + k, 151)
    view.show_source(ArraySource(array), Scale("diverging", -2, 2))
    window.show()
    for zoomed in (False, True):
        if zoomed:
            view.show_cell((20, 30), 13.0)
        ratio = window.devicePixelRatioF()
        screen = pixels(window.grab().toImage())
        picture = pixels(view._pictures._cells)
        left, top = math.floor(view.x() * ratio + 0.5), math.floor(view.y() * ratio + 0.5)
        height, width = picture.shape[0] - 1, picture.shape[1] - 1  # the last half pixel is not the widget's
        same = screen[top : top + height, left : left + width] == picture[:height, :width]
        right = [view.cell_at(view.cell_rect(cell).center()) == cell for cell in ((20, 30), (21, 31), (19, 29))]
        found.append([ratio, bool(same.all()), all(right), view._pictures._cells.width() / view.width()])
print(json.dumps(found))
"""


@pytest.mark.parametrize("ratio", [1, 1.25, 1.5, 2])
def test_the_picture_is_on_the_screen_pixel_for_pixel(ratio: float) -> None:
    environment = {**os.environ, "QT_SCALE_FACTOR": str(ratio), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", SHOWS_VIEWS_AT_ODD_PLACES]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    for seen, same, right, density in json.loads(done.stdout):
        assert seen == ratio and same and right
        assert density == pytest.approx(ratio, abs=0.01)
