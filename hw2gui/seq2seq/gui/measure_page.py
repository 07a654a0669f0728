"""Measure a model: scores by beam size, where the errors lie, example by example, alone or beside another model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from hw2gui.errors import InputError
from hw2gui.seq2seq import measure_view
from hw2gui.seq2seq.comparison import Comparison, compare
from hw2gui.seq2seq.error_places import Details, length_bins
from hw2gui.seq2seq.gui import measure_controls
from hw2gui.seq2seq.gui.beams_panel import BeamsPanel
from hw2gui.seq2seq.gui.characters_panel import CharactersPanel
from hw2gui.seq2seq.gui.examples_panel import ExamplesPanel
from hw2gui.seq2seq.gui.given import Given, open_in_playground
from hw2gui.seq2seq.gui.lines import sentence_label
from hw2gui.seq2seq.gui.measure_controls import MeasureControls
from hw2gui.seq2seq.gui.places_panel import PlacesPanel
from hw2gui.seq2seq.gui.scores_table import ScoresTable
from hw2gui.seq2seq.measure_choice import MeasureChoice, Setting
from hw2gui.seq2seq.measurement import Measurement
from hw2gui.seq2seq.score_tables import comparison_table, confusions_table, examples_table, lengths_table, positions_table, scores_table
from hw2gui.widgets import theme
from hw2gui.widgets.fields import Choices, text_label
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.saving import save_picture
from hw2gui.widgets.table_menu import TableMenu
from hw2gui.writers import Table

TASKS = "hw2gui.seq2seq.measure_tasks"
RECALL, MEASURE, DETAILS = "measurement kept", "measurement", "measurement details"

VIEWS = (
    ("beams", "By beam size", "Error, score, time and length by beam size: what a beam gives and what it costs"),
    ("examples", "Examples", "Every output beside its reference, letter under letter"),
    ("characters", "Characters", "Which characters become which"),
    ("places", "Position and length", "Where in the reference the errors lie, and how they grow with the source"),
)
EMPTY = "Nothing is measured yet: choose a model and press Measure."


class MeasurePage(QWidget):
    """Follows its store. What is asked for (``measure.asked``) is measured whenever it is another, in a process of its own."""

    def __init__(self, given: Given) -> None:
        super().__init__()
        self._store, self._services = given.store, given.services
        self._asked: tuple[Setting, ...] = ()
        self._measured: tuple[Measurement, ...] = ()
        self._details: dict[int, Details] = {}
        self._comparison: Comparison | None = None
        self._available: tuple[tuple[str, str], ...] = ()
        self.controls = MeasureControls(self._change, self._begin, self._cancel)
        self.scores = ScoresTable(lambda beam: self._look(beam=beam))
        self.notes = sentence_label()
        self.views = Choices("What is looked at", VIEWS)
        self.views.chosen.connect(lambda key: self._look(view=key))
        self.tables = TableMenu(given.services, self._tables, flat=True)
        self.scores_panel = Panel("Scores by beam size", self.scores, key="Scores")
        self.scores_panel.header.addWidget(self.tables)
        self.scores_panel.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.beams = BeamsPanel()
        self.beams.export_requested.connect(lambda suffix: self._export("beams", suffix))
        self.examples = ExamplesPanel(self._change, self._look, self._open)
        self.characters = CharactersPanel(self._choose_confusion)
        self.characters.matrix_panel.export_requested.connect(lambda suffix: self._export("characters", suffix))
        self.places = PlacesPanel()
        self.places.position_panel.export_requested.connect(lambda suffix: self._export("positions", suffix))
        self.places.length_panel.export_requested.connect(lambda suffix: self._export("lengths", suffix))
        self.words = sentence_label(3)
        self._stack = QStackedWidget()
        self._panels: dict[str, QWidget] = {
            "beams": self.beams, "examples": self.examples, "characters": self.characters, "places": self.places,
        }  # fmt: skip
        for panel in self._panels.values():
            self._stack.addWidget(panel)
        self._build()
        self.refresh()

    def _build(self) -> None:
        self._results = QWidget()
        between = QHBoxLayout()
        between.addWidget(self.views)
        between.addWidget(self.notes, 1)
        results = QVBoxLayout(self._results)
        results.setContentsMargins(0, 0, 0, 0)
        results.setSpacing(theme.SPACE)
        results.addWidget(self.scores_panel)
        results.addLayout(between)
        results.addWidget(self._stack, 1)
        results.addWidget(self.words)
        self.empty = text_label(EMPTY, muted=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.controls)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self._results, 1)

    # -- the choice ---------------------------------------------------------------------------------------------------------------

    @property
    def choice(self) -> MeasureChoice:
        """What the user chose here."""
        found: MeasureChoice = self._store.state.measure
        return found

    def _change(self, label: str, *, gesture: str | None = None, **changes: Any) -> None:
        try:
            self._store.change(label, gesture=gesture, measure=replace(self.choice, **changes))
        except InputError as error:
            self.controls.show_choice(self.choice, self._available)
            self.controls.show_problem(str(error))

    def _look(self, **changes: Any) -> None:
        self._store.move(measure=replace(self.choice, **changes))

    def _begin(self) -> None:
        try:
            settings = self.choice.settings()
        except InputError as error:
            self.controls.show_problem(str(error))
            return
        if settings == self._asked and not self._measured:
            self._ask(settings)
        else:
            self._change("Measure", asked=settings, selected=None, confusion=None)

    def _cancel(self) -> None:
        for key in (RECALL, MEASURE):
            self._services.forget(key)
        self.controls.show_running(running=False)
        self._show_results(self.choice)
        self._services.status("Measuring: cancelled. The beam sizes that are done are kept.")

    def _choose_confusion(self, confusion: tuple[str, str]) -> None:
        self._change("Confusion", view="examples", kind="all", confusion=confusion, selected=None)

    def _open(self, index: int) -> None:
        """Take an example to the playground: its source, its reference and the model that was measured."""
        measurement = self._measured[0]
        evaluation = measurement.evaluation
        reference, setting = evaluation.references[index][0], measurement.setting
        open_in_playground(self._store, "Open an example", evaluation.sources[index], reference, setting.model, setting.epoch)

    # -- following the store ------------------------------------------------------------------------------------------------------

    def home(self) -> None:
        """Nothing is zoomed here; what the plots are to show is drawn now."""
        for plot in (*self.beams.plots, self.places.position, self.places.length):
            plot.flush()

    def refresh(self) -> None:
        """Look again which models there are, and show everything."""
        self.show_state(None, self._store.state)

    def show_state(self, before: Any, now: Any) -> None:
        """Follow *now*; ask for what is not there. Coming to the front (*before* is None), look again which models there are."""
        if before is None:
            self._available = measure_controls.available()
        choice: MeasureChoice = now.measure
        if not choice.model and self._available:
            choice = replace(choice, model=self._available[0][0])
            self._store.move(measure=choice)
            return
        self.controls.show_choice(choice, self._available)
        if choice.asked != self._asked:
            self._ask(choice.asked)
        self._show_results(choice)

    def _ask(self, settings: tuple[Setting, ...]) -> None:
        self._asked, self._measured, self._details, self._comparison = settings, (), {}, None
        for key in (RECALL, MEASURE, DETAILS):
            self._services.forget(key)
        self.controls.show_running(running=bool(settings))
        if settings:
            # What is kept is found by the worker at once; only what must be decoded is worth a process.
            self._services.ask(
                RECALL, f"{TASKS}:recall", {"settings": settings}, self._take_recalled, failed=self._failed, what="Looking for measurements"
            )

    def _take_recalled(self, found: tuple[Measurement, ...] | None) -> None:
        if found is not None:
            self._take(found)
            return
        self._services.ask(
            MEASURE,
            f"{TASKS}:measure_all",
            {"settings": self._asked},
            self._take,
            failed=self._failed,
            progress=self.controls.show_progress,
            what="Measuring",
            alone=True,
        )

    def _failed(self, why: str) -> None:
        self.controls.show_running(running=False)
        self.controls.show_problem(why)
        self._show_results(self.choice)

    def _take(self, found: tuple[Measurement, ...]) -> None:
        self._measured = found
        self.controls.show_running(running=False)
        self._show_results(self.choice)

    def _show_results(self, choice: MeasureChoice) -> None:
        self._results.setVisible(bool(self._measured))
        self.empty.setVisible(not self._measured)
        self.empty.setText("Measuring …" if self._asked and not self.controls.begin.isEnabled() else EMPTY)
        self.tables.setEnabled(bool(self._measured))
        if not self._measured:
            return
        first = self._measured[0]
        self._compare(choice.beam)
        self.scores.show_measurements(self._measured, choice.beam)
        self.views.show_choice(choice.view)
        self._stack.setCurrentWidget(self._panels[choice.view])
        self._show_view(choice, first)
        told = first.brief if self._comparison is None else self._comparison.sentence
        self.notes.setText(" ".join(filter(None, (told, first.attribution))))
        self.notes.setToolTip("\n".join(first.notes))

    def _compare(self, beam: int) -> None:
        if len(self._measured) == 2 and (self._comparison is None or self._comparison.beam != beam):
            try:
                self._comparison = compare(*self._measured, beam)
            except InputError as error:
                self._measured, self._comparison = self._measured[:1], None
                self.controls.show_problem(str(error))

    def _show_view(self, choice: MeasureChoice, first: Measurement) -> None:
        details = self._details.get(choice.beam)
        if details is None and (choice.view in ("characters", "places") or choice.confusion is not None):
            self._ask_details(choice.beam)
            details = self._details.get(choice.beam)
        if choice.view == "beams":
            self.beams.show_measurements(self._measured)
            self.words.setText(f"{measure_view.rates_words(first, choice.beam)}\n{measure_view.beams_words(first)}")
        elif choice.view == "examples":
            indices = measure_view.shown(choice, first, details, self._comparison)
            self.examples.show_examples(choice, self._measured, indices, self._comparison)
            self.words.setText(measure_view.rates_words(first, choice.beam))
        elif choice.view == "characters":
            self.characters.show_details(details, choice.confusion)
            self.words.setText(measure_view.characters_words(details) if details is not None else "")
        else:
            self.places.show_details(details)
            bins = self.places.show_lengths(self._measured, choice.beam)
            self.words.setText(measure_view.places_words(bins, [one.title for one in self._measured]))

    def _ask_details(self, beam: int) -> None:
        def take(found: Details) -> None:
            self._details[found.beam] = found
            self._show_view(self.choice, self._measured[0])

        self._services.ask(
            DETAILS, f"{TASKS}:find_details", {"measurement": self._measured[0], "beam": beam}, take, what="Aligning outputs and references"
        )

    # -- taking away --------------------------------------------------------------------------------------------------------------

    def _export(self, which: str, suffix: str) -> None:
        if not self._measured:
            return
        arguments = {"which": which, "measurements": self._measured, "beam": self.choice.beam}
        save_picture(self._services, f"{TASKS}:save_picture", arguments, which, suffix)

    def _tables(self) -> tuple[tuple[str, Callable[[bool], Table]], ...]:
        """What can be written as a table now: its name, and how to make it (plain or for people)."""
        if not self._measured:
            return ()
        first, choice = self._measured[0], self.choice
        details = self._details.get(choice.beam)
        offered: list[tuple[str, Callable[[bool], Table]]] = [("Scores", lambda plain: scores_table(first, plain=plain))]
        if len(self._measured) == 2:
            second = self._measured[1]
            offered.append((f"Scores of {second.title}", lambda plain: scores_table(second, plain=plain)))
        indices = measure_view.shown(choice, first, details, self._comparison)
        offered.append(("Examples shown", lambda _: examples_table(first, choice.beam, indices)))
        if self._comparison is not None:
            comparison, second = self._comparison, self._measured[1]
            offered.append(("Examples that changed", lambda _: comparison_table(first, second, comparison, comparison.moved)))
        if details is not None:
            offered.append(("Confusions", lambda _: confusions_table(first, details)))
            offered.append(("Errors by position", lambda _: positions_table(first, details)))
        curves = {one.title: length_bins(one, choice.beam) for one in self._measured}
        offered.append(("Error by length", lambda _: lengths_table(curves, first.data)))
        return tuple(offered)
