"""How the pixels attend to each other: the scale of the image, the temperature, and the order of the pixels."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QFormLayout, QGroupBox

from hw2gui.convolution.gui.setting_controls import order_of_vec
from hw2gui.convolution.state import ConvolutionState
from hw2gui.session.store import Store
from hw2gui.widgets.fields import RealField


class AttentionControls(QGroupBox):
    """The image's scale, the temperature, and the permutation of pixels."""

    def __init__(self, store: Store[ConvolutionState]) -> None:
        super().__init__("Attention")
        self._store = store
        self.scale = RealField("Image scale", "The image is multiplied by this first: large values make P sharp.", 0.0, 50.0, 0.5)
        self.scale.valueChanged.connect(lambda value: store.change("Image scale", gesture="scale", attention_scale=value))
        what = "Scores are divided by T: a low one makes P sharp, a high one uniform."
        self.temperature = RealField("Temperature T", what, 0.01, 100.0, 0.1)
        self.temperature.valueChanged.connect(lambda value: store.change("Temperature", gesture="temperature", temperature=value))
        self.permute = QCheckBox("Permute the pixels")
        self.permute.setToolTip("Shuffle all pixels (one fixed shuffle): attention's output moves along, a convolution's does not")
        self.permute.toggled.connect(lambda on: store.change("Permute pixels", permuted=on, pinned=None))
        self.order = order_of_vec()
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
