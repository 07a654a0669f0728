"""What the report measured for question 2, and when a run may be shown beside it: same data, same network, same protocol."""

from __future__ import annotations

from dataclasses import replace

from hw2gui.training.config import AFTER_LEARNING, WITHOUT_EFFECT, TrainingConfig
from hw2gui.vision.config import VisionConfig

VALIDATION_ACCURACY = {1e-5: 0.9559, 5e-4: 0.9843, 1e-2: 0.9298}
"""The report's accuracy on the homework's validation images after its last epoch, by learning rate."""

LEARNING_RATES = tuple(VALIDATION_ACCURACY)
"""The homework's three rates."""

BEST_RATE = 5e-4
"""The report's best."""

TITLE = "the report's"


def reference(config: VisionConfig) -> float | None:
    """The report's validation accuracy for *config*; None unless data, network and protocol are the report's."""
    protocol = TrainingConfig()
    same = {name: getattr(protocol, name) for name in (*WITHOUT_EFFECT, *AFTER_LEARNING, "seed")}  # the report's seed is one of many
    compared = replace(config, training=replace(config.training, learning_rate=protocol.learning_rate, **same))
    if compared != VisionConfig():
        return None
    return VALIDATION_ACCURACY.get(config.training.learning_rate)
