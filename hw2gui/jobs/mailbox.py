"""What a running job is told: a queue its submitter writes and the job reads when it suits it."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from typing import Any

from hw2gui.errors import CancelledError

_CANCEL = object()


class Commands:
    """The commands of one job, in the order sent by `Handle.send`. A job's function gets it as its parameter ``commands``.

    A command is anything that can be pickled, but not None. Reading raises `CancelledError` once the job is cancelled, so that a
    job that waits here ends at once.
    """

    def __init__(self) -> None:
        self._queue: SimpleQueue[Any] = SimpleQueue()
        self._cancelled = False

    @property
    def cancelled(self) -> bool:
        """Whether the job's answers are no longer wanted."""
        return self._cancelled

    @property
    def waiting(self) -> bool:
        """Whether there is something to read; takes well under a microsecond."""
        return not self._queue.empty()

    def poll(self) -> Any | None:
        """The next command, or None if there is none now."""
        return self.wait(0) if self.waiting else None

    def wait(self, seconds: float | None = None) -> Any | None:
        """The next command; None if none comes in so many *seconds* (None: wait for ever).

        A job run by the `InlineRunner` waits on the submitter's own thread: only another thread can then wake it.
        """
        if self._cancelled:
            raise CancelledError("The work was cancelled.")
        try:
            command = self._queue.get(timeout=seconds) if seconds is None or seconds > 0 else self._queue.get_nowait()
        except Empty:
            return None
        if command is _CANCEL:
            raise CancelledError("The work was cancelled.")
        return command

    # For runners, from any thread.

    def put(self, command: Any) -> None:
        """Add *command*."""
        self._queue.put(command)

    def cancel(self) -> None:
        """Wake the job, and let it read no more."""
        self._cancelled = True
        self._queue.put(_CANCEL)
