"""A training room for the toy task: the smallest subject there can be, and what trains it in a process."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from pathlib import Path

from hw2gui.errors import InputError
from hw2gui.jobs import Commands
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.training.config import TrainingConfig
from hw2gui.training.events import Event, Finished
from hw2gui.training.loop import train
from hw2gui.training.room import Room, check_room
from hw2gui.training.run_folder import RunFolder
from hw2gui.training.runs import new_folder
from hw2gui.training.survey import Described, RunRow
from hw2gui.training.survey import survey as survey_of
from tests.training.toy import CLASSES, Stubborn, Toy, Weak

KINDS = {"toy": Toy, "weak": Weak, "stubborn": Stubborn}


@dataclass(frozen=True)
class ToySetup:
    training: TrainingConfig = field(default_factory=lambda: TrainingConfig(epochs=3, batch_size=4, learning_rate=0.02))
    kind: str = "toy"


@dataclass(frozen=True)
class ToyState:
    setup: ToySetup = field(default_factory=ToySetup)
    recipe: str = ""
    room: Room = field(default_factory=Room)


def check(state: ToyState) -> ToyState:
    check_room(state.room)
    if state.setup.training.seed == 13:
        raise InputError("13 is no seed for a toy.")
    return state


def long(state: ToyState, epochs: int = 2000) -> ToyState:
    """Settings whose training is not over before one has clicked."""
    return replace(
        state, setup=replace(state.setup, training=replace(state.setup.training, epochs=epochs, keep_epochs=False, test="never"))
    )


def begin_all(configs: tuple[ToySetup, ...], titles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        str(RunFolder.create(new_folder(title), "toy", to_plain(config)).path) for config, title in zip(configs, titles, strict=True)
    )


def describe(run: RunFolder) -> Described:
    return Described("a toy", from_plain(ToySetup, run.header.config).kind, 0.9, math.log(CLASSES), 0.2)


def survey() -> tuple[RunRow, ...]:
    return survey_of("toy", describe)


def train_run(folder: str, commands: Commands) -> Generator[Event, None, Finished]:
    run = RunFolder.open(Path(folder))
    setup = from_plain(ToySetup, run.header.config)
    return (yield from train(KINDS[setup.kind](setup.training), setup.training, run, commands))
