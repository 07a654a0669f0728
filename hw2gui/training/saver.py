"""Saving while the disk may be full: told once, tried again, insisted on at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator

from hw2gui.errors import UnavailableError
from hw2gui.jobs import Commands
from hw2gui.training.controls import Stop
from hw2gui.training.events import Event, Saved, Warned
from hw2gui.training.fields import number_words
from hw2gui.training.health import all_finite
from hw2gui.training.recorder import sentence_about
from hw2gui.training.run_folder import Status
from hw2gui.training.session import Session

RETRY_S, PATIENCE_S = 5.0, 600.0
"""At the end, what cannot be saved is tried again this often, and given up after that long."""

Events = Generator[Event, None, None]


class NotANumberError(Exception):
    """Training has left the numbers; the message says where. The last save is from before that."""


class Saver:
    """Saves *session*; never weights that are no numbers."""

    def __init__(self, session: Session, commands: Commands) -> None:
        self._session = session
        self._commands = commands
        self._told = False
        self.saved_step = session.at.step if session.resumed else -1
        self._saved_time = time.perf_counter()

    @property
    def due(self) -> bool:
        """Whether it is time for a checkpoint."""
        return time.perf_counter() - self._saved_time >= self._session.config.checkpoint_seconds

    def attempt(self, write: Callable[[], object]) -> Generator[Event, None, bool]:
        """Call *write*; when the disk refuses, say so unless that was said already. Answers whether it went well."""
        try:
            write()
        except OSError as error:
            if not self._told:
                self._told = True
                yield Warned(self._session.at.step, "disk", sentence_about(error, self._session.run.path))
            return False
        return True

    def save(self, status: Status = "running", *, epoch: bool = False, insist: bool = False) -> Events:
        """Write a checkpoint, after an *epoch* its weights as well; with *insist*, not without success."""
        session = self._session
        if not all_finite(session.model):
            raise self.no_number(f"The weights are no numbers any more at step {session.at.step}")
        written: list[str] = []

        def write() -> None:
            if epoch:
                written.extend(session.recorder.weights(keep_all=session.config.keep_epochs))
            written.extend(session.recorder.checkpoint(status))

        if insist:
            yield from self.insist(write)
            done = True
        else:
            done = yield from self.attempt(write)
        self._saved_time = time.perf_counter()
        if done:
            self._told = False
            self.saved_step = session.at.step
            yield Saved(session.at.step, tuple(dict.fromkeys(written)))

    def insist(self, write: Callable[[], object]) -> Events:
        """Call *write* again and again until it goes well. Raises `UnavailableError` when it does not for long, or at another Stop."""
        end = time.monotonic() + PATIENCE_S
        while not (yield from self.attempt(write)):
            if time.monotonic() > end or isinstance(self._commands.wait(RETRY_S), Stop):
                kept = f"the model of step {self.saved_step} is kept" if self.saved_step >= 0 else "nothing could be saved"
                raise UnavailableError(f"{self._session.run.path} could not be written to the end: {kept}; make room and resume the run.")

    def no_number(self, what: str) -> NotANumberError:
        """The error that tells *what* happened, what is kept, and what to do."""
        rate = self._session.trained.optimizer.param_groups[0]["lr"]
        kept = f"the model of step {max(0, self.saved_step)} is kept"
        return NotANumberError(f"{what}: the learning rate {number_words(rate)} is most likely too high; {kept}, try a smaller rate.")
