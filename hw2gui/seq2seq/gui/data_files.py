"""Gets the files of a set of pairs from their publisher, and checks their sums."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from hw2gui.datasets import registry
from hw2gui.datasets.registry import Dataset
from hw2gui.widgets.services import Services

FETCH, CHECK = "pairs fetched", "pairs checked"
CANCELLED = "Download cancelled; what has come is kept for the next time."


class DataFiles(QObject):
    """One download at a time, which can be cancelled."""

    begun = Signal()
    """A download."""
    changed = Signal()
    """A download has ended, or sums were computed: what is there may be other than before."""

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self.fetching = ""
        """The name of the set that is downloaded now."""

    def fetch(self, name: str) -> None:
        """Begin to download the set *name*; while one is downloaded: cancel it."""
        if self.fetching:
            self._services.forget(FETCH)
            self._fetched(CANCELLED)
            return
        dataset = registry.find(name)
        self.fetching = dataset.name
        self._services.ask(
            FETCH,
            "hw2gui.datasets.download:fetch",
            {"dataset": dataset},
            lambda _: self._fetched(f"{dataset.title}: downloaded and checked."),
            failed=lambda why: self._fetched(why, failed=True),
            cancelled=lambda: self._fetched(CANCELLED),
            what=f"Downloading {dataset.title}",
            alone=True,
        )
        self.begun.emit()

    def _fetched(self, words: str, *, failed: bool = False) -> None:
        self.fetching = ""
        self._services.message(words, "error" if failed else "info")
        self.changed.emit()

    def check(self, name: str) -> None:
        """Compute the md5 sums of the set *name* again, and say whether they are right."""
        dataset = registry.find(name)
        self._services.ask(
            CHECK,
            "hw2gui.datasets.registry:status",
            {"dataset": dataset, "fresh": True},
            lambda found: self._checked(dataset, found),
            what="Computing md5 sums",
        )

    def _checked(self, dataset: Dataset, found: tuple[registry.FileStatus, ...]) -> None:
        bad = [f"{one.file.name} is {one.state}" for one in found if one.state != "ok"]
        if bad:
            self._services.message(f"{dataset.title}: {'; '.join(bad)}: {dataset.how_to_get}.")
        else:
            where = ", ".join(sorted({str(one.path.parent) for one in found if one.path}))
            self._services.message(f"{dataset.title}: all {len(found)} files have the published md5 sums, in {where}.", "info")
        self.changed.emit()
