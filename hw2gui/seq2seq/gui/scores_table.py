"""The scores by beam size as a table; the row chosen is the beam that everything below looks at."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hw2gui.seq2seq.measurement import Measurement
from hw2gui.seq2seq.score_tables import SCORES, idle, score_cells
from hw2gui.widgets.number_table import COMPACT_HEIGHT, NumberTable
from hw2gui.widgets.table_cells import Cell, Column
from hw2gui.widgets.table_model import ROW_HEIGHT

HEADER = 40
LARGEST_HEIGHT = 216
TWO_LINES = {title: title.replace(" ", "\n", 1) for title, _ in SCORES if " " in title and title not in ("± 95 %", "log P")}


class _Rows:
    def __init__(self, measurements: Sequence[Measurement]) -> None:
        self._cells = [[score_cells(one, scores) for scores in one.evaluation.beams] for one in measurements]
        best = [min(scores.scores.error_rate for scores in one.evaluation.beams) for one in measurements]
        self._best = [
            [scores.scores.error_rate == least for scores in one.evaluation.beams] for one, least in zip(measurements, best, strict=True)
        ]

    @property
    def count(self) -> int:
        return len(self._cells[0])

    def cell(self, row: int, column: int) -> Cell:
        texts = [cells[row][column] or "–" for cells in self._cells]
        if column == 0:
            return Cell(texts[0], below="second model" if len(texts) > 1 else "")
        if column == 1:
            texts = [f"★ {text}" if best[row] else text for text, best in zip(texts, self._best, strict=True)]
        return Cell(texts[0], below=texts[1] if len(texts) > 1 else "", muted=texts[0] == "–")

    def total(self, column: int) -> Cell:
        return Cell("")


class ScoresTable(NumberTable):
    """A row for each beam size; beside another model its scores stand below. Columns that can say nothing of this split are left out."""

    def __init__(self, look: Callable[[int], None]) -> None:
        columns = [Column(TWO_LINES.get(title, f"\n{title}"), tip, 76 if at else 92) for at, (title, tip) in enumerate(SCORES)]
        super().__init__("Scores by beam size", columns, totals=False)
        self._beams: tuple[int, ...] = ()
        self._shown: tuple[Measurement, ...] = ()
        self.chosen.connect(lambda row: look(self._beams[row]))

    def show_measurements(self, measurements: Sequence[Measurement], beam: int) -> None:
        """The scores of one model, or of two."""
        if self._shown == tuple(measurements):
            self.show_selected(self._beams.index(beam))
            return
        self._shown = tuple(measurements)
        self._beams = tuple(one.beam for one in measurements[0].evaluation.beams)
        height = ROW_HEIGHT if len(measurements) > 1 else COMPACT_HEIGHT
        self.view.verticalHeader().setDefaultSectionSize(height)
        self.setFixedHeight(min(HEADER + height * len(self._beams) + 4, LARGEST_HEIGHT))
        self.hide_columns(idle(measurements[0]))
        self.show_source(_Rows(measurements), self._beams.index(beam))
