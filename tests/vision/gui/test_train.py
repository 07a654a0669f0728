"""The training room of the character networks, by real events: a run by clicks, the form, the table, what is missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QScrollArea

from hw2gui.training import runs
from hw2gui.training.growing import EMPTY
from hw2gui.training.gui.lines import Shown, levels
from hw2gui.training.gui.section import FieldsSection
from hw2gui.training.run_folder import RunFolder
from hw2gui.vision import train
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.finished import describe
from hw2gui.vision.gui.train_page import TrainPage
from hw2gui.vision.network import HOMEWORK, Convolution
from hw2gui.vision.rates import CHANCE_LOSS
from hw2gui.widgets import theme
from hw2gui.widgets.fold import Fold
from hw2gui.widgets.live_plot import LivePlot
from hw2gui.widgets.plot_lines import Level
from tests.vision.gui.conftest import Laboratory

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(laboratory: Laboratory) -> TrainPage:
    """The page, with settings that train in a moment."""
    QTest.mouseClick(laboratory.tab.pages.button("train"), LEFT)
    settle(laboratory, data="strokes:200", epochs=1, batch_size=64)
    return laboratory.tab.train


def settle(laboratory: Laboratory, *, data: str | None = None, **training: Any) -> None:
    setup = laboratory.store.state.setup
    changed = replace(setup, training=replace(setup.training, **training), data=data or setup.data)
    laboratory.store.change("Settings", setup=changed)


def basic(page: TrainPage) -> FieldsSection:
    section = page.room.side.sections[1]
    assert isinstance(section, FieldsSection)
    return section


def type_into(field: Any, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_a_network_is_trained_by_clicks_and_then_reads_the_pad(laboratory: Laboratory, page: TrainPage) -> None:
    settle(laboratory, data="strokes:400")
    type_into(basic(page).controls["epochs"], "2")
    type_into(basic(page).controls["batch_size"], "32")
    QTest.mouseClick(page.room.side.begin, LEFT)
    table = page.room.table
    assert table.text(0, "status") == "finished"
    assert table.text(0, "epochs") == "2/2"
    assert page.room.bar.words.text().startswith("Finished after epoch 2: validation accuracy 0.")
    page.room.redraw()
    (validation,) = page.room.charts.other.lines
    assert validation.xs.tolist() == [1, 2]
    assert {line.name for line in page.room.charts.loss.lines} == {
        "every batch",
        "training, smoothed",
        "training, mean of the epoch",
        "validation",
    }
    assert page.room.charts.other.levels == ()
    # A network begins with guessing, and leaves it: the level is named where the curve is not.
    (guessing,) = page.room.charts.loss.levels
    assert guessing == Level("guessing 2.303", CHANCE_LOSS)
    assert page.room.charts.loss.lines[0].ys[0] == pytest.approx(CHANCE_LOSS, abs=0.1)
    assert name_is_clear(page.room.charts.loss)
    page.room.buttons.acts[0].setFocus()
    QTest.mouseClick(page.room.buttons.acts[0], LEFT)
    assert laboratory.store.state.model.endswith("cnn-fast")
    assert laboratory.store.state.page == "draw"
    # Not at whatever comes next in the order of Tab, on a page that nobody has opened.
    assert laboratory.tab.window().focusWidget() is laboratory.tab.pages.button("draw")
    assert RunFolder.open(Path(laboratory.store.state.model)).state.status == "finished"


def name_is_clear(plot: LivePlot) -> bool:
    """Whether no curve runs through the name of a level, as pyqtgraph has laid it out."""
    plot.flush()
    QApplication.processEvents()
    box = plot._plot.getPlotItem().vb
    names = [item.label for item in plot._items if isinstance(item, pg.InfiniteLine)]
    assert names
    for label in names:
        place = label.mapRectToScene(label.textItem.mapRectToParent(label.textItem.boundingRect())).adjusted(4, 4, -4, -4)
        for line in plot.lines:
            xs = np.linspace(line.xs[0], line.xs[-1], 400)
            points = [box.mapViewToScene(QPointF(x, y)) for x, y in zip(xs, np.interp(xs, line.xs, line.ys), strict=True)]
            if any(place.contains(point) for point in points):
                return False
    return True


def test_the_settings_fit_beside_their_scroll_bar_with_everything_unfolded(laboratory: Laboratory, page: TrainPage) -> None:
    theme.dress(laboratory.tab)  # its rules make fields wider
    for fold in page.room.side.findChildren(Fold):
        if not fold.unfolded:
            QTest.mouseClick(fold.heading, LEFT)
    QApplication.processEvents()
    area = page.room.side.findChild(QScrollArea)
    assert area is not None and area.verticalScrollBar().maximum() > 0
    assert area.widget().width() <= area.viewport().width()


def test_a_run_is_deleted_and_brought_back(laboratory: Laboratory, page: TrainPage) -> None:
    QTest.mouseClick(page.room.side.begin, LEFT)
    QTest.mouseClick(page.room.buttons.remove, LEFT)
    assert page.room.table.model.entries == ()
    assert not page.room.table.empty.isHidden()
    assert "in the trash" in laboratory.services.messages[-1]
    page.room.keeper.restore()
    assert page.room.table.text(0, "name") == "cnn-fast"
    assert runs.trashed_runs() == []


def test_missing_training_data_is_said(laboratory: Laboratory, page: TrainPage) -> None:
    settle(laboratory, data="kmnist")
    QTest.mouseClick(page.room.side.begin, LEFT)
    assert "data fetch kmnist" in laboratory.services.messages[-1]
    assert "data fetch kmnist" in page.room.bar.words.text()
    assert page.room.table.model.entries == ()
    assert page.room.side.begin.isEnabled()
    assert "is not on this computer" in page.head.note.words.text()
    assert page.head.note.fetch.isEnabled()
    settle(laboratory, data="strokes:200")
    assert page.head.note.isHidden()


def test_the_reports_value_stands_beside_its_own_protocol_only(tmp_path: Path) -> None:
    from hw2gui.training.survey import row_of

    def shown(config: VisionConfig, name: str) -> list[float]:
        run = train.begin(config, tmp_path / name)
        return [level.y for level in levels([Shown(row_of(run.path, describe), EMPTY)])]

    homework = VisionConfig()
    assert shown(homework, "homework") == [0.9843]
    assert shown(replace(homework, data="strokes"), "other data") == []
    assert shown(replace(homework, training=replace(homework.training, batch_size=16)), "other batch") == []
    assert shown(replace(homework, network=replace(HOMEWORK, dropout=0.2)), "other dropout") == []


def test_a_recipe_sets_the_controls_and_is_undone(laboratory: Laboratory, page: TrainPage) -> None:
    QTest.mouseClick(page.head.recipe.button("homework"), LEFT)
    controls = basic(page).controls
    assert [controls[name].value() for name in ("batch_size", "epochs", "learning_rate")] == [8, 20, 5e-4]  # type: ignore[attr-defined]
    laboratory.store.undo()
    assert controls["batch_size"].value() == 64  # type: ignore[attr-defined]


def test_only_the_settings_of_the_chosen_schedule_are_in_sight(laboratory: Laboratory, page: TrainPage) -> None:
    controls = basic(page).controls
    settle(laboratory, schedule="step")
    assert not controls["decay"].isHidden()
    assert controls["rise"].isHidden()
    settle(laboratory, schedule="one-cycle")
    assert controls["decay"].isHidden()
    assert not controls["rise"].isHidden()


def test_a_rate_is_typed_and_stepped(laboratory: Laboratory, page: TrainPage) -> None:
    rate = basic(page).controls["learning_rate"]
    type_into(rate, "3e-5")
    assert laboratory.store.state.setup.training.learning_rate == 3e-5
    QTest.keyClick(rate, Qt.Key.Key_Up)
    assert laboratory.store.state.setup.training.learning_rate == pytest.approx(5e-5)
    type_into(rate, "1000")
    assert laboratory.store.state.setup.training.learning_rate <= 100


def test_a_network_that_cannot_be_is_refused_in_place(laboratory: Laboratory, page: TrainPage) -> None:
    editor = page.network
    before = laboratory.store.state.setup
    type_into(editor.rows[0].kernel, "4")
    assert "cannot keep the size" in editor.problem.text()
    assert not editor.problem.isHidden()
    assert editor.rows[0].kernel.value() == 5
    assert laboratory.store.state.setup == before
    type_into(editor.rows[0].kernel, "7")
    assert editor.problem.isHidden()
    assert laboratory.store.state.setup.network.convolutions[0] == Convolution(8, 7)
    type_into(editor.dense, "100, x")
    assert "is no width" in editor.problem.text()
    type_into(editor.dense, "100")
    assert laboratory.store.state.setup.network.dense == (100,)
    QTest.mouseClick(editor.add, LEFT)
    assert len(editor.rows) == 3
    QTest.mouseClick(editor.rows[2].remove, LEFT)
    assert len(laboratory.store.state.setup.network.convolutions) == 2


def test_the_test_set_every_epoch_comes_with_a_sentence_why_not(laboratory: Laboratory, page: TrainPage) -> None:
    more = page.room.side.sections[-1]
    assert isinstance(more, FieldsSection)
    settle(laboratory, test="every epoch")
    assert "no longer says how it does on new ones" in more._note_labels["test"].text()
    settle(laboratory, test="end")
    assert more._note_labels["test"].isHidden()
    box = more.controls["tensorboard"]
    assert isinstance(box, QCheckBox)
    assert box.isEnabled() or "is not installed" in box.toolTip()


def test_a_race_grows_together_and_is_compared_by_rate(laboratory: Laboratory, page: TrainPage) -> None:
    type_into(page.room.side.racing.rates, "0.001, 0.01")
    type_into(page.room.side.racing.seeds, "2")
    assert (laboratory.store.state.room.rates, laboratory.store.state.room.seeds) == ((0.001, 0.01), 2)
    QTest.mouseClick(page.room.side.racing.race, LEFT)
    page.room.redraw()
    assert len(page.room.table.model.entries) == 4
    means = [line for line in page.room.charts.other.lines if not line.unnamed]
    seeds = [line for line in page.room.charts.other.lines if line.unnamed]
    assert [line.name for line in means] == ["0.001, mean of 2 seeds", "0.01, mean of 2 seeds"]
    assert [line.hue for line in means] == [0, 1]
    for mean in means:
        own = [line.ys for line in seeds if line.hue == mean.hue]
        assert mean.ys == pytest.approx(sum(own) / 2)
        assert mean.low is not None and mean.low == pytest.approx(min(own, key=lambda values: values[0]))


@pytest.mark.parametrize(
    ("text", "why"), [("1e-3, fast", "is no learning rate"), ("0.1 0.1", "named twice"), ("", "at least one"), ("200", "from 1e-10 to 100")]
)
def test_impossible_racers_are_refused_in_place(laboratory: Laboratory, page: TrainPage, text: str, why: str) -> None:
    before = laboratory.store.state.room
    page.room.side.racing.rates.clear()
    type_into(page.room.side.racing.rates, text)
    assert why in page.room.side.racing.problem.text()
    assert laboratory.store.state.room == before
    QTest.mouseClick(page.room.side.racing.race, LEFT)
    assert page.room.table.model.entries == ()


def test_a_range_test_suggests_a_rate_that_can_be_taken(laboratory: Laboratory, page: TrainPage) -> None:
    settle(laboratory, batch_size=2)
    QTest.mouseClick(page.room.side.racing.range, LEFT)
    page.room.redraw()
    charts = page.room.charts
    assert charts.left.title.text() == "Learning-rate range test"
    assert [name for _, name in charts.loss.marks][:3] == ["0.00001", "0.0005", "0.01"]
    suggested = charts.loss.marks[-1][0]
    QTest.mouseClick(charts.take, LEFT)
    assert laboratory.store.state.setup.training.learning_rate == pytest.approx(suggested, rel=0.06)
