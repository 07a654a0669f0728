"""Reading runs: whole ones, damaged ones, foreign ones; listing, renaming."""

from __future__ import annotations

import csv
import json
import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hw2gui import paths
from hw2gui.errors import InputError, UnavailableError
from hw2gui.training import runs
from hw2gui.training.json_lines import JsonLines, read_rows
from hw2gui.training.lock import Lock, is_locked
from hw2gui.training.metrics import export_csv, read_samples
from hw2gui.training.run_folder import RunFolder, State
from hw2gui.training.survey import _last_epoch
from hw2gui.training.weights import Weights, read_weights, write_weights
from tests.training.conftest import Trial, trial_in


def test_runs_folder_follows_the_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert paths.runs_folder() == home / "runs"
    monkeypatch.delenv("HW2GUI_HOME")
    assert paths.runs_folder() == paths.data_folder() / "runs"


def test_header_says_what_a_run_was_begun_with(done: RunFolder) -> None:
    header = RunFolder.open(done.path).header
    assert (header.task, header.config["learning_rate"], header.data) == ("toy", 0.02, {"noise": "made with seed 7"})
    assert set(header.versions) == {"hw2gui", "python", "torch", "numpy", "safetensors"}
    assert set(header.machine) == {"system", "architecture", "cores"}


def test_reading_needs_no_torch(done: RunFolder) -> None:
    script = (
        "import sys; from pathlib import Path; from hw2gui.training import config, controls, race, runs, schedule;"
        "from hw2gui.training.run_folder import RunFolder; run = RunFolder.open(Path(sys.argv[1]));"
        "run.metrics(), run.state, run.weights(2), run.weights('last'), runs.list_runs(run.path.parent);"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script, str(done.path)], check=True, timeout=60)


def test_new_run_never_overwrites(done: RunFolder, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is there already"):
        RunFolder.create(done.path, "toy", {})
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(InputError, match="is there already"):
        RunFolder.create(file, "toy", {})
    with pytest.raises(UnavailableError, match="cannot be written"):
        RunFolder.create(file / "run", "toy", {})
    (tmp_path / "empty").mkdir()
    assert RunFolder.create(tmp_path / "empty", "toy", {}).state == State()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "There is no run in"),
        ("{", "is damaged"),
        ("[" * 100_000, "is damaged"),
        ("[]", "is not a run of hw2gui"),
        ('{"format": "other"}', "is not a run of hw2gui"),
        ('{"format": "hw2gui run", "version": 2}', "was made by a newer version of hw2gui: update"),
        ('{"format": "hw2gui run", "version": 1}', "is damaged"),
        ('{"format": "hw2gui run", "version": 1, "task": 3, "config": {}, "created": "2026-11-26"}', "is damaged"),
        ('{"format": "hw2gui run", "version": 1, "task": "a", "config": {}, "created": 7}', "is damaged"),
        ('{"format": "hw2gui run", "version": 1, "task": "a", "config": {}, "created": "\\u001b[2J"}', "is damaged"),
        ('{"format": "hw2gui run", "version": 1, "task": "a", "config": {}, "created": "2026-11-26", "machine": "x"}', "is damaged"),
    ],
)
def test_what_is_no_run_is_told(tmp_path: Path, content: str | None, told: str) -> None:
    if content is not None:
        (tmp_path / "config.json").write_text(content)
    with pytest.raises(UnavailableError, match=told) as raised:
        RunFolder.open(tmp_path)
    assert str(tmp_path) in str(raised.value)


@pytest.mark.parametrize("content", ["", "{", '{"status": "flying"}', '{"colour": 1}', "3"])
def test_damaged_state_is_an_interrupted_run(done: RunFolder, content: str) -> None:
    (done.path / "state.json").write_text(content)
    assert done.state.status == "interrupted"
    assert done.weights().step == 30


def test_weights_by_epoch_best_last_and_chosen(done: RunFolder) -> None:
    assert [done.weights(epoch).epoch for epoch in (0, 2, 3)] == [0, 2, 3]
    assert done.weights("best").epoch == done.metrics().best_epoch
    assert done.weights("last").path == done.checkpoint_file
    assert done.weights().path == done.epoch_file(3)
    assert {name: array.tobytes() for name, array in done.weights("last").arrays.items()} == {
        name: array.tobytes() for name, array in done.weights(3).arrays.items()
    }
    with pytest.raises(InputError, match="has no weights of epoch 7: there are those of epoch 0, 1, 2, 3"):
        done.weights(7)


def test_weights_of_a_run_that_was_never_trained(trial: Trial) -> None:
    with pytest.raises(InputError, match="it has none yet"):
        trial.run.weights()


def test_weights_file_tells_what_it_holds(done: RunFolder) -> None:
    weights = read_weights(done.epoch_file(1))
    assert (weights.task, weights.epoch, weights.step) == ("toy", 1, 10)
    assert weights.config["epochs"] == 3
    assert weights.metrics["validation_loss"] == done.metrics().epoch_metrics["validation_loss"][0]


def test_tied_weights_are_written_once(tmp_path: Path) -> None:
    big = np.arange(10_000, dtype=np.float32).reshape(100, 100)
    arrays: dict[str, Any] = {
        "first": big,
        "tied": big,
        "turned": big.T,
        "scalar": np.array(3, dtype=np.int64),
        "empty": np.empty((0, 4), dtype=np.float32),
    }
    path = tmp_path / "weights.safetensors"
    write_weights(path, Weights(path, "toy", {}, 1, 2, {}, arrays))
    assert path.stat().st_size < 2 * big.nbytes + 4000
    read = read_weights(path).arrays
    assert set(read) == set(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(read[name], array)
        assert read[name].shape == array.shape


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-10] ^= 4
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def pickle_instead(path: Path) -> None:
    path.write_bytes(b"\x80\x04\x95" + bytes(500))


def foreign(path: Path) -> None:
    from safetensors.numpy import save_file

    save_file({"w": np.zeros(3)}, path)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (cut, "is damaged"),
        (flip, "is damaged"),
        (empty, "is damaged"),
        (pickle_instead, "is damaged"),
        (foreign, "was not written by hw2gui"),
        (os.remove, "is missing"),
    ],
)
def test_damaged_weights_are_told(done: RunFolder, damage, told: str) -> None:
    path = done.epoch_file(2)
    damage(path)
    with pytest.raises(UnavailableError, match=told) as raised:
        read_weights(path)
    assert str(path) in str(raised.value)
    assert "choose another model" in str(raised.value)


@pytest.mark.parametrize("content", [b"rubbish\n", b"[1]\n", b'{"kind":"batches"}\n', b'{"losses":1}\n', b"\xff\xfe\n"])
def test_damaged_metrics_are_told(done: RunFolder, content: bytes) -> None:
    with done.metrics_file.open("ab") as log:
        log.write(content)
    with pytest.raises(UnavailableError, match="damaged") as raised:
        done.metrics()
    assert str(done.path) in str(raised.value)


def test_torn_last_line_is_left_out(done: RunFolder) -> None:
    before = done.metrics().losses.tolist()
    with done.metrics_file.open("ab") as log:
        log.write(b'{"kind":"batch')
    assert done.metrics().losses.tolist() == before


def test_a_damaged_line_is_named_by_its_number(done: RunFolder) -> None:
    lines = done.metrics_file.read_bytes().splitlines(keepends=True)
    done.metrics_file.write_bytes(b"".join([lines[0], b"{\n", *lines[1:]]))
    with pytest.raises(UnavailableError, match=r"^Line 2 of .*metrics\.jsonl is damaged"):
        read_rows(done.metrics_file)


def test_the_log_survives_a_refused_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log"
    log = JsonLines(path)
    log.add({"a": 1})
    log.write()
    write = os.write

    def half(file: int, content: memoryview) -> int:
        if len(content) < 5:
            raise OSError(28, "No space left on device")
        return write(file, content[: len(content) // 2])

    monkeypatch.setattr("hw2gui.training.json_lines.os.write", half)
    log.add({"b": 2}, {"c": "ü"})
    with pytest.raises(OSError, match="No space"):
        log.write()
    assert read_rows(path) == [{"a": 1}]
    assert path.read_bytes().endswith(b"\n")
    monkeypatch.undo()
    log.add({"d": 4})
    log.write(sync=True)
    log.close()
    assert read_rows(path) == [{"a": 1}, {"b": 2}, {"c": "ü"}, {"d": 4}]


def test_metrics_of_a_run_without_any(trial: Trial) -> None:
    metrics = trial.run.metrics()
    assert len(metrics.steps) == len(metrics.epochs) == 0
    assert math.isnan(metrics.last("validation_loss"))
    assert metrics.best_epoch == 0


def test_samples_can_be_read_again(done: RunFolder) -> None:
    samples = read_samples(done.path)
    assert [(sample["epoch"], sample["name"], len(sample["payload"])) for sample in samples] == [
        (1, "logits", 3),
        (2, "logits", 3),
        (3, "logits", 3),
    ]


def test_metrics_as_csv(done: RunFolder, tmp_path: Path) -> None:
    metrics = done.metrics()
    export_csv(metrics, tmp_path / "epochs.csv", "epochs")
    rows = list(csv.DictReader((tmp_path / "epochs.csv").read_text().splitlines()))
    assert [int(row["epoch"]) for row in rows] == [1, 2, 3]
    assert [float(row["validation_loss"]) for row in rows] == metrics.epoch_metrics["validation_loss"].tolist()
    export_csv(metrics, tmp_path / "batches.csv", "batches")
    rows = list(csv.DictReader((tmp_path / "batches.csv").read_text().splitlines()))
    assert [float(row["loss"]) for row in rows] == metrics.losses.tolist()
    assert [float(row["gradient_norm"]) for row in rows if row["gradient_norm"]] == metrics.gradient_norms.tolist()
    with pytest.raises(UnavailableError, match="cannot be written"):
        export_csv(metrics, tmp_path / "epochs.csv" / "deeper.csv", "epochs")


def test_an_epoch_without_a_metric_is_blank_in_csv(done: RunFolder, tmp_path: Path) -> None:
    metrics = done.metrics()
    gaps = replace(metrics, epoch_metrics={"test_loss": np.array([0.5, np.nan, 0.25])})
    export_csv(gaps, tmp_path / "gaps.csv", "epochs")
    assert (tmp_path / "gaps.csv").read_text() == "epoch,step,test_loss\n1,10,0.5\n2,20,\n3,30,0.25\n"
    assert gaps.last("test_loss") == 0.25


def test_names_are_the_users(done: RunFolder) -> None:
    assert done.name == "run"
    done.rename("  homework, rate 5e-4 – übung ")
    assert RunFolder.open(done.path).name == "homework, rate 5e-4 – übung"
    for name in ("", "   ", "x" * 81, "two\nlines"):
        with pytest.raises(InputError, match="give another name"):
            done.rename(name)
    assert done.name == "homework, rate 5e-4 – übung"


def test_runs_are_listed_and_found(tmp_path: Path) -> None:
    folder = paths.runs_folder()
    assert runs.list_runs() == []
    first, second = (trial_in(runs.new_folder("Rate 5e-4 / best?")) for _ in range(2))
    assert [first.run.path.name, second.run.path.name] == ["Rate-5e-4-best", "Rate-5e-4-best-2"]
    second.run.rename("mine")
    (folder / "no run").mkdir()
    (folder / "broken").mkdir()
    (folder / "broken" / "config.json").write_text("{")
    listed = runs.list_runs()
    assert {run.name for run in listed[:2]} == {"Rate-5e-4-best", "mine"}
    assert [(run.name, run.header, "is damaged" in run.problem) for run in listed[2:]] == [("broken", None, True)]
    assert runs.find_run("mine").path == second.run.path
    assert runs.find_run("Rate-5e-4-best-2").path == second.run.path
    assert runs.find_run(str(first.run.path)).path == first.run.path
    with pytest.raises(InputError, match="There is no run 'yours'"):
        runs.find_run("yours")
    first.run.rename("mine")
    with pytest.raises(InputError, match="There are 2 runs called mine"):
        runs.find_run("mine")
    assert runs.new_folder("///").name == "run"


def test_lock_is_one_at_a_time_and_ends_with_its_holder(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert not is_locked(path)
    first, second = Lock(path), Lock(path)
    first.acquire()
    assert is_locked(path)
    with pytest.raises(UnavailableError, match="another program"):
        second.acquire()
    first.release()
    first.release()
    assert not is_locked(path)
    second.acquire()
    second.release()
    script = (
        "import sys, time; from pathlib import Path; from hw2gui.training.lock import Lock;"
        "Lock(Path(sys.argv[1])).acquire(); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        assert is_locked(path)
        holder.kill()
    assert not is_locked(path)


def test_state_is_plain(done: RunFolder) -> None:
    assert json.loads((done.path / "state.json").read_text())["status"] == "finished"
    assert done.state.pid == os.getpid()


# -- folders made by somebody else ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["\x1b[31mred\x1b]0;title\x07", "x" * 81, "x" * 3_000_000, "two\nlines", " ", "\udcff"])
def test_a_name_no_table_could_hold_is_not_shown(done: RunFolder, name: str) -> None:
    (done.path / "name.txt").write_bytes(name.encode("utf-8", "surrogateescape"))
    assert done.name == done.path.name == "run"


@pytest.mark.skipif(os.name != "posix", reason="such folders are POSIX's")
def test_a_folders_own_name_is_shown_without_what_a_terminal_obeys(done: RunFolder) -> None:
    moved = done.path.rename(done.path.with_name("a\x1b[2Jb"))
    assert RunFolder.open(moved).name == "a�[2Jb"


@pytest.mark.parametrize(
    "wrong",
    [
        {"epoch": "x"}, {"epoch": -1}, {"epoch": 10**30}, {"epoch": math.nan}, {"chosen": "../../x"}, {"chosen": [1]}, {"step": True},
        {"metrics": [1, 2]}, {"metrics": {"a": "x"}}, {"sentence": 5}, {"host": None}, {"pid": -1}, {"status": ["finished"]}, {"more": 1},
    ],
)  # fmt: skip
def test_a_state_of_other_kinds_of_values_says_interrupted(done: RunFolder, wrong: dict[str, Any]) -> None:
    file = done.path / "state.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **wrong}))
    assert done.state == State("interrupted")
    assert [row.state for row in runs.list_runs(done.path.parent)] == [State("interrupted")]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no file without an end")
@pytest.mark.parametrize("kind", ["endless", "pipe"])
@pytest.mark.parametrize("name", ["config.json", "state.json", "name.txt", "metrics.jsonl", "checkpoint.safetensors"])
def test_what_never_ends_is_not_read(done: RunFolder, name: str, kind: str) -> None:
    (done.path / name).unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(done.path / name)
    else:
        (done.path / name).symlink_to("/dev/zero")
    (listed,) = runs.list_runs(done.path.parent)
    assert listed.name == done.name == "run" and (_last_epoch(done.path) == ({}, 0.0)) == (name == "metrics.jsonl")
    if name == "config.json":
        assert "no ordinary file" in listed.problem
    elif name == "state.json":
        assert listed.state == State("interrupted")
    elif name != "name.txt":
        with pytest.raises(UnavailableError, match="no ordinary file"):
            done.metrics() if name == "metrics.jsonl" else done.weights("last")
