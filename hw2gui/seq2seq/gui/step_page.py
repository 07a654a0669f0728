"""The beam stepper: a search step by step, in columns or as a tree, with its sums, its margins and its stop rule in today's numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from hw2gui.seq2seq.answers import Stepping
from hw2gui.seq2seq.beam_scene import START, Key, Layout, Scene, scene, winner
from hw2gui.seq2seq.beam_words import steps_table, stops_table
from hw2gui.seq2seq.gui.given import Given
from hw2gui.seq2seq.gui.step_graph import graph_of
from hw2gui.seq2seq.gui.step_inspector import StepInspector
from hw2gui.seq2seq.step_choice import MOST_PRUNED, StepChoice
from hw2gui.seq2seq.vocabulary import END
from hw2gui.widgets import theme
from hw2gui.widgets.fields import Choices, WholeField, row, text_label
from hw2gui.widgets.graph_view import GraphView
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.player import Player
from hw2gui.widgets.saving import save_picture
from hw2gui.widgets.table_menu import Offer, TableMenu

QUESTION = ("model", "epoch", "text", "options", "prefix", "override")
"""What the search depends on, by the names of the state's fields and of the arguments of `answers.step_through`."""

EMPTY = "Type a text: the beam that reads it appears here, step by step."
STEPS = "seq2seq steps"
LAYOUTS = (
    ("columns", "Columns", "Each step a column: the k survivors, best first, and the best of the pruned below them"),
    ("tree", "Tree", "Every beginning that was ever in the beam, once; branches that died are grey"),
)
LOOK_AT = (
    "Look where lines leave the top row: what is second now may lead to the best output, which greedy search then never sees. "
    "∎ ends an output."
)


class StepPage(QWidget):
    """Follows the store; the search is asked of the worker whenever the question is another."""

    def __init__(self, given: Given) -> None:
        super().__init__()
        self._store, self._services = given.store, given.services
        self._asked: Mapping[str, Any] = {}
        self._scene: Scene | None = None
        self._drawn: tuple[Layout, int] | None = None
        self.stepping: Stepping | None = None
        """What is stepped through."""
        self.graph = GraphView("The beam, step by step")
        self.graph.hovered.connect(self._hover)
        self.graph.clicked.connect(self.force)
        self.graph.stepped.connect(self._step)
        self.player = Player("Steps of the search", "step")
        self.player.speed.setCurrentIndex(0)
        self.player.moved.connect(lambda step: self._look(step=step))
        self.layouts = Choices("How the search is drawn", LAYOUTS)
        self.layouts.chosen.connect(lambda layout: self._look(layout=layout))
        self.pruned = WholeField("Pruned shown", "How many of the pruned hypotheses stand below the survivors")
        self.pruned.edited.connect(lambda count: self._look(pruned=count))
        self.tables = TableMenu(self._services, self._offers, flat=True)
        self.tables.setText("Tables")
        self.tables.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.panel = Panel("The beam, step by step", self.graph, exports=True)
        self.panel.export_requested.connect(self.save_picture)
        self.inspector = StepInspector(self._keep)
        self.inspector.export_requested.connect(self._save_attention)
        self.problem = text_label(muted=True)
        self.problem.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._build()

    def _build(self) -> None:
        self._pruned_row = row("pruned shown", self.pruned, stretch=False)
        for number, part in enumerate((self.layouts, self._pruned_row)):
            self.panel.header.insertWidget(2 + number, part)
        self.panel.header.addWidget(self.tables)
        self.panel.add_below(self.player)
        self.panel.add_below(text_label(LOOK_AT, muted=True))
        self.inspector.setFixedWidth(theme.INSPECTOR_WIDTH)
        found = QWidget()
        side_by_side = QHBoxLayout(found)
        side_by_side.setContentsMargins(0, 0, 0, 0)
        side_by_side.setSpacing(theme.SPACE)
        side_by_side.addWidget(self.panel, 1)
        side_by_side.addWidget(self.inspector)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.problem)
        self._stack.addWidget(found)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    def sizeHint(self) -> QSize:
        """As little as it needs: everything here scrolls or shrinks, so that the page is never higher than the window."""
        return self.minimumSizeHint()

    def hasHeightForWidth(self) -> bool:
        """Wrapped words do not make the page grow."""
        return False

    # -- following the store ------------------------------------------------------------------------------------------------------

    @property
    def choice(self) -> StepChoice:
        """What the user chose here."""
        found: StepChoice = self._store.state.stepper
        return found

    def show_state(self, _before: Any, now: Any) -> None:
        """Follow *now*; have another question searched."""
        question = {name: getattr(now, name) for name in QUESTION}
        if question != self._asked:
            self._ask(question)
        else:
            self._show()

    def _ask(self, question: Mapping[str, Any]) -> None:
        self._asked = question
        if not question["text"].strip():
            self._services.forget(STEPS)
            self._fail(EMPTY)
            return
        self._services.ask(
            STEPS, "hw2gui.seq2seq.answers:step_through", question, self._take, failed=self._fail, what="Searching step by step"
        )

    def _take(self, found: Stepping) -> None:
        self.stepping, self._scene = found, None
        self._show()

    def _fail(self, why: str) -> None:
        self.stepping, self._scene = None, None
        self.problem.setText(why)
        self._stack.setCurrentIndex(0)
        self.player.pause()

    def _show(self) -> None:
        found, choice = self.stepping, self.choice
        if found is None:
            return
        trace = found.trace
        drawn = (choice.layout, choice.pruned)
        if self._scene is None or self._drawn != drawn:
            self._scene, self._drawn = scene(trace, *drawn), drawn
        step = self._now
        self._stack.setCurrentIndex(1)
        self.layouts.show_choice(choice.layout)
        self._pruned_row.setVisible(choice.layout == "columns")
        self.pruned.show_value(choice.pruned, 0, MOST_PRUNED)
        self.player.show_position(None if choice.step is None or choice.step >= len(trace.steps) else choice.step, len(trace.steps))
        best = next(key for key in reversed(winner(trace, step)) if self._scene.find(key) is not None)
        self.graph.show_graph(graph_of(self._scene, found, step), step + 1, best)
        self.panel.info.setText(f"k = {trace.options.beam}, α = {trace.options.alpha:g}, {len(trace.steps)} steps")
        self._explain()

    @property
    def _now(self) -> int:
        """The step shown, from 0."""
        assert self.stepping is not None
        last = len(self.stepping.trace.steps) - 1
        return last if self.choice.step is None else min(self.choice.step, last)

    def _explain(self) -> None:
        """What is pointed at, else what is kept, else the best."""
        found, now = self.stepping, self._store.state
        if found is None:
            return
        pointed = self.graph.current
        key: Key = pointed if isinstance(pointed, tuple) and pointed != START else (self._now, 0, False)
        if pointed is None and self.choice.kept is not None and self.choice.kept[0] <= self._now:
            key = self.choice.kept
        shown = self.inspector.show_step(found, self._now, key, visual=now.visual, hints=now.hints)
        self.graph.set_lit(shown)

    # -- what is done -------------------------------------------------------------------------------------------------------------

    def _look(self, **changes: Any) -> None:
        self._store.move(stepper=replace(self.choice, **changes))

    def _step(self, by: int) -> None:
        if self.stepping is not None:
            self.player.pause()
            self._look(step=min(max(self._now + by, 0), len(self.stepping.trace.steps) - 1))

    def _hover(self, _key: object) -> None:
        self._explain()

    def _keep(self, key: Key | None) -> None:
        self._look(kept=key)

    def force(self, key: Key) -> None:
        """Make outputs begin as the hypothesis *key* does, and search on; the start lets them begin freely."""
        found = self.stepping
        node = self._scene.find(key) if self._scene is not None else None
        if found is None or node is None:
            return
        numbers = () if node.place is None else node.place.numbers
        prefix = "".join(found.symbols[number] for number in numbers if number != END)
        label = f"Begin with “{prefix}”" if prefix else "Let the output begin freely"
        self._store.change(label, prefix=prefix, stepper=replace(self.choice, kept=None))

    # -- taking away --------------------------------------------------------------------------------------------------------------

    def save_picture(self, suffix: str) -> None:
        """Have the search drawn into a file as *suffix*."""
        if self.stepping is None:
            return
        arguments = {"stepping": self.stepping, "choice": self.choice, "title": self._title}
        save_picture(self._services, "hw2gui.seq2seq.step_tasks:save_picture", arguments, f"beam-{self.choice.layout}", suffix)

    def _save_attention(self, arguments: Mapping[str, Any], suffix: str) -> None:
        save_picture(self._services, "hw2gui.seq2seq.reading_tasks:save_attention", arguments, "attention", suffix)

    @property
    def _title(self) -> str:
        assert self.stepping is not None
        return f"Beam search for “{''.join(self.stepping.source)}”."

    def _offers(self) -> tuple[Offer, ...]:
        found = self.stepping
        if found is None:
            return ()
        title = self._title
        return (
            ("Steps", lambda plain: steps_table(found.trace, found.symbols, title, plain=plain)),
            ("Stop rule", lambda plain: stops_table(found.trace, title, plain=plain)),
        )
