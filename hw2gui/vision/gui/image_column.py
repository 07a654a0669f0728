"""The image that is looked into: which one, what of it the answer rests on, and the answer."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from hw2gui.colour import Scale
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.session.store import Store
from hw2gui.vision.gui.draw_page import NAMES
from hw2gui.vision.readings import CellProducts, Look
from hw2gui.vision.results import Attribution
from hw2gui.vision.state import DRAWING, LARGEST_INDEX, VisionState
from hw2gui.widgets import theme
from hw2gui.widgets.bars import ProbabilityBars
from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.cells import ArraySource
from hw2gui.widgets.fields import Choices, WholeField, row, teach_manners
from hw2gui.widgets.marks import NOTHING, Highlight
from hw2gui.widgets.matrix_view import MatrixView
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.rich_text import RichText

OWN = "own"
WIDTH = 300
WORDS_HEIGHT, OVERLAY_HEIGHT = 68, 64
"""Four lines, and four smaller ones; longer texts scroll."""
LEAST_IMAGE = 88
SPLITS = (("train", "training"), ("validation", "validation"), ("test", "test"))


class ImageColumn(QWidget):
    """The chooser of the image, the image or what lies over it, the probabilities and where the image comes from."""

    draw = Signal(object)
    """The image at this `Place` is wanted on the drawing pad."""
    save = Signal(str)
    """The image as it is shown is wanted, as png, svg or pdf."""

    def __init__(self, store: Store[VisionState]) -> None:
        super().__init__()
        self._store = store
        self._look: Look | None = None
        self._make_source()
        self.image = MatrixView("The image the network reads")
        self._make_overlay()
        self.bars = ProbabilityBars("Probability of each class", NAMES)
        self.bars.setToolTip("Click a class to see what of the image speaks for it")
        self.bars.clicked.connect(self._explain)
        self.words = RichText("What it reads, and where the image comes from")
        self.words.setFixedHeight(WORDS_HEIGHT)
        self._build()

    def _make_source(self) -> None:
        """Which image."""
        self.source = Choices(
            "Image",
            (
                (DRAWING, "my drawing", "What is on the pad, as the network reads it"),
                ("strokes", "built-in", "An image of the built-in characters"),
                ("kmnist", "KMNIST", "An image of Kuzushiji-MNIST"),
                (OWN, "own set", "An image of your own set, opened from the results"),
            ),
        )
        self.source.chosen.connect(self._choose_source)
        self.split = QComboBox()
        self.split.setAccessibleName("Split")
        self.split.setToolTip("Images the network learns from, images that choose which epoch is kept, or images that choose nothing")
        for key, title in SPLITS:
            self.split.addItem(title, key)
        teach_manners(self.split)
        self.split.activated.connect(lambda at: self._store.change("Split", split=self.split.itemData(at), index=0, pinned=None))
        self.index = WholeField("Image number", "Which image of the split")
        self.index.edited.connect(lambda value: self._store.change("Image number", gesture="index", index=value))
        self.back = IconButton("back", "Previous image", lambda: self._step(-1))
        self.forward = IconButton("forward", "Next image", lambda: self._step(1))
        self.pad = IconButton("copy", "Put this image on the drawing pad, traced as strokes, to change it", self._put_on_pad)

    def _make_overlay(self) -> None:
        """What the answer rests on, and for which class."""
        self.attribution = Choices(
            "What the answer rests on",
            (
                ("none", "image", "The image itself"),
                ("saliency", "saliency", "Where a slight change of a pixel would change the class's logit most"),
                ("occlusion", "occlusion", "How much the class's probability falls when a small square is blanked"),
            ),
        )
        self.attribution.chosen.connect(lambda key: self._store.change("Overlay", attribution=key))
        self.explained = QComboBox()
        self.explained.setAccessibleName("The class that is explained")
        self.explained.setToolTip("What speaks for the class that is read, or for another one: why not that?")
        self.explained.addItem("for what is read", None)
        for label, name in enumerate(NAMES):
            self.explained.addItem(f"for {name}", label)
        teach_manners(self.explained)
        self.explained.activated.connect(lambda at: self._store.change("Class explained", explained=self.explained.itemData(at)))
        self.attribution_words = RichText("What the overlay shows")
        self.attribution_words.setFixedHeight(OVERLAY_HEIGHT)

    def _build(self) -> None:
        # Whatever room there is; a page of fixed wishes would scroll.
        for view in (self.image, self.bars):
            view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.image.setMinimumHeight(LEAST_IMAGE)
        self.bars.setMinimumHeight(self.bars.least_height)
        self.bars.setMaximumHeight(200)
        self.browse = row(self.split, self.back, self.index, self.forward, self.pad)
        self.panel = Panel("x", self.image, exports=True)
        self.panel.export_requested.connect(self.save)
        self.panel.add_below(self.attribution)
        self.panel.add_below(self.explained)
        self.panel.add_below(self.attribution_words)
        self.answer_panel = Panel("Answer", self.bars, exports=True).hold_answer()
        self.answer_panel.add_below(self.words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self.source)
        column.addWidget(self.browse)
        column.addWidget(self.panel, 1)
        column.addWidget(self.answer_panel, 1)
        self.setFixedWidth(WIDTH)

    # -- showing ------------------------------------------------------------------------------------------------------------------

    def show_state(self, now: VisionState) -> None:
        """Show what was chosen."""
        own = now.source not in (DRAWING, "strokes", "kmnist")
        self.source.button(OWN).setVisible(own)
        self.source.show_choice(OWN if own else now.source)
        self.browse.setVisible(now.source != DRAWING)
        self.split.setCurrentIndex(self.split.findData(now.split))
        self.index.show_value(now.index, 0, max(self._last, now.index), "images are counted from 0", "the last image of the split")
        self.attribution.show_choice(now.attribution)
        self.explained.setVisible(now.attribution != "none")
        self.explained.setCurrentIndex(0 if now.explained is None else now.explained + 1)

    def show_look(self, look: Look | None, why: str) -> None:
        """Show the image and the answer, or say *why* there is none."""
        self._look = look
        self.panel.offer_export(look is not None)
        self.answer_panel.offer_export(look is not None)
        if look is None:
            self.image.show_source(None, Scale("grey", 0, 1))
            self.panel.legend.show_scale(None)
            self.attribution_words.hide()
            self.bars.show_values(None)
            self.words.show_html(why)
            return
        self.show_state(self._store.state)
        self.show_attribution(None)
        self.bars.show_values(look.inside.probabilities)
        self.words.show_html(_verdict(look))

    def show_attribution(self, attribution: Attribution | None) -> None:
        """Show what the answer rests on in the image's place, or the image itself."""
        look = self._look
        if look is None:
            return
        self.attribution_words.setVisible(attribution is not None)
        if attribution is None:
            values, scale = look.inside.image.astype(np.float64), Scale("grey", 0.0, 1.0)
            self.panel.title.setText("x")
        else:
            values = attribution.values.astype(np.float64)
            scale = Scale.diverging(values)
            self.attribution_words.show_html(
                f"<span style='font-size: small'>For {CLASSES[attribution.label].romaji}. {attribution.note}</span>"
            )
            self.panel.title.setText(self._store.state.attribution.capitalize())
        self.image.show_source(ArraySource(values), scale)
        self.panel.legend.show_scale(scale)

    def show_window(self, found: CellProducts | None) -> None:
        """Light what of the image a value of the first convolution reads."""
        self.image.set_highlight(self._window(found) if found is not None else NOTHING)

    def _window(self, found: CellProducts) -> Highlight:
        if self._look is None or found.kind != "convolution" or found.stage != self._look.inside.stages[0].name:
            return NOTHING
        terms, sides = found.products, self._look.inside.image.shape
        rows, columns = (
            np.array([place for place in range(start, start + length) if 0 <= place < side])
            for start, length, side in zip((terms.top, terms.left), terms.patch.shape[1:], sides, strict=True)
        )
        return Highlight(cells=(rows, columns))

    # -- changing -----------------------------------------------------------------------------------------------------------------

    @property
    def _last(self) -> int:
        return self._look.count - 1 if self._look is not None and self._look.count else LARGEST_INDEX

    def _step(self, step: int) -> None:
        index = min(max(self._store.state.index + step, 0), self._last)
        self._store.change("Image number", gesture="index", index=index)

    def _put_on_pad(self) -> None:
        now = self._store.state
        self.draw.emit((now.source, now.split, now.index))

    def _choose_source(self, key: str) -> None:
        if key != OWN:
            self._store.change("Image", source=key, split="test", index=0, pinned=None)

    def _explain(self, label: int) -> None:
        now = self._store.state
        kind = now.attribution if now.attribution != "none" else "saliency"
        self._store.change("Class explained", explained=label, attribution=kind)


def _verdict(look: Look) -> str:
    """What is read, whether that is right, and where the image comes from."""
    read = CLASSES[look.inside.predicted]
    verdict = ""
    if look.label is not None:
        true = CLASSES[look.label]
        verdict = f"<br>It is <b>{true.kana} {true.romaji}</b>: {'right' if look.label == look.inside.predicted else 'wrong'}."
    source = f"<br><span style='font-size: small'>{look.attribution}</span>" if look.attribution else ""
    return f"Reads <b>{read.kana} {read.romaji}</b>.{verdict}<br>{look.words}{source}"
