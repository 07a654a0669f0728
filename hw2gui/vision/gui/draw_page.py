"""Draw a character and see it read: the pad, what becomes of the drawing on its way to the network, the answer, and how firm it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from hw2gui.colour import Scale
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.session.store import Store
from hw2gui.vision.drawing import Steps
from hw2gui.vision.gui.asked import SAVING, Asked
from hw2gui.vision.gui.pad_panel import PadPanel
from hw2gui.vision.readings import Reading, StripReading
from hw2gui.vision.results import Neighbours
from hw2gui.vision.state import VisionState
from hw2gui.vision.strip import AMOUNTS, UNITS, Change, amount_text
from hw2gui.widgets import theme
from hw2gui.widgets.bars import ProbabilityBars
from hw2gui.widgets.fields import teach_manners, text_label
from hw2gui.widgets.image_grid import ImageGrid
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.saving import save_picture
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
ANSWER_LINES = 6
"""As many as the answer of the shipped model takes."""
EMPTY = "Draw one of the ten characters on the pad, with mouse, finger, pen or keys. An empty pad says nothing."


class DrawPage(QWidget):
    """Pad and pipeline at the left, answer in the middle, what supports it at the right."""

    drawn = Signal(object)
    """The drawing with the stroke under way, while the pen moves."""

    def __init__(self, store: Store[VisionState], asked: Asked) -> None:
        super().__init__()
        self._store, self._asked = store, asked
        self._reading: Reading | None = None
        self._strip: StripReading | None = None
        self._nearest: tuple[Neighbours, str] | None = None
        self._pad = PadPanel(store, exports=True)
        self.pad, self.brush, self.eraser, self.undo, self.clear = (
            self._pad.pad,
            self._pad.brush,
            self._pad.eraser,
            self._pad.undo,
            self._pad.clear,
        )
        self.bars = ProbabilityBars("Probability of each class", NAMES)
        # The panels of a row end at the same height, whatever the answer's length.
        self.bars.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.bars.setMinimumHeight(self.bars.least_height)
        self.answer = QLabel()
        self.answer.setWordWrap(True)
        self.answer.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        # The bars stay where they are when the first stroke brings an answer in the place of a hint.
        self.answer.setMinimumHeight(ANSWER_LINES * self.answer.fontMetrics().lineSpacing())
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
        self.answer_panel = Panel("Answer", self.bars, exports=True, key="What it reads").hold_answer()
        self.pipeline_panel = Panel("What the network reads", self.pipeline, exports=True)
        self.first_panel = Panel("First convolution, before ReLU", self.maps, exports=True)
        self.strip_panel = Panel("If the drawing were", self.strip, exports=True)
        self.nearest_panel = Panel("Nearest training images", self.nearest, exports=True)
        self._build()
        self._connect_exports()
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
        self.pipeline_panel.add_below(self.pipeline_words)
        self.pipeline_panel.add_below(switches)
        column.addWidget(self.pipeline_panel, 2)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        self.answer_panel.add_below(self.answer)
        column.addWidget(self.answer_panel, 3)
        self.strip_panel.header.insertWidget(1, self.change)
        self.strip_panel.add_below(self.strip_words)
        column.addWidget(self.strip_panel, 2)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self.first_panel, 3)
        self.nearest_panel.add_below(self.nearest_words)
        column.addWidget(self.nearest_panel, 2)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        for part, share in ((left, 5), (middle, 5), (right, 5)):
            layout.addWidget(part, share)

    def _connect_exports(self) -> None:
        self._pad.export_requested.connect(self._save_drawing)
        for which, panel in (("pipeline", self.pipeline_panel), ("answer", self.answer_panel), ("first", self.first_panel)):
            panel.export_requested.connect(lambda suffix, what=which: self._save_reading(what, suffix))
        self.strip_panel.export_requested.connect(self._save_strip)
        self.nearest_panel.export_requested.connect(self._save_nearest)

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
        self._reading = reading
        for panel in (self.pipeline_panel, self.answer_panel, self.first_panel):
            panel.offer_export(reading is not None)
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
        pictures, scale = reading.first_pictures, Scale.diverging(reading.first)
        self.first_panel.legend.show_scale(scale, "One range for all maps.")
        maps = reading.first.ndim == 3
        self.first_panel.title.setText("First convolution, before ReLU" if maps else "First dense layer, before ReLU")
        names = [f"map {number + 1}" for number in range(len(pictures))]
        if not maps:
            names = [f"{len(reading.first)} units, {pictures.shape[-1]} in a row"]
        self.maps.show_pictures(tuple(Picture(one, scale, name) for one, name in zip(pictures, names, strict=True)))

    def show_strip(self, strip: StripReading | None) -> None:
        """Show the drawing changed by several amounts, each with what is read."""
        self._strip = strip
        self.strip_panel.offer_export(strip is not None)
        if strip is None:
            self.strip.show_pictures(())
            self.strip_words.setText("")
            return
        best = strip.probabilities.argmax(axis=1)
        unit = UNITS[strip.change]
        rest = "" if strip.change == "scale" else f" ({unit})"
        pictures = []
        for amount, picture, label, chances in zip(AMOUNTS[strip.change], strip.pictures, best, strip.probabilities, strict=True):
            how = amount_text(strip.change, amount)
            caption = f"{how} {CLASSES[label].romaji}"
            tip = f"{how}{rest}: {CLASSES[label].kana} {CLASSES[label].romaji}, probability {chances[label]:.3f}"
            pictures.append(Picture(picture, GREY, caption, tip, bad=label != strip.label))
        self.strip.show_pictures(tuple(pictures))
        kept = [amount for amount, label in zip(AMOUNTS[strip.change], best, strict=True) if label == strip.label]
        words = f"Read as {CLASSES[strip.label].romaji} at {len(kept)} of {len(best)} {TRIED[strip.change]}"
        reach = f", from {amount_text(strip.change, min(kept))} to {amount_text(strip.change, max(kept))}" if kept else ""
        self.strip_words.setText(f"{words}{reach}.")

    def show_nearest(self, found: Neighbours | None, words: str = "") -> None:
        """Show the nearest training images with their classes."""
        self._nearest = (found, words) if found is not None else None
        self.nearest_panel.offer_export(found is not None)
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

    # -- taking away --------------------------------------------------------------------------------------------------------------

    def _save(self, task: str, arguments: Mapping[str, Any], name: str, suffix: str) -> None:
        save_picture(self._asked.services, f"{SAVING}:{task}", arguments, name, suffix)

    def _save_drawing(self, suffix: str) -> None:
        self._save("save_drawing", {"drawing": self._store.state.drawing}, "drawing", suffix)

    def _save_reading(self, which: str, suffix: str) -> None:
        if self._reading is not None:
            self._save("save_reading", {"which": which, "reading": self._reading}, f"drawing-{which}", suffix)

    def _save_strip(self, suffix: str) -> None:
        if self._strip is not None and self._reading is not None:
            arguments = {"strip": self._strip, "words": self._reading.model_words}
            self._save("save_strip", arguments, f"drawing-{self._strip.change}", suffix)

    def _save_nearest(self, suffix: str) -> None:
        if self._nearest is not None:
            found, words = self._nearest
            self._save("save_nearest", {"found": found, "source": words}, "drawing-nearest", suffix)

    # -- changing -----------------------------------------------------------------------------------------------------------------

    def _switch(self, field: str, on: bool) -> None:
        steps: Steps = replace(self._store.state.steps, **{field: on})
        self._store.change(f"{field.capitalize()} {'on' if on else 'off'}", steps=steps)


def _brief(note: str) -> str:
    """What a step did, without why."""
    return re.split(r": |; |, as ", note, maxsplit=1)[0]
