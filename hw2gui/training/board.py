"""Event files for TensorBoard, beside the run's own log, where the extra is installed."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hw2gui.errors import UnavailableError
from hw2gui.training.events import BatchesDone, EpochDone


class Board:
    """Writes into *folder*; what an interrupted run wrote behind *step* is marked as void."""

    def __init__(self, folder: Path, step: int) -> None:
        if find_spec("tensorboard") is None:
            raise UnavailableError("TensorBoard is not installed: run pip install 'hw2gui[tensorboard]', or switch it off for this run.")
        from torch.utils.tensorboard import SummaryWriter

        self._writer: Any = SummaryWriter(str(folder), purge_step=step + 1)

    def batches(self, event: BatchesDone) -> None:
        """The mean loss of some batches, their rate, and what was measured."""
        series = {
            "batch/loss": ((event.step, sum(event.losses) / len(event.losses)),),
            "batch/learning_rate": ((event.step, event.learning_rate),),
            "batch/gradient_norm": event.gradient_norms,
            "batch/dead_relu_share": event.dead_shares,
        }
        for name, points in series.items():
            for step, value in points:
                self._writer.add_scalar(name, value, step)

    def epoch(self, event: EpochDone) -> None:
        """The metrics of an epoch."""
        for name, value in event.metrics.items():
            self._writer.add_scalar(f"epoch/{name}", value, event.epoch)
        self._writer.flush()

    def close(self) -> None:
        """Write what is left."""
        self._writer.close()
