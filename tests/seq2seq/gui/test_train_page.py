"""The training room of the character models, by real events: a toy task trained by clicks, its outputs and attention epoch by epoch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from hw2gui.errors import InputError
from hw2gui.seq2seq import train
from hw2gui.seq2seq.config import Seq2SeqConfig
from hw2gui.seq2seq.finished import describe
from hw2gui.seq2seq.gui.train_page import TrainPage
from hw2gui.seq2seq.network import ModelConfig
from hw2gui.seq2seq.state import Seq2SeqState, check
from hw2gui.session.store import Store
from hw2gui.training.run_folder import RunFolder
from tests.services import InlineServices
from tests.widgets.hands import hover

LEFT = Qt.MouseButton.LeftButton


@dataclass
class Given:
    store: Store[Seq2SeqState]
    services: InlineServices


@dataclass
class Bench:
    page: TrainPage
    store: Store[Seq2SeqState]
    services: InlineServices

    def settle(self, *, data: str | None = None, limit: int | None = None, model: ModelConfig | None = None, **training: Any) -> None:
        setup = self.store.state.setup
        changed = replace(
            setup, training=replace(setup.training, **training), data=data or setup.data, limit=limit, model=model or setup.model
        )
        self.store.change("Settings", setup=changed)


@pytest.fixture
def bench(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.delenv("HW2GUI_DATA", raising=False)
    store, services = Store(Seq2SeqState(page="train"), check), InlineServices()
    page = TrainPage(Given(store, services))
    qtbot.addWidget(page)
    page.resize(1264, 720)
    store.changed.connect(lambda before, after: page.show_state(before, after))
    with qtbot.waitExposed(page):
        page.show()
    page.show_state(None, store.state)
    yield Bench(page, store, services)
    store.changed.disconnect()
    services.runner.close()


SMALL = ModelConfig(hidden=32)


def test_a_toy_task_is_trained_by_clicks_and_followed_epoch_by_epoch(bench: Bench, tmp_path: Path) -> None:
    room = bench.page.room
    bench.settle(data="toy-copy", limit=300, model=SMALL, epochs=2, batch_size=32)
    QTest.mouseClick(room.side.begin, LEFT)
    assert room.table.text(0, "status") == "finished"
    assert room.table.text(0, "model") == "LSTM 32, attention"
    room.redraw()
    (error,) = room.charts.other.lines
    assert error.xs.tolist() == [1, 2]
    assert error.ys[-1] > 0
    bench.store.move(room=replace(bench.store.state.room, chart="outputs"))
    outputs = bench.page.outputs
    assert outputs.table.source is not None and outputs.table.source.count == 8
    assert "After epoch 2" in outputs.words.text()
    QTest.mouseClick(outputs.player.back, LEFT)
    assert bench.store.state.room.sample_epoch == 1
    assert "After epoch 1" in outputs.words.text()
    bench.store.move(room=replace(bench.store.state.room, chart="attention"))
    attention = bench.page.attention
    source = attention.map.cells.source
    assert source is not None
    rows, columns = source.shape
    np.testing.assert_allclose(source.values(range(rows), range(columns)).sum(axis=1), 1.0, atol=1e-3)
    hover(attention.map.cells, (0, 0))
    assert attention.map.cells.toolTip().startswith("p(") and attention.map.output.light == {0: 1.0}
    assert "bits (uniform)" in attention.words.text()
    bench.services.file = tmp_path / "attention.svg"
    room.charts.right.export_requested.emit("svg")
    assert (tmp_path / "attention.svg").stat().st_size > 1000
    QTest.mouseClick(attention.player.whole, LEFT)
    assert bench.store.state.room.sample_epoch is None
    QTest.mouseClick(room.buttons.acts[0], LEFT)
    assert (bench.store.state.page, Path(bench.store.state.model).name) == ("type", "seq2seq-fast")


def test_without_attention_there_is_none_to_show(bench: Bench) -> None:
    bench.settle(data="toy-copy", limit=100, model=replace(SMALL, input_feeding=True), epochs=1)
    box = bench.page.head.attention
    QTest.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    assert bench.store.state.setup.model.attention is False
    assert bench.store.state.setup.model.input_feeding is False
    assert bench.page.model.controls["input_feeding"].isHidden()
    QTest.mouseClick(bench.page.room.side.begin, LEFT)
    bench.store.move(room=replace(bench.store.state.room, chart="attention"))
    assert bench.page.attention.map.isHidden()
    assert "if there is any" in bench.page.attention.words.text()


def test_an_odd_size_is_refused_in_place(bench: Bench) -> None:
    hidden = bench.page.model.controls["hidden"]
    hidden.setFocus()
    hidden.selectAll()  # type: ignore[attr-defined]
    QTest.keyClicks(hidden, "33")
    QTest.keyClick(hidden, Qt.Key.Key_Return)
    assert "give an even number" in bench.page.model.problem.text()
    assert bench.store.state.setup.model.hidden == 128
    assert hidden.value() == 128  # type: ignore[attr-defined]


def test_a_table_of_the_users(bench: Bench, tmp_path: Path) -> None:
    table = tmp_path / "words.tsv"
    letters = "abcdefghijklmnopqrst"
    table.write_text("".join(f"{one}{two}\t{two}{one}\n" for one in letters for two in letters))
    bench.services.file = table
    head = bench.page.head
    head.data.setCurrentIndex(head.data.count() - 1)
    head.data.activated.emit(head.data.count() - 1)
    assert bench.store.state.setup.data == f"table:{table}"
    assert head.data.currentText() == "words.tsv"
    bench.settle(model=SMALL, epochs=1)
    QTest.mouseClick(bench.page.room.side.begin, LEFT)
    assert bench.page.room.table.text(0, "data") == "words.tsv"
    assert bench.page.room.table.text(0, "status") == "finished"


def test_missing_pairs_are_said_and_nothing_is_begun(bench: Bench) -> None:
    bench.settle(data="spa-eng")
    QTest.mouseClick(bench.page.room.side.begin, LEFT)
    assert "is not on this computer" in bench.services.messages[-1]
    assert bench.page.room.table.model.entries == ()
    assert bench.page.room.side.begin.isEnabled()
    assert "is not on this computer" in bench.page.head.note.words.text()


def test_the_reports_value_stands_beside_its_own_protocol_only(tmp_path: Path) -> None:
    homework = Seq2SeqConfig(data="spa-eng")

    def told(config: Seq2SeqConfig, name: str) -> float | None:
        from hw2gui.seq2seq import models
        from hw2gui.session.codec import to_plain

        return describe(RunFolder.create(tmp_path / name, models.TASK, to_plain(config))).reference

    assert told(homework, "homework") == 0.3523
    assert told(replace(homework, model=ModelConfig(attention=False)), "without") == 0.4995
    assert told(replace(homework, data="starter-ar-en"), "other data") is None
    assert told(replace(homework, buckets=True), "other batches") is None
    with pytest.raises(InputError):
        train.begin(replace(homework, data="none"), tmp_path / "none")


def test_a_recipe_keeps_the_corpus(bench: Bench) -> None:
    bench.settle(data="toy-reverse")
    QTest.mouseClick(bench.page.head.recipe.button("homework"), LEFT)
    setup = bench.store.state.setup
    assert (setup.data, setup.training.epochs, setup.training.learning_rate) == ("toy-reverse", 50, 3e-3)
    bench.store.undo()
    assert bench.store.state.setup.training.epochs == 15
