"""What x is: a character, a picture, a pattern or drawn by hand; and its size."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QComboBox, QGroupBox, QPushButton, QToolButton, QVBoxLayout, QWidget

from hw2gui.convolution import state
from hw2gui.convolution.gui.limits_now import limits_of
from hw2gui.convolution.limits import Limits
from hw2gui.convolution.sizes import MAX_EDITED
from hw2gui.convolution.state import ConvolutionState, ImageChoice, ImageKind
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.errors import InputError
from hw2gui.session.store import Store
from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.fields import Choices, RealField, WholeField, row, teach_manners, text_label
from hw2gui.widgets.services import Services

IMAGE_KINDS: tuple[tuple[ImageKind, str], ...] = (
    ("strokes", "Built-in characters"),
    ("kmnist", "Kuzushiji-MNIST"),
    ("picture", "Picture file…"),
    ("impulse", "Impulse"),
    ("gradient", "Gradient"),
    ("checkerboard", "Checkerboard"),
    ("random", "Random"),
    ("drawn", "Drawn by hand"),
)
CHARACTERS = ("strokes", "kmnist")
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
PICTURE_KINDS = f"Pictures ({' '.join(f'*{suffix}' for suffix in PICTURE_SUFFIXES)});;All files (*)"
LARGEST_INDEX = {"train": 49_999, "test": 9_999}
"""The last image of each split, the same in both sets."""


class ImageControls(QGroupBox):
    """Where x comes from, and its size."""

    def __init__(self, store: Store[ConvolutionState], services: Services) -> None:
        super().__init__("Image x")
        self._store = store
        self._services = services
        self._of_class: ImageChoice | None = None
        """The image the chosen class stands beside: the one it was asked from, then the one it led to."""
        self.kind = QComboBox()
        self.kind.setAccessibleName("Image")
        self.kind.setToolTip("Where x comes from")
        for key, title in IMAGE_KINDS:
            self.kind.addItem(title, key)
        self.kind.activated.connect(lambda index: self.choose_kind(self.kind.itemData(index)))
        teach_manners(self.kind)
        self._make_browsing()
        self.open = QPushButton("Open…")
        self.open.setToolTip("Choose a picture file of any size; it becomes grey and is scaled")
        self.open.clicked.connect(self.choose_picture)
        self.again = QPushButton("Another")
        self.again.setToolTip("Other random grey levels")
        self.again.clicked.connect(lambda: self._set_image("Another random image", seed=self._store.state.image.seed + 1))
        self.height_field, self.width_field = WholeField("Height H", "Rows of x"), WholeField("Width W", "Columns of x")
        self.height_field.edited.connect(lambda value: self._resize(value, self._store.state.width))
        self.width_field.edited.connect(lambda value: self._resize(self._store.state.height, value))
        self._make_painting()
        self.note = text_label(muted=True)
        self._lay_out()

    def _make_browsing(self) -> None:
        """By number, by class, by part of the set."""
        self.index = WholeField("Image number", "Which image of the set")
        self.index.edited.connect(lambda value: self._set_image("Image number", gesture="index", index=value))
        self.character = QComboBox()
        self.character.setAccessibleName("Class")
        self.character.setToolTip("The next image of this class")
        self.character.addItem("any class", -1)
        for label, name in enumerate(CLASSES):
            self.character.addItem(f"{name.kana} {name.romaji}", label)
        self.character.activated.connect(lambda _: self._next_of_class(1, stay=True))
        teach_manners(self.character)
        self.back = IconButton("back", "Previous image", lambda: self._next_of_class(-1))
        self.next = IconButton("forward", "Next image", lambda: self._next_of_class(1))
        self.split = Choices(
            "Part of the set",
            (("train", "train", "The images a network is trained on"), ("test", "test", "The images kept for the test")),
        )
        self.split.chosen.connect(lambda key: self._set_image("Part of the set", split=key, index=0))
        self.browse = QWidget()
        stacked = QVBoxLayout(self.browse)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.setSpacing(5)
        stacked.addWidget(row(self.back, self.index, self.next, self.character))
        stacked.addWidget(self.split)

    def _make_painting(self) -> None:
        self.paint = QCheckBox("Paint")
        self.paint.setToolTip("Drag over x to paint with the grey level beside; the right button erases.\nOr click a cell and type.")
        self.level = RealField("Grey level to paint with", "The grey level the brush paints, 0 black, 1 white.", -10, 10, 0.1)
        self.level.setValue(1.0)
        self.clear = QToolButton()
        self.clear.setText("Clear")
        self.clear.setToolTip("All pixels 0")
        self.clear.clicked.connect(self._clear)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(self.kind)
        layout.addWidget(self.browse)
        layout.addWidget(self.open)
        layout.addWidget(self.again)
        layout.addWidget(row("H", self.height_field, "W", self.width_field))
        layout.addWidget(row(self.paint, self.level, self.clear))
        layout.addWidget(self.note)

    def show_state(self, now: ConvolutionState, ranges: Limits) -> None:
        """Show *now*."""
        kind = now.image.kind
        with QSignalBlocker(self.kind):
            self.kind.setCurrentIndex(self.kind.findData(kind))
        self.browse.setVisible(kind in CHARACTERS)
        self.split.show_choice(now.image.split)
        if now.image != self._of_class and self.character.currentData() >= 0:
            # Undone, or gone to by number: the class is no longer the reason for this image.
            self.character.setCurrentIndex(0)
        self.open.setVisible(kind == "picture")
        self.again.setVisible(kind == "random")
        self.index.show_value(now.image.index, 0, LARGEST_INDEX[now.image.split], "images are counted from 0", "the last image of the set")
        for field, value, limit in ((self.height_field, now.height, ranges.height), (self.width_field, now.width, ranges.width)):
            high, why = (MAX_EDITED, "larger images are not edited by hand") if kind == "drawn" else (limit.largest, limit.why_largest)
            field.show_value(value, limit.smallest, max(high, value), limit.why_smallest, why)
        self.paint.setEnabled(now.editable and not now.transposed)
        self.clear.setEnabled(now.editable)
        self.level.setEnabled(now.editable)
        if not now.editable and self.paint.isChecked():
            self.paint.setChecked(False)

    def show_note(self, text: str) -> None:
        """A line under the controls: attribution, conversion steps, or what is missing."""
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def choose_picture(self) -> None:
        """Ask for a picture file and take it."""
        path = self._services.choose_file("Open a picture", "", PICTURE_KINDS, save=False)
        if path is not None:
            self.open_picture(path)

    def open_picture(self, path: Path) -> None:
        """Read *path* in the worker; what cannot be read is said and changes nothing."""
        now = self._store.state

        def take(answer: dict[str, Any]) -> None:
            image = ImageChoice(kind="picture", picture=answer["digest"], picture_name=answer["name"], picture_steps=tuple(answer["steps"]))
            size = (answer["height"], answer["width"])
            self._replace(f"Picture {answer['name']}", state.with_image(self._store.state, image, *size))

        self._services.ask(
            "picture",
            "hw2gui.convolution.images:import_picture",
            {"path": str(path), "kernel": now.kernel_shape},
            take,
            what="Reading the picture",
        )

    def choose_kind(self, kind: ImageKind) -> None:
        """Take another kind of image; a picture is asked for first."""
        now = self._store.state
        if kind == "picture":
            self.choose_picture()
            self.show_state(now, limits_of(now))
            return
        if kind == "drawn":
            self._clear()
            return
        image = replace(now.image, kind=kind)
        size = (state.CHARACTER_SIZE, state.CHARACTER_SIZE) if kind in CHARACTERS else (None, None)
        self._replace("Image", state.with_image(now, image, *size))

    def _set_image(self, label: str, gesture: str | None = None, **fields: Any) -> None:
        now = self._store.state
        self._store.replace(label, replace(now, image=replace(now.image, **fields)), gesture=gesture)

    def _next_of_class(self, step: int, *, stay: bool = False) -> None:
        """Go to the next image of the chosen class (from the present one on, if it may *stay*)."""
        now, wanted = self._store.state, self.character.currentData()
        if wanted < 0:
            index = now.image.index + (0 if stay else step)
            self._set_image("Image number", index=min(max(index, 0), LARGEST_INDEX[now.image.split]))
            return
        self._of_class = now.image

        def take(index: int) -> None:
            if self._store.state.image != now.image:
                return  # another was chosen while this one was looked for
            self._of_class = replace(self._store.state.image, index=index)
            self._set_image(f"Image of {CLASSES[wanted].romaji}", index=index)

        self._services.ask(
            "browse",
            "hw2gui.convolution.images:next_of_class",
            {"name": now.image.kind, "split": now.image.split, "index": now.image.index, "wanted": wanted, "step": step, "stay": stay},
            take,
            what="Looking for the next image",
        )

    def _resize(self, height: int, width: int) -> None:
        self._replace("Image size", state.with_image_size(self._store.state, height, width), gesture="size")

    def _clear(self) -> None:
        now = self._store.state
        height, width = min(now.height, MAX_EDITED), min(now.width, MAX_EDITED)
        pixels = tuple((0.0,) * width for _ in range(height))
        self._replace("Empty image", state.with_image(now, ImageChoice(kind="drawn", pixels=pixels), height, width))

    def _replace(self, label: str, after: ConvolutionState, gesture: str | None = None) -> None:
        """Take *after*; where the present kernel does not fit it, say so and change nothing."""
        try:
            self._store.replace(label, after, gesture=gesture)
        except InputError as error:
            self._services.message(str(error))
            self.show_state(self._store.state, limits_of(self._store.state))
