"""The left column: what is convolved (or attended over), by what, and how. Every control writes to the store and is written from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from hw2gui.convolution import kernels, state
from hw2gui.convolution.limits import Limits, limits
from hw2gui.convolution.sizes import MAX_EDITED
from hw2gui.convolution.state import ConvolutionState, ImageChoice, ImageKind
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.errors import InputError
from hw2gui.session.store import Store
from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.fields import Choices, WholeField, row, text_label
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


class Controls(QWidget):
    """Mode, image, and what the mode needs."""

    def __init__(self, store: Store[ConvolutionState], services: Services) -> None:
        super().__init__()
        self._store = store
        self._services = services
        self.mode = Choices(
            "Mode",
            (
                ("convolution", "Convolution", "z = w ∗ x and the matrix M with vec(z) = M vec(x)"),
                ("attention", "Attention", "Single-head attention over the same pixels: Z = softmax(x′x′ᵀ) x′"),
            ),
        )
        self.mode.chosen.connect(lambda key: self._change("Mode", mode=key, pinned=None, position=None))
        self.image = ImageControls(store, services)
        self.kernel = KernelControls(store, services)
        self.settings = SettingControls(store)
        self.attention = AttentionControls(store)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 0, 6, 0)
        layout.setSpacing(6)
        for widget in (self.mode, self.image, self.kernel, self.settings, self.attention):
            layout.addWidget(widget)
        layout.addStretch(1)

    def show_state(self, now: ConvolutionState) -> None:
        """Show *now* in every control; nothing is emitted."""
        convolving = now.mode == "convolution"
        self.mode.show_choice(now.mode)
        ranges = limits(
            now.height,
            now.width,
            *now.kernel_shape,
            stride=now.stride,
            padding="same" if now.padding == "same" else now.chosen_padding,
            dilation=now.dilation,
        )
        self.image.show_state(now, ranges)
        self.kernel.show_state(now, ranges)
        self.settings.show_state(now, ranges)
        self.attention.show_state(now)
        self.kernel.setVisible(convolving)
        self.settings.setVisible(convolving)
        self.attention.setVisible(not convolving)

    def _change(self, label: str, **fields: Any) -> None:
        self._store.change(label, **fields)


class ImageControls(QGroupBox):
    """Where x comes from, and its size."""

    def __init__(self, store: Store[ConvolutionState], services: Services) -> None:
        super().__init__("Image x")
        self._store = store
        self._services = services
        self.kind = QComboBox()
        self.kind.setAccessibleName("Image")
        self.kind.setToolTip("Where x comes from")
        for key, title in IMAGE_KINDS:
            self.kind.addItem(title, key)
        self.kind.activated.connect(lambda index: self.choose_kind(self.kind.itemData(index)))
        self.index = WholeField("Image number", "Which image of the set")
        self.index.edited.connect(lambda value: self._set_image("Image number", gesture="index", index=value))
        self.character = QComboBox()
        self.character.setAccessibleName("Class")
        self.character.setToolTip("The next image of this class")
        self.character.addItem("any class", -1)
        for label, name in enumerate(CLASSES):
            self.character.addItem(f"{name.kana} {name.romaji}", label)
        self.character.activated.connect(lambda _: self._next_of_class(1, stay=True))
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
        self.open = QPushButton("Open…")
        self.open.setToolTip("Choose a picture file of any size; it becomes grey and is scaled")
        self.open.clicked.connect(self.choose_picture)
        self.again = QPushButton("Another")
        self.again.setToolTip("Other random grey levels")
        self.again.clicked.connect(lambda: self._set_image("Another random image", seed=self._store.state.image.seed + 1))
        self.height_field, self.width_field = WholeField("Height H", "Rows of x"), WholeField("Width W", "Columns of x")
        self.height_field.edited.connect(lambda value: self._resize(value, self._store.state.width))
        self.width_field.edited.connect(lambda value: self._resize(self._store.state.height, value))
        self.paint = QCheckBox("Paint")
        self.paint.setToolTip("Drag over x to paint with the grey level beside; the right button erases.\nOr click a cell and type.")
        self.level = QDoubleSpinBox()
        self.level.setRange(-10, 10)
        self.level.setSingleStep(0.1)
        self.level.setValue(1.0)
        self.level.setAccessibleName("Grey level to paint with")
        self.level.setToolTip("The grey level the brush paints, 0 black, 1 white")
        self.clear = QToolButton()
        self.clear.setText("Clear")
        self.clear.setToolTip("All pixels 0")
        self.clear.clicked.connect(self._clear)
        self.note = text_label(muted=True)
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
        self.open.setVisible(kind == "picture")
        self.again.setVisible(kind == "random")
        self.index.show_value(now.image.index, 0, LARGEST_INDEX[now.image.split], "images are counted from 0", "the last image of the set")
        for field, value, limit in ((self.height_field, now.height, ranges.height), (self.width_field, now.width, ranges.width)):
            high, why = (MAX_EDITED, "larger images are not edited by hand") if kind == "drawn" else (limit.largest, limit.why_largest)
            field.show_value(value, limit.smallest, max(high, value), limit.why_smallest, why)
        self.paint.setEnabled(now.editable)
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
            self.show_state(now, _limits(now))
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
        self._services.ask(
            "browse",
            "hw2gui.convolution.images:next_of_class",
            {"name": now.image.kind, "split": now.image.split, "index": now.image.index, "wanted": wanted, "step": step, "stay": stay},
            lambda index: self._set_image(f"Image of {CLASSES[wanted].romaji}", index=index),
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
            self.show_state(self._store.state, _limits(self._store.state))


class KernelControls(QGroupBox):
    """The kernel's preset and size; its weights are typed in the view."""

    def __init__(self, store: Store[ConvolutionState], services: Services) -> None:
        super().__init__("Kernel w")
        self._store = store
        self._services = services
        self.preset = QComboBox()
        self.preset.setAccessibleName("Kernel preset")
        self.preset.setToolTip("Sets all weights; click a cell of the kernel and type to change one")
        for number, (name, preset) in enumerate(kernels.PRESETS.items()):
            self.preset.addItem(name.replace("-", " ").capitalize(), name)
            self.preset.setItemData(number, preset.summary, Qt.ItemDataRole.ToolTipRole)
        self.preset.activated.connect(lambda index: self._choose(self.preset.itemData(index)))
        self.again = IconButton("again", "Other random weights", lambda: self._choose("random", self._store.state.kernel_seed + 1))
        self.rows, self.columns = WholeField("Kernel height M", "Rows of the kernel"), WholeField("Kernel width N", "Columns of the kernel")
        self.rows.edited.connect(lambda value: self._resize(value, self._store.state.kernel_shape[1]))
        self.columns.edited.connect(lambda value: self._resize(self._store.state.kernel_shape[0], value))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(5)
        holder = QHBoxLayout()
        holder.addWidget(self.preset, 1)
        holder.addWidget(self.again)
        layout.addLayout(holder)
        layout.addWidget(row("M", self.rows, "N", self.columns))

    def show_state(self, now: ConvolutionState, ranges: Limits) -> None:
        """Show *now*."""
        with QSignalBlocker(self.preset):
            self.preset.setCurrentIndex(self.preset.findData(now.kernel_preset))
            self.preset.setPlaceholderText("Edited by hand")
        self.again.setVisible(now.kernel_preset == "random")
        for field, value, limit in (
            (self.rows, now.kernel_shape[0], ranges.kernel_height),
            (self.columns, now.kernel_shape[1], ranges.kernel_width),
        ):
            field.show_value(value, limit.smallest, max(limit.largest, value), limit.why_smallest, limit.why_largest)

    def _choose(self, name: str, seed: int = 0) -> None:
        try:
            self._store.replace(f"Kernel {name}", state.with_preset(self._store.state, name, seed))
        except InputError as error:
            self._services.message(str(error))
            self.show_state(self._store.state, _limits(self._store.state))

    def _resize(self, height: int, width: int) -> None:
        self._store.replace("Kernel size", state.with_kernel_size(self._store.state, height, width), gesture="kernel size")


class SettingControls(QGroupBox):
    """Stride, padding, dilation, orientation, and how vec and the indices count."""

    def __init__(self, store: Store[ConvolutionState]) -> None:
        super().__init__("Convolution")
        self._store = store
        self.stride = WholeField("Stride s", "How far the window moves from one output to the next, in pixels")
        self.stride.edited.connect(lambda value: self._change("Stride", gesture="stride", stride=value, position=None))
        self.dilation = WholeField("Dilation d", "How far apart the kernel's taps lie, in pixels")
        self.dilation.edited.connect(lambda value: self._change("Dilation", gesture="dilation", dilation=value, position=None))
        self.padding = Choices(
            "Padding",
            (
                ("none", "none", "No padding: the window stays inside the image (the homework)"),
                ("same", "same", "Zeros around the image so that at stride 1 z has its size"),
                ("n", "p =", "This many rows and columns of zeros on every side"),
            ),
        )
        self.padding.chosen.connect(self._choose_padding)
        self.padding_size = WholeField("Padding size", "Zeros on every side")
        self.padding_size.setMaximumWidth(50)
        self.padding_size.edited.connect(
            lambda value: self._change("Padding", gesture="padding", padding="n", padding_size=value, position=None)
        )
        self.flip = Choices(
            "Orientation",
            (
                ("no", "correlation", "The kernel as it is, as deep learning and the homework use the word convolution"),
                ("yes", "flipped", "The kernel turned half round: convolution as in mathematics"),
            ),
        )
        self.flip.chosen.connect(lambda key: self._change("Orientation", flipped=key == "yes"))
        self.order = Choices(
            "vec reads",
            (("row", "rows", "vec() reads row by row, as the homework does"), ("column", "columns", "vec() reads column by column")),
        )
        self.order.chosen.connect(lambda key: self._change("Order of vec", order=key, pinned=None, position=None))
        self.base = Choices(
            "Indices from",
            (("1", "1", "Rows, columns and indices are counted from 1, as in the homework"), ("0", "0", "Counted from 0, as in code")),
        )
        self.base.chosen.connect(lambda key: self._change("Indices", base=int(key)))
        form = QFormLayout(self)
        form.setContentsMargins(0, 4, 0, 0)
        form.setVerticalSpacing(5)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.addRow("Stride s", self.stride)
        form.addRow("Padding", row(self.padding, self.padding_size, stretch=False))
        form.addRow("Dilation d", self.dilation)
        form.addRow("Kernel", self.flip)
        form.addRow("vec by", self.order)
        form.addRow("Count from", self.base)

    def show_state(self, now: ConvolutionState, ranges: Limits) -> None:
        """Show *now*."""
        self.stride.show_value(
            now.stride,
            ranges.stride.smallest,
            max(ranges.stride.largest, now.stride),
            ranges.stride.why_smallest,
            ranges.stride.why_largest,
        )
        limit = ranges.dilation
        self.dilation.show_value(now.dilation, limit.smallest, max(limit.largest, now.dilation), limit.why_smallest, limit.why_largest)
        self.padding.show_choice(now.padding)
        limit = ranges.padding
        size = now.padding_size if now.padding == "n" else max(now.padding_size, limit.smallest)
        self.padding_size.show_value(size, limit.smallest, max(limit.largest, size), limit.why_smallest, limit.why_largest)
        none = self.padding.button("none")
        none.setEnabled(limit.smallest == 0)
        none.setToolTip("No padding" if limit.smallest == 0 else f"Needs padding: {limit.why_smallest}")
        self.padding_size.setEnabled(now.padding == "n")
        self.flip.show_choice("yes" if now.flipped else "no")
        self.order.show_choice(now.order)
        self.base.show_choice(str(now.base))

    def _choose_padding(self, key: str) -> None:
        self._change("Padding", padding=key, padding_size=self.padding_size.value(), position=None)

    def _change(self, label: str, gesture: str | None = None, **fields: Any) -> None:
        self._store.change(label, gesture=gesture, **fields)


class AttentionControls(QGroupBox):
    """The image's scale, the temperature, and the permutation of pixels."""

    def __init__(self, store: Store[ConvolutionState]) -> None:
        super().__init__("Attention")
        self._store = store
        self.scale = _real(0.0, 50.0, 0.5, "Image scale", "The image is multiplied by this first: large values make P sharp")
        self.scale.valueChanged.connect(lambda value: store.change("Image scale", gesture="scale", attention_scale=value))
        self.temperature = _real(0.01, 100.0, 0.1, "Temperature T", "Scores are divided by T: a low one makes P sharp, a high one uniform")
        self.temperature.valueChanged.connect(lambda value: store.change("Temperature", gesture="temperature", temperature=value))
        self.permute = QCheckBox("Permute the pixels")
        self.permute.setToolTip("Shuffle all pixels (one fixed shuffle): attention's output moves along, a convolution's does not")
        self.permute.toggled.connect(lambda on: store.change("Permute pixels", permuted=on, pinned=None))
        self.order = Choices(
            "vec reads",
            (("row", "rows", "vec() reads row by row, as the homework does"), ("column", "columns", "vec() reads column by column")),
        )
        self.order.chosen.connect(lambda key: store.change("Order of vec", order=cast("Any", key), pinned=None))
        form = QFormLayout(self)
        form.setContentsMargins(0, 4, 0, 0)
        form.setVerticalSpacing(5)
        form.addRow("Scale", self.scale)
        form.addRow("Temperature", self.temperature)
        form.addRow("vec by", self.order)
        form.addRow(self.permute)

    def show_state(self, now: ConvolutionState) -> None:
        """Show *now*."""
        for field, value in ((self.scale, now.attention_scale), (self.temperature, now.temperature)):
            with QSignalBlocker(field):
                field.setValue(value)
        with QSignalBlocker(self.permute):
            self.permute.setChecked(now.permuted)
        self.order.show_choice(now.order)


def _limits(now: ConvolutionState) -> Limits:
    padding = "same" if now.padding == "same" else now.chosen_padding
    return limits(now.height, now.width, *now.kernel_shape, stride=now.stride, padding=cast("Any", padding), dilation=now.dilation)


def _real(low: float, high: float, step: float, name: str, tip: str) -> QDoubleSpinBox:
    field = QDoubleSpinBox()
    field.setRange(low, high)
    field.setSingleStep(step)
    field.setDecimals(2)
    field.setKeyboardTracking(False)
    field.setAccessibleName(name)
    field.setToolTip(f"{tip}\nFrom {low:g} to {high:g}.")
    return field
