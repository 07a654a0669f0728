"""A sweep as its user meets it: chosen, refused in place, trained, stopped, killed, gone on with, on a cluster, taken away as a table."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from hw2gui.training.gui.sweep_panel import SweepPanel
from hw2gui.training.run_folder import RunFolder
from hw2gui.training.runs import list_runs
from hw2gui.training.sweep import Axis
from tests.jobs.conftest import posix
from tests.jobs.nodes import Cluster, free_port
from tests.training.gui.conftest import Studio

RATE = Axis("learning_rate", ("0.01", "0.02"))
THREE = Axis("learning_rate", ("0.01", "0.02", "0.03"))


def sweeping(studio: Studio, *axes: Axis, seeds: int = 1, **training: object) -> SweepPanel:
    """The sweep's panel in sight, by its button."""
    studio.click(studio.room.side.racing.sweep)
    studio.settle(**training)
    room = studio.store.state.room
    studio.store.change("Sweep", room=replace(room, axes=axes, sweep_seeds=seeds))
    panel = studio.room.sweep
    studio.until(panel.isVisible)
    return panel


def typed(field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def rows(panel: SweepPanel) -> list[list[str]]:
    source = panel.cells.source
    assert source is not None
    return [[source.cell(row, column).text for column in range(len(panel.cells._model.columns))] for row in range(source.count)]


def statuses() -> dict[str, str]:
    return {run.path.name: run.state.status for run in list_runs()}


def test_a_sweep_is_chosen_trained_and_not_trained_again(studio: Studio, tmp_path: Path) -> None:
    panel = sweeping(studio, RATE, seeds=2)
    assert "2 cells × 2 seeds = 4 runs" in panel.words.text()
    studio.click(panel.rows.add)
    assert [axis.setting for axis in studio.store.state.room.axes] == ["learning_rate", "epochs"]
    studio.click(panel.rows.rows[1].remove)
    typed(panel.rows.rows[0].values, "0.005, 0.02")
    assert studio.store.state.room.axes == (Axis("learning_rate", ("0.005", "0.02")),)
    studio.click(panel.start)
    studio.until(lambda: studio.room.desk.lives and not studio.room.desk.under_way)
    studio.until(lambda: "all have finished" in panel.words.text())
    shown = rows(panel)
    assert [row[:2] for row in shown] == [["0.005", "2 of 2"], ["0.02", "2 of 2"]]
    (best,) = [row for row in shown if row[2].startswith("★")]
    assert float(best[2][2:]) == max(float(row[2].lstrip("★ ")) for row in shown) and best[4] and sum(bool(row[4]) for row in shown) == 1
    assert "Best by validation (highest mean accuracy)" in panel.sentence.text()
    before = statuses()
    studio.click(panel.start)
    assert "nothing to do" in studio.services.messages[-1] and statuses() == before and len(before) == 4
    studio.services.file = tmp_path / "cells.csv"
    panel.export.fill()
    panel.export.save("Cells", panel._table, "csv", "csv")
    assert len((tmp_path / "cells.csv").read_text().splitlines()) == 3
    QTest.mouseClick(panel.cells.view.viewport(), Qt.MouseButton.LeftButton, pos=panel.cells.row_point(1, 1).center())
    assert {Path(folder).name for folder in studio.store.state.room.shown} == {name for name in before if "0.02" in name}
    studio.click(panel.curves)
    assert not panel.isVisible() and studio.room.charts.isVisible() and len(studio.room.known.curves) == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("abc", "Learning rate cannot be 'abc'"),
        ("0.01, 0.01", "named twice"),
        ("", "no values"),
        ("1e9", "give a number from 1e-10 to 100"),
    ],
)
def test_bad_grids_are_refused_in_place_and_change_nothing(studio: Studio, text: str, sentence: str) -> None:
    panel = sweeping(studio, RATE)
    before = studio.store.state
    field = panel.rows.rows[0].values
    field.setFocus()
    field.clear()
    typed(field, text)
    assert sentence in panel.problem.text() and panel.problem.isVisible() and studio.store.state is before
    typed(field, "0.5")
    assert panel.problem.isHidden() and studio.store.state.room.axes[0].values == ("0.5",)


def test_a_sweep_that_the_settings_make_impossible_cannot_be_started(studio: Studio) -> None:
    panel = sweeping(studio, Axis("rise", ("0.1", "0.5")))
    assert "under the schedule one-cycle only" in panel.problem.text() and not panel.start.isEnabled() and not panel.cells.isVisible()
    studio.settle(schedule="one-cycle")
    assert panel.problem.isHidden() and panel.start.isEnabled() and panel.cells.isVisible()
    studio.store.undo()
    assert panel.problem.isVisible() and not panel.start.isEnabled()


@posix
def test_stopped_and_killed_sweeps_go_on(studio: Studio, tmp_path: Path) -> None:
    panel = sweeping(studio, THREE, epochs=60, checkpoint_seconds=0.1, keep_epochs=False)
    studio.click(panel.start)
    studio.until(lambda: any(live.epoch > 2 for live in studio.room.desk.lives.values()))
    assert not panel.start.isEnabled() and not studio.room.side.begin.isEnabled()
    os.kill(studio.services.processes.pids[0], signal.SIGKILL)
    studio.until(lambda: any("was killed" in message for message in studio.services.messages))
    studio.until(lambda: len([live for live in studio.room.desk.lives.values() if live.epoch > 0]) == 2)
    studio.click(panel.stop)
    studio.until(lambda: not studio.room.desk.under_way)
    assert len(list_runs()) == 3 and set(statuses().values()) <= {"interrupted", "stopped", "finished", "new"}
    ended = {run.path: run.path.joinpath("state.json").stat().st_mtime_ns for run in list_runs() if run.state.status == "finished"}
    studio.until(panel.start.isEnabled)
    studio.click(panel.start)
    studio.until(lambda: "all have finished" in panel.words.text())
    assert len(list_runs()) == 3 and set(statuses().values()) == {"finished"}
    assert all(path.joinpath("state.json").stat().st_mtime_ns == changed for path, changed in ended.items())
    for run in list_runs():
        assert RunFolder.open(run.path).metrics().epochs.tolist() == list(range(1, 61))


def test_cancel_keeps_what_has_finished(studio: Studio) -> None:
    panel = sweeping(studio, Axis("epochs", ("1", "2000")), keep_epochs=False)
    studio.click(panel.start)
    studio.until(lambda: any(live.outcome for live in studio.room.desk.lives.values()) and studio.room.desk.under_way)
    studio.click(panel.cancel)
    studio.until(lambda: len(list_runs()) == 1)
    assert set(statuses().values()) == {"finished"} and not studio.room.desk.under_way


@pytest.mark.parametrize(
    ("address", "sentence"), [("nowhere", "is no address of a Ray cluster"), ("127.0.0.1:PORT", "No Ray cluster answers")]
)
def test_a_missing_cluster_is_one_sentence_in_place_and_nothing_is_made(studio: Studio, address: str, sentence: str) -> None:
    pytest.importorskip("ray", reason="the extra 'cluster' is not installed")
    panel = sweeping(studio, RATE)
    typed(panel.cluster, address.replace("PORT", str(free_port())))
    if panel.problem.isHidden():
        assert "on the cluster 127.0.0.1" in panel.words.text()
        studio.click(panel.start)
    assert sentence in panel.problem.text() and panel.problem.isVisible()
    assert list_runs() == [] and panel.start.isEnabled() and not studio.room.desk.under_way


def test_on_a_cluster_a_sweep_and_a_race_come_back_into_the_folders_here(studio: Studio) -> None:
    """Two nodes, one of them killed while the sweep is under way; then a race on what is left."""
    pytest.importorskip("ray", reason="the extra 'cluster' is not installed")
    with Cluster() as cluster:
        victim = cluster.add()
        cluster.add()
        panel = sweeping(studio, THREE, epochs=100, keep_epochs=False, checkpoint_seconds=0.1)
        typed(panel.cluster, cluster.address)
        studio.click(panel.start)
        studio.until(lambda: any(live.epoch > 2 for live in studio.room.desk.lives.values()))
        cluster.kill(victim)
        studio.until(lambda: "all have finished" in panel.words.text())
        assert set(statuses().values()) == {"finished"} and len(statuses()) == 3
        for run in list_runs():
            assert RunFolder.open(run.path).metrics().epochs.tolist() == list(range(1, 101))
        studio.settle(epochs=2)
        studio.store.change("Race", room=replace(studio.store.state.room, rates=(0.01, 0.03), seeds=1, sweeping=False))
        studio.click(studio.room.side.racing.race)
        studio.until(lambda: len(list_runs()) == 5 and set(statuses().values()) == {"finished"} and not studio.room.desk.under_way)
        assert len(studio.room.known.curves) == 2
