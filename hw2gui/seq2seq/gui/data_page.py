"""The pairs there are: what is in them, whom to thank, how to get them; and a table of the user's own, read as they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from hw2gui.datasets import pairs, registry
from hw2gui.errors import InputError
from hw2gui.seq2seq import models
from hw2gui.seq2seq.config import TABLE
from hw2gui.seq2seq.data_choice import DataChoice
from hw2gui.seq2seq.data_view import CorpusView, TableView, dropped_table, pairs_table
from hw2gui.seq2seq.gui.data_about import about_html, length_lines, state_words
from hw2gui.seq2seq.gui.data_files import DataFiles
from hw2gui.seq2seq.gui.data_rows import DROPPED, PAIRS, SETS, DroppedRows, FirstRows, PairRows, SetRows, first_columns
from hw2gui.seq2seq.gui.given import Given, open_in_playground
from hw2gui.seq2seq.gui.reading_controls import ReadingControls
from hw2gui.widgets import theme
from hw2gui.widgets.badge import Badge
from hw2gui.widgets.buttons import push_button
from hw2gui.widgets.fields import Choices, row, text_label
from hw2gui.widgets.focus import stop_where_it_scrolls
from hw2gui.widgets.live_plot import LivePlot
from hw2gui.widgets.number_table import NumberTable
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.saving import save_picture
from hw2gui.widgets.table_menu import TableMenu
from hw2gui.writers import Table

LOOK = "pairs looked at"
VIEW = "hw2gui.seq2seq.data_view"
SETS_WIDTH = 290
"""The names of all sets that come with the program are read whole."""
TABLES = "Tables (*.tsv *.csv *.txt);;All files (*)"


class DataPage(QWidget):
    """Sets at the left, pairs in the middle, what is known of them at the right."""

    def __init__(self, given: Given) -> None:
        super().__init__()
        self._store, self._services = given.store, given.services
        self._asked: tuple[object, ...] = ()
        self._corpus: CorpusView | None = None
        self._table: TableView | None = None
        self._files = DataFiles(given.services, self)
        self._files.begun.connect(lambda: self._show(self.choice))
        self._files.changed.connect(self.refresh)
        self.sets = NumberTable("Sets of pairs", SETS, totals=False)
        self.sets.chosen.connect(lambda at: self._change("Set of pairs", name=self._names[at], look="pairs"))
        self._names: tuple[str, ...] = ()
        self.open = QPushButton("Open a table…")
        self.open.setToolTip("Your own pairs: a text file with two columns separated by tabs, commas or semicolons (TSV, CSV)")
        self.open.clicked.connect(lambda: self._open())
        self._make_choices()
        self.problem = Badge("What is wrong")
        self.reading = ReadingControls(self._read)
        self.table = NumberTable("Pairs", PAIRS, totals=False)
        self.table.opened.connect(self._open_pair)
        self.panel = Panel("Pairs", self.table)
        self.tables = TableMenu(given.services, self._tables, flat=True)
        self.panel.header.addWidget(self.tables)
        self.about = text_label(selectable=True)
        self.lengths = LivePlot("Lengths of the texts", "characters", "training pairs")
        self.lengths.set_whole(across=True, down=True)
        self.fetch = push_button(
            "Download",
            "Fetch the files from their publisher and check their sums; Cancel keeps what has come",
            lambda: self._files.fetch(self.choice.name),
        )
        self.check = push_button("Check", "Compute the md5 sum of every file again", lambda: self._files.check(self.choice.name))
        self.train = push_button("Train on it", "Go to the training page with this set chosen", self._train)
        self._build()
        self.refresh()

    def _make_choices(self) -> None:
        """Which pairs are listed."""
        self.part = Choices(
            "Part",
            (
                ("train", "train", "The pairs that are learned from"),
                ("validation", "validation", "The pairs to choose by"),
                ("test", "test", "The pairs to report on"),
            ),
        )
        self.part.chosen.connect(lambda key: self._look(part=key, look="pairs"))
        self.look = Choices(
            "Of the table",
            (
                ("pairs", "Pairs", "The pairs that are used, by part"),
                ("rows", "First rows", "The first rows of the file as they stand"),
                ("dropped", "Dropped", "The lines that are not used, and why"),
            ),
        )
        self.look.chosen.connect(lambda key: self._look(look=key))
        self.text = QLineEdit()
        self.text.setPlaceholderText("contains …")
        self.text.setAccessibleName("Pairs that contain")
        self.text.setToolTip("Show the pairs whose source or target contains this")
        self.text.setClearButtonEnabled(True)
        self.text.setMaximumWidth(200)
        self.text.textEdited.connect(lambda text: self._look(text=text))

    def _build(self) -> None:
        left = QWidget()
        left.setFixedWidth(SETS_WIDTH)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Panel("Sets of pairs", self.sets, header=False), 1)
        column.addWidget(self.open)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(self.reading)
        column.addWidget(row(self.look, self.part, self.text))
        column.addWidget(self.problem)
        column.addWidget(self.panel, 1)
        scroll = QScrollArea()
        stop_where_it_scrolls(scroll)
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName("About the set")
        scroll.setWidget(self.about)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll, 3)
        column.addWidget(self.lengths, 2)
        column.addWidget(row(self.fetch, self.check, self.train))
        self.about_panel = Panel("About the set", body, exports=True)
        self.about_panel.export_requested.connect(self._save_lengths)
        self.about_panel.setMinimumWidth(300)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(left)
        layout.addWidget(middle, 3)
        layout.addWidget(self.about_panel, 2)

    # -- the choice ---------------------------------------------------------------------------------------------------------------

    @property
    def choice(self) -> DataChoice:
        """What the user chose here."""
        found: DataChoice = self._store.state.data
        return found

    def _change(self, label: str, *, gesture: str | None = None, **changes: Any) -> None:
        try:
            self._store.change(label, gesture=gesture, data=replace(self.choice, **changes))
        except InputError as error:
            self.reading.show_choice(self.choice.reading, self._table)
            self.problem.show_verdict("bad", str(error))

    def _look(self, **changes: Any) -> None:
        self._store.move(data=replace(self.choice, **changes))

    def _open(self) -> None:
        path = self._services.choose_file("Open a table of pairs", self.choice.table, TABLES, save=False)
        if path is not None:
            self.open_table(path)

    def open_table(self, path: Path) -> None:
        """Look at the pairs of the table in the file *path*: how it is read, and what of it is not used, is said there."""
        choice = replace(self.choice, name=f"{TABLE}{path}", table=str(path), look="pairs")
        self._store.change("Table", page="data", data=choice)

    def _read(self, label: str, **changes: Any) -> None:
        self._change(label, gesture=label, reading=replace(self.choice.reading, **changes))

    def _open_pair(self, at: int) -> None:
        """Take a pair to the playground, where a model of its kind reads it, if there is one."""
        if self._corpus is not None and self.choice.look == "pairs":
            pair = self._corpus.rows[at]
            fitting = next((one.name for one in models.available() if one.data == self._corpus.name), None)
            open_in_playground(self._store, "Open a pair", pair.source, pair.target, fitting)

    # -- following the store ------------------------------------------------------------------------------------------------------

    def home(self) -> None:
        """Nothing is zoomed here; what the plot is to show is drawn now."""
        self.lengths.flush()

    def refresh(self) -> None:
        """Look again what is on this computer."""
        self._asked = ()
        self.show_state(None, self._store.state)

    def show_state(self, _before: Any, now: Any) -> None:
        """Follow *now*; ask for what is not there."""
        choice: DataChoice = now.data
        self._list_sets(choice)
        self.part.show_choice(choice.part)
        self.look.show_choice(choice.look)
        self.look.setVisible(choice.of_table)
        self.reading.setVisible(choice.of_table)
        if self.text.text() != choice.text:
            self.text.setText(choice.text)
        asked = (choice.name, choice.part, choice.text, choice.reading if choice.of_table else None)
        if asked != self._asked:
            self._ask(choice)
            self._asked = asked
        self._show(choice)

    def _list_sets(self, choice: DataChoice) -> None:
        entries = [(name, registry.find(name).title, state_words(registry.find(name))) for name in pairs.names()]
        if choice.table:
            entries.append((f"{TABLE}{choice.table}", Path(choice.table).name, "your table"))
        self._names = tuple(name for name, _, _ in entries)
        chosen = self._names.index(choice.name) if choice.name in self._names else None
        self.sets.show_source(SetRows([(title, state) for _, title, state in entries]), chosen)

    def _ask(self, choice: DataChoice) -> None:
        self._services.forget(LOOK)
        if choice.of_table:
            arguments = {"path": choice.name.removeprefix(TABLE), "reading": choice.reading, "part": choice.part, "text": choice.text}
            self._services.ask(LOOK, f"{VIEW}:look_at_table", arguments, self._take_table, failed=self._failed, what="Reading the table")
        else:
            arguments = {"name": choice.name, "part": choice.part, "text": choice.text}
            self._services.ask(LOOK, f"{VIEW}:look", arguments, self._take_corpus, failed=self._failed, what="Opening the pairs")

    def _take_corpus(self, view: CorpusView) -> None:
        self._corpus, self._table = view, None
        self._show(self.choice)

    def _take_table(self, view: TableView) -> None:
        self._corpus, self._table = view.corpus, view
        self._show(self.choice)

    def _failed(self, why: str) -> None:
        self._corpus, self._table = None, None
        self._show(self.choice, why)

    def _show(self, choice: DataChoice, why: str = "") -> None:
        table, view = self._table, self._corpus
        problem = why or (table.problem if table is not None else "")
        if problem or view is not None:
            self.problem.show_verdict("bad" if problem else "waiting", problem)
        self.problem.setVisible(bool(self.problem.text()))
        self.reading.show_choice(choice.reading, table)
        self._show_rows(choice)
        dataset = None if choice.of_table else registry.find(choice.name)
        missing = dataset is not None and not registry.is_present(dataset)
        self.fetch.setVisible(dataset is not None and dataset.fetchable and (missing or self._files.fetching == choice.name))
        self.fetch.setText("Cancel" if self._files.fetching == choice.name else "Download")
        self.check.setVisible(dataset is not None and not dataset.built_in)
        self.train.setEnabled(view is not None)
        self.about.setText(about_html(dataset, view, table))
        self.lengths.setVisible(view is not None)
        self.about_panel.offer_export(view is not None)
        self.lengths.show_lines(() if view is None else length_lines(view))

    def _show_rows(self, choice: DataChoice) -> None:
        table, view = self._table, self._corpus
        if table is not None and choice.look == "rows":
            self.table.set_columns(first_columns(table, choice.reading))
            self.table.show_source(FirstRows(table))
            self.panel.title.setText("First rows")
            self.panel.info.setText("as they stand in the file")
        elif table is not None and choice.look == "dropped":
            self.table.set_columns(DROPPED)
            self.table.show_source(DroppedRows(table))
            self.panel.title.setText("Lines that are not used")
            self.panel.info.setText(f"{len(table.dropped):,} of {table.dropped_count:,}" if table.dropped else "every line is used")
        else:
            self.table.set_columns(PAIRS)
            self.table.show_source(PairRows(view))
            self.panel.title.setText("Pairs")
            shown = "" if view is None else f"{len(view.rows):,} of {view.found:,} shown. Enter or double click: open it in Translate"
            self.panel.info.setText(shown)

    # -- what is done with them ---------------------------------------------------------------------------------------------------

    def _train(self) -> None:
        choice, setup = self.choice, self._store.state.setup
        table = choice.reading if choice.of_table else setup.table
        self._store.change("Train on these pairs", page="train", setup=replace(setup, data=choice.name, table=table))

    def _save_lengths(self, suffix: str) -> None:
        if self._corpus is not None:
            save_picture(self._services, f"{VIEW}:save_lengths", {"view": self._corpus}, "lengths", suffix)

    def _tables(self) -> tuple[tuple[str, Callable[[bool], Table]], ...]:
        offered: list[tuple[str, Callable[[bool], Table]]] = []
        view, table = self._corpus, self._table
        if view is not None:
            offered.append(("Pairs shown", lambda _: pairs_table(view)))
        if table is not None and table.dropped:
            offered.append(("Dropped lines", lambda _: dropped_table(table)))
        return tuple(offered)
