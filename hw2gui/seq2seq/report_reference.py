"""What the report measured for question 3, and when a run may be shown beside it: same data, same model, same protocol."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hw2gui.seq2seq.config import HOMEWORK_TRAINING, Seq2SeqConfig
from hw2gui.seq2seq.network import ModelConfig
from hw2gui.training.config import AFTER_LEARNING, WITHOUT_EFFECT, TrainingConfig

DATA = "spa-eng"


@dataclass(frozen=True)
class Reference:
    """Error rates after the last epoch, greedy."""

    validation: float
    test: float


WITHOUT_ATTENTION = Reference(0.4995, 0.5001)
WITH_ATTENTION = Reference(0.3523, 0.3629)


def reference(config: Seq2SeqConfig) -> Reference | None:
    """The report's values for *config*; None unless data, model and protocol are the report's."""
    protocol = TrainingConfig()
    same = {name: getattr(protocol, name) for name in (*WITHOUT_EFFECT, *AFTER_LEARNING, "seed")}  # the report's seed is one of many
    attention = config.model.attention
    report = Seq2SeqConfig(replace(HOMEWORK_TRAINING, **same), ModelConfig(attention=attention), DATA)
    if replace(config, training=replace(config.training, **same), alphabets=None, sentences=False) != report:
        return None
    return WITH_ATTENTION if attention else WITHOUT_ATTENTION
