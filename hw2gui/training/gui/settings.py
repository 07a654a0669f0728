"""The settings every training shares, as sections of a form: the few one always sees, and the many that are folded away."""

from __future__ import annotations

from importlib.util import find_spec

from hw2gui.training.config import TrainingConfig
from hw2gui.training.gui.section import FieldsSection

BASIC = ("learning_rate", "schedule", "rise", "decay", "decay_every", "first_rate", "optimizer", "batch_size", "epochs", "seed")
MORE = (
    "momentum", "weight_decay", "label_smoothing", "clip", "device", "threads", "chosen", "test", "keep_epochs", "checkpoint_seconds",
    "tensorboard",
)  # fmt: skip

WHY_NOT_TEST = "A model chosen by the test images has seen them: its test score no longer says how it does on new ones."
NO_TENSORBOARD = "TensorBoard is not installed: pip install 'hw2gui[tensorboard]' brings it."


def basic_section() -> FieldsSection:
    """What one changes first; of the schedules, only the settings of the chosen one."""
    return FieldsSection(
        TrainingConfig,
        BASIC,
        ("training",),
        shown={
            "rise": lambda training: training.schedule == "one-cycle",
            "decay": lambda training: training.schedule == "step",
            "decay_every": lambda training: training.schedule == "step",
            "first_rate": lambda training: training.schedule == "range",
        },
    )


def more_section() -> FieldsSection:
    """The rest."""
    return FieldsSection(
        TrainingConfig,
        MORE,
        ("training",),
        shown={"momentum": lambda training: training.schedule != "one-cycle"},
        notes={"test": lambda training: WHY_NOT_TEST if training.test == "every epoch" else ""},
        barred={"tensorboard": NO_TENSORBOARD} if find_spec("tensorboard") is None else {},
    )
