"""A reproduction small enough for tests: two trainings of a moment each, and runs made up of nothing but their logs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from hw2gui.report.plan import Plan, PlannedRun
from hw2gui.seq2seq.config import Alphabets, Seq2SeqConfig
from hw2gui.session.codec import to_plain
from hw2gui.training.config import TrainingConfig
from hw2gui.training.run_folder import RunFolder, State
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.network import Network

SMALL = VisionConfig(
    TrainingConfig(epochs=2, batch_size=20, learning_rate=1e-3, checkpoint_seconds=0.1), Network((), (8,)), data="strokes", limit=60
)


class SmallPlan(Plan):
    """Two networks of eight hidden units, and no measurement."""

    def runs(self) -> tuple[PlannedRun, ...]:
        return tuple(
            PlannedRun(
                f"small-{seed}", f"small network, seed {seed}", "rates", replace(SMALL, training=replace(SMALL.training, seed=seed)), 10
            )
            for seed in self.seeds
        )

    def pair_runs(self, attention: bool) -> tuple[PlannedRun, ...]:
        return ()


def finished(folder: Path, planned: PlannedRun, metrics: dict[str, float], **training: Any) -> RunFolder:
    """A run of *planned* that says it has finished with *metrics*; its weights are a few bytes."""
    config = planned.config
    config = replace(config, training=replace(config.training, **training))
    if isinstance(config, Seq2SeqConfig):
        config = replace(config, alphabets=Alphabets("ab", "ab"), sentences=True)
    run = RunFolder.create(folder / planned.name, planned.task, to_plain(config))
    epochs = config.training.epochs
    rows: list[dict[str, Any]] = [
        {
            "kind": "batches",
            "step": 1,
            "epoch": 1,
            "losses": [2.0],
            "learning_rate": 0.1,
            "gradient_norms": [],
            "dead_shares": [],
            "seconds": 60.0,
        }
    ]
    per_epoch = {"train_loss": 0.5, **{name: value for name, value in metrics.items() if name.startswith("validation")}}
    rows += [
        {"kind": "epoch", "epoch": epoch, "step": epoch, "metrics": per_epoch, "seconds": 1.0, "best": True}
        for epoch in range(1, epochs + 1)
    ]
    rows.append({"kind": "final", "chosen": epochs, "metrics": metrics})
    run.metrics_file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    run.epoch_file(epochs).write_bytes(b"weights of " + planned.name.encode())
    run.write_state(State("finished", epochs, epochs, epochs, metrics))
    return run
