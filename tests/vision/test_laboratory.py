"""Experiments carried out on a few built-in characters: nothing is trained twice, and what was cut short goes on."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hw2gui.errors import InputError, UnavailableError
from hw2gui.steps import finish
from hw2gui.training import runs
from hw2gui.vision import inquiry, laboratory
from hw2gui.vision.experiment_clock import Progress
from hw2gui.vision.experiments import Conclusion
from hw2gui.vision.inquiry import Inquiry
from hw2gui.vision.laboratory import CURVES_FILE, investigate, standing
from hw2gui.vision.recipes import RECIPES
from hw2gui.vision.strip import Change

FEW: dict[Change, tuple[float, ...]] = {"right": (-4.0, 0.0, 4.0), "rotation": (-30.0, 0.0, 30.0), "scale": (0.8, 1.0, 1.2)}


@pytest.fixture(autouse=True)
def small(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two epochs on 120 images, few changes."""
    monkeypatch.delenv("HW2GUI_DATA", raising=False)
    fast = RECIPES["fast"].config

    def base(chosen: Inquiry) -> Any:
        return replace(fast, training=replace(fast.training, epochs=2, batch_size=40, threads=1), data=chosen.data, limit=120)

    monkeypatch.setattr(inquiry, "_base", base)
    for module in ("laboratory", "robustness"):
        monkeypatch.setattr(f"hw2gui.vision.{module}.AMOUNTS", FEW)


def carried_out(chosen: Inquiry) -> tuple[list[Progress], Conclusion]:
    told: list[Progress] = []
    return told, finish(investigate(chosen), told.append)


def test_an_experiment_is_carried_out_and_found_again() -> None:
    chosen = Inquiry("permutation")
    assert standing(chosen).done == 0
    told, conclusion = carried_out(chosen)
    shares = [one.share for one in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    plots = [one.plot for one in told if one.plot is not None]
    assert [line.label for line in plots[0].lines] == ["CNN (420,906)"]
    assert len(plots[-1].lines) == 4
    assert "one fixed permutation" in conclusion.sentence
    there = standing(chosen)
    assert there.complete
    assert there.conclusion == conclusion
    folders = {listed.path for listed in runs.list_runs()}
    assert len(folders) == 4
    again, same = carried_out(chosen)
    assert same == conclusion
    assert {listed.path for listed in runs.list_runs()} == folders
    assert len(again) == 4


def test_experiments_share_runs_and_measure_changes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    carried_out(Inquiry("permutation"))
    chosen = Inquiry("transformations")
    # The CNN and the fully connected network are trained, the subsampled one is not.
    there = standing(chosen)
    assert (there.done, there.conclusion) == (2, None)
    _, conclusion = carried_out(chosen)
    assert len(conclusion.plots) == 3
    assert conclusion.table.header[-3:] == ("left after shift", "left after rotation", "left after scale")
    assert len(runs.list_runs()) == 5

    def never(*_: object) -> Generator[Progress, None, None]:
        raise AssertionError("measured twice")
        yield

    monkeypatch.setattr("hw2gui.vision.answers.robustness", never)
    assert carried_out(chosen)[1] == conclusion
    assert standing(chosen).conclusion == conclusion


def test_damaged_curves_are_measured_again() -> None:
    chosen = Inquiry("transformations")
    _, conclusion = carried_out(chosen)
    files = [listed.path / CURVES_FILE for listed in runs.list_runs()]
    files[0].write_text("{", "utf-8")
    plain = json.loads(files[1].read_text("utf-8"))
    plain["curves"][0]["amounts"] = [1.0]
    files[1].write_text(json.dumps(plain), "utf-8")
    assert standing(chosen).conclusion is None
    assert carried_out(chosen)[1] == conclusion


def test_what_was_cut_short_goes_on_with_the_same_result() -> None:
    chosen = Inquiry("permutation")
    steps = investigate(chosen)
    for event in steps:
        if "epoch 1 of 2, validation" in event.words:
            break
    steps.close()
    there = standing(chosen)
    assert [row.status for row in there.rows] == ["interrupted", "not trained", "not trained", "not trained"]
    _, conclusion = carried_out(chosen)
    assert len(runs.list_runs()) == 4
    for listed in runs.list_runs():
        runs.to_trash(listed.path)
    assert carried_out(chosen)[1] == conclusion


def test_several_seeds_give_mean_and_spread() -> None:
    _, conclusion = carried_out(Inquiry("permutation", seeds=2))
    assert "± standard deviation of 2 seeds" in conclusion.sentence
    assert "seeds 42, 43" in conclusion.conditions
    lines = conclusion.plots[0].lines
    assert len(lines) == 4 * 3
    mean = lines[2]
    assert not mean.thin
    for value, low, high, first, second in zip(mean.y, mean.low, mean.high, lines[0].y, lines[1].y, strict=True):
        assert value == pytest.approx((first + second) / 2)
        assert (low, high) == (min(first, second), max(first, second))
    assert all(row[3] == "2" and row[6] for row in conclusion.table.rows)


def test_half_of_the_seeds_is_concluded_from_already() -> None:
    carried_out(Inquiry("permutation"))
    there = standing(Inquiry("permutation", seeds=2))
    assert (there.done, len(there.rows), there.complete) == (4, 8, False)
    assert there.conclusion is not None
    assert "seed 42." in there.conclusion.conditions


@pytest.mark.parametrize(("changes", "said"), [({"seeds": 0}, "1 to 10"), ({"seeds": 11}, "1 to 10"), ({"data": "mnist"}, "no set")])
def test_a_trial_that_cannot_be_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Inquiry(**changes)


def test_a_job_names_it() -> None:
    module, _, name = laboratory.JOB.partition(":")
    assert (module, name) == (investigate.__module__, investigate.__name__)


def test_where_the_data_are_missing_no_run_is_begun(home: Path) -> None:
    with pytest.raises(UnavailableError, match="not on this computer"):
        finish(investigate(Inquiry("parameters", data="kmnist")))
    assert runs.list_runs() == []
    assert not list(home.rglob("config.json"))
