"""The left column: what is convolved (or attended over), by what, and how. Every control writes to the store and is written from it."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from hw2gui.convolution.gui.attention_controls import AttentionControls
from hw2gui.convolution.gui.image_controls import ImageControls
from hw2gui.convolution.gui.kernel_controls import KernelControls
from hw2gui.convolution.gui.limits_now import limits_of
from hw2gui.convolution.gui.setting_controls import SettingControls
from hw2gui.convolution.state import ConvolutionState
from hw2gui.session.store import Store
from hw2gui.widgets.fields import Choices
from hw2gui.widgets.services import Services


class Controls(QWidget):
    """Mode, image, and what the mode needs."""

    def __init__(self, store: Store[ConvolutionState], services: Services) -> None:
        super().__init__()
        self._store = store
        self._services = services
        self.mode = Choices(
            "Page",
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
        ranges = limits_of(now)
        self.image.show_state(now, ranges)
        self.kernel.show_state(now, ranges)
        self.settings.show_state(now, ranges)
        self.attention.show_state(now)
        self.kernel.setVisible(convolving)
        self.settings.setVisible(convolving)
        self.attention.setVisible(not convolving)

    def _change(self, label: str, **fields: Any) -> None:
        self._store.change(label, **fields)
