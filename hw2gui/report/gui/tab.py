"""The report tab: every item beside what is measured here, the way to see it, and the work that measures it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMenu, QPushButton, QSplitter, QVBoxLayout, QWidget

from hw2gui.report.gui.detail import Detail
from hw2gui.report.gui.item_list import ItemList
from hw2gui.report.gui.work_bar import WorkBar
from hw2gui.report.items import Erratum, Item, Report, Show
from hw2gui.report.reproduce import QueueProgress, Reproduced
from hw2gui.report.state import ReportState
from hw2gui.report.tasks import Picture
from hw2gui.session.store import Store
from hw2gui.training.controls import Stop
from hw2gui.widgets import theme
from hw2gui.widgets.fields import text_label
from hw2gui.widgets.services import Services
from hw2gui.writers import to_markdown

TASKS = "hw2gui.report.tasks"
WORK = "report-work"
TITLES = {"convolution": "Convolution", "parameters": "Parameters", "vision": "Characters", "seq2seq": "Names"}
KINDS = {
    "html": "Web page, one file (*.html)",
    "pdf": "PDF (*.pdf)",
    "md": "Markdown with its figures (*.md)",
    "json": "The numbers (*.json)",
}
PICTURE_MARGIN = 56


class ReportTab(QWidget):
    """Follows its store; what there is to say comes from the worker."""

    def __init__(self, store: Store[ReportState], services: Services) -> None:
        super().__init__()
        self._store, self._services = store, services
        self.report: Report | None = None
        self._place = ""
        self._done = -1
        self.items = ItemList()
        self.detail = Detail()
        self.work = WorkBar()
        self.head = text_label(muted=True)
        self.folder = QPushButton("Folder …")
        self.folder.setToolTip("Look at another reproduction: choose the folder of its runs")
        self.own = QPushButton("The program's own")
        self.own.setToolTip("Back to the folder the program keeps its reproduction in")
        self.save = QPushButton("Save the document")
        self.save.setToolTip("Write all of this as one document: claims, measurements, figures, errata, settings, runs, your notes")
        self._build()
        self._connect()
        self._follow(store.state, store.state)

    def _build(self) -> None:
        menu = QMenu(self)
        for suffix, words in KINDS.items():
            menu.addAction(words.partition(" (")[0], partial(self._write, suffix))
        menu.addAction("Copy the table as Markdown", self._copy)
        self.save.setMenu(menu)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.addWidget(self.head, 1)
        for button in (self.folder, self.own, self.save):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        middle = QSplitter(Qt.Orientation.Horizontal)
        middle.addWidget(self.items)
        middle.addWidget(self.detail)
        middle.setStretchFactor(0, 3)
        middle.setStretchFactor(1, 2)
        middle.setHandleWidth(theme.SPACE)
        middle.setSizes([740, 490])
        middle.setChildrenCollapsible(False)
        note = QLabel("The report's text is not in the program: its claims are told in other words, its values quoted for comparison.")
        note.setObjectName("muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE // 2, 0, theme.SPACE // 2)
        column.setSpacing(theme.SPACE)
        column.addLayout(top)
        column.addWidget(middle, 1)
        column.addWidget(self.work)
        column.addWidget(note)

    def _connect(self) -> None:
        store = self._store
        self.items.chosen.connect(lambda key: store.move(selected=key))
        QShortcut(QKeySequence.StandardKey.Copy, self.items, self._copy, context=Qt.ShortcutContext.WidgetShortcut)
        self.detail.show_asked.connect(self._show)
        self.detail.note_typed.connect(self._note)
        self.folder.clicked.connect(self._choose_folder)
        self.own.clicked.connect(lambda: store.change("The program's own reproduction", folder=""))
        self.work.changed.connect(self._choose)
        self.work.begin.connect(self.reproduce)
        self.work.stop.connect(self._stop)
        store.changed.connect(self._follow)

    # -- what is chosen -----------------------------------------------------------------------------------------------------------

    def _choose(self, field: str, value: object) -> None:
        names = {"quick": "Version", "seeds": "Seeds", "jobs": "Side by side", "cluster": "Cluster"}
        self._store.change(names[field], gesture=field, **{field: value})

    def _note(self, text: str) -> None:
        state = self._store.state
        self._store.change("Note", gesture=("note", state.selected), notes=state.with_note(state.selected, text))

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "The folder of a reproduction", self._store.state.place)
        if chosen:
            self.open_folder(Path(chosen))

    def open_folder(self, folder: Path) -> None:
        """Look at the reproduction in *folder*."""
        self._store.change("Folder", folder=str(folder))

    def _follow(self, _: ReportState, now: ReportState) -> None:
        self.work.show_state(now)
        self.own.setVisible(bool(now.folder))
        self.items.show_selected(now.selected)
        self.detail.show_note(now.note(now.selected))
        if now.place != self._place:
            self._place = now.place
            self.look()
        else:
            self._show_selected()

    # -- what there is to say -----------------------------------------------------------------------------------------------------

    def home(self) -> None:
        """Nothing is zoomed."""

    def look(self) -> None:
        """Ask what there is to say of the reproduction chosen."""
        self.head.setText(f"{self._place}: reading …")
        self._services.ask(
            "report",
            f"{TASKS}:describe",
            {"folder": self._place, "quick": self._store.state.quick},
            self._told,
            failed=lambda why: self.head.setText(why),
            what="Reading the reproduction",
        )

    def _told(self, report: Report) -> None:
        self.report = report
        quick = " Quick version on built-in data: its figures are not the report's." if report.quick else ""
        problems = f" Left out: {report.problems[0]}" if report.problems else ""
        runs = f"{len(report.runs)} trainings finished" if report.runs else "nothing is trained yet"
        self.head.setText(f"{report.folder}: {runs}. {len(report.items)} items: {report.counted()}.{quick}{problems}")
        self.items.show_report(report)
        self._shown: Item | Erratum | None = None
        self._show_selected()

    def _show_selected(self) -> None:
        report, key = self.report, self._store.state.selected
        if report is None:
            return
        found: Item | Erratum
        found = next(one for one in report.errata if f"erratum {one.number}" == key) if key.startswith("erratum") else report.item(key)
        if found is self._shown:
            return
        self._shown = found
        self.detail.show_item(found, TITLES)
        self._services.forget("report-pictures")
        drawn = found.drawn if isinstance(found, Item) else ()
        if drawn:
            width = max(300, self.detail.text.viewport().width() - PICTURE_MARGIN)
            arguments = {"drawn": drawn, "width": width, "scale": self.devicePixelRatioF()}
            self._services.ask("report-pictures", f"{TASKS}:pictures", arguments, partial(self._drawn, found), what="Drawing the figures")

    def _drawn(self, of: Item | Erratum, pictures: tuple[Picture, ...]) -> None:
        if of is self._shown:
            self.detail.show_pictures(pictures)

    def _show(self, show: Show) -> None:
        self._services.show(show.tab, show.state, f"Show item {self._store.state.selected} of the report")

    # -- the work -----------------------------------------------------------------------------------------------------------------

    def reproduce(self) -> None:
        """Train and measure what is missing."""
        state = self._store.state
        arguments: dict[str, Any] = {
            "quick": state.quick,
            "folder": state.place,
            "jobs": state.jobs,
            "ray": state.cluster,
            "seeds": state.chosen_seeds,
        }
        self._done = -1
        self.work.show_begun()
        self._services.ask(
            WORK,
            "hw2gui.report.reproduce:reproduce",
            arguments,
            self._ended,
            failed=self._failed,
            progress=self._progress,
            cancelled=lambda: self._failed("Cancelled: what was saved is kept, and Reproduce goes on from there."),
            what="Reproducing the report",
            alone=True,
        )

    def _stop(self) -> None:
        self.work.show_stopping()
        self._services.tell(WORK, Stop())

    def _progress(self, event: QueueProgress) -> None:
        if self.work.button.isEnabled():
            self.work.show_progress(event)
        if self._done not in (-1, event.done):
            self.look()
        self._done = event.done

    def _ended(self, outcome: Reproduced) -> None:
        self.work.show_idle(outcome.sentence)
        self.look()

    def _failed(self, why: str) -> None:
        self.work.show_idle(why)
        self.look()

    # -- taking it away -----------------------------------------------------------------------------------------------------------

    def _write(self, suffix: str) -> None:
        path = self._services.choose_file("Save the document", f"report.{suffix}", KINDS[suffix], save=True)
        if path is None:
            return
        arguments = {"folder": self._place, "out": str(path), "notes": self._store.state.notes}
        self._services.ask(
            "report-document",
            f"{TASKS}:write_document",
            arguments,
            lambda written: self._services.status(f"Written: {written}"),
            what="Writing the document",
        )

    def _copy(self) -> None:
        if self.report is not None:
            self._services.copy(to_markdown(self.report.summary), "the table of items as Markdown")
