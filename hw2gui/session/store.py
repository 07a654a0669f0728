"""One place for what the user chose: a frozen state, replaced whole, every change a labelled step that can be undone.

A tab's state is a frozen dataclass. Nothing changes it in place: :meth:`Store.change` makes the next one, so that a state can be kept
for undo, sent to another process or written to a file without being copied.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Generic, TypeVar

from psygnal import Signal

S = TypeVar("S")

UNDO_STEPS = 50
"""How many steps can be undone; the oldest are forgotten."""

GESTURE_SECONDS = 1.0
"""Changes of one gesture (a slider dragged, a stroke painted) that follow within this time are one step."""


class Stroke:
    """One press of the pointer until it is let go, as the gesture of changes: they are one step however long it takes, and another
    press is another step however soon it comes.
    """


@dataclass(frozen=True)
class Step:
    """One step of history: what it is called, and the fields it changed, as they were before and after it.

    A field within a field is named with dots, such as ``room.rates``.
    """

    label: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


class Store(Generic[S]):
    """Holds a state of type ``S`` and tells who listens when it changes.

    *check* is called with every new state before it is taken; it may answer a corrected state, or raise
    :class:`hw2gui.errors.InputError`, in which case nothing has changed.

    Undo and redo put back the fields that the step changed and leave the others alone, so that what was only looked at since
    (:meth:`move`) stays where the user left it; in a field that is a dataclass itself, the same holds of its fields.
    """

    # A listener may change the state again; the listeners after it then hear of both changes in the order in which they were made.
    changed = Signal(object, object, reemission="queued")
    """Emitted with (old state, new state) after every change, undo and redo."""

    history_changed = Signal(reemission="queued")
    """Emitted when what can be undone or redone has changed."""

    def __init__(self, initial: S, check: Callable[[S], S] = lambda state: state, clock: Callable[[], float] = time.monotonic) -> None:
        self._check = check
        self._clock = clock
        self._state = check(initial)
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._gesture: Hashable | None = None
        self._gesture_time = 0.0
        self.locked = False
        """While this is set nothing is chosen and nothing undone; one can still look (:meth:`move`), and begin anew (:meth:`reset`)."""

    @property
    def state(self) -> S:
        """The state now."""
        return self._state

    @property
    def done(self) -> tuple[Step, ...]:
        """The steps that can be undone, the latest last."""
        return tuple(self._done)

    @property
    def undone(self) -> tuple[Step, ...]:
        """The steps that can be done again, the next one last."""
        return tuple(self._undone)

    def checked(self, state: S) -> S:
        """What :meth:`replace` would make of *state*, without taking it. Raises what the store's *check* raises."""
        return self._check(state)

    def change(self, label: str, *, gesture: Hashable | None = None, **changes: Any) -> None:
        """Replace fields of the state as one step of history called *label*.

        Consecutive changes with the same *gesture* become a single step: within :data:`GESTURE_SECONDS` of each other, or without
        such a limit while the gesture is one :class:`Stroke`.
        """
        self.replace(label, self._with(changes), gesture=gesture)

    def replace(self, label: str, state: S, *, gesture: Hashable | None = None) -> None:
        """Make *state* the state, as one step of history called *label*."""
        if self.locked:
            return
        after = self._check(state)
        changed = list(_changes(self._state, after))
        if not changed:
            return
        step = Step(label, {name: old for name, old, _ in changed}, {name: new for name, _, new in changed})
        now = self._clock()
        held = isinstance(gesture, Stroke) or now - self._gesture_time <= GESTURE_SECONDS
        if gesture is not None and gesture == self._gesture and held:
            step = _joined(self._done.pop(), step)
        self._gesture, self._gesture_time = gesture, now
        if step.before:
            self._done = [*self._done, step][-UNDO_STEPS:]
        else:
            self._gesture = None  # Back where the gesture began: there is no step to go on with.
        self._undone.clear()
        self._set(after, history=True)

    def move(self, **changes: Any) -> None:
        """Replace fields without a step of history: where one looks, not what one chose (a pinned cell, the playhead)."""
        self._set(self._check(self._with(changes)), history=False)

    def reset(self, state: S) -> None:
        """Start anew from *state* (what was kept of the last session), with an empty history."""
        after = self._check(state)
        self._done.clear()
        self._undone.clear()
        self._gesture = None
        self._set(after, history=True)

    def undo(self) -> None:
        """Take the latest step back; without one, nothing happens."""
        if self._done and not self.locked:
            after = self._check(_put(self._state, self._done[-1].before))
            self._undone.append(self._done.pop())
            self._gesture = None
            self._set(after, history=True)

    def redo(self) -> None:
        """Do the step undone last again; without one, nothing happens."""
        if self._undone and not self.locked:
            after = self._check(_put(self._state, self._undone[-1].after))
            self._done.append(self._undone.pop())
            self._gesture = None
            self._set(after, history=True)

    def _with(self, changes: Mapping[str, Any]) -> S:
        return replace(self._state, **changes)  # type: ignore[type-var]  # S is a frozen dataclass, which cannot be said of a type variable

    def _set(self, after: S, *, history: bool) -> None:
        before, self._state = self._state, after
        try:
            if after != before:
                self.changed.emit(before, after)
        finally:
            # Also when a listener failed: the state has changed, and the menus must say so.
            if history:
                self.history_changed.emit()


def _changes(old: Any, new: Any, within: str = "") -> Iterator[tuple[str, Any, Any]]:
    """(name, before, after) of each field in which *new* differs from *old*.

    Of a field declared to be a dataclass, the fields within it; not of one that may be None as well, which has no fields then.
    """
    for field in fields(new):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before == after:
            continue
        if is_dataclass(after) and type(after) is type(before) and field.type in (type(after), type(after).__name__):
            yield from _changes(before, after, f"{within}{field.name}.")
        else:
            yield within + field.name, before, after


def _put(state: Any, values: Mapping[str, Any]) -> Any:
    """*state* with the fields named in *values*, as :func:`_changes` names them."""
    changes: dict[str, Any] = {}
    inner: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        field, _, rest = name.partition(".")
        if rest:
            inner.setdefault(field, {})[rest] = value
        else:
            changes[field] = value
    for field, below in inner.items():
        changes[field] = _put(getattr(state, field), below)
    return replace(state, **changes)


def _joined(first: Step, second: Step) -> Step:
    """Two steps of one gesture as one, without the fields that are as they were before it."""
    before, after = {**second.before, **first.before}, {**first.after, **second.after}
    changed = [name for name in before if before[name] != after[name]]
    return Step(second.label, {name: before[name] for name in changed}, {name: after[name] for name in changed})
