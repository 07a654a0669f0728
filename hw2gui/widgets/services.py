"""What the window gives to every tab: work done elsewhere, messages, files to write. Tabs see this and nothing else of the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, Protocol

from hw2gui.jobs import Runner


class Services(Protocol):
    """Implemented by the window, and by simple stand-ins in tests."""

    def ask(
        self,
        key: str,
        function: str,
        arguments: Mapping[str, Any],
        done: Callable[[Any], None],
        *,
        failed: Callable[[str], None] | None = None,
        progress: Callable[[Any], None] | None = None,
        cancelled: Callable[[], None] | None = None,
        what: str = "",
        alone: bool = False,
    ) -> None:
        """Call *function* ("package.module:name") with *arguments* in the worker process.

        Exactly one of three is called, on the window's thread: *done* with the answer, *failed* with one sentence (default: the message
        bar), or *cancelled* when the user cancelled (default: *failed* with "WHAT: cancelled.", so that nothing waits for ever; without
        *failed*, the status line). But when a newer request with the same *key* is made meanwhile, or the key is forgotten, nothing of the
        older one is ever delivered. Work that takes longer than 0.3 s is shown in the status line as *what*, with how far it is (for events
        with a ``share``, or ``done`` and ``total``) and Cancel. What takes long (a download) runs *alone*, in a process of its own, so that
        quick questions are not kept waiting.
        """
        ...

    @property
    def runner(self) -> Runner:
        """Runs trainings: each job in a process of its own, as many at once as are submitted. Answers come on the window's thread.

        For what is told things while it runs, and outlives the question that began it; everything else is better asked.
        """
        ...

    def cluster(self, address: str) -> Runner:
        """Runs trainings on the Ray cluster at *address*, each with the luggage of its job; what keeps it from being used is told of each.

        Answers come on the window's thread; connecting keeps nobody waiting.
        """
        ...

    def tell(self, key: str, command: Any) -> None:
        """Send *command* to the work that runs under *key* and listens to commands (a training); nothing happens where none runs."""
        ...

    def later(self, milliseconds: int, act: Callable[[], None]) -> None:
        """Do *act* on the window's thread after a while, unless the window is closed by then."""
        ...

    def forget(self, key: str) -> None:
        """Whatever was asked under *key* is no longer wanted."""
        ...

    def message(self, text: str, kind: Literal["info", "error"] = "error", action: tuple[str, Callable[[], None]] | None = None) -> None:
        """Show one sentence in the message bar."""
        ...

    def unsay(self, text: str) -> None:
        """What this sentence says is no longer so: take it away, if it is the one that is shown."""
        ...

    def status(self, text: str) -> None:
        """Show a hint in the status line for a few seconds."""
        ...

    def choose_file(self, title: str, suggestion: str, kinds: str, *, save: bool) -> Path | None:
        """Ask the user for a file to write (*save*) or read; None when they think better of it."""
        ...

    def choose_folder(self, title: str) -> Path | None:
        """Ask the user for a folder that is there; None when they think better of it."""
        ...

    def copy(self, text: str, what: str) -> None:
        """Put *text* on the clipboard and say so."""
        ...

    def show(self, tab: str, state: Any, step: str) -> None:
        """Bring the tab *tab* (its key) to the front in *state*, one of its own frozen states: a step of its history called *step*.

        Where that cannot be shown (no such tab, a state its tab refuses) nothing changes and the message bar says why.
        """
        ...
