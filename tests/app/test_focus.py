"""Where the keyboard is can be seen, in every control of every tab.

Measured on pictures in the light theme, where the accent is nearest to the other colours; the dark one's colours are measured by
`tests.widgets.test_theme`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QTabBar, QWidget

from tests.app.layout import place
from tests.app.whole import KEYS, controls, open_whole, walk
from tests.test_colour import luminance
from tests.widgets.hands import pixels

LEAST_CONTRAST = 3.0
"""WCAG 2.2, 2.4.11: between the same pixel with the focus and without."""
LEAST_PIXELS = 16


def changed(before: NDArray[np.uint32], after: NDArray[np.uint32]) -> int:
    """How many pixels differ by the least contrast or more."""
    one, other = luminance(before), luminance(after)
    contrast = (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)
    return int(np.count_nonzero(contrast >= LEAST_CONTRAST))


def seen(window: QWidget, control: QWidget) -> bool:
    """Whether something in the window tells that *control* has the keyboard."""
    # Where it lies in the picture of what is around it: a frame may be drawn by the parent.
    window.setFocus(Qt.FocusReason.OtherFocusReason)
    QApplication.processEvents()
    around, where = control.parentWidget() or control, control.geometry().adjusted(-4, -4, 4, 4)
    before = pixels(around.grab(where).toImage())
    control.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    after = pixels(around.grab(where).toImage())
    return before.shape != after.shape or changed(before, after) >= LEAST_PIXELS


@pytest.mark.parametrize("key", KEYS)
def test_the_focus_is_seen(qtbot: Any, qapp: QApplication, key: str) -> None:
    window = open_whole(qtbot, qapp)
    known, hidden = set(), set()
    for stop in walk(window, key):
        for control in (*controls(window.page(key)), *window.findChildren(QTabBar)):
            name = f"{type(control).__name__} {control.accessibleName() or control.toolTip()}"
            if name in known or not control.isEnabled() or type(control) is QScrollArea:
                continue
            known.add(name)
            if not seen(window, control):
                hidden.add(place(stop.name, control))
    assert not hidden, "\n".join(sorted(hidden))
    window.close()
