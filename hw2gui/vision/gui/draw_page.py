"""Draw a character and see it read: the pad, what becomes of the drawing on its way to the network, the answer, and how firm it is."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from hw2gui.colour import Scale
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.session.store import Store
from hw2gui.vision.drawing import Steps
from hw2gui.vision.gui.pad_panel import PadPanel
from hw2gui.vision.readings import Reading, StripReading
from hw2gui.vision.results import Neighbours
from hw2gui.vision.state import VisionState
from hw2gui.vision.strip import AMOUNTS, UNITS, Change
from hw2gui.widgets import theme
from hw2gui.widgets.bars import ProbabilityBars
from hw2gui.widgets.fields import teach_manners, text_label
from hw2gui.widgets.image_grid import ImageGrid
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.small_picture import Picture

GREY = Scale("grey", 0.0, 1.0)
NAMES = tuple(f"{one.kana} {one.romaji}" for one in CLASSES)
STEP_FIELDS = (("centred", "centre"), ("scaled", "scale"), ("thickened", "thicken"), ("normalised", "normalise"))
CHANGES: tuple[tuple[Change, str], ...] = (
    ("rotation", "turned"),
    ("right", "moved sideways"),
    ("down", "moved up and down"),
    ("scale", "scaled"),
    ("thickness", "thickened"),
)
TRIED: dict[Change, str] = {"rotation": "angles", "right": "shifts", "down": "shifts", "scale": "factors", "thickness": "widths"}
EMPTY = "Draw one of the ten characters on the pad, with mouse, finger, pen or keys. An empty pad says nothing."


class DrawPage(QWidget):
    """Pad and pipeline at the left, answer in the middle, what supports it at the right."""

    drawn = Signal(object)
    """The drawing with the stroke under way, while the pen moves."""

    def __init__(self, store: Store[VisionState]) -> None:
        super().__init__()
        self._store = store
        self._pad = PadPanel(store)
        self.pad, self.brush, self.eraser, self.undo, self.clear = (
            self._pad.pad,
            self._pad.brush,
            self._pad.eraser,
            self._pad.undo,
            self._pad.clear,
        )
        self.bars = ProbabilityBars("Probability of each class", NAMES)
        self.answer = QLabel()
        self.answer.setWordWrap(True)
        self.pipeline = ImageGrid(
            "From the drawing to what the network reads", columns=5, largest=110, empty="Every step from the strokes to 28×28 pixels."
        )
        self.pipeline_words = text_label(muted=True)
        self.switches: dict[str, QCheckBox] = {}
        self.change = QComboBox()
        self.change.setAccessibleName("What is done to the drawing")
        self.change.setToolTip("How the drawing is changed, a little at a time")
        for key, title in CHANGES:
            self.change.addItem(title, key)
        teach_manners(self.change)
        self.change.activated.connect(lambda index: store.change("Change shown", change=self.change.itemData(index)))
        self.strip = ImageGrid(
            "The drawing changed, and what is read then", largest=72, empty="The same drawing, changed a little at a time."
        )
        self.strip_words = text_label(muted=True)
        self.nearest = ImageGrid("Nearest training images", largest=72, empty="The training images that look most like the drawing.")
        self.nearest_words = text_label(muted=True)
        self.maps = ImageGrid("First layer's maps", largest=110, empty="What the first layer makes of the drawing, a map for each filter.")
        self.first_panel = Panel("First convolution, before ReLU", self.maps)
        self._build()
        self._pad.drawn.connect(self.drawn)

    def _build(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self._pad, 3)
        switches = QWidget()
        line = QHBoxLayout(switches)
        line.setContentsMargins(0, 0, 0, 0)
        for name, field in STEP_FIELDS:
            box = QCheckBox(field.capitalize())
            box.setToolTip(f"Whether the drawing is {name} on its way to the network")
            box.toggled.connect(lambda on, which=field: self._switch(which, on))
            self.switches[field] = box
            line.addWidget(box)
        pipeline_panel = Panel("What the network reads", self.pipeline)
        pipeline_panel.add_below(self.pipeline_words)
        pipeline_panel.add_below(switches)
        column.addWidget(pipeline_panel, 2)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        answer_panel = Panel("Answer", self.bars, key="What it reads").hold_answer()
        answer_panel.add_below(self.answer)
        column.addWidget(answer_panel, 3)
        strip_panel = Panel("If the drawing were", self.strip)
        strip_panel.header.insertWidget(1, self.change)
        strip_panel.add_below(self.strip_words)
        column.addWidget(strip_panel, 2)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self.first_panel, 3)
        nearest_panel = Panel("Nearest training images", self.nearest)
        nearest_panel.add_below(self.nearest_words)
        column.addWidget(nearest_panel, 2)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        for part, share in ((left, 5), (middle, 5), (right, 5)):
            layout.addWidget(part, share)

    # -- showing ------------------------------------------------------------------------------------------------------------------

    def show_state(self, now: VisionState) -> None:
        """Show what was chosen."""
        self._pad.show_state(now)
        with QSignalBlocker(self.change):
            self.change.setCurrentIndex(self.change.findData(now.change))
        for field, box in self.switches.items():
            with QSignalBlocker(box):
                box.setChecked(getattr(now.steps, field))

    def show_reading(self, reading: Reading | None) -> None:
        """Show the answer to the drawing, or that there is nothing to say."""
        if reading is None:
            self.bars.show_values(None)
            self.answer.setText(EMPTY)
            self.pipeline.show_pictures(())
            self.pipeline_words.setText("")
            self.maps.show_pictures(())
            self.first_panel.legend.show_scale(None)
            self.show_strip(None)
            self.show_nearest(None)
            return
        self.bars.show_values(reading.probabilities)
        # The answer first: painting all the pictures takes longer.
        self.bars.repaint()
        order = np.argsort(-reading.probabilities)
        first, second = CLASSES[order[0]], CLASSES[order[1]]
        gap = float(reading.logits[order[0]] - reading.logits[order[1]])
        self.answer.setText(
            f"It reads <b>{first.kana} {first.romaji}</b> with probability {reading.probabilities[order[0]]:.3f}; next {second.kana} "
            f"{second.romaji}, whose logit is {gap:.2f} lower. <i>{reading.model_words}</i>"
        )
        self.pipeline.show_pictures(
            tuple(Picture(step.picture, GREY, step.name, step.note, bad=not step.taken) for step in reading.prepared.steps)
        )
        self.pipeline_words.setText(" ".join(f"{step.name.capitalize()}: {_brief(step.note)}." for step in reading.prepared.steps[1:]))
        self._show_first(reading)

    def _show_first(self, reading: Reading) -> None:
        """The first layer's maps, or, of a network without convolutions, its units in rows; on one scale."""
        values, scale = reading.first, Scale.diverging(reading.first)
        self.first_panel.legend.show_scale(scale, "One range for all maps.")
        if values.ndim == 3:
            self.first_panel.title.setText("First convolution, before ReLU")
            self.maps.show_pictures(tuple(Picture(one, scale, f"map {number + 1}") for number, one in enumerate(values)))
            return
        self.first_panel.title.setText("First dense layer, before ReLU")
        wide = math.ceil(math.sqrt(len(values)))
        units = np.zeros(wide * math.ceil(len(values) / wide), dtype=np.float32)
        units[: len(values)] = values
        self.maps.show_pictures((Picture(units.reshape(-1, wide), scale, f"{len(values)} units, {wide} in a row"),))

    def show_strip(self, strip: StripReading | None) -> None:
        """Show the drawing changed by several amounts, each with what is read."""
        if strip is None:
            self.strip.show_pictures(())
            self.strip_words.setText("")
            return
        best = strip.probabilities.argmax(axis=1)
        unit = UNITS[strip.change]
        rest = "" if strip.change == "scale" else f" ({unit})"
        pictures = []
        for amount, picture, label, chances in zip(AMOUNTS[strip.change], strip.pictures, best, strip.probabilities, strict=True):
            caption = f"{_amount(strip.change, amount)} {CLASSES[label].romaji}"
            tip = f"{_amount(strip.change, amount)}{rest}: {CLASSES[label].kana} {CLASSES[label].romaji}, probability {chances[label]:.3f}"
            pictures.append(Picture(picture, GREY, caption, tip, bad=label != strip.label))
        self.strip.show_pictures(tuple(pictures))
        kept = [amount for amount, label in zip(AMOUNTS[strip.change], best, strict=True) if label == strip.label]
        words = f"Read as {CLASSES[strip.label].romaji} at {len(kept)} of {len(best)} {TRIED[strip.change]}"
        reach = f", from {_amount(strip.change, min(kept))} to {_amount(strip.change, max(kept))}" if kept else ""
        self.strip_words.setText(f"{words}{reach}.")

    def show_nearest(self, found: Neighbours | None, words: str = "") -> None:
        """Show the nearest training images with their classes."""
        if found is None:
            self.nearest.show_pictures(())
            self.nearest_words.setText("")
            return
        scale = Scale("grey", 0.0, 255.0)
        self.nearest.show_pictures(
            tuple(
                Picture(image, scale, CLASSES[label].romaji, f"distance {distance:.2f}")
                for image, label, distance in zip(found.images, found.labels, found.distances, strict=True)
            )
        )
        self.nearest_words.setText(words)

    # -- changing -----------------------------------------------------------------------------------------------------------------

    def _switch(self, field: str, on: bool) -> None:
        steps: Steps = replace(self._store.state.steps, **{field: on})
        self._store.change(f"{field.capitalize()} {'on' if on else 'off'}", steps=steps)


def _amount(change: Change, amount: float) -> str:
    """How much the drawing is changed, with its sign and a short unit."""
    if change == "scale":
        return f"×{amount:g}"
    return f"{f'{amount:+g}' if amount else '0'}{'°' if change == 'rotation' else ' px'}".replace("-", "−")


def _brief(note: str) -> str:
    """What a step did, without why."""
    return re.split(r": |; |, as ", note, maxsplit=1)[0]
