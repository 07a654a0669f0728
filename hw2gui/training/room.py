"""What the user chose in a training room, beside the settings of the next run: which runs are shown, how, and what races."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hw2gui.errors import InputError

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
    return room


def rates_of(text: str) -> tuple[float, ...]:
    """The learning rates in *text*, separated by commas or spaces. Raises InputError for what is no number."""
    rates = []
    for part in text.replace(",", " ").replace(";", " ").split():
        try:
            rates.append(float(part))
        except ValueError:
            raise InputError(f"'{part[:20]}' is no learning rate: write numbers such as 1e-5, 5e-4, 0.01.") from None
    return tuple(rates)
