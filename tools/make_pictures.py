"""Make the pictures of the README and the guide (``make pictures``): the real window in states of the tour and of a lesson.

``python tools/make_pictures.py [NAME …] [--out docs/pictures]``. A picture is the whole window at 1280×800 in the light theme, its
colours reduced to a palette of 256, which keeps it small. No screen is needed, and no settings of the user's are read.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.pop("HW2GUI_DATA", None)  # everybody gets the same pictures
if __name__ != "__mp_main__":  # a spawned process imports this again by that name, and shares the home
    HOME = tempfile.TemporaryDirectory(prefix="hw2gui-pictures-", ignore_cleanup_errors=True)
    os.environ["HW2GUI_HOME"] = HOME.name

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QPoint
from PySide6.QtGui import QPainter, QPixmap

from hw2gui.app import tour
from hw2gui.app.appearance import Appearance
from hw2gui.app.lesson.script import ScriptDialog
from hw2gui.app.main_window import MainWindow, application
from hw2gui.app.settings import Settings
from hw2gui.app.tabs import TABS
from hw2gui.names import load
from hw2gui.widgets.tour import Stop

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

ROOT = Path(__file__).resolve().parents[1]
SIZE = 1280, 800
ALL_BYTES = 1_500_000
"""All pictures together stay below this, for everybody clones them."""


@dataclass(frozen=True)
class Picture:
    """What a picture shows: a stop of a tab's tour, and then what is done to the window, which may name a dialog to be drawn over it."""

    tab: str
    stop: str
    then: Callable[[MainWindow], QWidget | None] = lambda _: None
    width: int = SIZE[0]


def _question(window: MainWindow) -> None:
    """Question 1.1a guessed, and the number shown."""
    window.desk.open_question("1.1a")
    panel = window.desk.panel
    assert panel is not None
    panel.guess.setText("600")
    panel.guess.textEdited.emit("600")
    panel.notes.setPlainText("Without padding the kernel stays inside: 28 − 5 + 1 places each way.")
    panel.reveal.click()


def _tour(window: MainWindow) -> None:
    """The guided tour at its second stop."""
    window.desk.guide.go(1)


def _hidden(window: MainWindow) -> None:
    """Answers covered, as a teacher shows the window."""
    window.desk.switch("hide_answers", True)


def _script(window: MainWindow) -> QWidget:
    """Three steps, and the dialog that orders them."""
    for key, name in (("convolution", "output-cell"), ("convolution", "stride-2"), ("parameters", "twins-question-1")):
        tour.show(window, key, _stop(key, name))
        window.desk.add_step()
    window.desk.show_step(1)
    window.desk.edit_script()
    return window.findChildren(ScriptDialog)[-1]


PICTURES = {
    "convolution": Picture("convolution", "output-cell"),
    "attention": Picture("convolution", "attention"),
    "parameters": Picture("parameters", "start"),
    "growth": Picture("parameters", "growth-break-even"),
    "characters": Picture("vision", "drawing"),
    "inside": Picture("vision", "one-value"),
    "results": Picture("vision", "results"),
    "names": Picture("seq2seq", "type"),
    "steps": Picture("seq2seq", "steps"),
    "measure": Picture("seq2seq", "measure"),
    "report": Picture("report", "rates"),
    "question": Picture("convolution", "output-cell", _question, 1620),
    "guided-tour": Picture("convolution", "output-cell", _tour),
    "hidden": Picture("parameters", "question-1", _hidden),
    "script": Picture("convolution", "output-cell", _script),
}


def _stop(tab: str, name: str) -> Stop:
    spec = next(spec for spec in TABS if spec.key == tab)
    return next(stop for stop in load(spec.tour) if stop.name == name)


def draw(picture: Picture, appearance: Appearance) -> QPixmap:
    """The window as *picture* says, drawn."""
    window = MainWindow(appearance, Settings(), remember=False)
    try:
        window.resize(*SIZE)
        window.show()
        window.services.start()
        tour.show(window, picture.tab, _stop(picture.tab, picture.stop))
        dialog = picture.then(window)
        tour.settle(window)
        window.resize(picture.width, SIZE[1])
        tour.settle(window)
        window.messages.dismiss()
        drawn = window.grab()
        if dialog is not None:
            at = QPoint((SIZE[0] - dialog.width()) // 2, (SIZE[1] - dialog.height()) // 2)
            painter = QPainter(drawn)
            painter.drawPixmap(at, dialog.grab())
            painter.setPen(dialog.palette().shadow().color())
            painter.drawRect(at.x() - 1, at.y() - 1, dialog.width() + 1, dialog.height() + 1)
            painter.end()
            dialog.close()
        return drawn
    finally:
        window.close()
        window.deleteLater()


def small(drawn: QPixmap) -> bytes:
    """*drawn* as a PNG with a palette of its own."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    drawn.save(buffer, "PNG")
    image = Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")
    out = io.BytesIO()
    # Without a round of k-means what is small and bright, the mark of a pinned cell, takes the colour of what is near it.
    image.quantize(256, method=Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> int:
    """Make all pictures, or those named; answer 1 when together they are too large."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"some of {', '.join(PICTURES)} (default: all)")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures", metavar="DIR")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(PICTURES))
    if unknown:
        parser.error(f"there is no picture {unknown[0]!r}: name some of {', '.join(PICTURES)}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    tour.WAIT_SECONDS = 300.0
    appearance = Appearance(application(), "light")
    for name in arguments.names or PICTURES:
        content = small(draw(PICTURES[name], appearance))
        (arguments.out / f"{name}.png").write_bytes(content)
        print(f"{arguments.out / name}.png: {len(content) / 1000:.0f} kB", flush=True)
    everything = sum(file.stat().st_size for file in arguments.out.glob("*.png"))
    print(f"All pictures there: {everything / 1000:.0f} kB")
    return 1 if everything > ALL_BYTES else 0


if __name__ == "__main__":
    sys.exit(main())
