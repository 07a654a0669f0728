"""The report tab: every item beside what is measured here, the way to see it, and the work that measures it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from hw2gui.report.gui.detail import Detail
from hw2gui.report.gui.figure_menu import FigureMenu
from hw2gui.report.gui.item_list import PROGRAMS, ItemList
from hw2gui.report.gui.work_bar import WorkBar
from hw2gui.report.items import Drawn, Erratum, Item, Report, Show, Source
from hw2gui.report.progress import QueueProgress, Reproduced
from hw2gui.report.state import ReportState
from hw2gui.report.tasks import Picture
from hw2gui.session.store import Store
from hw2gui.training.controls import Stop
from hw2gui.widgets import theme
from hw2gui.widgets.fields import Choices, text_label
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.saving import save_picture
from hw2gui.widgets.services import Services
from hw2gui.widgets.table_menu import Offer, TableMenu
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
SOURCES: tuple[tuple[str, str, str], ...] = (
    ("both", "Both", f"Your figures where you have measured some; elsewhere the program's own, marked {PROGRAMS}"),
    ("shipped", "The program's", "The figures that come with the program: measured once, on the report's data and by its protocol"),
    ("own", "Yours", "Only what is measured in your folder"),
)


class ReportTab(QWidget):
    """Follows its store; what there is to say comes from the worker."""

    def __init__(self, store: Store[ReportState], services: Services) -> None:
        super().__init__()
        self._store, self._services = store, services
        self.report: Report | None = None
        self._asked: tuple[Source, str] | None = None
        self._shown: Item | Erratum | None = None
        self._done = -1
        self.head = text_label(muted=True)
        self.source = Choices("Figures", SOURCES)
        self.folder = QPushButton("Folder…")
        self.folder.setToolTip("Look at another reproduction: choose the folder of its runs")
        self.usual = QPushButton("The usual folder")
        self.usual.setToolTip("Back to the folder among your runs that a reproduction is kept in")
        self.save = QPushButton("Save the document")
        self.save.setToolTip("Write all of this as one document: claims, measurements, figures, errata, settings, runs, your notes")
        self.items = ItemList()
        self.tables = TableMenu(services, self._offers, flat=True)
        self.detail = Detail()
        self.figures = FigureMenu(self._save_figure)
        self.work = WorkBar()
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
        for widget in (self.source, self.folder, self.usual, self.save):
            top.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        left, right = Panel("Items", self.items), Panel("Item", self.detail)
        left.header.addWidget(self.tables)
        right.header.addWidget(self.figures)
        middle = QSplitter(Qt.Orientation.Horizontal)
        middle.addWidget(left)
        middle.addWidget(right)
        middle.setStretchFactor(0, 3)
        middle.setStretchFactor(1, 2)
        middle.setHandleWidth(theme.SPACE)
        middle.setSizes([810, 446])
        middle.setChildrenCollapsible(False)
        below = Panel("Reproduce", self.work)
        below.info.setText("The report's text is not in the program: its claims are told in other words, its values quoted for comparison.")
        below.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE // 2, 0, theme.SPACE // 2)
        column.setSpacing(theme.SPACE)
        column.addLayout(top)
        column.addWidget(middle, 1)
        column.addWidget(below)

    def _connect(self) -> None:
        store = self._store
        self.source.chosen.connect(lambda key: store.change("Whose figures", source=key))
        self.items.chosen.connect(lambda key: store.move(selected=key))
        self.items.wanted.connect(self.detail.ask)
        QShortcut(QKeySequence.StandardKey.Copy, self.items, self._copy, context=Qt.ShortcutContext.WidgetShortcut)
        self.detail.show_asked.connect(self._show)
        self.detail.note_typed.connect(self._note)
        self.folder.clicked.connect(self._choose_folder)
        self.usual.clicked.connect(lambda: store.change("The usual folder", folder=""))
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
        chosen = self._services.choose_folder("The folder of a reproduction")
        if chosen is not None:
            self.open_folder(chosen)

    def open_folder(self, folder: Path) -> None:
        """Look at the reproduction in *folder*."""
        self._store.change("Folder", folder=str(folder), source="own")

    def _follow(self, _: ReportState, now: ReportState) -> None:
        self.work.show_state(now)
        self.source.show_choice(now.source)
        self.usual.setVisible(bool(now.folder))
        self.items.show_selected(now.selected)
        self.detail.show_note(now.note(now.selected))
        if (now.source, now.place) != self._asked:
            self.look()
        else:
            self._show_selected()

    # -- what there is to say -----------------------------------------------------------------------------------------------------

    def home(self) -> None:
        """Nothing is zoomed."""

    def look(self) -> None:
        """Ask what there is to say of the reproduction chosen."""
        state = self._store.state
        self._asked = (state.source, state.place)
        self.head.setText("Reading the program's own reproduction …" if state.source == "shipped" else f"{state.place}: reading …")
        self._services.ask(
            "report",
            f"{TASKS}:describe",
            {"folder": state.place, "quick": state.quick, "source": state.source},
            self._told,
            failed=lambda why: self.head.setText(why),
            what="Reading the reproduction",
        )

    def _told(self, report: Report) -> None:
        self.report = report
        self.head.setText(head(report, self._store.state))
        self.items.show_report(report)
        self._shown = None
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
        self.figures.show_figures(drawn)
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
        """Train and measure what is missing; what comes of it is then in sight."""
        if self._store.state.source == "shipped":
            self._store.change("Whose figures", source="both")
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
        state = self._store.state
        arguments = {"folder": state.place, "out": str(path), "notes": state.notes, "source": state.source}
        self._services.ask(
            "report-document",
            f"{TASKS}:write_document",
            arguments,
            lambda written: self._services.status(f"Written: {written}"),
            what="Writing the document",
        )

    def _save_figure(self, drawn: Drawn, suffix: str) -> None:
        save_picture(self._services, f"{TASKS}:save_figure", {"drawn": drawn}, drawn.name, suffix, "Save the figure")

    def _offers(self) -> tuple[Offer, ...]:
        """The table of all items, and those of the item chosen."""
        report = self.report
        if report is None:
            return ()
        own = self._shown.tables if isinstance(self._shown, Item) else ()
        return (("All items", lambda _: report.summary), *((table.title, lambda _, table=table: table) for table in own))

    def _copy(self) -> None:
        if self.report is not None:
            self._services.copy(to_markdown(self.report.summary), "the table of items as Markdown")


def head(report: Report, state: ReportState) -> str:
    """Whose figures these are, and what they come to."""
    trained = f"{len(report.runs)} trainings finished" if report.runs else "nothing is trained yet"
    whose = f"{report.folder}: {trained}." if report.folder else f"{report.origin}."
    if report.folder and report.origin:
        whose = f"{report.folder}, and where nothing is measured there ({PROGRAMS}) {report.origin[0].lower()}{report.origin[1:]}."
    elif not report.folder and state.source == "both":
        whose = f"{PROGRAMS} {whose} Yours take their place as soon as there are any: Reproduce below."
    quick = " Quick version on built-in data: its figures are not the report's." if report.quick else ""
    problems = f" Left out: {report.problems[0]}" if report.problems else ""
    return f"{whose} {len(report.items)} items: {report.counted()}.{quick}{problems}"
