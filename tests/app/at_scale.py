"""What is cut off where the desktop has Qt scale everything: a line each, of a process started with ``QT_SCALE_FACTOR``."""

from __future__ import annotations

import sys

from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget

from hw2gui.app.appearance import Appearance
from hw2gui.app.main_window import MainWindow, application
from hw2gui.app.settings import Settings
from hw2gui.app.tour import show
from tests.app.layout import area_of, faults
from tests.app.whole import KEYS, late_worker, stops
from tests.widgets.hands import pixels


def unpainted(window: QWidget) -> int:
    """How many pixels of *window* nobody paints, where what was there before would be left."""
    image = QImage(window.grab().size(), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(window.devicePixelRatioF())
    image.fill(QColor("magenta"))
    window.render(image)
    return int((pixels(image) == QColor("magenta").rgb()).sum())


def main() -> None:
    """The first state of every tab."""
    app = application()
    window = MainWindow(Appearance(app, "light"), Settings(), remember=False, make_worker=late_worker)
    window.resize(1280, 720)
    window.show()
    sys.stdout.write(f"at {window.devicePixelRatioF():g}\n")
    for key in KEYS:
        show(window, key, stops(key)[0])
        found = faults(window.page(key), key)
        bars = (area_of(window, window.page(key)).horizontalScrollBar(), area_of(window, window.page(key)).verticalScrollBar())
        found |= {f"{key}: scrolls" for bar in bars if bar.maximum()}
        left = unpainted(window)
        found |= {f"{key}: {left} pixels are not painted"} if left else set()
        sys.stdout.write("".join(f"{line}\n" for line in sorted(found)))
    window.close()
    QApplication.processEvents()


if __name__ == "__main__":
    main()
