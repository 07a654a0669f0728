"""Several runs at once: who computes when, without any process; and once with processes, for the same numbers."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from hw2gui.errors import InputError
from hw2gui.jobs import Handle, Job, ProcessRunner
from hw2gui.session.codec import to_plain
from hw2gui.training.controls import Pause, Resume, RunEpoch, SetLearningRate, Stop
from hw2gui.training.events import EpochDone, Finished, Paused, Started
from hw2gui.training.pace import Pace
from hw2gui.training.race import Race
from hw2gui.training.run_folder import RunFolder
from tests.jobs.conftest import PACKAGES, Loop
from tests.training.conftest import CONFIG, results, same, trial_in


@dataclass
class Stage:
    """A runner whose jobs do what the test says: `act` lets those that are to compute do an epoch each."""

    epochs: int
    handles: dict[str, Handle] = field(default_factory=dict)
    going: dict[str, object] = field(default_factory=dict)
    at: dict[str, int] = field(default_factory=dict)
    told: list[tuple[str, object]] = field(default_factory=list)

    def submit(self, job: Job, *, on_done, on_error, on_event=None, replaces=None) -> Handle:
        name = job.function
        handle = Handle(on_event, on_done, on_error, lambda _: self.going.pop(name, None), lambda _, command: self._tell(name, command))
        self.handles[name], self.at[name] = handle, 0
        return handle

    def _tell(self, name: str, command: object) -> None:
        self.told.append((name, command))
        if (isinstance(command, Pause | Stop) and name in self.going) or isinstance(command, RunEpoch | Resume):
            self.going[name] = command

    def act(self) -> set[str]:
        """One epoch of each that computes; answers which."""
        acting = dict(self.going)
        for name, command in acting.items():
            handle = self.handles[name]
            if self.at[name] == 0:
                handle.deliver_event(Started(name, 0, 0, self.epochs, 1, 1, "cpu", False))
            self.at[name] += 1
            handle.deliver_event(EpochDone(self.at[name], self.at[name], {}, 1.0, False))
            if self.at[name] == self.epochs or isinstance(command, Stop):
                del self.going[name]
                handle.deliver_result(Finished("done", 0, self.at[name], 0, {}))
            elif isinstance(command, RunEpoch | Pause):
                del self.going[name]
                handle.deliver_event(Paused(0, self.at[name]))
        return set(acting)


def race_on(stage: Stage, names: str, lanes: int) -> tuple[Race[str], list[tuple[str, Any]]]:
    done: list[tuple[str, Any]] = []
    race = Race(
        stage,
        {name: Job(name) for name in names},
        lanes=lanes,
        on_event=lambda key, event: None,
        on_done=lambda key, result: done.append((key, result)),
        on_error=lambda key, error: done.append((key, error)),
    )
    race.start()
    return race, done


@pytest.mark.parametrize("lanes", [3, 5])
def test_side_by_side_where_there_are_lanes(lanes: int) -> None:
    stage = Stage(epochs=2)
    race, done = race_on(stage, "abc", lanes)
    assert stage.act() == {"a", "b", "c"}
    assert {command for _, command in stage.told} == {Resume()}
    stage.act()
    assert race.over
    assert [key for key, _ in done] == ["a", "b", "c"]


def test_taking_turns_by_epoch_on_one_lane() -> None:
    stage = Stage(epochs=3)
    race, done = race_on(stage, "abc", 1)
    order = []
    while not race.over:
        (acting,) = stage.act()
        order.append(acting)
    assert order == list("abcabc" + "abc")
    assert [key for key, _ in done] == ["a", "b", "c"]
    assert stage.told[-1] == ("c", Resume())  # the last one need not pause any more


@pytest.mark.parametrize(("runs", "lanes", "epochs"), [(5, 2, 4), (7, 3, 5), (4, 3, 1)])
def test_all_grow_together_and_no_lane_is_idle(runs: int, lanes: int, epochs: int) -> None:
    stage = Stage(epochs)
    race, done = race_on(stage, "abcdefg"[:runs], lanes)
    while not race.over:
        left = sum(race.turn(name) != "ended" for name in "abcdefg"[:runs])
        assert len(stage.act()) == min(lanes, left)
        at = [stage.at.get(name, 0) for name in "abcdefg"[:runs]]
        assert max(at) - min(at) <= (2 if left > lanes else epochs)
    assert len(done) == runs


def test_a_held_run_gives_its_lane_away_until_released() -> None:
    stage = Stage(epochs=3)
    race, _ = race_on(stage, "ab", 1)
    race.hold("a")
    race.hold("b")  # which has not begun
    assert race.turn("b") == "held"
    stage.act()
    assert race.turn("a") == "held"
    assert stage.act() == set()
    race.release("b")
    assert stage.act() == {"b"}
    assert stage.act() == {"b"}
    race.release("a")
    assert stage.act() | stage.act() == {"a", "b"}
    while not race.over:
        assert stage.act()


def test_stopping_cancelling_and_failing_free_the_lane() -> None:
    stage = Stage(epochs=9)
    race, done = race_on(stage, "abcd", 1)
    race.send("a", SetLearningRate(0.1))
    assert stage.told[-1] == ("a", SetLearningRate(0.1))
    race.send("a", Stop())
    stage.act()
    assert race.turn("a") == "ended"
    assert race.turn("b") == "running"
    assert race.cancel("b").state == "cancelled"
    assert race.turn("c") == "running"
    assert race.cancel("d") is None  # it never began
    stage.handles["c"].deliver_error(InputError("No."))
    assert race.over
    assert [key for key, _ in done] == ["a", "c"]


def test_closing_cancels_all() -> None:
    stage = Stage(epochs=2)
    race, _ = race_on(stage, "abc", 2)
    race.close()
    assert race.over
    assert {handle.state for handle in stage.handles.values()} == {"cancelled"}
    with pytest.raises(ValueError, match="at least one lane"):
        race_on(stage, "a", 0)


def test_with_processes_the_numbers_are_those_of_runs_alone(tmp_path: Path) -> None:
    """Two rates on one lane: epochs alternate, and each run is what it would be by itself."""
    loop, names = Loop(), ("slow", "fast")
    configs = {"slow": CONFIG, "fast": replace(CONFIG, learning_rate=0.1)}
    folders = {name: RunFolder.create(tmp_path / name, "toy", to_plain(configs[name])) for name in names}
    runner = ProcessRunner(loop.deliver, most=2, packages=PACKAGES)
    order: list[tuple[str, int]] = []
    done: dict[str, Finished] = {}

    def heard(key: str, event: object) -> None:
        if isinstance(event, EpochDone):
            order.append((key, event.epoch))

    race = Race(
        runner,
        {name: Job("tests.training.toy:train_toy", {"folder": str(folders[name].path)}) for name in names},
        lanes=1,
        on_event=heard,
        on_done=done.__setitem__,
        on_error=lambda key, error: pytest.fail(f"{key}: {error}"),
    )
    race.start()
    loop.until(lambda: race.over, seconds=120)
    runner.close()
    assert order == [("slow", 1), ("fast", 1), ("slow", 2), ("fast", 2), ("slow", 3), ("fast", 3)]
    for name in names:
        alone = trial_in(tmp_path / f"{name} alone", configs[name])
        alone.go()
        same(results(alone.run), results(folders[name]))
        assert done[name].reason == "done"


def clocked(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    now = [0.0]
    monkeypatch.setattr("hw2gui.training.pace.time.perf_counter", lambda: now[0])
    return lambda seconds: now.__setitem__(0, now[0] + seconds)


def test_time_left_counts_steps_and_evaluations_but_no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    forward = clocked(monkeypatch)
    pace = Pace(100)
    assert pace.due(0.0)
    forward(2.0)
    assert pace.lap(300) == 2.0
    forward(50.0)
    pace.rest()
    forward(1.0)
    assert pace.since_mark() == 1.0
    assert pace.lap(400) == 1.0
    forward(3.0)
    assert pace.evaluated() == 3.0
    left = pace.left(steps=1000, epochs=2)
    assert left.steps_per_second == pytest.approx(100)
    assert left.seconds == pytest.approx(10 + 6)


def test_the_pace_follows_a_change_of_speed_without_overshooting(monkeypatch: pytest.MonkeyPatch) -> None:
    forward = clocked(monkeypatch)
    pace = Pace(0)
    speeds = []
    for lap in range(1, 41):
        forward(1.0 if lap <= 10 else 4.0)
        pace.lap(100 * lap)
        speeds.append(pace.left(1, 0).steps_per_second)
    assert speeds[:10] == pytest.approx([100.0] * 10)
    assert all(100.0 >= before > after > 25.0 for before, after in itertools.pairwise(speeds[9:]))
    assert speeds[-1] == pytest.approx(25.0, rel=0.05)
