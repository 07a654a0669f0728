"""A training room as its user meets it, with trainings in processes: begun, held, stopped, killed, broken, brought back."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from hw2gui.session.codec import to_plain
from hw2gui.training import runs
from hw2gui.training.events import Warned
from hw2gui.training.run_folder import RunFolder
from hw2gui.widgets.buttons import IconButton
from tests.jobs.conftest import posix
from tests.training.conftest import results, same, trial_in
from tests.training.gui.conftest import Studio
from tests.training.gui.toy_room import ToySetup, long


def begin_long(studio: Studio) -> None:
    studio.store.replace("Long", long(studio.store.state))
    studio.click(studio.room.side.begin)
    studio.until(lambda: studio.room.desk.lives and next(iter(studio.room.desk.lives.values())).epoch > 2)


def test_paused_stepped_stopped_and_resumed(studio: Studio) -> None:
    room = studio.room
    begin_long(studio)
    (live,) = room.desk.lives.values()
    studio.click(room.bar.pause)
    studio.until(lambda: studio.room.bar.pause.text() == "Go on")
    assert room.bar.words.text().startswith("Paused: epoch")
    before = live.step
    studio.click(room.bar.step)
    studio.until(lambda: live.step == before + 1 and live.paused)
    studio.click(room.bar.pause)
    studio.until(lambda: live.step > before + 20)
    assert not room.side.begin.isEnabled()
    studio.click(room.bar.stop)
    studio.until(lambda: not room.desk.under_way)
    assert studio.status == "stopped"
    assert room.side.begin.isEnabled()
    stopped = live.step
    studio.click(room.buttons.resume)
    (again,) = room.desk.lives.values()
    assert again.growing.metrics.steps.size == stopped
    studio.until(lambda: again.started and again.step > stopped)
    assert again.started is not None and again.started.resumed
    steps = again.growing.metrics.steps
    assert steps.tolist() == list(range(1, int(steps[-1]) + 1))
    studio.click(room.bar.stop)
    studio.until(lambda: not room.desk.under_way)


def test_rate_and_dropout_are_changed_while_it_runs_and_marked(studio: Studio) -> None:
    room = studio.room
    begin_long(studio)
    (live,) = room.desk.lives.values()
    for field, text in ((room.bar.rate, "0.001"), (room.bar.dropout, "0.5")):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
    studio.until(lambda: len(live.growing.metrics.changes) == 2)
    room.redraw()
    assert [name for _, name in room.charts.loss.marks] == ["rate 0.001", "dropout 0.5"]
    studio.click(room.bar.stop)
    studio.until(lambda: not room.desk.under_way)
    assert [change.new for change in RunFolder.open(studio.folder).metrics().changes] == [0.001, 0.5]


def test_cancelled_to_the_trash_and_brought_back(studio: Studio) -> None:
    begin_long(studio)
    folder = studio.folder
    studio.click(studio.room.bar.cancel)
    studio.until(lambda: not folder.exists())
    studio.until(lambda: studio.room.table.model.entries == ())
    assert "in the trash" in studio.services.messages[-1]
    assert len(runs.trashed_runs()) == 1
    studio.services.actions[-1]()
    assert studio.status == "interrupted"
    assert folder.exists()
    assert studio.room.buttons.resume.isEnabled() is False  # nothing is selected
    studio.room.table.view.selectRow(0)
    assert studio.room.buttons.resume.isEnabled()


@posix
def test_a_killed_process_is_told_and_goes_on_where_it_was_saved(studio: Studio, tmp_path: Path) -> None:
    room = studio.room
    setup = ToySetup(replace(ToySetup().training, epochs=400, checkpoint_seconds=0.1))
    studio.store.change("Settings", setup=setup)
    studio.click(room.side.begin)
    studio.until(lambda: room.desk.lives and next(iter(room.desk.lives.values())).epoch > 2)
    (pid,) = studio.services.processes.pids
    os.kill(pid, signal.SIGKILL)
    studio.until(lambda: not room.desk.under_way)
    assert "was killed (SIGKILL" in studio.services.messages[-1]
    assert "was killed" in room.bar.words.text()
    assert studio.status == "interrupted"
    assert room.charts.loss.lines
    studio.click(room.buttons.resume)
    studio.until(lambda: not room.desk.under_way)
    assert studio.status == "finished"
    unbroken = trial_in(tmp_path / "unbroken", setup.training)
    unbroken.go()
    same(results(RunFolder.open(studio.folder)), results(unbroken.run))


def test_a_loss_that_is_no_number_is_told_and_the_last_good_model_kept(studio: Studio) -> None:
    studio.store.change("Kind", setup=replace(studio.store.state.setup, kind="weak"))
    studio.click(studio.room.side.begin)
    studio.until(lambda: studio.services.messages)
    assert "The loss is nan at step 8" in studio.services.messages[-1]
    assert studio.status == "failed"
    assert "The loss is nan" in studio.room.bar.words.text()
    assert RunFolder.open(studio.folder).weights().step == 0


def test_a_broken_run_goes_on_with_a_smaller_rate(studio: Studio) -> None:
    begin_long(studio)
    studio.click(studio.room.bar.stop)
    studio.until(lambda: not studio.room.desk.under_way)
    rate = studio.room.bar.rate
    assert rate.isEnabled()
    rate.setFocus()
    rate.selectAll()
    QTest.keyClicks(rate, "0.0005")
    QTest.keyClick(rate, Qt.Key.Key_Return)
    studio.click(studio.room.buttons.resume)
    (live,) = studio.room.desk.lives.values()
    studio.until(lambda: live.growing.metrics.changes and live.epoch > 3)
    (change,) = live.growing.metrics.changes
    assert (change.name, change.new) == ("learning_rate", 0.0005)
    assert live.started is not None and change.step == live.started.step
    studio.until(lambda: live.growing.metrics.rates[-1] == 0.0005)
    studio.click(studio.room.bar.stop)
    studio.until(lambda: not studio.room.desk.under_way)


def test_a_collapse_is_named(studio: Studio) -> None:
    studio.store.change("Kind", setup=replace(studio.store.state.setup, kind="stubborn"))
    studio.click(studio.room.side.begin)
    studio.until(lambda: not studio.room.desk.under_way and studio.room.table.model.entries)
    assert any("collapsed" in message for message in studio.services.messages)
    assert studio.status == "finished, collapsed"
    assert "has learnt next to nothing" in studio.room.bar.words.text()


def test_races_are_held_and_stopped_one_by_one(studio: Studio) -> None:
    room = studio.room
    studio.store.replace("Long", long(studio.store.state))
    studio.store.change("Rates", room=replace(studio.store.state.room, rates=(0.01, 0.02), seeds=1))
    studio.click(room.side.racing.race)
    studio.until(lambda: len(room.desk.lives) == 2 and all(live.epoch > 1 for live in room.desk.lives.values()))
    first, second = room.desk.lives
    studio.store.move(room=replace(studio.store.state.room, shown=(first,)))
    studio.click(room.bar.pause)
    studio.until(lambda: room.desk.turn(first) == "held")
    held, going = room.desk.lives[first].epoch, room.desk.lives[second].epoch
    studio.until(lambda: room.desk.lives[second].epoch > going + 5)
    assert room.desk.lives[first].epoch == held
    studio.click(room.bar.stop)
    studio.until(lambda: room.desk.turn(first) == "ended")
    assert room.desk.under_way == (second,)
    studio.store.move(room=replace(studio.store.state.room, shown=(second,)))
    studio.click(room.bar.stop)
    studio.until(lambda: not room.desk.under_way)


def test_runs_that_cannot_be_opened_say_why(studio: Studio, home: Path) -> None:
    from hw2gui import paths

    newer = RunFolder.create(paths.runs_folder() / "newer", "toy", to_plain(ToySetup()))
    header = json.loads((newer.path / "config.json").read_text())
    (newer.path / "config.json").write_text(json.dumps({**header, "version": 99}))
    torn = RunFolder.create(paths.runs_folder() / "torn", "toy", to_plain(ToySetup()))
    (torn.path / "config.json").write_text("{")
    studio.room.refresh()
    said = {entry.row.name: entry.row.problem for entry in studio.room.table.model.entries}
    assert "newer version of hw2gui: update" in said["newer"]
    assert "is damaged" in said["torn"]
    for row, name in enumerate(entry.row.name for entry in studio.room.table.model.entries):
        studio.room.table.view.selectRow(row)
        assert said[name] in studio.room.bar.words.text()
    assert not studio.room.buttons.acts[0].isEnabled()
    assert studio.room.buttons.remove.isEnabled()


def test_a_damaged_log_is_told_when_it_is_opened(studio: Studio) -> None:
    studio.click(studio.room.side.begin)
    studio.until(lambda: studio.room.table.model.entries and studio.status == "finished" and not studio.room.desk.under_way)
    with (studio.folder / "metrics.jsonl").open("a") as log:
        log.write("no json\n")
    studio.store.move(room=replace(studio.store.state.room, shown=()))
    studio.room.known.forget((str(studio.folder),))
    studio.room.table.view.selectRow(0)
    assert "is damaged" in studio.services.messages[-1]


def test_sorted_renamed_by_keys_exported_and_used(studio: Studio, tmp_path: Path) -> None:
    room = studio.room
    for seed in (1, 2):
        studio.settle(seed=seed, epochs=seed)
        studio.click(room.side.begin)
        studio.until(lambda count=seed: len(room.table.model.entries) == count and not room.desk.under_way and studio.status == "finished")
    header = room.table.view.horizontalHeader()
    number = next(at for at, column in enumerate(room.table.model.columns) if column.name == "epochs")
    where = header.sectionViewportPosition(number) + 5
    for wanted in (["2/2", "1/1"], ["1/1", "2/2"]):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=header.rect().center().__class__(where, header.height() // 2))
        assert [room.table.text(row, "epochs") for row in (0, 1)] == wanted
    room.table.view.selectRow(0)
    studio.click(room.buttons.rename)
    editor = room.table.view.findChild(QLineEdit)
    assert editor is not None
    room.table.rename()  # once more, while the name is being typed: Qt would warn, which fails a test
    assert room.table.view.findChild(QLineEdit) is editor
    editor.selectAll()
    QTest.keyClicks(editor, "my first")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    studio.until(lambda: room.table.text(0, "name") == "my first")
    studio.click(room.buttons.acts[0])
    assert RunFolder.open(Path(studio.used[0])).name == "my first"
    studio.services.file = tmp_path / "epochs.csv"
    room.buttons.export.menu().actions()[0].trigger()
    assert (tmp_path / "epochs.csv").read_text().startswith("epoch,step,train_loss")
    for form, suffix, begins in (("csv", "csv", "run,status"), ("markdown", "md", "**Runs**"), ("latex", "tex", "% In the preamble: ")):
        studio.services.file = tmp_path / "runs"
        room.keeper.export_table(room.table.in_order, room.subject.score, form)
        assert (tmp_path / f"runs.{suffix}").read_text().startswith(begins)
    QTest.keyClick(room.table.view, Qt.Key.Key_Delete)
    assert len(room.table.model.entries) == 1


def test_what_the_store_refuses_is_said_and_shown_as_it_was(studio: Studio) -> None:
    seed = studio.room.side.sections[0].controls["seed"]  # type: ignore[attr-defined]
    seed.setFocus()
    seed.selectAll()
    QTest.keyClicks(seed, "13")
    QTest.keyClick(seed, Qt.Key.Key_Return)
    assert studio.services.messages == ["13 is no seed for a toy."]
    assert seed.value() == 42


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_curves_are_saved_as_pictures(studio: Studio, tmp_path: Path, suffix: str) -> None:
    room = studio.room
    studio.click(room.side.begin)
    studio.until(lambda: room.table.model.entries and not room.desk.under_way and studio.status == "finished")
    room.redraw()
    studio.services.file = tmp_path / f"loss.{suffix}"
    room.charts.left.export_requested.emit(suffix)
    assert studio.services.messages[-1].startswith("Saved")
    assert (tmp_path / f"loss.{suffix}").stat().st_size > 1000


def test_room_is_told_and_made_by_thinning_out(studio: Studio) -> None:
    room = studio.room
    studio.settle(epochs=6)
    studio.click(room.side.begin)
    studio.until(lambda: not room.desk.under_way and studio.status == "finished")
    room.table.view.selectRow(0)
    run = RunFolder.open(studio.folder)
    before, spare = run.epochs_kept, len(runs.superfluous(run))
    assert spare
    studio.until(lambda: " is free" in room.below.info.text() and "trash" not in room.below.info.text())
    room.buttons.thin_out.trigger()
    assert f"The weights of {spare} epochs" in studio.services.messages[-1]
    assert runs.superfluous(run) == [] and "the trash" in room.below.info.text()
    assert room.table.text(0, "size") == runs.size_text(runs.size_of(run.path))
    studio.services.actions[-1]()
    assert run.epochs_kept == before
    room.buttons.thin_out.trigger()
    room.buttons.trash.menu().actions()[-1].trigger()
    assert runs.trashed_runs() == [] and "trash" not in room.below.info.text()
    assert len(run.epochs_kept) == len(before) - spare


def test_a_device_that_is_not_there_is_refused_in_place(studio: Studio) -> None:
    import torch

    missing = next(name for name, there in (("mps", torch.backends.mps.is_available()), ("cuda", torch.cuda.is_available())) if not there)
    more, before = studio.room.side.more, studio.store.state
    combo = more.controls["device"]
    assert isinstance(combo, QComboBox)
    combo.setCurrentText(missing)
    combo.textActivated.emit(missing)
    assert "choose the device cpu or auto" in more.problem.text() and not more.problem.isHidden()
    assert studio.store.state is before and combo.currentText() == "cpu"
    combo.textActivated.emit("auto")
    assert more.problem.isHidden() and studio.store.state.setup.training.device == "auto"


@pytest.mark.parametrize("then", ["cpu", "auto", ""])
def test_a_late_answer_about_a_device_changes_nothing_else_and_no_later_choice(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    answers: list[Callable[[object], None]] = []
    monkeypatch.setattr(studio.services, "ask", lambda key, function, arguments, done, **_: answers.append(done))
    more = studio.room.side.more
    combo = more.controls["device"]
    assert isinstance(combo, QComboBox)
    combo.textActivated.emit("cuda")
    assert studio.store.state.setup.training.device == "cpu"
    setup = studio.store.state.setup
    studio.store.change("Seed", setup=replace(setup, training=replace(setup.training, seed=setup.training.seed + 5)))
    if then:
        combo.textActivated.emit(then)
    answers[0](None)
    assert studio.store.state.setup.training.seed == setup.training.seed + 5
    assert studio.store.state.setup.training.device == (then or "cuda")


def test_event_files_for_tensorboard_are_written_from_the_window(studio: Studio) -> None:
    accumulator = pytest.importorskip(
        "tensorboard.backend.event_processing.event_accumulator", reason="the extra 'tensorboard' is not installed"
    )
    box = studio.room.side.more.controls["tensorboard"]
    assert isinstance(box, QCheckBox) and box.isEnabled()
    box.click()
    assert studio.store.state.setup.training.tensorboard
    studio.click(studio.room.side.begin)
    studio.until(lambda: studio.room.desk.lives and not studio.room.desk.under_way)
    events = accumulator.EventAccumulator(str(studio.folder / "tensorboard")).Reload()
    told = [one.value for one in events.Scalars("epoch/train_loss")]
    assert told == pytest.approx(RunFolder.open(studio.folder).metrics().epoch_metrics["train_loss"].tolist())


def test_test_scores_are_kept_back_until_they_are_asked_for_and_then_shown_of_the_selected_runs(studio: Studio, tmp_path: Path) -> None:
    room = studio.room
    for _ in range(2):
        studio.click(room.side.begin)
        studio.until(lambda: not room.desk.under_way and room.table.model.entries and studio.status == "finished")
    studio.until(lambda: len(room.table.model.entries) == 2)
    titles = [column.name for column in room.table.model.columns]
    at = titles.index("test")
    assert room.table.view.isColumnHidden(at)
    assert not room.table.view.isColumnHidden(titles.index("validation"))
    room.table.view.selectRow(0)
    assert "validation" in room.bar.words.text() and "test" not in room.bar.words.text()
    studio.services.file = tmp_path / "runs"
    studio.click(room.tests)
    assert studio.store.state.room.tested
    assert not room.table.view.isColumnHidden(at)
    assert float(room.table.text(0, "test")) > 0
    assert room.table.text(1, "test") == ""
    assert "test" in room.bar.words.text()
    room.buttons.export.menu().actions()[3].trigger()
    header, first, second = (tmp_path / "runs.csv").read_text().splitlines()[:3]
    column = header.split(",").index("test")
    assert [line.split(",")[column] for line in (first, second)] == [room.table.text(0, "test"), ""]
    studio.click(room.tests)
    assert room.table.view.isColumnHidden(at)
    room.buttons.export.menu().actions()[3].trigger()
    assert ",test," not in (tmp_path / "runs.csv").read_text().splitlines()[0]


@posix
def test_how_the_last_training_ended_is_no_longer_said_once_it_goes_on(studio: Studio) -> None:
    begin_long(studio)
    (pid,) = studio.services.processes.pids
    os.kill(pid, signal.SIGKILL)
    studio.until(lambda: not studio.room.desk.under_way)
    said = studio.services.messages[-1]
    assert "was killed" in said and said not in studio.services.unsaid
    studio.click(studio.room.buttons.resume)
    assert studio.services.unsaid[-1] == said
    studio.until(lambda: studio.room.desk.under_way)
    studio.click(studio.room.bar.stop)
    studio.until(lambda: not studio.room.desk.under_way)


def test_undoing_a_choice_of_racers_leaves_the_run_begun_since_on_screen(studio: Studio) -> None:
    room = studio.room
    rates = room.side.racing.rates
    rates.setFocus()
    rates.selectAll()
    QTest.keyClicks(rates, "0.02, 0.03")
    QTest.keyClick(rates, Qt.Key.Key_Return)
    studio.click(room.side.begin)
    studio.until(lambda: not room.desk.under_way and room.known.entries)
    shown = room.room.shown
    assert shown and room.charts.loss.lines
    studio.store.undo()
    assert room.room.shown == shown and room.charts.loss.lines
    assert room.room.rates != (0.02, 0.03)
    studio.store.redo()
    assert room.room.rates == (0.02, 0.03) and room.room.shown == shown


def test_a_chart_is_saved_once_there_is_a_curve(studio: Studio) -> None:
    charts = studio.room.charts
    buttons = [panel.findChild(IconButton) for panel in (charts.left, charts.right)]
    assert [button.isEnabled() for button in buttons if button] == [False, False]
    studio.click(studio.room.side.begin)
    studio.until(lambda: not studio.room.desk.under_way and studio.status == "finished")
    studio.room.redraw()
    assert [button.isEnabled() for button in buttons if button] == [True, True]


def test_that_the_disk_is_full_is_said_until_the_run_is_saved(studio: Studio) -> None:
    room = studio.room
    begin_long(studio)
    full = Warned(1, "disk", "The disk is full: make room.")
    room._told(str(studio.folder), full)
    assert studio.services.messages[-1] == full.sentence and full.sentence not in studio.services.unsaid
    studio.click(room.bar.stop)
    studio.until(lambda: not room.desk.under_way)
    assert studio.services.unsaid[-1] == full.sentence


def test_the_keyboard_goes_from_train_to_pause_and_back_to_what_begins_another(studio: Studio) -> None:
    room = studio.room
    studio.store.replace("Long", long(studio.store.state))
    focused = room.window().focusWidget
    room.side.begin.setFocus()
    QTest.keyClick(room.side.begin, Qt.Key.Key_Space)
    assert focused() in (room.bar, room.bar.pause)  # while the folder is made there is nothing to hold
    studio.until(lambda: focused() is room.bar.pause)
    QTest.keyClick(room.bar.pause, Qt.Key.Key_Space)
    studio.until(lambda: room.bar.step.isEnabled())
    (live,) = room.desk.lives.values()
    room.bar.step.setFocus()
    for _ in range(2):
        before = live.step
        QTest.keyClick(focused(), Qt.Key.Key_Space)
        studio.until(lambda before=before: live.step == before + 1 and live.paused)
        assert focused() is room.bar.step
    room.bar.stop.setFocus()
    QTest.keyClick(room.bar.stop, Qt.Key.Key_Space)
    studio.until(lambda: not room.desk.under_way and focused() is room.buttons.resume)
    QTest.keyClick(room.buttons.resume, Qt.Key.Key_Space)
    studio.until(lambda: focused() is room.bar.pause)
    room.table.setFocus()
    kept = focused()
    room.bar.stop.click()
    studio.until(lambda: not room.desk.under_way)
    room.redraw()
    assert focused() is kept  # elsewhere it is left alone
