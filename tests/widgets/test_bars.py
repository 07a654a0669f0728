from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from hw2gui.widgets.bars import ProbabilityBars

CLASSES = tuple("ABCDEFGHIJ")


def bands(image: QImage) -> int:
    """How many lines of letters there are in the column of the names: runs of rows that have ink."""
    ground = image.pixel(image.width() // 3, 0)
    inked = [any(image.pixel(x, y) != ground for x in range(20)) for y in range(image.height())]
    return sum(now and not before for before, now in zip([False, *inked], inked, strict=False))


@pytest.mark.parametrize("height", [0, 130, 150, 240])
def test_the_lines_of_the_classes_stay_apart_however_low_they_are(qtbot: Any, height: int) -> None:
    bars = ProbabilityBars("Probability of each class", CLASSES)
    qtbot.addWidget(bars)
    bars.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
    bars.resize(280, height or bars.least_height)
    bars.show_values([0.91, *[0.01] * 9])
    image = QImage(bars.size(), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    bars.render(image)
    assert bands(image) == len(CLASSES)
