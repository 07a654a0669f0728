"""The examples one by one: output under reference, letter under letter, sorted, filtered, and opened in the playground."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from hw2gui.seq2seq import measure_view
from hw2gui.seq2seq.comparison import Comparison
from hw2gui.seq2seq.measure_choice import COMPARED, KINDS, MeasureChoice, Order
from hw2gui.seq2seq.measurement import Measurement
from hw2gui.widgets import theme
from hw2gui.widgets.fields import row, teach_manners, text_label
from hw2gui.widgets.number_table import NumberTable
from hw2gui.widgets.panel import Panel, scrolled
from hw2gui.widgets.table_cells import Cell, Column, Mark, Pairing

COLUMNS: tuple[tuple[Column, Order], ...] = (
    (Column("№", "The example's number in the split", 44), "number"),
    (Column("source", "What was read", 150, numeric=False), "source"),
    (
        Column(
            "output under reference",
            "The reference above, the output below it, aligned by edit distance.\n"
            "Filled: replaced. Dashed box: left out. Underlined below a +: one too many.",
            300,
            numeric=False,
        ),
        "error",
    ),
    (Column("error", "Edit distance / length of the corpus's own reference", 60), "error"),
    (Column("log P", "Log-probability of the output; below it, of the most probable reference", 70), "log P"),
    (
        Column("verdict", "Right (any reference); the search's error: the model prefers a reference; else the model's", 112, numeric=False),
        "verdict",
    ),
)  # fmt: skip
SECOND: tuple[tuple[Column, Order], ...] = (
    (Column("the second model's output", "The other model's output under its nearest reference", 260, numeric=False), "change"),
    (Column("its error", "The other model's edit distance / length", 60), "change"),
    (
        Column("change", "Fixed: right now. Broken: no longer. Better, worse: nearer to the reference, farther from it", 70, numeric=False),
        "change",
    ),
)
UNSORTED = (2, 6, 7)
"""Columns whose titles sort by another one."""
TITLES = {"all": "All examples", "wrong": "Wrong", "right": "Right", "search error": "Search's errors", "model error": "Model's errors"}
_MARKS: dict[str, Mark] = {"match": "same", "substitute": "changed", "delete": "missing", "insert": "extra"}


class ExampleRows:
    """The table's rows: *indices* of the examples, in order."""

    def __init__(self, measurements: Sequence[Measurement], beam: int, indices: Sequence[int], comparison: Comparison | None) -> None:
        self._evaluations = [one.evaluation for one in measurements]
        self._scores = [one.evaluation.of(beam) for one in measurements]
        self._beam, self._indices, self._comparison = beam, indices, comparison

    @property
    def count(self) -> int:
        """How many are shown."""
        return len(self._indices)

    def cell(self, row: int, column: int) -> Cell:
        """One cell."""
        index = self._indices[row]
        evaluation, one = self._evaluations[0], self._scores[0]
        match column:
            case 0:
                return Cell(f"{index + 1:,}", muted=True)
            case 1:
                source = evaluation.sources[index]
                return Cell(source, below=measure_view.hint(source))
            case 2:
                return self._aligned(0, index)
            case 3:
                rate = float(one.own.rate[index])
                return Cell(
                    f"{rate:.3f}", share=min(rate, 1.0), tip=f"{one.own.distance[index]} edits / {one.own.length[index]} characters"
                )
            case 4:
                log_probabilities = one.log_probabilities[index], evaluation.reference_log_probabilities[index]
                own, reference = (f"{value:.3f}".replace("-", "−") for value in log_probabilities)
                return Cell(own, below=reference)
            case 5:
                verdict, why = measure_view.verdict_words(evaluation, self._beam, index)
                return Cell(verdict, below=why)
            case 6:
                return self._aligned(1, index)
            case 7:
                rate = float(self._scores[1].own.rate[index])
                return Cell(f"{rate:.3f}", share=min(rate, 1.0))
        return Cell(self._comparison.changes[index] if self._comparison is not None else "")

    def total(self, column: int) -> Cell:
        """There is no line of totals."""
        return Cell("")

    def _aligned(self, which: int, index: int) -> Cell:
        one = self._scores[which]
        reference = self._evaluations[which].references[index][int(one.judged.reference[index])]
        output = one.outputs[index]
        pairings = tuple(
            Pairing(measure_view.letter(edit.reference), measure_view.letter(edit.output), _MARKS[edit.operation])
            for edit in measure_view.alignment(output, reference)
        )
        return Cell(
            output,
            tip=f"{output or '(nothing)'}\nreference: {reference}",
            pairings=pairings,
            leftwards=measure_view.runs_leftwards(reference),
        )


class ExamplesPanel(QWidget):
    """Filter, table, and what is known of the selected example."""

    def __init__(self, change: Callable[..., None], look: Callable[..., None], open_example: Callable[[int], None]) -> None:
        """*change* makes a step of history of the page's choice, *look* does not; *open_example* takes an example to the playground."""
        super().__init__()
        self._change, self._look = change, look
        self._indices: tuple[int, ...] = ()
        self._choice = MeasureChoice()
        self.kind = QComboBox()
        self.kind.setAccessibleName("Which examples")
        self.kind.setToolTip("Which examples are listed: by what is wrong with them, or what became of them from one model to the other")
        teach_manners(self.kind)
        self.kind.activated.connect(lambda at: change("Which examples", kind=self.kind.itemData(at), selected=None))
        self.text = QLineEdit()
        self.text.setPlaceholderText("contains …")
        self.text.setAccessibleName("Examples that contain")
        self.text.setToolTip("Show the examples whose source, output or reference contains this")
        self.text.setClearButtonEnabled(True)
        self.text.setMaximumWidth(180)
        self.text.textEdited.connect(lambda text: look(text=text, selected=None))
        self.confusion = QPushButton()
        self.confusion.setToolTip("Only examples with this confusion; click to see the others again")
        self.confusion.clicked.connect(lambda: change("All characters", confusion=None, selected=None))
        self.count = QLabel()
        self.count.setObjectName("muted")
        self.table = NumberTable("Examples", [column for column, _ in COLUMNS], totals=False, sorts=True)
        self.table.chosen.connect(lambda at: look(selected=self._indices[at]))
        self.table.opened.connect(lambda at: open_example(self._indices[at]))
        self.table.sort_asked.connect(self._sort)
        self.words = text_label(selectable=True)
        self.open = QPushButton("Open in Translate")
        self.open.setToolTip("Decode this source there, beside its reference (Enter or a double click in the table does the same)")
        self.open.clicked.connect(lambda: open_example(self._choice.selected) if self._choice.selected is not None else None)
        aside = QWidget()
        column = QVBoxLayout(aside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolled(self.words, "The example"), 1)
        column.addWidget(self.open)
        body = QWidget()
        across = QHBoxLayout(body)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(theme.SPACE)
        across.addWidget(self.table, 1)
        aside.setFixedWidth(250)
        across.addWidget(aside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(row(self.kind, self.text, self.confusion, self.count))
        self.panel = Panel("Examples", body, header=False)
        layout.addWidget(self.panel, 1)

    @property
    def indices(self) -> tuple[int, ...]:
        """The examples shown, in order."""
        return self._indices

    def show_examples(
        self, choice: MeasureChoice, measurements: Sequence[Measurement], indices: tuple[int, ...], comparison: Comparison | None
    ) -> None:
        """Show *indices* of the first of *measurements*."""
        self._choice, self._indices = choice, indices
        self._fill_kinds(comparison is not None)
        self.kind.setCurrentIndex(self.kind.findData(choice.kind))
        if self.text.text() != choice.text:
            self.text.setText(choice.text)
        self.confusion.setVisible(choice.confusion is not None)
        if choice.confusion is not None:
            self.confusion.setText(f"{measure_view.arrow(choice.confusion)}  ✕")
        columns = [*COLUMNS, *SECOND] if comparison is not None else list(COLUMNS)
        sorted_by = next((at for at, (_, order) in enumerate(columns) if order == choice.order and at not in UNSORTED), None)
        sign = " ▼" if choice.descending else " ▲"
        titles = [replace(each, title=each.title + sign) if at == sorted_by else each for at, (each, _) in enumerate(columns)]
        self.table.set_columns(titles)
        selected = indices.index(choice.selected) if choice.selected in indices else None
        self.table.show_source(ExampleRows(measurements, choice.beam, indices, comparison), selected)
        count = measurements[0].count
        self.count.setText(f"{len(indices):,} of {count:,} examples" if indices else "No example is like this: show others.")
        self._tell(measurements[0], choice)

    def _fill_kinds(self, compared: bool) -> None:
        kinds = [kind for kind in KINDS if compared or kind not in COMPARED]
        if self.kind.count() != len(kinds):
            self.kind.clear()
            for kind in kinds:
                self.kind.addItem(TITLES.get(kind, f"{kind.capitalize()} by the second model"), kind)

    def _sort(self, column: int) -> None:
        order = (*COLUMNS, *SECOND)[column][1]
        same = order == self._choice.order
        self._change("Sort the examples", order=order, descending=not self._choice.descending if same else order in ("error",))

    def _tell(self, measurement: Measurement, choice: MeasureChoice) -> None:
        index = choice.selected
        self.open.setEnabled(index is not None)
        if index is None or index >= measurement.count:
            self.words.setText("Choose an example: its n best outputs and all its references stand here. Titles sort the table.")
            return
        evaluation, one = measurement.evaluation, measurement.evaluation.of(choice.beam)
        references = evaluation.references[index]
        lines = [f"<b>{escape(evaluation.sources[index])}</b>"]
        if measure_view.hint(evaluation.sources[index]):
            lines.append(f"<i>{escape(measure_view.hint(evaluation.sources[index]))}</i>")
        lines.append(f"reference: {escape(references[0])}")
        if len(references) > 1:
            lines.append(f"also listed: {escape(', '.join(references[1:]))}")
        lines.append(f"beam {choice.beam}, the {len(one.all_outputs[index])} best:")
        for rank, text in enumerate(one.all_outputs[index], start=1):
            right = " ✓" if text in references else ""
            lines.append(f"&nbsp;{rank}. {escape(text) or '(nothing)'}{right}")
        self.words.setText(f"<div dir='ltr'>{'<br>'.join(lines)}</div>")
