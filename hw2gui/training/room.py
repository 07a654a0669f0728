"""What the user chose in a training room, beside the settings of the next run: which runs are shown, how, and what races."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hw2gui.errors import InputError, UnavailableError, shortened
from hw2gui.jobs.address import check_form
from hw2gui.training.sweep import MOST_AXES, MOST_RUNS, Axis

Across = Literal["step", "epoch", "time"]
Chart = Literal["score", "gradient", "dead", "rate", "outputs", "attention"]

MOST_RACERS = 24
"""Each racing run keeps a process while it waits for its turn."""

LOWEST_RATE, HIGHEST_RATE = 1e-10, 100.0


@dataclass(frozen=True)
class Room:
    """Choices of a training room. ``shown`` are folders of runs, the first of them opened first; ``seeds`` are counted
    from the chosen one on.
    """

    shown: tuple[str, ...] = ()
    across: Across = "step"
    log_across: bool = False
    log_down: bool = False
    chart: Chart = "score"
    rates: tuple[float, ...] = (1e-5, 5e-4, 1e-2)
    seeds: int = 2
    sort: str = "created"
    descending: bool = True
    sweeping: bool = False
    """The sweep and its cells are shown where the curves are else."""
    axes: tuple[Axis, ...] = (Axis("learning_rate", ("1e-4", "5e-4", "4e-3")), Axis("batch_size", ("8", "32")))
    """What is swept over."""
    sweep_seeds: int = 2
    """Of each cell, from the chosen seed on."""
    cluster: str = ""
    """The address of the Ray cluster that races and sweeps run on; empty: this computer."""
    tested: bool = False
    """The test scores of the selected runs are shown; else the table keeps to validation, by which one chooses."""
    sample_epoch: int | None = None
    """The epoch whose samples are shown; None: always the latest."""


def check_room(room: Room) -> Room:
    """*room* if it can be. Raises InputError for rates out of range and for more racers than there can be processes."""
    if not room.rates or not all(LOWEST_RATE <= rate <= HIGHEST_RATE for rate in room.rates):
        raise InputError("A race needs at least one learning rate, each from 1e-10 to 100: such as 1e-5, 5e-4, 1e-2.")
    if len(set(room.rates)) < len(room.rates):
        raise InputError("A learning rate is named twice: name each once, and race more seeds for more runs of it.")
    if room.seeds < 1:
        raise InputError("A race needs at least one seed for each rate.")
    if len(room.rates) * room.seeds > MOST_RACERS:
        raise InputError(
            f"{len(room.rates)} rates with {room.seeds} seeds each are {len(room.rates) * room.seeds} runs: choose at most {MOST_RACERS}."
        )
    if len(room.axes) > MOST_AXES or any(len(axis.values) > MOST_RUNS for axis in room.axes):
        raise InputError(f"A sweep goes over at most {MOST_AXES} settings of at most {MOST_RUNS} values each: leave some out.")
    if not 1 <= room.sweep_seeds <= MOST_RUNS:
        raise InputError(f"A sweep needs 1 to {MOST_RUNS} seeds for each cell.")
    if room.cluster:
        try:
            check_form(room.cluster)
        except UnavailableError as error:
            raise InputError(str(error)) from None
    return room


def rates_of(text: str) -> tuple[float, ...]:
    """The learning rates in *text*, separated by commas or spaces. Raises InputError for what is no number."""
    rates = []
    for part in text.replace(",", " ").replace(";", " ").split():
        try:
            rates.append(float(part))
        except ValueError:
            raise InputError(f"'{shortened(part, 20)}' is no learning rate: write numbers such as 1e-5, 5e-4, 0.01.") from None
    return tuple(rates)
