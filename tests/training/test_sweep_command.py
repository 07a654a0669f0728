"""Sweeps from a shell: here and on a Ray cluster, one node of which dies half-way."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from hw2gui import cli
from hw2gui.training.runs import list_runs
from tests.jobs.conftest import posix
from tests.jobs.nodes import Cluster, free_port

SMALL = ["train", "cnn", "--network", "dense", "--data", "strokes", "--limit", "60", "--epochs", "2", "--sweep", "lr=1e-3,4e-3"]


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(list(arguments))
    out, err = capsys.readouterr()
    return code, out, err


def test_a_sweep_is_trained_once_and_what_is_missing_is_added(tmp_path: Path, capsys: pytest.CaptureFixture[str], home: Path) -> None:
    code, out, err = told(capsys, *SMALL, "--out", str(tmp_path), "--jobs", "2", "--json")
    first = json.loads(out)
    assert code == 0 and len(list_runs(tmp_path)) == 2 and "2 of 2" in err
    assert [cell["values"] for cell in first["cells"]] == [{"learning_rate": 1e-3}, {"learning_rate": 4e-3}]
    means = [cell["mean"] for cell in first["cells"]]
    assert first["best"]["mean"] == max(means) and "test" not in first["cells"][0]
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    code, out, err = told(capsys, *SMALL, "--out", str(tmp_path), "--seeds", "42,43", "--format", "csv")
    lines = out.splitlines()
    assert code == 0 and "2 of 4 runs have finished already" in err and len(list_runs(tmp_path)) == 4
    assert lines[0].startswith("Learning rate,finished,validation accuracy,±") and [line.split(",")[1] for line in lines[1:]] == ["2", "2"]
    assert all(path.stat().st_mtime_ns == changed for path, changed in before.items()), "finished runs were touched"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--sweep", "banana=1"), "no setting 'banana'"),
        (("--seeds", "one"), "no seeds"),
        (("--jobs", "999"), "999 jobs"),
        (("--resume",), "without --resume"),
        (("--ray", "nowhere"), "no address of a Ray cluster"),
        (("--ray", "PORT"), "No Ray cluster answers"),
        (("--ray", "PORT", "--data", "drawings"), "on this computer only"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_nothing_is_begun(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if "--ray" in arguments and importlib.util.find_spec("ray") is None and "computer only" not in sentence:
        sentence = "Ray is not installed: run pip install 'hw2gui[cluster]'"
    place = tmp_path / "runs"
    given = [f"127.0.0.1:{free_port()}" if word == "PORT" else word for word in arguments]
    code, out, err = told(capsys, *SMALL, *given, "--out", str(place))
    assert code != 0 and out == "" and sentence in err and err.count("\n") == 1
    assert not place.exists()


@posix
def test_interrupted_it_stops_cleanly_and_the_same_command_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str], home: Path) -> None:
    long = [*SMALL, "--epochs", "40", "--out", str(tmp_path), "--jobs", "1"]

    def interrupt() -> None:
        while not list(tmp_path.glob("*/epoch-002.safetensors")):
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    code, out, err = told(capsys, *long)
    assert code == 130 and "the same command goes on from here" in err and "failed" not in err and "0 of 1" in out
    statuses = {run.path.name: run.state.status for run in list_runs(tmp_path)}
    assert sorted(statuses.values()) == ["new", "stopped"]
    code, out, err = told(capsys, *long)
    assert code == 0 and {run.state.status for run in list_runs(tmp_path)} == {"finished"} and len(list_runs(tmp_path)) == 2


def test_missing_data_are_told_before_anything_is_begun(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HW2GUI_DATA", raising=False)
    code, _, err = told(capsys, *SMALL, "--data", "kmnist", "--out", str(tmp_path / "runs"))
    assert code == 1 and "hw2gui data fetch kmnist" in err and not (tmp_path / "runs").exists()


def test_a_sweep_on_two_nodes_goes_on_when_one_dies(tmp_path: Path, capsys: pytest.CaptureFixture[str], home: Path) -> None:
    """Half-way a node is killed: its runs go on elsewhere, all results are in the folders here, and nothing is run twice."""
    ray = pytest.importorskip("ray", reason="the extra 'cluster' is not installed")
    ray.shutdown()
    runs = tmp_path / "runs"
    long = [*SMALL, "--epochs", "15", "--limit", "200", "--seeds", "1,2", "--out", str(runs)]
    with Cluster() as cluster:
        victim = cluster.add()
        cluster.add()
        killed = threading.Event()

        def strike() -> None:
            """Once a run has come some way, and others have not begun."""
            while not list(runs.glob("*/epoch-003.safetensors")):
                time.sleep(0.02)
            cluster.kill(victim)
            killed.set()

        threading.Thread(target=strike, daemon=True).start()
        code, out, err = told(capsys, *long, "--ray", cluster.address, "--json")
        ray.shutdown()
    assert killed.is_set() and code == 0, err
    found = json.loads(out)
    assert len(list_runs(runs)) == 4 and {run.state.status for run in list_runs(runs)} == {"finished"}
    assert all(len(cell["validation"]) == 2 for cell in found["cells"]) and len(found["best"]["test"]) == 2
    for run in list_runs(runs):
        logged = [json.loads(line) for line in (run.path / "metrics.jsonl").read_text().splitlines()]
        assert [one["epoch"] for one in logged if one["kind"] == "epoch"] == list(range(1, 16))
    code, _, err = told(capsys, *long, "--json")
    assert code == 0 and "4 of 4 runs have finished already" in err


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--jobs", "2"), "--jobs is for many runs"),
        (("--format", "csv"), "--format is for many runs"),
        (("--seeds", ""), "at least one seed"),
    ],
)
def test_what_is_for_many_runs_trains_no_single_one(
    words: tuple[str, str], part: str, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    assert cli.main(["train", "cnn", "--data", "strokes", *words]) == 2
    assert part in capsys.readouterr().err and not (home / "runs").exists()
