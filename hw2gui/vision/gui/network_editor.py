"""The network of the next run: convolutions with widths and kernels, dense layers, dropout; what cannot be is refused in place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QGridLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from hw2gui.errors import InputError, shortened
from hw2gui.training.gui.section import Section
from hw2gui.vision import network as networks
from hw2gui.vision.network import Convolution, Network, Pooling
from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.fields import WholeField, narrow, teach_manners, text_label
from hw2gui.widgets.number_field import NumberField

MOST_CONVOLUTIONS = 8
LARGEST_WIDTH, LARGEST_KERNEL = 512, 27

SPIN_FRAME = 32
"""What a number field takes beside its digits, in logical pixels: its arrows and its frame."""

PRESETS = (
    ("The homework's", networks.HOMEWORK),
    ("The homework's, subsampling for pooling", networks.HOMEWORK_SUBSAMPLED),
    ("Fully connected, 600-120", networks.FULLY_CONNECTED),
    ("Fully connected, as many parameters", networks.fully_connected_like(networks.HOMEWORK)),
    ("Fully connected, as many units", networks.FULLY_CONNECTED_WIDE),
    ("The best recipe's", networks.BEST),
)

POOLINGS = {"max": "max pool", "subsample": "subsample", "none": "no pool"}


class _Row:
    """The controls of one convolution."""

    def __init__(self, editor: NetworkEditor, number: int) -> None:
        self.channels = WholeField(f"Channels of convolution {number + 1}", "So many filters, each with a map of its own")
        self.channels.edited.connect(lambda value: editor.change(number, channels=value))
        self.kernel = WholeField(f"Kernel of convolution {number + 1}", "Height and width of each filter, in pixels")
        self.kernel.edited.connect(lambda value: editor.change(number, kernel=value))
        for field, digits in ((self.channels, "000"), (self.kernel, "00")):
            # A spin box asks for far more; four controls are to fit beside a scroll bar.
            field.setMinimumWidth(field.fontMetrics().horizontalAdvance(digits) + SPIN_FRAME)
        self.same = QCheckBox("pad")
        self.same.setToolTip("Zeros around the maps, so that height and width stay (odd kernels only)")
        self.same.setAccessibleName(f"Padding of convolution {number + 1}")
        self.same.clicked.connect(lambda on: editor.change(number, same=on))
        self.normalised = QCheckBox("norm")
        self.normalised.setToolTip("Batch normalisation before the ReLU")
        self.normalised.setAccessibleName(f"Batch normalisation of convolution {number + 1}")
        self.normalised.clicked.connect(lambda on: editor.change(number, normalised=on))
        self.pooling = QComboBox()
        self.pooling.setAccessibleName(f"Pooling of convolution {number + 1}")
        self.pooling.setToolTip("What halves height and width after the ReLU: the largest of 2×2, every second pixel, or nothing")
        for key in get_args(Pooling):
            self.pooling.addItem(POOLINGS[key], key)
        self.pooling.activated.connect(lambda index: editor.change(number, pooling=self.pooling.itemData(index)))
        teach_manners(narrow(self.pooling, 6))
        self.remove = IconButton("close", f"Leave convolution {number + 1} out", lambda: editor.remove(number), flat=True)

    @property
    def upper(self) -> tuple[QWidget, ...]:
        return (self.channels, self.kernel, self.pooling, self.remove)

    @property
    def lower(self) -> tuple[QWidget, ...]:
        return (self.same, self.normalised)

    def show(self, layer: Convolution) -> None:
        self.channels.show_value(layer.channels, 1, LARGEST_WIDTH, "one filter at least", "enough for images of 28×28")
        self.kernel.show_value(layer.kernel, 1, LARGEST_KERNEL, "", "no larger than the image")
        self.same.setChecked(layer.same)
        self.normalised.setChecked(layer.normalised)
        with QSignalBlocker(self.pooling):
            self.pooling.setCurrentIndex(self.pooling.findData(layer.pooling))


class NetworkEditor(Section):
    """Edits ``network`` of a configuration."""

    def __init__(self) -> None:
        super().__init__()
        self.preset = QComboBox()
        self.preset.setAccessibleName("A known network")
        self.preset.setToolTip("Start from a known network")
        self.preset.setPlaceholderText("Your own")
        narrow(self.preset)
        for title, network in PRESETS:
            self.preset.addItem(title, network)
        self.preset.activated.connect(lambda index: self._take(lambda: PRESETS[index][1], "Network"))
        teach_manners(self.preset)
        self.rows: list[_Row] = []
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(4)
        self._grid.setVerticalSpacing(3)
        self.heads = tuple(text_label(title, muted=True) for title in ("maps", "kernel", "then"))
        for column, head in enumerate(self.heads):
            self._grid.addWidget(head, 0, column)
        self.add = QPushButton("Add a convolution")
        self.add.setToolTip("One more convolution after the others")
        self.add.clicked.connect(lambda _=False: self._add())
        self.dense = QLineEdit()
        self.dense.setAccessibleName("Hidden dense layers")
        self.dense.setToolTip("Widths of the hidden dense layers, separated by commas; empty: none")
        self.dense.editingFinished.connect(self._dense_typed)
        self.dropout = NumberField("Dropout", "The share of the hidden units left out while training", 0, 0.99)
        self.dropout.edited.connect(lambda value: self._take(lambda: replace(self._network, dropout=value), "Dropout"))
        self.after = WholeField("Dropout after hidden layer", "After which hidden dense layer the dropout stands")
        self.after.edited.connect(lambda value: self._take(lambda: replace(self._network, dropout_after=value - 1), "Dropout's place"))
        self.words = text_label(muted=True)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        form.addRow("Dense layers", self.dense)
        form.addRow("Dropout", self.dropout)
        form.addRow("After hidden layer", self.after)
        self._form = form
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.preset)
        layout.addLayout(self._grid)
        layout.addWidget(self.add)
        layout.addLayout(form)
        layout.addWidget(self.problem)
        layout.addWidget(self.words)

    @property
    def _network(self) -> Network:
        network: Network = self.config.network
        return network

    def show_fields(self) -> None:
        """Show the network."""
        network = self._network
        self._fit_rows(len(network.convolutions))
        for row, layer in zip(self.rows, network.convolutions, strict=True):
            row.show(layer)
        with QSignalBlocker(self.preset), QSignalBlocker(self.dense):
            self.preset.setCurrentIndex(next((at for at, (_, known) in enumerate(PRESETS) if known == network), -1))
            self.dense.setText(", ".join(map(str, network.dense)))
        self.dropout.show_value(network.dropout)
        self.after.show_value(network.dropout_after + 1, 1, max(1, len(network.dense)))
        self._form.setRowVisible(self.after, len(network.dense) > 1)
        self.add.setEnabled(len(network.convolutions) < MOST_CONVOLUTIONS)
        self.words.setText(f"{network.parameters:,} parameters, of them {100 * _dense_share(network):.1f} % in dense layers.")

    def change(self, number: int, **changes: Any) -> None:
        """Change one convolution."""

        def changed() -> Network:
            layers = list(self._network.convolutions)
            layers[number] = replace(layers[number], **changes)
            return replace(self._network, convolutions=tuple(layers))

        self._take(changed, f"Convolution {number + 1}")

    def remove(self, number: int) -> None:
        """Leave one convolution out."""
        layers = self._network.convolutions
        self._take(lambda: replace(self._network, convolutions=(*layers[:number], *layers[number + 1 :])), "Convolutions")

    def _add(self) -> None:
        layers = self._network.convolutions
        another = Convolution(layers[-1].channels if layers else 8, 3, pooling="none")
        self._take(lambda: replace(self._network, convolutions=(*layers, another)), "Convolutions")

    def _dense_typed(self) -> None:
        def typed() -> Network:
            widths = _widths(self.dense.text())
            return replace(self._network, dense=widths, dropout_after=min(self._network.dropout_after, max(0, len(widths) - 1)))

        self._take(typed, "Dense layers")

    def _take(self, make: Callable[[], Network], label: str) -> None:
        self.attempt(label, f"network {label}", lambda: replace(self.config, network=make()))

    def _fit_rows(self, count: int) -> None:
        """As many rows of controls as there are convolutions."""
        for head in self.heads:
            head.setVisible(count > 0)
        while len(self.rows) > count:
            gone = self.rows.pop()
            for widget in (*gone.upper, *gone.lower):
                self._grid.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        while len(self.rows) < count:
            number = len(self.rows)
            row = _Row(self, number)
            self.rows.append(row)
            for column, widget in enumerate(row.upper):
                self._grid.addWidget(widget, 2 * number + 1, column)
            for column, widget in enumerate(row.lower):
                self._grid.addWidget(widget, 2 * number + 2, column)


def _dense_share(network: Network) -> float:
    dense = sum(stage.parameters for stage in network.stages() if stage.kind == "dense")
    return dense / network.parameters


def _widths(text: str) -> tuple[int, ...]:
    widths = []
    for part in text.replace("-", " ").replace(",", " ").split():
        if not part.isdigit() or not 1 <= int(part) <= 100_000:
            raise InputError(f"'{shortened(part, 20)}' is no width of a layer: write whole numbers such as 600, 120.")
        widths.append(int(part))
    return tuple(widths)
