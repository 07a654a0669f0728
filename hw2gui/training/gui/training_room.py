"""Train while one watches: settings at the left, live curves, and all the runs there are under them. It knows no subject."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from hw2gui.errors import InputError
from hw2gui.session.store import Store
from hw2gui.training.desk import Desk
from hw2gui.training.events import BatchesDone, Sample, Warned
from hw2gui.training.gui.charts import Charts
from hw2gui.training.gui.control_bar import ControlBar, idle_words
from hw2gui.training.gui.device_choice import DeviceChoice
from hw2gui.training.gui.keeper import Keeper
from hw2gui.training.gui.known_runs import KnownRuns
from hw2gui.training.gui.lines import as_plot
from hw2gui.training.gui.live_values import LiveValues
from hw2gui.training.gui.run_buttons import RunAction, RunButtons
from hw2gui.training.gui.run_columns import TEST_TIP
from hw2gui.training.gui.run_table import RunTable
from hw2gui.training.gui.sample_view import SampleView
from hw2gui.training.gui.section import Section
from hw2gui.training.gui.settings_side import SettingsSide
from hw2gui.training.gui.starter import Starter
from hw2gui.training.gui.subject import Subject
from hw2gui.training.gui.sweep_panel import SweepPanel
from hw2gui.training.room import Room
from hw2gui.training.runs import space_words
from hw2gui.training.survey import Opened
from hw2gui.widgets import theme
from hw2gui.widgets.focus import handing_on
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.plot_lines import hue
from hw2gui.widgets.services import Services

REDRAW_MS = 200
"""While a run trains its curves and its row are drawn again at most so often."""

LOOK_AGAIN_MS = 2000
"""What another program trains is looked at so often."""


class TrainingRoom(QWidget):
    """Over a store whose state has ``setup`` (the configuration of the next run), ``recipe`` and ``room``.

    *head* and *folded* are the subject's own settings (see `SettingsSide`); *views* are further charts: (key, title, widget).
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
        self.desk = Desk(services.runner, subject.train, self._told)
        self.known = KnownRuns(subject, store, services, self.desk, self)
        self.starter = Starter(subject, store, services, self.desk, self)
        self.values = LiveValues(subject, store, self.desk, self.known)
        self.keeper = Keeper(services, self)
        self.side = SettingsSide(head, folded)
        self.device = DeviceChoice(subject.key, services, self.side.refuse_device)
        self.bar = ControlBar()
        self.charts = Charts(subject, views)
        self.sweep = SweepPanel(subject, services)
        self._views = tuple(view for _, _, view in views)
        self._said = ""
        """What the message bar was last told of a training's end, or of what it waits for."""
        self.table = RunTable(subject.score)
        self.tests = QCheckBox("Test scores")
        self.tests.setToolTip(f"Show the test scores of the runs selected. {TEST_TIP}")
        self.tests.clicked.connect(lambda on: self._move(tested=on))
        self.buttons = RunButtons(self.keeper, self.table, subject.score, actions)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REDRAW_MS)
        self._timer.timeout.connect(self.redraw)
        self._connect()
        self._lay_out()

    def _connect(self) -> None:
        self.known.changed.connect(self.redraw)
        self.known.surveyed.connect(self._look_again_later)
        self.starter.changed.connect(self.redraw)
        self.starter.begun.connect(self._begun)
        self.starter.read.connect(self._resumed)
        self.keeper.changed.connect(self.refresh)
        self.keeper.moved.connect(self.known.forget)
        self.side.edited.connect(self._setting_chosen)
        self.side.room_edited.connect(lambda label, room: self._edit(label, label, room=room))
        self.side.start_wanted.connect(self.starter.start)
        self.side.race_wanted.connect(self.starter.start_race)
        self.side.range_wanted.connect(self.starter.start_range_test)
        self.side.sweep_wanted.connect(lambda: self._move(sweeping=True))
        self.sweep.edited.connect(lambda label, room: self._edit(label, label, room=room))
        self.sweep.curves_wanted.connect(lambda: self._move(sweeping=False))
        self.sweep.runs_chosen.connect(self._chosen)
        self.sweep.start_wanted.connect(lambda sweep: self.starter.start_sweep(sweep, self.known.entries, self.sweep.refuse))
        self.sweep.pressed.connect(lambda what: self._press(what, tuple(reversed(self.desk.under_way))))
        self.bar.pressed.connect(self._pressed)
        self.bar.rate_set.connect(lambda value: self.values.set("rate", value, self.targets))
        self.bar.dropout_set.connect(lambda value: self.values.set("dropout", value, self.targets))
        self.charts.chosen.connect(lambda changes: self._move(**changes))
        self.charts.rate_taken.connect(lambda rate: self._take("Learning rate", "taken", learning_rate=rate))
        self.charts.export_requested.connect(self._export_plot)
        for view in self._views:
            view.epoch_chosen.connect(lambda epoch: self._move(sample_epoch=epoch))
        self.table.chosen.connect(self._chosen)
        self.table.sorted.connect(lambda name, down: self._move(sort=name, descending=down))
        self.table.renamed.connect(self.keeper.rename)
        self.table.deleted.connect(self.buttons.delete)
        self.buttons.resume_wanted.connect(lambda: self.starter.start_again(self.known.selected))

    def _lay_out(self) -> None:
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self.bar)
        self._middle = QStackedWidget()
        self._middle.addWidget(self.charts)
        self._middle.addWidget(self.sweep)
        column.addWidget(self._middle, 1)
        self.below = Panel("Runs", self.table)
        self.below.header.insertWidget(2, self.tests)
        self.below.add_below(self.buttons)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(top)
        split.addWidget(self.below)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.side)
        layout.addWidget(split, 1)

    # -- the state ----------------------------------------------------------------------------------------------------------------

    @property
    def room(self) -> Room:
        """How things are shown, and what races."""
        room: Room = self._store.state.room
        return room

    def show_state(self) -> None:
        """Show what was chosen."""
        room = self.room
        self.side.show_state(self._store.state.setup, room)
        self.charts.show_room(room)
        self.sweep.show_state(self._store.state.setup, room)
        self._middle.setCurrentWidget(self.sweep if room.sweeping else self.charts)
        self.table.show_sort(room.sort, room.descending)
        self.table.show_chosen(room.shown)
        self.tests.setChecked(room.tested)
        self.known.open_shown()
        self.redraw()

    def refresh(self) -> None:
        """Look again which runs there are."""
        self.known.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """In sight again: show what has been told meanwhile, and the runs that others have begun."""
        super().showEvent(event)
        self.redraw()
        self.refresh()

    def _setting_chosen(self, label: str, gesture: object, config: Any) -> None:
        device = config.training.device
        if gesture != "device":
            self._edit(label, gesture, setup=config)
            return
        self.device.choose(device, lambda: self._take(label, gesture, device=device), elsewhere=bool(self.room.cluster))

    def _edit(self, label: str, gesture: object, **changes: Any) -> None:
        try:
            self._store.change(label, gesture=f"{self.subject.key} {gesture}", **changes)
        except InputError as error:
            self._services.message(str(error))
            self.show_state()

    def _move(self, **changes: Any) -> None:
        self._store.move(room=replace(self.room, **changes))

    def _take(self, label: str, gesture: object, **changes: Any) -> None:
        """Change the settings as they are by now."""
        setup = self._store.state.setup
        self._edit(label, gesture, setup=replace(setup, training=replace(setup.training, **changes)))

    def _chosen(self, folders: tuple[str, ...]) -> None:
        self.starter.failure = ""
        self.values.drop()
        self._move(shown=folders)

    def _look_again_later(self) -> None:
        if self.isVisible() and self.known.elsewhere:
            self._services.later(LOOK_AGAIN_MS, self.known.look_again)

    # -- while it trains ----------------------------------------------------------------------------------------------------------

    def _begun(self) -> None:
        """Runs train: how the last one ended is no longer the news."""
        self._services.unsay(self._said)
        self.refresh()

    def _resumed(self, found: tuple[Opened, ...]) -> None:
        """They train again: with the rate and the dropout that were set beforehand."""
        self._services.unsay(self._said)
        self.values.give(self.targets)
        self.known.take(found)
        self.refresh()

    @property
    def targets(self) -> tuple[str, ...]:
        """The trainings the buttons are for: the selected ones, or, where none of them trains, all."""
        under_way = self.desk.under_way
        return tuple(folder for folder in self.room.shown if folder in under_way) or under_way

    def _pressed(self, what: str) -> None:
        self._press(what, self.targets)

    def _press(self, what: str, targets: tuple[str, ...]) -> None:
        if what == "cancel":
            handles = [self.desk.cancel(folder) for folder in targets]
            self.redraw()
            self.keeper.delete_when_over(targets, handles)
            return
        act = {"pause": self.desk.hold, "release": self.desk.release, "step": self.desk.step, "stop": self.desk.stop}[what]
        for folder in targets:
            act(folder)
        self.redraw()

    def _told(self, folder: str, event: Any) -> None:
        if isinstance(event, Warned) and (len(self.desk.under_way) == 1 or event.kind == "disk"):
            # In a race the table says it.
            self._services.message(event.sentence, "info" if event.kind == "versions" else "error")
            if event.kind == "disk":
                self._said = event.sentence
        if event is None:
            self._ended(folder)
        if not self.isVisible():
            return  # out of sight nothing is drawn; `showEvent` catches up
        if not self._timer.isActive() and (isinstance(event, BatchesDone | Sample) or event is None):
            self._timer.start()
        elif not isinstance(event, BatchesDone):
            self._show_bar()

    def _ended(self, folder: str) -> None:
        live = self.desk.lives[folder]
        if live.outcome is not None:
            self._services.unsay(self._said)  # room was made
        elif live.sentence:
            self._said = live.sentence
            self._services.message(live.sentence)
        if self.starter.ended(folder):
            self.keeper.discard(folder)  # nothing is left of a run that has done nothing
        self.refresh()

    # -- showing ------------------------------------------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Show the runs and their curves as they are now."""
        self._timer.stop()
        curves = self.known.curves
        self.table.show_entries(self.known.entries)
        self.table.show_chosen(self.room.shown)
        self.table.show_tested(self.room.shown if self.room.tested else None)
        self.table.show_hues({one.row.folder: QColor(hue(one.hue)) for one in curves} if len(curves) > 1 else {})
        self.charts.show_runs(curves)
        samples = self.known.samples_of(curves[0].row.folder) if len(curves) == 1 else ()
        for view in self._views:
            view.show_samples(samples, self.room.sample_epoch)
        self.below.info.setText(space_words(self.known.space) if self.known.space is not None else "")
        busy = bool(self.desk.under_way) or self.starter.busy
        with self._leading():
            self._show_bar()
            self.side.show_busy(busy)
            self.buttons.show_selected(self.known.selected, busy=busy)
            if self.room.sweeping:
                self.sweep.show_runs(self.known.entries, self.desk, busy=busy)

    def _leading(self) -> AbstractContextManager[None]:
        """The keyboard comes from what begins a training to what holds it, and at its end to what begins another."""
        return handing_on(self.bar.pause, self.sweep.start, self.buttons.resume, self.side.begin, waiting=self.bar)

    def _show_bar(self) -> None:
        lives = [(self.desk.lives[folder], self.desk.turn(folder)) for folder in self.targets if folder in self.desk.lives]
        selected = self.known.selected
        told = idle_words(selected, self.subject.score, tested=self.room.tested)
        sentence = "Beginning…" if self.starter.busy else told or self.starter.failure
        with self._leading():
            self.bar.show_lives(lives, sentence, resumable=any(entry.can_resume for entry in selected))
        self.bar.show_values(*(self.values.now(self.targets[0]) if lives else self.values.next()))

    def _export_plot(self, shown: Any, title: str, suffix: str) -> None:
        if isinstance(shown, SampleView):
            drawn = shown.picture()
        else:
            sources = ", ".join(sorted({entry.row.described.data for entry in self.known.selected}))
            drawn = "hw2gui.training.figures:save_plot", {"plot": as_plot(shown, title, f"Data: {sources}." if sources else "")}
        self.keeper.export_picture(drawn, title, suffix)
