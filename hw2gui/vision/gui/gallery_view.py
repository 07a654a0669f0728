"""Images one can open: in the viewer, or on the drawing pad. Where they come from stands under them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from hw2gui.arrays import Ints
from hw2gui.colour import Scale
from hw2gui.vision.gui.asked import Asked
from hw2gui.vision.gui.results_words import captions
from hw2gui.vision.readings import Compared, Gallery, Place, Trial
from hw2gui.widgets.elided import ElidedLabel
from hw2gui.widgets.image_grid import ImageGrid
from hw2gui.widgets.panel import export_button
from hw2gui.widgets.rich_text import RichText
from hw2gui.widgets.small_picture import Picture

PIXELS = Scale("grey", 0.0, 255.0)
SOURCE_HEIGHT = 46


class OpenableGrid(ImageGrid):
    """Pictures of which one is chosen by a click or the arrow keys, and opened by a double click or Enter."""

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, name: str, *, columns: int = 0, largest: int = 120) -> None:
        super().__init__(name, columns=columns, largest=largest)
        self.clicked.connect(self._choose)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open what is under the pointer."""
        place = self._at(event)
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(place[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, Enter opens."""
        before = self._chosen
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and before is not None:
            self.opened.emit(before)
            return
        super().keyPressEvent(event)
        if self._chosen is not None and self._chosen != before:
            self.chosen.emit(self._chosen)

    def _choose(self, number: int) -> None:
        self._chosen = number
        self.update()
        self.chosen.emit(number)


class GalleryView(QWidget):
    """A sentence, images with captions, and what can be done with the one chosen."""

    look = Signal(object)
    """Look inside the network for the image at this `Place`."""
    draw = Signal(object)
    """Put the image at this `Place` on the drawing pad."""
    save = Signal(str)
    """The picture is wanted, as png, svg or pdf."""

    def __init__(self) -> None:
        super().__init__()
        self._places: tuple[Place, ...] = ()
        self._words: tuple[str, ...] = ()
        self._at: int | None = None
        self.title = ElidedLabel()
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.export = export_button("the gallery", self.save.emit)
        self.grid = OpenableGrid("Images")
        self.grid.chosen.connect(self._choose)
        self.grid.opened.connect(self._open)
        self.chosen = ElidedLabel()
        self.chosen.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.look_button = _button("Look inside", "See this image on its way through the network (or double click it)")
        self.look_button.clicked.connect(lambda _=False: self._send(self.look))
        self.draw_button = _button(
            "Put on the pad", "Trace this image's strokes on the drawing pad, to change it and see what is read then"
        )
        self.draw_button.clicked.connect(lambda _=False: self._send(self.draw))
        self.source = RichText("Where the images come from")
        self.source.setFixedHeight(SOURCE_HEIGHT)
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.export)
        actions = QHBoxLayout()
        actions.addWidget(self.chosen, 1)
        actions.addWidget(self.look_button)
        actions.addWidget(self.draw_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.grid, 1)
        column.addLayout(actions)
        column.addWidget(self.source)
        self.show_nothing("")

    def show_nothing(self, why: str) -> None:
        """No images, and *why*."""
        self._places, self._words, self._at = (), (), None
        self.title.setText("")
        self.grid.show_pictures(())
        self.source.show_html(why)
        self._show_chosen()

    def show_gallery(self, gallery: Gallery, title: str, captions: Sequence[str], words: Sequence[str], bad: Sequence[bool]) -> None:
        """Show the images under *title*, each with a caption (*bad* ones marked) and, once chosen, words."""
        self._places, self._words, self._at = gallery.places, tuple(words), None
        shown = len(gallery.places)
        more = f", the first {shown} shown" if gallery.total > shown else ""
        self.title.setText(f"{title}{more}")
        self.grid.show_pictures(
            tuple(
                Picture(image, PIXELS, caption, word, bad=wrong)
                for image, caption, word, wrong in zip(gallery.images, captions, words, bad, strict=True)
            )
        )
        self.source.show_html(f"<span style='font-size: small'>{gallery.attribution}</span>")
        self._show_chosen()

    def _choose(self, number: int) -> None:
        self._at = number
        self._show_chosen()

    def _open(self, number: int) -> None:
        self._choose(number)
        self._send(self.look)

    def _show_chosen(self) -> None:
        some = self._at is not None
        hint = "Click an image; double click opens it." if self._places else ""
        self.chosen.setText(self._words[self._at] if self._at is not None else hint)
        self.look_button.setEnabled(some)
        self.draw_button.setEnabled(some)
        self.export.setEnabled(bool(self._places))

    def _send(self, signal: SignalInstance) -> None:
        if self._at is not None:
            signal.emit(self._places[self._at])


def show_images(asked: Asked, key: str, view: GalleryView, trial: Trial, indices: Ints, title: str, both: Compared | None = None) -> None:
    """Fetch the images *indices* of *trial* and show them; with a rival, what each of the two reads."""

    def show(found: Gallery) -> None:
        view.show_gallery(found, title, *captions(trial, indices[: len(found.places)], both))

    arguments = {"name": trial.data, "split": trial.exam.split, "indices": indices}
    asked.ask(key, "hw2gui.vision.trials:gallery", arguments, show, failed=view.show_nothing, what="Fetching the images")


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    return button
