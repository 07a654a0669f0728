"""Runs thrown away and brought back, and the weights that are thinned out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hw2gui.errors import UnavailableError
from hw2gui.training import runs
from hw2gui.training.events import BatchesDone, EpochDone
from hw2gui.training.run_folder import RunFolder
from tests.training.conftest import CONFIG, Trial, results, trial_in


def test_trash_and_back(done: RunFolder) -> None:
    before = results(done)
    trashed = runs.to_trash(done.path)
    assert not done.path.exists()
    assert runs.list_runs(done.path.parent) == []
    assert runs.trashed_runs(done.path.parent) == [trashed]
    assert runs.restore(trashed) == done.path
    assert results(RunFolder.open(done.path)) == before
    assert runs.trashed_runs(done.path.parent) == []
    with pytest.raises(UnavailableError, match="no longer in the trash"):
        runs.restore(trashed)


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, ""), (1, "1 kB"), (999_499, "999 kB"), (1_000_000, "1.0 MB"), (999_900_000, "999.9 MB"), (1_000_000_000, "1.0 GB")],
)
def test_sizes_in_words(count: int, text: str) -> None:
    assert runs.size_text(count) == text


def test_restored_beside_a_newer_run_of_its_name(done: RunFolder) -> None:
    trashed = runs.to_trash(done.path)
    RunFolder.create(done.path, "toy", {})
    assert runs.restore(trashed).name == "run-2"


def test_run_that_is_being_trained_cannot_be_thrown_away(trial: Trial) -> None:
    def throw(event: object) -> None:
        if isinstance(event, EpochDone):
            with pytest.raises(UnavailableError, match="is being trained: stop it first"):
                runs.to_trash(trial.run.path)
            with pytest.raises(UnavailableError, match="is being trained: stop it first"):
                runs.prune(trial.run)

    trial.go(then=throw)
    assert len(trial.heard(EpochDone)) == 3
    assert trial.run.state.status == "finished"


def test_throwing_away_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="nothing was deleted"):
        runs.to_trash(tmp_path / "gone")
    assert runs.trashed_runs(tmp_path) == []


def test_the_trash_is_emptied_by_age(done: RunFolder) -> None:
    parent, size = done.path.parent, runs.size_of(done.path)
    runs.to_trash(done.path)
    assert runs.empty_trash(parent, older_than_days=1) == 0
    assert len(runs.trashed_runs(parent)) == 1
    assert runs.empty_trash(parent) == size
    assert runs.trashed_runs(parent) == []


def test_thinning_out_keeps_what_counts(tmp_path: Path) -> None:
    trial = trial_in(tmp_path / "run", replace(CONFIG, epochs=6))
    trial.go()
    run = trial.run
    best = run.metrics().best_epoch
    kept = runs.prune(run)
    assert kept is not None and run.checkpoint_file.exists() and set(run.epochs_kept) == {best, 6}
    runs.restore(kept)
    before = runs.size_of(run.path)
    pruned = runs.prune(run, keep_checkpoint=False)
    assert pruned is not None
    freed = runs.size_of(pruned) - len(run.header.created)
    assert set(run.epochs_kept) == {best, 6}
    assert not run.checkpoint_file.exists()
    assert runs.size_of(run.path) == before - freed
    assert run.weights().epoch == run.weights("last").epoch == 6
    assert run.weights("best").epoch == best
    assert runs.superfluous(run) == []
    assert runs.prune(run) is None
    assert runs.trashed_runs(tmp_path) == [pruned]
    assert runs.space(tmp_path).trash == runs.size_of(pruned)
    assert runs.space(tmp_path).runs == before - freed
    assert runs.restore(pruned) == run.path
    assert run.epochs_kept == tuple(range(7))
    assert runs.size_of(run.path) == before
    assert runs.trashed_runs(tmp_path) == []


def test_pruned_weights_come_back_to_their_own_run_only(tmp_path: Path) -> None:
    trial = trial_in(tmp_path / "run", replace(CONFIG, epochs=6))
    trial.go()
    pruned = runs.prune(trial.run)
    assert pruned is not None
    whole = runs.to_trash(trial.run.path)
    with pytest.raises(UnavailableError, match="is not there: bring it back first"):
        runs.restore(pruned)
    runs.restore(whole)
    runs.restore(pruned)
    assert trial.run.epochs_kept == tuple(range(7))


def test_the_trash_of_a_folder_of_runs_is_found(tmp_path: Path) -> None:
    trial = trial_in(tmp_path / "several" / "run", CONFIG)
    trial.go()
    trashed = runs.to_trash(trial.run.path)
    assert runs.trashed_runs(tmp_path) == [trashed]
    assert runs.empty_trash(tmp_path) > 0
    assert runs.trashed_runs(tmp_path) == []


def test_checkpoint_of_an_unfinished_run_is_never_thinned_out(trial: Trial) -> None:
    trial.go(until=lambda event: isinstance(event, BatchesDone))
    runs.prune(trial.run, keep_checkpoint=False)
    assert trial.run.checkpoint_file.exists()
