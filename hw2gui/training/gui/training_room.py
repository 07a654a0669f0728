"""Train while one watches: settings at the left, live curves, and all the runs there are under them. It knows no subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QScrollArea, QSplitter, QVBoxLayout, QWidget

from hw2gui.errors import InputError
from hw2gui.session.store import Store
from hw2gui.training import range_test
from hw2gui.training.desk import Desk
from hw2gui.training.events import BatchesDone, Sample, Warned
from hw2gui.training.gui.charts import Charts
from hw2gui.training.gui.control_bar import ControlBar
from hw2gui.training.gui.keeper import Act, Keeper
from hw2gui.training.gui.lines import Shown, as_plot, coloured
from hw2gui.training.gui.race_box import RaceBox
from hw2gui.training.gui.run_model import ELSEWHERE, Entry
from hw2gui.training.gui.run_table import RunTable
from hw2gui.training.gui.sample_view import SampleView
from hw2gui.training.gui.section import Section
from hw2gui.training.gui.settings import basic_section, more_section
from hw2gui.training.gui.subject import Subject
from hw2gui.training.metrics import Metrics
from hw2gui.training.room import Room
from hw2gui.training.survey import Opened, RunRow
from hw2gui.widgets import theme
from hw2gui.widgets.fields import row
from hw2gui.widgets.fold import Fold
from hw2gui.widgets.live_plot import hue
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.services import Services

REDRAW_MS = 200
"""While a run trains its curves and its row are drawn again at most so often."""

LOOK_AGAIN_MS = 2000
"""What another program trains is looked at so often."""

SIDEBAR = 300


@dataclass(frozen=True)
class RunAction:
    """What a subject offers to do with a run that has weights."""

    title: str
    tip: str
    act: Act


class TrainingRoom(QWidget):
    """Over a store whose state has ``setup`` (the configuration of the next run), ``recipe`` and ``room``.

    *head* stands above the shared settings, *folded* (title, section) below them; *views* are further charts: (key, title, widget).
    """

    def __init__(
        self,
        subject: Subject,
        store: Store[Any],
        services: Services,
        head: Section,
        folded: Sequence[tuple[str, Section]],
        actions: Sequence[RunAction] = (),
        views: Sequence[tuple[str, str, SampleView]] = (),
    ) -> None:
        super().__init__()
        self.subject = subject
        self._store = store
        self._services = services
        self._rows: tuple[RunRow, ...] = ()
        self._opened: dict[str, Opened] = {}
        self._beginning = False
        self._fresh: set[str] = set()
        self._failure = ""
        self._again: dict[str, float] = {}
        self.desk = Desk(services.runner, subject.train, self._told)
        self.keeper = Keeper(services, self)
        self.keeper.changed.connect(self.refresh)
        self.keeper.moved.connect(self._gone)
        self.sections: tuple[Section, ...] = (head, basic_section(), *(section for _, section in folded), more_section())
        self._folded = (*((title, section) for title, section in folded), ("More", self.sections[-1]))
        for section in self.sections:
            section.edited.connect(lambda label, gesture, config: self._edit(label, gesture, setup=config))
        self.begin = QPushButton("Train")
        self.begin.setToolTip("Start a new run with these settings, in a process of its own")
        self.begin.clicked.connect(lambda _=False: self.start())
        self.racing = RaceBox()
        self.racing.edited.connect(lambda label, room: self._edit(label, label, room=room))
        self.racing.race_wanted.connect(self.start_race)
        self.racing.range_wanted.connect(self.start_range_test)
        self.charts = Charts(subject, views)
        self.charts.chosen.connect(lambda changes: store.move(room=replace(store.state.room, **changes)))
        self._views = tuple(view for _, _, view in views)
        for view in self._views:
            view.epoch_chosen.connect(lambda epoch: store.move(room=replace(store.state.room, sample_epoch=epoch)))
        self.charts.rate_taken.connect(self._take_rate)
        self.charts.export_requested.connect(self._export_plot)
        self.bar = ControlBar()
        self.bar.pressed.connect(self._pressed)
        self.bar.rate_set.connect(lambda value: self._set("rate", value))
        self.bar.dropout_set.connect(lambda value: self._set("dropout", value))
        self.table = RunTable(subject.score)
        self.table.chosen.connect(self._chosen)
        self.table.sorted.connect(lambda name, down: store.move(room=replace(store.state.room, sort=name, descending=down)))
        self.table.renamed.connect(self.keeper.rename)
        self.table.deleted.connect(self.delete)
        self.resume = _button("Resume", "Go on with these runs where they were saved, also after a crash", self.start_again)
        self.acts = [_button(action.title, action.tip, lambda act=action.act: self._act(act)) for action in actions]
        self.rename = _button("Rename", "Call the run something else (F2)", self.table.rename)
        self.remove = _button("Delete", "Move the runs to the trash; they can be brought back (Delete)", self.delete)
        self.trash = QPushButton("Trash")
        self.export = QPushButton("Export")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REDRAW_MS)
        self._timer.timeout.connect(self.redraw)
        self._build()

    def _build(self) -> None:
        settings = QWidget()
        column = QVBoxLayout(settings)
        column.setContentsMargins(0, 0, 10, 0)
        column.setSpacing(6)
        column.addWidget(self.sections[0])
        column.addWidget(self.sections[1])
        for title, section in self._folded:
            column.addWidget(Fold(title, section))
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName("Settings of the next run")
        scroll.setWidget(settings)
        left = Panel("Settings of the next run", scroll)
        left.add_below(self.begin)
        left.add_below(Fold("Learning-rate race", self.racing, "Several rates, several seeds, one plot", unfolded=True))
        side = QWidget()
        side.setFixedWidth(SIDEBAR)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(left)
        scroll.setMinimumHeight(60)
        below = Panel("Runs", self.table)
        below.add_below(row(self.resume, *self.acts, self.rename, self.remove, self.trash, self.export))
        self._fill_menus()
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self.bar)
        column.addWidget(self.charts, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(top)
        split.addWidget(below)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(side)
        layout.addWidget(split, 1)

    def _fill_menus(self) -> None:
        trash = QMenu(self.trash)
        trash.addAction("Bring back what was deleted last").triggered.connect(lambda _=False: self.keeper.restore())
        trash.addAction("Empty the trash for good").triggered.connect(lambda _=False: self.keeper.empty_trash())
        self.trash.setMenu(trash)
        self.trash.setToolTip("Bring deleted runs back, or delete them for good")
        export = QMenu(self.export)
        for what in ("epochs", "batches"):
            export.addAction(f"The run's {what} as CSV…").triggered.connect(lambda _=False, what=what: self._export_metrics(what))
        export.addSeparator()
        for form, title in (("csv", "CSV"), ("markdown", "Markdown"), ("latex", "LaTeX")):
            export.addAction(f"The table of runs as {title}…").triggered.connect(
                lambda _=False, form=form: self.keeper.export_table(self.table.in_order, self.subject.score, form)
            )
        export.addAction("Copy the table as Markdown").triggered.connect(
            lambda _=False: self.keeper.copy_table(self.table.in_order, self.subject.score)
        )
        self.export.setMenu(export)
        self.export.setToolTip("A run's numbers, or the table, as files")

    # -- the state ----------------------------------------------------------------------------------------------------------------

    @property
    def room(self) -> Room:
        """How things are shown, and what races."""
        room: Room = self._store.state.room
        return room

    def show_state(self) -> None:
        """Show what was chosen."""
        state = self._store.state
        for section in self.sections:
            section.show_config(state.setup)
        self.racing.show_room(state.room, state.setup.training.seed)
        self.charts.show_room(state.room)
        self.table.show_sort(state.room.sort, state.room.descending)
        self.table.show_chosen(state.room.shown)
        self._open_shown()
        self.redraw()

    def _edit(self, label: str, gesture: object, **changes: Any) -> None:
        try:
            self._store.change(label, gesture=f"{self.subject.key} {gesture}", **changes)
        except InputError as error:
            self._services.message(str(error))
            self.show_state()

    def _take_rate(self, rate: float) -> None:
        setup = self._store.state.setup
        self._edit("Learning rate", "taken", setup=replace(setup, training=replace(setup.training, learning_rate=rate)))

    def _chosen(self, folders: tuple[str, ...]) -> None:
        self._failure, self._again = "", {}
        self._store.move(room=replace(self.room, shown=folders))

    # -- beginning ----------------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin a new run with the chosen settings."""
        setup = self._store.state.setup
        self._begin([setup], [self.subject.title(setup)])

    def start_race(self) -> None:
        """Begin a run for each rate and seed."""
        setup, room = self._store.state.setup, self.room
        seeds = [setup.training.seed + number for number in range(room.seeds)]
        # Side by side on one thread each: more threads than cores would cost all of them.
        racers = [replace(setup.training, learning_rate=rate, seed=seed, threads=1) for rate in room.rates for seed in seeds]
        configs = [replace(setup, training=training) for training in racers]
        self._begin(configs, [f"race {training.learning_rate:g} seed {training.seed}" for training in racers])

    def start_range_test(self) -> None:
        """Begin a range test of the chosen settings."""
        setup = self._store.state.setup
        self._begin([replace(setup, training=range_test.configured(setup.training))], ["range test"])

    def _begin(self, configs: Sequence[Any], titles: Sequence[str]) -> None:
        if self._beginning or self.desk.under_way:
            return
        self._beginning = True
        self.redraw()
        self._services.ask(
            f"begin {self.subject.key}",
            self.subject.begin,
            {"configs": tuple(configs), "titles": tuple(titles)},
            self._begun,
            failed=self._not_begun,
            what="Beginning the run",
        )

    def _begun(self, folders: tuple[str, ...]) -> None:
        self._beginning, self._failure = False, ""
        self._fresh.update(folders)
        self._store.move(room=replace(self.room, shown=tuple(folders)))
        self.desk.train(folders)
        self.refresh()

    def _not_begun(self, why: str) -> None:
        self._beginning = False
        self.redraw()
        self._services.message(why)

    def start_again(self) -> None:
        """Resume the selected runs."""
        folders = [entry.row.folder for entry in self._selected if self._can_resume(entry)]
        if not folders or self.desk.under_way:
            return

        def go(found: tuple[Opened, ...]) -> None:
            self._opened.update({one.folder: one for one in found})
            self.desk.train(folders, {one.folder: one.metrics for one in found})
            for what, value in self._again.items():
                self._set(what, value)
            self._again = {}
            self.refresh()

        # What was measured since, by a process that has died, is on the disk only.
        self._services.ask(
            f"resume {self.subject.key}",
            "hw2gui.training.survey:opened_all",
            {"folders": tuple(folders)},
            go,
            what="Reading the run",
        )

    def _can_resume(self, entry: Entry) -> bool:
        return (
            entry.row.resumable and entry.turn in (None, "ended") and entry.row.state.status in ("stopped", "interrupted", "failed", "new")
        )

    # -- while it trains ----------------------------------------------------------------------------------------------------------

    @property
    def targets(self) -> tuple[str, ...]:
        """The trainings the buttons are for: the selected ones, or, where none of them trains, all."""
        under_way = self.desk.under_way
        return tuple(folder for folder in self.room.shown if folder in under_way) or under_way

    def _pressed(self, what: str) -> None:
        targets = self.targets
        if what == "cancel":
            handles = [self.desk.cancel(folder) for folder in targets]
            self.redraw()
            self.keeper.delete_when_over(targets, handles)
            return
        act = {"pause": self.desk.hold, "release": self.desk.release, "step": self.desk.step, "stop": self.desk.stop}[what]
        for folder in targets:
            act(folder)
        self.redraw()

    def _set(self, what: str, value: float) -> None:
        """Another rate or dropout: from the next batch on, or, where nothing trains, from the resuming on."""
        targets = self.targets
        if not targets:
            self._again[what] = value
        for folder in targets:
            (self.desk.set_rate if what == "rate" else self.desk.set_dropout)(folder, value)

    def _told(self, folder: str, event: Any) -> None:
        if isinstance(event, Warned) and (len(self.desk.under_way) == 1 or event.kind == "disk"):
            # In a race the table says it.
            self._services.message(event.sentence, "info" if event.kind == "versions" else "error")
        if event is None:
            live = self.desk.lives[folder]
            if live.outcome is None and live.sentence:
                self._services.message(live.sentence)
                if live.started is None and folder in self._fresh:
                    self._never_began(folder, live.sentence)
            self._fresh.discard(folder)
            self.refresh()
        if not self.isVisible():
            return  # out of sight nothing is drawn; `showEvent` catches up
        if not self._timer.isActive() and (isinstance(event, BatchesDone | Sample) or event is None):
            self._timer.start()
        elif not isinstance(event, BatchesDone):
            self._show_bar()

    def _never_began(self, folder: str, why: str) -> None:
        """Its data are missing, or its device: nothing is left of a run that has done nothing."""
        self._failure = why
        self.keeper.discard(folder)

    def showEvent(self, event: QShowEvent) -> None:
        """In sight again: show what has been told meanwhile, and the runs that others have begun."""
        super().showEvent(event)
        self.redraw()
        self.refresh()

    # -- what is there ------------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Look again which runs there are."""
        self._services.ask(f"survey {self.subject.key}", self.subject.survey, {}, self._surveyed, what="Looking for runs")

    def _surveyed(self, rows: tuple[RunRow, ...]) -> None:
        self._rows = rows
        there = {row.folder for row in rows}
        shown = tuple(folder for folder in self.room.shown if folder in there)
        self._opened = {folder: opened for folder, opened in self._opened.items() if folder in shown}
        if shown != self.room.shown:
            self._store.move(room=replace(self.room, shown=shown))
        self._open_shown()
        self.redraw()
        if self.isVisible() and any(entry.status.endswith(ELSEWHERE) for entry in self.entries):
            self._services.later(LOOK_AGAIN_MS, self._look_again)

    def _look_again(self) -> None:
        """Another program trains here: see how far it is."""
        self._opened = {
            entry.row.folder: self._opened[entry.row.folder]
            for entry in self.entries
            if entry.row.folder in self._opened and not entry.status.endswith(ELSEWHERE)
        }
        self.refresh()

    def _gone(self, folders: tuple[str, ...]) -> None:
        for folder in folders:
            self.desk.lives.pop(folder, None)
            self._opened.pop(folder, None)
        self.refresh()

    def _open_shown(self) -> None:
        for folder in self.room.shown:
            if folder not in self._opened and folder not in self.desk.lives and any(row.folder == folder for row in self._rows):
                self._services.ask(
                    f"open {folder}", "hw2gui.training.survey:opened", {"folder": folder}, self._take_opened, what="Reading the run"
                )

    def _take_opened(self, opened: Opened) -> None:
        self._opened[opened.folder] = opened
        self.redraw()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All runs, with what those under way have told."""
        return tuple(Entry(row, self.desk.lives.get(row.folder), self.desk.turn(row.folder)) for row in self._rows)

    @property
    def _selected(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.row.folder in self.room.shown)

    def metrics_of(self, folder: str) -> tuple[Metrics, tuple[Sample, ...]] | None:
        """What is known of a run: as it told it, or as it was read."""
        live = self.desk.lives.get(folder)
        if live is not None:
            earlier = self._opened[folder].samples if folder in self._opened else ()
            begun = live.started.epoch if live.started else 0
            samples = tuple(sample for sample in earlier if sample.epoch <= begun) + tuple(live.growing.samples)
            return live.growing.metrics, samples
        opened = self._opened.get(folder)
        return (opened.metrics, opened.samples) if opened else None

    @property
    def shown(self) -> tuple[Shown, ...]:
        """The runs whose curves are drawn, with their colours."""
        found = []
        for entry in self._selected:
            known = self.metrics_of(entry.row.folder)
            if known is not None:
                metrics = known[0]
                per_epoch = entry.live.per_epoch if entry.live else 0
                if not per_epoch and metrics.epochs.size:
                    per_epoch = int(metrics.epoch_steps[0] // metrics.epochs[0])
                found.append((entry.row, metrics, per_epoch))
        return coloured(found)

    # -- showing ------------------------------------------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Show the runs and their curves as they are now."""
        self._timer.stop()
        shown = self.shown
        self.table.show_entries(self.entries)
        self.table.show_chosen(self.room.shown)
        self.table.show_hues({one.row.folder: QColor(hue(one.hue)) for one in shown} if len(shown) > 1 else {})
        self.charts.show_runs(shown)
        samples = known[1] if len(shown) == 1 and (known := self.metrics_of(shown[0].row.folder)) else ()
        for view in self._views:
            view.show_samples(samples, self.room.sample_epoch)
        self._show_bar()
        self._show_buttons()

    def _show_bar(self) -> None:
        targets = self.targets
        lives = [(self.desk.lives[folder], self.desk.turn(folder)) for folder in targets if folder in self.desk.lives]
        resumable = any(self._can_resume(entry) for entry in self._selected)
        self.bar.show_lives(lives, self._sentence(), resumable=resumable)
        if lives:
            training = next(
                (entry.row.training for entry in self.entries if entry.row.folder == targets[0]), self._store.state.setup.training
            )
            rate, dropout = training.learning_rate, self._dropout_of(targets[0])
            for change in lives[0][0].growing.metrics.changes:
                rate, dropout = (change.new, dropout) if change.name == "learning_rate" else (rate, change.new)
            self.bar.show_values(rate, dropout)
        else:
            setup = self._store.state.setup
            training = self._selected[0].row.training if resumable else setup.training
            self.bar.show_values(self._again.get("rate", training.learning_rate), self._again.get("dropout", self.subject.dropout(setup)))

    def _dropout_of(self, folder: str) -> float:
        row = next((row for row in self._rows if row.folder == folder), None)
        own = row.described.dropout if row else None
        return self.subject.dropout(self._store.state.setup) if own is None else own

    def _sentence(self) -> str:
        """What to say of the selected run while nothing trains."""
        if self._beginning:
            return "Beginning…"
        selected = self._selected
        if len(selected) != 1:
            return f"{len(selected)} runs compared." if selected else self._failure
        (entry,) = selected
        if entry.sentence:
            return entry.sentence
        scores = [
            f"{split} {self.subject.score.title.lower()} {value:.4f}"
            for split in ("validation", "test")
            if (value := entry.metric(f"{split}_{self.subject.score.metric}")) == value
        ]
        return f"{entry.status.capitalize()} after epoch {entry.epoch}" + (f": {', '.join(scores)}." if scores else ".")

    def _show_buttons(self) -> None:
        selected, busy = self._selected, bool(self.desk.under_way) or self._beginning
        why = "A training is under way: stop it, or wait for its end"
        self.begin.setEnabled(not busy)
        self.begin.setToolTip(why if busy else "Start a new run with these settings, in a process of its own")
        self.racing.show_possible(not busy, why)
        idle = [entry for entry in selected if entry.turn in (None, "ended")]
        usable = len(selected) == 1 and not selected[0].row.problem and selected[0].epoch > 0
        self.resume.setEnabled(not busy and any(self._can_resume(entry) for entry in selected))
        for button in self.acts:
            button.setEnabled(usable)
        self.rename.setEnabled(len(selected) == 1 and not selected[0].row.problem)
        self.remove.setEnabled(bool(idle))
        self.export.menu().actions()[0].setEnabled(usable)
        self.export.menu().actions()[1].setEnabled(usable)

    # -- what is done with runs ---------------------------------------------------------------------------------------------------

    def delete(self) -> None:
        """Move the selected runs to the trash."""
        idle = [entry.row.folder for entry in self._selected if entry.turn in (None, "ended")]
        if idle:
            self.keeper.delete(idle)

    def _act(self, act: Act) -> None:
        selected = self._selected
        if len(selected) == 1:
            act(selected[0].row.folder)

    def _export_metrics(self, what: str) -> None:
        self._act(lambda folder: self.keeper.export_metrics(folder, what))

    def _export_plot(self, shown: Any, title: str, suffix: str) -> None:
        if isinstance(shown, SampleView):
            drawn = shown.picture()
        else:
            sources = ", ".join(sorted({entry.row.described.data for entry in self._selected}))
            drawn = "hw2gui.training.figures:save_plot", {"plot": as_plot(shown, title, f"Data: {sources}." if sources else "")}
        if drawn is None:
            self._services.message("There is no picture of this: export the table of runs, or one of the curves.", "info")
            return
        path = self._services.choose_file("Save the picture", f"{title.lower().replace(' ', '-')}.{suffix}", f"*.{suffix}", save=True)
        if path is None:
            return
        function, arguments = drawn
        self._services.ask(
            f"export {path}",
            function,
            {**arguments, "path": str(path)},
            lambda _: self._services.status(f"Saved {path}"),
            what="Drawing the picture",
        )


def _button(title: str, tip: str, act: Any) -> QPushButton:
    button = QPushButton(title)
    button.setToolTip(tip)
    button.clicked.connect(lambda _=False: act())
    return button
