"""The writing side of a run's folder: logs, weights, checkpoints, state. What a full disk refuses is kept in memory and tried again."""

from __future__ import annotations

import errno
import os
import platform
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hw2gui.training import checkpoint
from hw2gui.training.board import Board
from hw2gui.training.checkpoint import Trained, model_arrays
from hw2gui.training.events import BatchesDone, Changed, EpochDone, Sample
from hw2gui.training.json_lines import JsonLines, Row, keep_rows, read_rows, rewrite
from hw2gui.training.run_folder import RunFolder, State, Status
from hw2gui.training.weights import Weights, write_weights

FULL = (errno.ENOSPC, errno.EDQUOT)


class Recorder:
    """Writes the run in *run*, from *trained*'s progress on. Every method may raise OSError, and has then lost nothing.

    What the logs hold beyond the progress was done after the last checkpoint, by a process that did not come to save it: it is removed,
    and will be done again.
    """

    def __init__(self, run: RunFolder, trained: Trained, *, tensorboard: bool) -> None:
        self._run = run
        self._trained = trained
        at = trained.progress
        self._board = Board(run.path / "tensorboard", at.step) if tensorboard else None
        keep_rows(
            run.metrics_file, lambda row: row["step"] <= at.step if row["kind"] == "batches" else row.get("epoch", at.epoch + 1) <= at.epoch
        )
        keep_rows(run.samples_file, lambda row: row["epoch"] <= at.epoch)
        for epoch in run.epochs_kept:
            if epoch > at.epoch:
                run.epoch_file(epoch).unlink()
        self.changes = read_rows(run.changes_file)
        self._metrics = JsonLines(run.metrics_file)
        self._samples = JsonLines(run.samples_file)
        self._unwritten: dict[Path, Weights] = {}

    @property
    def unwritten(self) -> bool:
        """Whether weights wait for the disk to have room."""
        return bool(self._unwritten)

    def close(self) -> None:
        """Close the logs."""
        self._metrics.close()
        self._samples.close()
        if self._board:
            self._board.close()

    def batches(self, event: BatchesDone) -> None:
        """Log some batches."""
        if self._board:
            self._board.batches(event)
        self._metrics.add({"kind": "batches", **vars(event)})
        self._metrics.write()

    def epoch(self, event: EpochDone, samples: list[Sample]) -> None:
        """Log an epoch and what there is to see of it."""
        if self._board:
            self._board.epoch(event)
        self._metrics.add({"kind": "epoch", **vars(event)})
        self._samples.add(*map(vars, samples))
        self.write_logs()

    def final(self, chosen: int, metrics: Mapping[str, float]) -> None:
        """Log the metrics of the model the run stands for; written by the next `write_logs`."""
        self._metrics.add({"kind": "final", "chosen": chosen, "metrics": metrics})

    def write_logs(self) -> None:
        """Have everything logged so far on the disk."""
        self._metrics.write(sync=True)
        self._samples.write(sync=True)

    def change(self, event: Changed) -> None:
        """Note a change made by hand now. Later ones of its kind, noted before a crash and not yet repeated, no longer count."""
        at = self._trained.progress
        row: Row = {name: value for name, value in vars(event).items() if name != "replayed"}
        later = [change for change in self.changes[at.changes :] if change["name"] != event.name]
        self.changes = [*self.changes[: at.changes], row, *later]
        at.changes += 1
        rewrite(self._run.changes_file, self.changes)

    def weights(self, *, keep_all: bool) -> tuple[str, ...]:
        """Write the network as it is after the last epoch; without *keep_all*, other epochs but the best are deleted. Answers the files."""
        at = self._trained.progress
        self._unwritten[self._run.epoch_file(at.epoch)] = self._described()
        names = self._write_all()
        if not keep_all:
            for epoch in self._run.epochs_kept:
                if epoch not in (at.epoch, at.best_epoch):
                    self._run.epoch_file(epoch).unlink()
        return names

    def checkpoint(self, status: Status) -> tuple[str, ...]:
        """Save everything, to go on from here. Answers the files."""
        self.write_logs()
        names = self._write_all()
        checkpoint.save(self._run.checkpoint_file, self._trained, self._described())
        self.state(status)
        return (*names, self._run.checkpoint_file.name)

    def state(self, status: Status, *, chosen: int = 0, metrics: Mapping[str, float] | None = None, sentence: str = "") -> None:
        """Say how far the run is."""
        at = self._trained.progress
        self._run.write_state(State(status, at.step, at.epoch, chosen, dict(metrics or {}), sentence, os.getpid(), platform.node()))

    def _described(self) -> Weights:
        at, header = self._trained.progress, self._run.header
        metrics = at.metrics if at.position == 0 else {}
        return Weights(self._run.path, header.task, header.config, at.epoch, at.step, metrics, model_arrays(self._trained.model))

    def _write_all(self) -> tuple[str, ...]:
        """Write the weights of this epoch, and of earlier ones that could not be written then."""
        written = []
        try:
            if not self._run.path.is_dir():
                raise FileNotFoundError(errno.ENOENT, "the folder has gone")
            for path in list(self._unwritten):
                write_weights(path, self._unwritten[path])
                del self._unwritten[path]
                written.append(path.name)
        except OSError:
            # The network goes on changing; what is to be written later must not.
            self._unwritten = {path: _frozen(weights) for path, weights in self._unwritten.items()}
            raise
        return tuple(written)


def _frozen(weights: Weights) -> Weights:
    return replace(weights, arrays={name: array.copy() for name, array in weights.arrays.items()})


def sentence_about(error: OSError, path: Path) -> str:
    """What to say when *path* could not be written while training goes on."""
    what = "The disk is full" if error.errno in FULL else f"{path} cannot be written ({error.strerror or error})"
    return f"{what}: make room; the model is kept in memory, and saving is tried again and again."
