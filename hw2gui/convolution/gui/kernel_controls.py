"""What w is: a preset, and its size; the weights are typed in the view."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QGroupBox, QHBoxLayout, QVBoxLayout

from hw2gui.convolution import kernels, state
from hw2gui.convolution.gui.limits_now import limits_of
from hw2gui.convolution.limits import Limits
from hw2gui.convolution.state import ConvolutionState
from hw2gui.errors import InputError
from hw2gui.session.store import Store
from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.fields import WholeField, row, teach_manners
from hw2gui.widgets.services import Services


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
        teach_manners(self.preset)
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
            self.show_state(self._store.state, limits_of(self._store.state))

    def _resize(self, height: int, width: int) -> None:
        self._store.replace("Kernel size", state.with_kernel_size(self._store.state, height, width), gesture="kernel size")
