from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, fields, replace

import hypothesis
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.errors import InputError
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.training import schedule
from hw2gui.training.config import TrainingConfig, free_cores
from hw2gui.training.fields import LONGEST_DECIMAL, check_fields, choice, number_words, real, specs, switch, whole


def test_every_setting_is_described() -> None:
    described = specs(TrainingConfig)
    assert list(described) == [field.name for field in fields(TrainingConfig)]
    for name, spec in described.items():
        assert spec.label, name
        assert spec.tooltip.endswith("."), name
        default = getattr(TrainingConfig(), name)
        assert spec.admits(default, type(default)), name
        if isinstance(default, int | float) and not isinstance(default, bool):
            assert spec.minimum <= default <= spec.maximum, name


@pytest.mark.parametrize(
    ("value", "words"),
    [(1e-5, "0.00001"), (1.25e-05, "0.0000125"), (-3e-6, "-0.000003"), (5e-4, "0.0005"), (1e-10, "1e-10"), (1e6, "1000000"), (0.0, "0")],
)
def test_a_number_is_written_as_people_write_it(value: float, words: str) -> None:
    assert number_words(value) == words


@given(st.floats(10.0**-LONGEST_DECIMAL, 10.0**LONGEST_DECIMAL))
def test_a_number_written_in_words_can_be_typed_again(value: float) -> None:
    words = number_words(value)
    assert "e" not in words
    assert float(words) == float(f"{value:g}")


def test_it_survives_json() -> None:
    config = TrainingConfig(epochs=7, schedule="one-cycle", learning_rate=0.004, device="auto", clip=1)
    assert from_plain(TrainingConfig, to_plain(config)) == config


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"epochs": 0}, "Epochs is 0: give a whole number from 1 to 10,000."),
        ({"epochs": 2.5}, "Epochs is 2.5: give a whole number from 1 to 10,000."),
        ({"epochs": True}, "Epochs is True: give a whole number from 1 to 10,000."),
        ({"seed": -1}, "Seed is -1: give a whole number from 0 to 4,294,967,295."),
        ({"learning_rate": 0}, "Learning rate is 0: give a number from 1e-10 to 100."),
        ({"learning_rate": math.nan}, "Learning rate is nan: give a number from 1e-10 to 100."),
        ({"learning_rate": "fast"}, "Learning rate is 'fast': give a number from 1e-10 to 100."),
        ({"optimizer": "lion"}, "Optimizer is 'lion': give one of sgd, adam, adamw."),
        ({"optimizer": None}, "Optimizer is None: give one of sgd, adam, adamw."),
        ({"tensorboard": 1}, "TensorBoard is 1: give true or false."),
        ({"seed": 2**32}, "Seed is 4294967296: give a whole number from 0 to 4,294,967,295."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(change: dict, sentence: str) -> None:
    with pytest.raises(InputError) as raised:
        replace(TrainingConfig(), **change)
    assert str(raised.value) == sentence


def test_whole_numbers_are_numbers() -> None:
    assert TrainingConfig(learning_rate=1, weight_decay=0).learning_rate == 1


def test_a_subjects_own_settings_are_described_the_same_way() -> None:
    from dataclasses import field

    @dataclass(frozen=True)
    class Own:
        width: int = whole("Width", 8, "How wide.", minimum=1, maximum=64)
        share: float = real("Share", 0.5, "How much.", minimum=0, maximum=1)
        on: bool = switch("On", True, "Whether.")
        kind: str = field(default="a", metadata=choice("Kind", "Which.", ("a", "b")))
        free: str = ""

    check_fields(Own(free="anything"))
    assert list(specs(Own)) == ["width", "share", "on", "kind"]
    with pytest.raises(InputError, match="Width is 65"):
        check_fields(Own(width=65))


def test_a_core_is_left_for_the_window() -> None:
    import os

    assert 1 <= free_cores() <= max(1, (os.cpu_count() or 1) - 1)


def torch_rates(config: TrainingConfig, steps: int, per_epoch: int) -> tuple[list[float], list[float]]:
    """The rates and momenta of torch's own schedulers."""
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=config.learning_rate, momentum=config.momentum)
    lr = torch.optim.lr_scheduler
    scheduler = {
        "one-cycle": lambda: lr.OneCycleLR(optimizer, config.learning_rate, total_steps=steps, pct_start=config.rise),
        "cosine": lambda: lr.CosineAnnealingLR(optimizer, steps),
        "step": lambda: lr.StepLR(optimizer, per_epoch * config.decay_every, config.decay),
        "constant": lambda: lr.ConstantLR(optimizer, factor=1.0),
    }[config.schedule]()
    rates, momenta = [], []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        momenta.append(optimizer.param_groups[0]["momentum"])
        optimizer.step()
        scheduler.step()
    return rates, momenta


@pytest.mark.filterwarnings("ignore:.*lr_scheduler.step.*")
@hypothesis.settings(max_examples=40)
@given(
    kind=st.sampled_from(["one-cycle", "cosine", "step", "constant"]),
    per_epoch=st.integers(2, 12),
    epochs=st.integers(1, 8),
    rise=st.floats(0.1, 0.9),
    every=st.integers(1, 4),
)
def test_schedules_are_torchs(kind: str, per_epoch: int, epochs: int, rise: float, every: int) -> None:
    hypothesis.assume(kind != "one-cycle" or abs(rise * per_epoch * epochs - 1) > 1e-6)  # there torch divides by 0
    config = TrainingConfig(epochs=epochs, schedule=kind, learning_rate=0.03, rise=rise, decay_every=every, decay=0.5)
    steps = per_epoch * epochs
    rates, momenta = torch_rates(config, steps, per_epoch)
    ours = [schedule.learning_rate(config, step, steps, per_epoch) for step in range(steps)]
    assert ours == pytest.approx(rates, rel=1e-6, abs=1e-12)
    assert [schedule.momentum(config, step, steps) for step in range(steps)] == pytest.approx(momenta, rel=1e-6)


@given(st.integers(1, 500), st.integers(0, 10), st.sampled_from(["one-cycle", "cosine", "step", "constant", "range"]))
def test_rates_are_always_usable(steps: int, beyond: int, kind: str) -> None:
    config = TrainingConfig(schedule=kind, rise=0.01)
    for step in {0, steps // 2, steps - 1, steps - 1 + beyond}:
        assert 0 <= schedule.learning_rate(config, step, steps, 1) < 100
        assert 0 <= schedule.momentum(config, step, steps) < 1


def test_range_rises_by_equal_factors_from_first_to_last() -> None:
    config = TrainingConfig(schedule="range", first_rate=1e-5, learning_rate=1.0)
    rates = [schedule.learning_rate(config, step, 11, 11) for step in range(11)]
    assert rates[0] == pytest.approx(1e-5)
    assert rates[-1] == pytest.approx(1.0)
    factors = [after / before for before, after in itertools.pairwise(rates)]
    assert factors == pytest.approx([10**0.5] * 10)


def test_a_peak_set_by_hand_scales_the_schedule() -> None:
    config = TrainingConfig(schedule="cosine", learning_rate=0.1)
    for step in range(10):
        assert schedule.learning_rate(config, step, 10, 5, peak=0.3) == pytest.approx(3 * schedule.learning_rate(config, step, 10, 5))
