"""How w slides over x: stride, padding, dilation and orientation; and how vec and the indices count."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QGroupBox

from hw2gui.convolution.limits import Limits
from hw2gui.convolution.state import ConvolutionState
from hw2gui.session.store import Store
from hw2gui.widgets.fields import Choices, WholeField, row


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
                ("yes", "flipped", "The kernel rotated by 180°: convolution as in mathematics"),
            ),
        )
        self.flip.chosen.connect(lambda key: self._change("Orientation", flipped=key == "yes"))
        self.order = order_of_vec()
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


def order_of_vec() -> Choices:
    """The choice how vec() reads a matrix."""
    return Choices(
        "vec reads",
        (("row", "rows", "vec() reads row by row, as the homework does"), ("column", "columns", "vec() reads column by column")),
    )
