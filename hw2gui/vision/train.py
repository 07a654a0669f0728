"""Training a character network in a run's folder: the job for the training process. Torch is imported when it runs."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from hw2gui.jobs import Commands
from hw2gui.session.codec import to_plain
from hw2gui.training.events import Event, Finished
from hw2gui.training.run_folder import RunFolder
from hw2gui.training.runs import new_folder
from hw2gui.vision import models
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.finished import config_of

JOB = f"{__name__}:train"
"""The name of `train` for a `hw2gui.jobs.Job`; its argument is ``folder``."""


def begin(config: VisionConfig, folder: Path | None = None, title: str = "cnn") -> RunFolder:
    """Make the folder of a new run of *config*: *folder*, or one named after *title* among the user's runs.

    InputError if something is there already, UnavailableError if it cannot be made.
    """
    return RunFolder.create(folder or new_folder(title), models.TASK, to_plain(config))


def begin_all(configs: tuple[VisionConfig, ...], titles: tuple[str, ...]) -> tuple[str, ...]:
    """`begin` for a worker, several at once: answers the new runs' folders."""
    return tuple(str(begin(config, title=title).path) for config, title in zip(configs, titles, strict=True))


def train(folder: str, commands: Commands | None = None) -> Generator[Event, None, Finished]:
    """Train the run in *folder* from the start, or go on where it was; see `hw2gui.training.loop.train`."""
    from hw2gui.training import loop
    from hw2gui.vision.task import CharacterTask

    run = RunFolder.open(Path(folder))
    config = config_of(run)
    return (yield from loop.train(CharacterTask(config), config.training, run, commands))
