"""Under the choice of data: what of it is not on this computer, and a button that fetches it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from hw2gui.datasets import registry
from hw2gui.datasets.registry import Dataset
from hw2gui.widgets.fields import text_label
from hw2gui.widgets.services import Services


class DataNote(QWidget):
    """Hidden while everything is there; *changed* is called when something has come."""

    def __init__(self, services: Services, changed: Callable[[], None]) -> None:
        super().__init__()
        self._services = services
        self._changed = changed
        self._missing: Dataset | None = None
        self.words = text_label()
        self.words.setProperty("verdict", "bad")
        self.fetch = QPushButton("Download")
        self.fetch.clicked.connect(lambda _=False: self._fetch())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.words)
        layout.addWidget(self.fetch)
        self.hide()

    def show_needed(self, datasets: Sequence[Dataset]) -> None:
        """Say which of *datasets* is missing or damaged."""
        self._missing = next((dataset for dataset in datasets if not registry.is_present(dataset)), None)
        self.setVisible(self._missing is not None)
        if self._missing is None:
            return
        damaged = [found.file.name for found in registry.status(self._missing) if found.state == "damaged"]
        if damaged:
            words = f"{self._missing.title}: the sum of {damaged[0]} is wrong, so it is damaged: {self._missing.how_to_get}."
        else:
            words = f"{self._missing.title} is not on this computer: {self._missing.how_to_get}."
        self.words.setText(words)
        self.fetch.setVisible(self._missing.fetchable)
        self.fetch.setEnabled(True)
        self.fetch.setText(f"Download {self._missing.size / 2**20:.0f} MiB")
        self.fetch.setToolTip(f"Download {self._missing.title} from {self._missing.publisher} and verify it")

    def _fetch(self) -> None:
        if self._missing is None:
            return
        self.fetch.setEnabled(False)
        self._services.ask(
            f"download {self._missing.name}",
            "hw2gui.datasets.download:fetch",
            {"dataset": self._missing},
            lambda _: self._changed(),
            failed=self._failed,
            what=f"Downloading {self._missing.title}",
            alone=True,
        )

    def _failed(self, why: str) -> None:
        self.fetch.setEnabled(True)
        self.words.setText(why)
