"""Where races and sweeps run: on this computer, or on a Ray cluster by its address."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QLineEdit

LONGEST = 200


class ClusterField(QLineEdit):
    """An address, or nothing."""

    edited = Signal(str)
    """The user named another place."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Ray cluster")
        self.setPlaceholderText("this computer")
        self.setToolTip(
            "The address of a Ray cluster to train on, such as 10.0.0.5:6379, or auto for the one of this computer; empty: here. "
            "The data travel along, and what is trained comes back into the same folders."
        )
        self.setMaxLength(LONGEST)
        self.editingFinished.connect(lambda: self.edited.emit(self.text().strip()))

    def show_address(self, address: str) -> None:
        """Show *address* without telling anybody."""
        with QSignalBlocker(self):
            self.setText(address)
