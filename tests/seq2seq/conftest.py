"""A tiny model really trained, for everything that opens one."""

from __future__ import annotations

from pathlib import Path

import pytest

from hw2gui.seq2seq.config import Seq2SeqConfig
from hw2gui.seq2seq.network import ModelConfig
from hw2gui.seq2seq.train import begin, train
from hw2gui.training.config import TrainingConfig

CONFIG = Seq2SeqConfig(TrainingConfig(epochs=2, batch_size=64, learning_rate=0.01), ModelConfig(16), "toy-copy", limit=300)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run: two epochs of a small model on a toy task."""
    folder = tmp_path_factory.mktemp("runs") / "tiny"
    begin(CONFIG, folder)
    for _ in train(str(folder)):
        pass
    return folder
