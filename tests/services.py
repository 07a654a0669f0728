"""The window's services for tests of tabs, without a window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hw2gui.errors import UserError
from hw2gui.jobs import InlineRunner, Job


@dataclass
class InlineServices:
    """The window's services without a window: work is done at once, in this process; what would be shown is kept."""

    runner: InlineRunner = field(default_factory=InlineRunner)
    messages: list[str] = field(default_factory=list)
    actions: list[Callable[[], None]] = field(default_factory=list)
    """What the messages offered to do."""
    unsaid: list[str] = field(default_factory=list)
    copied: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    shown: list[tuple[str, Any]] = field(default_factory=list)
    file: Path | None = None
    unanswered: frozenset[str] = frozenset()
    """Requests under these keys are noted, and answered when a test says `answer`."""
    waiting: dict[str, tuple[Callable[[], None], Callable[[Any], None]]] = field(default_factory=dict)

    def ask(
        self,
        key: str,
        function: str,
        arguments: Mapping[str, Any],
        done: Callable[[Any], None],
        *,
        failed: Callable[[str], None] | None = None,
        progress: Callable[[Any], None] | None = None,
        what: str = "",
        **_: Any,
    ) -> None:
        self.asked.append(key)

        def on_error(error: Exception) -> None:
            if not isinstance(error, UserError):
                raise error
            (failed or self.message)(str(error))

        def submit() -> None:
            self.runner.submit(Job(function, dict(arguments)), on_done=done, on_error=on_error, on_event=progress)

        if key in self.unanswered:
            self.waiting[key] = submit, done
        else:
            submit()

    def answer(self, key: str, *found: Any) -> None:
        """The latest request under *key* is answered now (with *found*, or by the work itself), unless it was forgotten."""
        if key in self.waiting:
            submit, done = self.waiting.pop(key)
            done(*found) if found else submit()

    def cluster(self, address: str) -> InlineRunner:
        self.asked.append(f"cluster {address}")
        return self.runner

    def tell(self, key: str, command: Any) -> None:
        self.asked.append(f"{key}: {type(command).__name__}")

    def later(self, milliseconds: int, act: Callable[[], None]) -> None:
        act()

    def forget(self, key: str) -> None:
        self.waiting.pop(key, None)

    def message(self, text: str, kind: str = "error", action: tuple[str, Callable[[], None]] | None = None) -> None:
        self.messages.append(text)
        if action is not None:
            self.actions.append(action[1])

    def unsay(self, text: str) -> None:
        self.unsaid.append(text)

    def status(self, text: str) -> None:
        self.messages.append(text)

    def choose_file(self, title: str, suggestion: str, kinds: str, *, save: bool) -> Path | None:
        return self.file

    def choose_folder(self, title: str) -> Path | None:
        return self.file

    def copy(self, text: str, what: str) -> None:
        self.copied.append(text)

    def show(self, tab: str, state: Any, step: str) -> None:
        self.shown.append((tab, state))
