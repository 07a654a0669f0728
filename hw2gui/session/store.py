"""One place for what the user chose: a frozen state, replaced whole, every change a labelled step that can be undone.

A tab's state is a frozen dataclass. Nothing changes it in place: :meth:`Store.change` makes the next one, so that a state can be kept
for undo, sent to another process or written to a file without being copied.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from psygnal import Signal

S = TypeVar("S")

UNDO_STEPS = 50
"""How many steps can be undone; the oldest are forgotten."""

GESTURE_SECONDS = 1.0
"""Changes of one gesture (a slider dragged, a stroke painted) that follow within this time are one step."""


@dataclass(frozen=True)
class Step(Generic[S]):
    """One step of history: what it is called, and the states on both sides of it."""

    label: str
    before: S
    after: S


class Store(Generic[S]):
    """Holds a state of type ``S`` and tells who listens when it changes.

    *check* is called with every new state before it is taken; it may answer a corrected state, or raise
    :class:`hw2gui.errors.InputError`, in which case nothing has changed.
    """

    changed = Signal(object, object)
    """Emitted with (old state, new state) after every change, undo and redo."""

    history_changed = Signal()
    """Emitted when what can be undone or redone has changed."""

    def __init__(self, initial: S, check: Callable[[S], S] = lambda state: state, clock: Callable[[], float] = time.monotonic) -> None:
        self._check = check
        self._clock = clock
        self._state = check(initial)
        self._done: list[Step[S]] = []
        self._undone: list[Step[S]] = []
        self._gesture: Hashable | None = None
        self._gesture_time = 0.0

    @property
    def state(self) -> S:
        """The state now."""
        return self._state

    @property
    def done(self) -> tuple[Step[S], ...]:
        """The steps that can be undone, the latest last."""
        return tuple(self._done)

    @property
    def undone(self) -> tuple[Step[S], ...]:
        """The steps that can be done again, the next one last."""
        return tuple(self._undone)

    def change(self, label: str, *, gesture: Hashable | None = None, **fields: Any) -> None:
        """Replace *fields* of the state as one step of history called *label*.

        Consecutive changes with the same *gesture* become a single step.
        """
        self.replace(label, replace(self._state, **fields), gesture=gesture)  # type: ignore[type-var]

    def replace(self, label: str, state: S, *, gesture: Hashable | None = None) -> None:
        """Make *state* the state, as one step of history called *label*."""
        after = self._check(state)
        before = self._state
        if after == before:
            return
        now = self._clock()
        same_gesture = gesture is not None and gesture == self._gesture and now - self._gesture_time <= GESTURE_SECONDS
        if same_gesture and self._done:
            before_gesture = self._done.pop().before
            if after != before_gesture:
                self._done.append(Step(label, before_gesture, after))
        else:
            self._done.append(Step(label, before, after))
            del self._done[:-UNDO_STEPS]
        self._gesture, self._gesture_time = gesture, now
        self._undone.clear()
        self._set(after)

    def move(self, **fields: Any) -> None:
        """Replace *fields* without a step of history: where one looks, not what one chose (a pinned cell, the playhead)."""
        after = self._check(replace(self._state, **fields))  # type: ignore[type-var]
        if after != self._state:
            self._set(after)

    def reset(self, state: S) -> None:
        """Start anew from *state* (an opened session), with an empty history."""
        after = self._check(state)
        self._done.clear()
        self._undone.clear()
        self._gesture = None
        self._set(after)

    def undo(self) -> None:
        """Take the latest step back; without one, nothing happens."""
        if self._done:
            step = self._done.pop()
            self._undone.append(step)
            self._gesture = None
            self._set(step.before)

    def redo(self) -> None:
        """Do the step undone last again; without one, nothing happens."""
        if self._undone:
            step = self._undone.pop()
            self._done.append(step)
            self._gesture = None
            self._set(step.after)

    def _set(self, after: S) -> None:
        before, self._state = self._state, after
        self.changed.emit(before, after)
        self.history_changed.emit()
