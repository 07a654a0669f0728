"""What can be done with the runs that are there: rename, delete and bring back, export their numbers and pictures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from hw2gui.errors import UserError
from hw2gui.jobs import Handle
from hw2gui.training import runs
from hw2gui.training.gui.run_columns import table_of
from hw2gui.training.gui.run_entry import Entry
from hw2gui.training.run_folder import RunFolder
from hw2gui.training.score import Score
from hw2gui.widgets.saving import save_picture, save_text
from hw2gui.widgets.services import Services
from hw2gui.writers import Format, write

POLL_MS = 20
"""A cancelled training is gone within a tenth of a second; its folder is moved as soon as it is."""

SUFFIXES: dict[Format, str] = {"csv": "csv", "markdown": "md", "latex": "tex"}


class Keeper(QObject):
    """Keeps the folders of runs for a training room."""

    moved = Signal(object)
    """Folders that are no longer where they were."""
    changed = Signal()
    """A name, or that there are runs again which were in the trash."""

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services

    def rename(self, folder: str, name: str) -> None:
        """Call a run *name*."""
        try:
            RunFolder.open(Path(folder)).rename(name)
        except UserError as error:
            self._services.message(str(error))
        self.changed.emit()

    def delete(self, folders: Sequence[str]) -> None:
        """Move runs to the trash, from which the message brings them back."""
        trashed: list[Path] = []
        gone: list[str] = []
        why = ""
        for folder in folders:
            try:
                trashed.append(runs.to_trash(Path(folder)))
                gone.append(folder)
            except UserError as error:
                why = str(error)
        if gone:
            self.moved.emit(tuple(gone))
        if why:
            self._services.message(why)
        elif trashed:
            words = f"The run {trashed[0].name} is" if len(trashed) == 1 else f"{len(trashed)} runs are"
            self._services.message(f"{words} in the trash.", "info", ("Bring back", lambda: self.restore(trashed)))

    def discard(self, folder: str) -> None:
        """Move a run that has done nothing out of the way, without a word."""
        try:
            runs.to_trash(Path(folder))
        except UserError:
            return  # then it stands in the table, and can be deleted there
        self.moved.emit((folder,))

    def delete_when_over(self, folders: Sequence[str], handles: Sequence[Handle | None]) -> None:
        """Move the runs of cancelled trainings to the trash once nothing writes to them any more."""
        if all(handle is None or handle.over for handle in handles):
            self.delete(folders)
        else:
            self._services.later(POLL_MS, lambda: self.delete_when_over(folders, handles))

    def restore(self, trashed: Sequence[Path] = ()) -> None:
        """Bring runs back from the trash; without a name, the one that was deleted last."""
        wanted = list(trashed) or runs.trashed_runs()[:1]
        if not wanted:
            self._services.status("The trash is empty.")
            return
        for path in wanted:
            try:
                runs.restore(path)
            except UserError as error:
                self._services.message(str(error))
        self.changed.emit()

    def prune(self, folders: Sequence[str]) -> None:
        """Move the weights of all epochs but the chosen, the best and the last to the trash; the message brings them back."""
        trashed: list[Path] = []
        for folder in folders:
            try:
                moved = runs.prune(RunFolder.open(Path(folder)))
            except UserError as error:
                self._services.message(str(error))
                return
            trashed += [moved] if moved else []
        if not trashed:
            self._services.status("Only the chosen, the best and the last epoch's weights are kept already: nothing to thin out.")
            return
        count = sum(len(list(path.glob("*.safetensors"))) for path in trashed)
        freed = runs.size_text(sum(map(runs.size_of, trashed)))
        words = f"The weights of {count} epochs ({freed}) are in the trash; the chosen, best and last stay."
        self._services.message(words, "info", ("Bring back", lambda: self.restore(trashed)))
        self.changed.emit()

    def empty_trash(self) -> None:
        """Delete for good what is in the trash, in the worker."""

        def told(freed: int) -> None:
            self._services.status(f"The trash is empty: {runs.size_text(freed) or 'nothing'} freed.")
            self.changed.emit()

        self._services.ask(
            "empty the trash", "hw2gui.training.runs:empty_trash", {}, told, failed=self._services.message, what="Emptying the trash"
        )

    def export_metrics(self, folder: str, what: str) -> None:
        """Write a run's numbers as CSV, a line for each of *what*: epochs or batches."""
        path = self._services.choose_file(f"Save the {what}", f"{Path(folder).name}-{what}.csv", "*.csv", save=True)
        if path is not None:
            self._ask("hw2gui.training.survey:save_metrics", {"folder": folder, "path": str(path), "what": what}, path)

    def export_table(self, entries: Sequence[Entry], score: Score, form: Format, tested: Collection[str] | None = None) -> None:
        """Write the table of runs as it is sorted, with the test scores of the folders *tested*, or (None) without any."""
        save_text(self._services, lambda: write(table_of(entries, score, tested), form), "runs", SUFFIXES[form], "Save the table of runs")

    def copy_table(self, entries: Sequence[Entry], score: Score, tested: Collection[str] | None = None) -> None:
        """Put the table on the clipboard, as Markdown."""
        self._services.copy(write(table_of(entries, score, tested), "markdown"), "the table of runs")

    def export_picture(self, drawn: tuple[str, Mapping[str, Any]] | None, title: str, suffix: str) -> None:
        """Have a picture drawn into a file by the function and with the arguments *drawn* names; None: there is no picture."""
        if drawn is None:
            self._services.message("There is no picture of this: export the table of runs, or one of the curves.", "info")
            return
        save_picture(self._services, *drawn, title.lower().replace(" ", "-"), suffix)

    def _ask(self, function: str, arguments: Mapping[str, Any], path: Path, what: str = "Exporting") -> None:
        self._services.ask(f"export {path}", function, arguments, lambda _: self._services.status(f"Saved {path}"), what=what)


Act = Callable[[str], None]
"""What a subject does with a run's folder."""
