from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psygnal import EmitLoopError

from hw2gui.errors import InputError
from hw2gui.session.store import GESTURE_SECONDS, UNDO_STEPS, Store, Stroke


@dataclass(frozen=True)
class Chosen:
    size: int = 1
    name: str = ""
    pin: int | None = None


def check(state: Chosen) -> Chosen:
    """Sizes are not negative; a pin beyond the size is let go."""
    if state.size < 0:
        raise InputError("The size is negative: use 0 or more.")
    return replace(state, pin=None) if state.pin is not None and state.pin > state.size else state


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> Store[Chosen]:
    return Store(Chosen(), check, clock)


def labels(store: Store[Chosen]) -> list[str]:
    return [step.label for step in store.done]


def test_a_change_is_a_step_that_is_undone_and_done_again(store: Store[Chosen]) -> None:
    heard: list[tuple[Chosen, Chosen]] = []
    store.changed.connect(lambda old, new: heard.append((old, new)))
    store.change("Size", size=3)
    store.undo()
    assert store.state == Chosen() and [step.label for step in store.undone] == ["Size"]
    store.redo()
    assert store.state == Chosen(size=3) and labels(store) == ["Size"]
    assert heard == [(Chosen(), Chosen(size=3)), (Chosen(size=3), Chosen()), (Chosen(), Chosen(size=3))]


def test_undo_and_redo_with_nothing_to_do_do_nothing(store: Store[Chosen]) -> None:
    heard: list[Any] = []
    store.changed.connect(lambda *states: heard.append(states))
    store.undo()
    store.redo()
    assert store.state == Chosen() and heard == []


def test_a_new_change_forgets_what_was_undone(store: Store[Chosen]) -> None:
    store.change("Size", size=3)
    store.undo()
    store.change("Name", name="x")
    assert store.undone == ()
    store.redo()
    assert store.state == Chosen(name="x")


def test_a_change_to_what_already_is_is_no_step(store: Store[Chosen]) -> None:
    store.change("Size", size=3)
    store.undo()
    store.change("Size", size=1)
    assert store.done == () and len(store.undone) == 1


def test_a_refused_change_changes_nothing(store: Store[Chosen]) -> None:
    store.change("Size", size=3)
    store.undo()
    with pytest.raises(InputError, match="negative"):
        store.change("Size", size=-1)
    with pytest.raises(InputError):
        store.move(size=-1)
    with pytest.raises(InputError):
        store.reset(Chosen(size=-1))
    assert store.state == Chosen() and store.done == () and len(store.undone) == 1


def test_what_the_check_corrects_belongs_to_the_step(store: Store[Chosen]) -> None:
    store.change("Size", size=9)
    store.change("Pin", pin=8)
    store.change("Size", size=2)
    assert store.state == Chosen(size=2, pin=None)
    store.undo()
    assert store.state == Chosen(size=9, pin=8)


def test_undo_leaves_alone_what_was_only_looked_at_since(store: Store[Chosen]) -> None:
    store.change("Size", size=9)
    store.change("Name", name="x")
    store.move(pin=4)
    assert labels(store) == ["Size", "Name"]
    store.undo()
    assert store.state == Chosen(size=9, pin=4)
    store.move(pin=5)
    store.redo()
    assert store.state == Chosen(size=9, name="x", pin=5)


def test_what_is_looked_at_must_still_be_there_after_undo(store: Store[Chosen]) -> None:
    store.change("Size", size=9)
    store.move(pin=8)
    store.undo()
    assert store.state == Chosen(size=1, pin=None)


def test_one_gesture_is_one_step(store: Store[Chosen], clock: Clock) -> None:
    for size in (2, 3, 4):
        clock.now += GESTURE_SECONDS
        store.change("Size", gesture="size", size=size)
    assert labels(store) == ["Size"]
    store.undo()
    assert store.state == Chosen()


@pytest.mark.parametrize("between", ["pause", "another gesture", "a plain change", "undo and redo"])
def test_a_gesture_ends(store: Store[Chosen], clock: Clock, between: str) -> None:
    store.change("Size", gesture="size", size=2)
    if between == "pause":
        clock.now += GESTURE_SECONDS + 0.01
    elif between == "another gesture":
        store.change("Name", gesture="name", name="x")
    elif between == "a plain change":
        store.change("Name", name="x")
    else:
        store.undo()
        store.redo()
    store.change("Size", gesture="size", size=3)
    assert labels(store)[-1] == "Size" and len(store.done) == (2 if between in ("pause", "undo and redo") else 3)
    store.undo()
    assert store.state.size == 2


def test_a_stroke_is_one_step_however_long_it_takes_and_the_next_is_another(store: Store[Chosen], clock: Clock) -> None:
    first, second = Stroke(), Stroke()
    for size in (2, 3, 4):
        store.change("Paint", gesture=first, size=size)
        clock.now += 10 * GESTURE_SECONDS
    store.change("Paint", gesture=second, size=5)
    store.undo()
    assert store.state.size == 4 and len(store.done) == 1
    store.undo()
    assert store.state.size == 1 and store.done == ()
    # Undone with the button still down: what is painted from then on is a step of its own.
    store.change("Paint", gesture=first, size=7)
    store.undo()
    store.change("Paint", gesture=first, size=8)
    store.undo()
    assert store.state.size == 1


def test_a_gesture_that_returns_to_its_beginning_leaves_no_step_and_no_trace(store: Store[Chosen]) -> None:
    """Nor may it swallow the step before it."""
    store.change("Name", name="x")
    for size in (2, 1, 5):
        store.change("Size", gesture="size", size=size)
        if size == 1:
            assert labels(store) == ["Name"]
    assert labels(store) == ["Name", "Size"]
    store.undo()
    assert store.state == Chosen(name="x")


def test_looking_elsewhere_during_a_gesture_is_not_part_of_it(store: Store[Chosen]) -> None:
    store.change("Size", gesture="size", size=5)
    store.move(pin=2)
    store.change("Size", gesture="size", size=6)
    store.undo()
    assert store.state == Chosen(size=1, pin=None)  # A pin of 2 does not fit the size of 1; the check let it go.
    store.redo()
    store.move(pin=1)
    store.undo()
    assert store.state == Chosen(size=1, pin=1)


def test_only_so_many_steps_are_kept(store: Store[Chosen]) -> None:
    for size in range(2, UNDO_STEPS + 12):
        store.change(f"Size {size}", size=size)
    assert len(store.done) == UNDO_STEPS == 50
    for _ in range(UNDO_STEPS + 5):
        store.undo()
    assert store.state.size == 11


def test_reset_begins_anew(store: Store[Chosen]) -> None:
    store.change("Size", size=2)
    store.change("Size", size=3)
    store.undo()
    store.reset(Chosen(size=7))
    assert store.state == Chosen(size=7) and store.done == () and store.undone == ()


def test_history_is_told_when_it_changes_and_only_then(store: Store[Chosen]) -> None:
    told: list[int] = []
    store.history_changed.connect(lambda: told.append(len(store.done)))
    store.change("Size", size=2)
    store.move(pin=1)
    store.undo()
    store.redo()
    store.reset(Chosen())
    assert told == [1, 0, 1, 0]


def test_listeners_hear_of_changes_in_order_also_when_one_of_them_makes_another(store: Store[Chosen]) -> None:
    """The view that is told last must not end on the older state."""
    heard: list[int] = []

    def grow(_: Chosen, new: Chosen) -> None:
        if new.size == 2:
            store.change("More", size=3)

    store.changed.connect(grow)
    store.changed.connect(lambda _, new: heard.append(new.size))
    store.change("Size", size=2)
    assert heard == [2, 3]


def test_a_listener_that_fails_does_not_leave_the_store_behind(store: Store[Chosen]) -> None:
    told: list[str] = []

    def fail(*_: object) -> None:
        raise RuntimeError("broken view")

    store.changed.connect(fail)
    store.history_changed.connect(lambda: told.append("history"))
    with pytest.raises(EmitLoopError) as caught:
        store.change("Size", size=2)
    assert isinstance(caught.value.__cause__, RuntimeError)
    assert store.state.size == 2 and told == ["history"]
    store.changed.disconnect(fail)
    store.undo()
    assert store.state == Chosen()


def test_checked_takes_nothing(store: Store[Chosen]) -> None:
    assert store.checked(Chosen(size=2, pin=9)) == Chosen(size=2)
    with pytest.raises(InputError):
        store.checked(Chosen(size=-1))
    assert store.state == Chosen()


@dataclass(frozen=True)
class Within:
    rates: tuple[float, ...] = (0.1,)
    shown: str = ""


@dataclass(frozen=True)
class Outside:
    room: Within = field(default_factory=Within)
    perhaps: Within | None = None
    name: str = ""


def test_undo_leaves_alone_what_was_only_looked_at_within_the_same_field() -> None:
    """Other rates are set, a run is begun and shown: undo takes the rates back, and the run stays on screen."""
    store = Store(Outside())
    store.change("Rates", room=replace(store.state.room, rates=(0.1, 0.2)))
    store.move(room=replace(store.state.room, shown="run 1"))
    store.undo()
    assert store.state == Outside(Within((0.1,), "run 1"))
    store.move(room=replace(store.state.room, shown="run 2"))
    store.redo()
    assert store.state == Outside(Within((0.1, 0.2), "run 2"))
    assert [dict(step.before) for step in store.done] == [{"room.rates": (0.1,)}]


def test_a_gesture_within_a_field_is_one_step(clock: Clock) -> None:
    store = Store(Outside(), clock=clock)
    for rate in (0.2, 0.3):
        store.change("Rates", gesture="rates", room=replace(store.state.room, rates=(rate,)))
        store.move(room=replace(store.state.room, shown=f"run {rate}"))
    store.undo()
    assert store.state == Outside(Within((0.1,), "run 0.3")) and store.done == ()


def test_a_field_that_may_be_none_is_put_back_whole(clock: Clock) -> None:
    store = Store(Outside(), clock=clock)
    store.change("One", gesture="perhaps", perhaps=Within())
    store.change("Another", gesture="perhaps", perhaps=Within((0.5,)))
    store.change("Name", name="x")
    store.change("A third", perhaps=Within((0.5,), "run"))
    store.move(perhaps=None)
    store.undo()
    assert store.state == Outside(perhaps=Within((0.5,)), name="x")
    store.undo()
    store.undo()
    assert store.state == Outside()
    for _ in range(3):
        store.redo()
    assert store.state == Outside(perhaps=Within((0.5,), "run"), name="x")


# -- against a model --------------------------------------------------------------------------------------------------------------


class Model:
    """The same by the definition: steps as whole lists of changed fields, nothing clever."""

    def __init__(self) -> None:
        self.state = Chosen()
        self.done: list[tuple[dict[str, Any], dict[str, Any]]] = []
        self.undone: list[tuple[dict[str, Any], dict[str, Any]]] = []
        self.gesture: str | None = None

    def change(self, changes: dict[str, Any], gesture: str | None) -> None:
        after = check(replace(self.state, **changes))
        names = [field.name for field in fields(Chosen)]
        before_fields = {name: getattr(self.state, name) for name in names if getattr(self.state, name) != getattr(after, name)}
        if not before_fields:
            return
        after_fields = {name: getattr(after, name) for name in before_fields}
        if gesture is not None and gesture == self.gesture:
            older, old_after = self.done.pop()
            before_fields, after_fields = {**before_fields, **older}, {**old_after, **after_fields}
            same = [name for name in before_fields if before_fields[name] == after_fields[name]]
            for name in same:
                del before_fields[name], after_fields[name]
        if before_fields:
            self.done = [*self.done, (before_fields, after_fields)][-UNDO_STEPS:]
            self.gesture = gesture
        else:
            self.gesture = None
        self.undone = []
        self.state = after

    def move(self, changes: dict[str, Any]) -> None:
        self.state = check(replace(self.state, **changes))

    def undo(self) -> None:
        if self.done:
            self.undone.append(self.done.pop())
            self.state = check(replace(self.state, **self.undone[-1][0]))
            self.gesture = None

    def redo(self) -> None:
        if self.undone:
            self.done.append(self.undone.pop())
            self.state = check(replace(self.state, **self.done[-1][1]))
            self.gesture = None


sizes = st.integers(-1, 4)
actions = st.one_of(
    st.tuples(st.just("change"), st.fixed_dictionaries({}, optional={"size": sizes, "name": st.sampled_from("ab"), "pin": sizes})),
    st.tuples(st.just("gesture a"), st.fixed_dictionaries({"size": sizes})),
    st.tuples(st.just("gesture b"), st.fixed_dictionaries({"name": st.sampled_from("ab")})),
    st.tuples(st.just("move"), st.fixed_dictionaries({"pin": st.none() | sizes})),
    st.tuples(st.just("undo"), st.just({})),
    st.tuples(st.just("redo"), st.just({})),
)


@given(st.lists(actions, max_size=40))
def test_any_order_of_actions_does_what_the_model_does(done: list[tuple[str, dict[str, Any]]]) -> None:
    store, model = Store(Chosen(), check, lambda: 0.0), Model()
    states: list[Chosen] = []
    store.changed.connect(lambda _, new: states.append(new))
    for kind, changes in done:
        refused = []
        for one in (store, model):
            try:
                if kind == "move":
                    one.move(**changes) if one is store else model.move(changes)
                elif kind in ("undo", "redo"):
                    getattr(one, kind)()
                else:
                    gesture = kind if kind.startswith("gesture") else None
                    store.change(kind, gesture=gesture, **changes) if one is store else model.change(changes, gesture)
            except InputError:
                refused.append(one)
        assert len(refused) in (0, 2)
        assert store.state == model.state
        assert [(dict(step.before), dict(step.after)) for step in store.done] == model.done
        assert [(dict(step.before), dict(step.after)) for step in store.undone] == model.undone
    assert not states or states[-1] == store.state


@given(st.lists(st.tuples(sizes.filter(lambda size: size >= 0), st.sampled_from("abc")), max_size=UNDO_STEPS))
def test_undoing_everything_returns_to_the_beginning_and_redoing_to_the_end(changes: list[tuple[int, str]]) -> None:
    store = Store(Chosen(), check)
    for size, name in changes:
        store.change("Both", size=size, name=name)
    end, steps = store.state, len(store.done)
    for _ in range(steps):
        store.undo()
    assert store.state == Chosen()
    for _ in range(steps):
        store.redo()
    assert store.state == end


def test_what_a_teacher_locked_is_neither_undone_nor_redone(store: Store[Chosen]) -> None:
    before = store.state
    store.change("Size", size=5)
    store.undo()
    store.locked = True
    store.redo()
    assert store.state == before
    store.locked = False
    store.redo()
    after = store.state
    assert after != before
    store.locked = True
    store.undo()
    assert store.state == after
