"""What excites each channel most: nine images a channel, with the part of the image its cell can see."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from hw2gui.datasets.kmnist import CLASSES
from hw2gui.vision.gui.gallery_view import PIXELS, SOURCE_HEIGHT, OpenableGrid
from hw2gui.vision.network import SELECTIVE, Network
from hw2gui.vision.readings import Strongest
from hw2gui.vision.results import TOP
from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.elided import ElidedLabel
from hw2gui.widgets.fields import teach_manners
from hw2gui.widgets.panel import export_button
from hw2gui.widgets.rich_text import RichText
from hw2gui.widgets.small_picture import Picture

ROWS = 8


class StrongestView(QWidget):
    """A stage is chosen; its channels are shown eight at a time."""

    asked = Signal(str, int)
    """(stage, first channel) is wanted."""
    save = Signal(str)
    """The picture is wanted, as png, svg or pdf."""
    look = Signal(object)
    """Look inside the network for the image at this `Place`."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: Strongest | None = None
        self.stage = QComboBox()
        self.stage.setAccessibleName("Stage")
        self.stage.setToolTip("Whose channels (maps, or units of a dense layer)")
        teach_manners(self.stage)
        self.stage.activated.connect(lambda at: self.asked.emit(self.stage.itemData(at), 0))
        self.back = IconButton("back", "The channels before", lambda: self._turn(-ROWS))
        self.forward = IconButton("forward", "The channels after", lambda: self._turn(ROWS))
        self.words = ElidedLabel()
        self.rows = [OpenableGrid(f"Strongest images, row {number + 1}", columns=TOP, largest=66) for number in range(ROWS)]
        self.labels = [QLabel() for _ in range(ROWS)]
        self.source = RichText("Where the images come from")
        self.source.setFixedHeight(SOURCE_HEIGHT)
        top = QHBoxLayout()
        for widget in (self.stage, self.back, self.forward):
            top.addWidget(widget)
        top.addWidget(self.words, 1)
        top.addWidget(export_button("the strongest images", self.save.emit))
        grid = QGridLayout()
        grid.setSpacing(2)
        for number, (label, images) in enumerate(zip(self.labels, self.rows, strict=True)):
            label.setObjectName("muted")
            grid.addWidget(label, number, 0)
            grid.addWidget(images, number, 1)
            grid.setRowStretch(number, 1)
            # Whatever room there is; a page of fixed wishes would scroll.
            images.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
            images.setMinimumHeight(40)
            images.opened.connect(lambda at, row=number: self._open(row, at))
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addLayout(grid, 1)
        column.addWidget(self.source)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows share the height to the pixel; their pictures are all as large as those of the lowest."""
        super().resizeEvent(event)
        lowest = min(grid.height() for grid in self.rows)
        for grid in self.rows:
            grid.fit_height(lowest)

    def show_stages(self, network: Network, chosen: str) -> None:
        """Offer the stages of *network* that have channels of their own."""
        names = [stage.name for stage in network.stages() if stage.kind in SELECTIVE]
        if names != [self.stage.itemData(at) for at in range(self.stage.count())]:
            self.stage.clear()
            for name in names:
                self.stage.addItem(name, name)
        self.stage.setCurrentIndex(self.stage.findData(chosen))

    def show_strongest(self, found: Strongest) -> None:
        """Show the images of each channel, the strongest first."""
        self._shown, network = found, found.network
        unit = "map" if len(network.stage(found.stage).shape) == 3 else "unit"
        last = found.first + len(found.images)
        self.words.setText(f"{unit}s {found.first + 1} to {last} of {found.channels}, among {found.words}")
        self.back.setEnabled(found.first > 0)
        self.forward.setEnabled(last < found.channels)
        field = network.field(found.stage)
        for row, (label, grid) in enumerate(zip(self.labels, self.rows, strict=True)):
            there = row < len(found.images)
            label.setText(f"{unit} {found.first + row + 1}" if there else "")
            if not there:
                grid.show_pictures(())
                continue
            pictures = []
            for image, value, which, cell in zip(found.images[row], found.values[row], found.labels[row], found.cells[row], strict=True):
                romaji = CLASSES[int(which)].romaji
                frame = field.of(int(cell[0]), int(cell[1])) if unit == "map" else None
                at = f" at row {cell[0] + 1}, column {cell[1] + 1}; the frame is what that cell sees" if frame else ""
                tip = f"{romaji}: {value:.3g}{at}. Double click opens it."
                pictures.append(Picture(image, PIXELS, f"{romaji} {value:.2f}", tip, frame=frame))
            grid.show_pictures(tuple(pictures))
        self.source.show_html(f"<span style='font-size: small'>{f'<b>{found.note}</b> ' if found.note else ''}{found.attribution}</span>")

    def show_nothing(self, why: str) -> None:
        """No images, and *why*."""
        self._shown = None
        self.words.setText("")
        for label, grid in zip(self.labels, self.rows, strict=True):
            label.setText("")
            grid.show_pictures(())
        self.back.setEnabled(False)
        self.forward.setEnabled(False)
        self.source.show_html(why)

    def _turn(self, by: int) -> None:
        if self._shown is not None:
            self.asked.emit(self._shown.stage, max(0, self._shown.first + by))

    def _open(self, row: int, at: int) -> None:
        if self._shown is not None:
            self.look.emit(self._shown.places[row][at])
