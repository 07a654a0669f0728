"""What the control bar says of trainings under way, and of runs that are over."""

from __future__ import annotations

from hw2gui.training.desk import Live
from hw2gui.training.events import Saved, Started, TimeLeft, Warned
from hw2gui.training.gui.control_bar import ControlBar
from hw2gui.training.race import Turn


def live(step: int, left: float) -> Live:
    """Of 400 steps in all."""
    found = Live("folder")
    found.started, found.step, found.left = Started("folder", step, 0, 4, 100, 10, "cpu", False), step, TimeLeft(left, 5.0)
    return found


def test_runs_that_wait_to_begin_count_for_the_time_left(qtbot: object) -> None:
    bar = ControlBar()
    bar.show()
    shown: list[tuple[Live, Turn | None]] = [(live(100, 60.0), "running"), (live(200, 50.0), "running")]
    bar.show_lives(shown, "")
    assert bar.words.text() == "2 runs: 2 training; about 1:50 min of computing left"
    # A whole run takes 60 · 400/300 = 80 s by the first, 50 · 400/200 = 100 s by the second: 90 s each for those queued.
    bar.show_lives([*shown, (Live("a"), "waiting"), (Live("b"), "waiting")], "")
    assert bar.words.text() == "4 runs: 2 training, 2 waiting their turn; about 4:50 min of computing left"
    bar.close()
    bar.deleteLater()


def test_nothing_is_said_of_the_time_before_any_of_them_has_told(qtbot: object) -> None:
    bar = ControlBar()
    bar.show_lives([(Live("a"), "running"), (Live("b"), "waiting")], "")
    assert bar.words.text() == "2 runs: 1 training, 1 waiting their turn"
    bar.deleteLater()


def test_what_only_waits_for_room_on_the_disk_says_so_and_no_time_left(qtbot: object) -> None:
    bar = ControlBar()
    trained = live(399, 1.0)
    trained.hear(Warned(399, "disk", "The disk is full."))
    bar.show_lives([(trained, "running")], "")
    assert "about 1 s left" in bar.words.text()  # it trains on
    for change in ({"step": 400}, {"step": 399, "stopping": True}):
        for name, value in change.items():
            setattr(trained, name, value)
        bar.show_lives([(trained, "running")], "")
        assert "waits for room on the disk" in bar.words.text() and "left" not in bar.words.text()
    trained.hear(Saved(400, ()))
    bar.show_lives([(trained, "running")], "")
    assert "room" not in bar.words.text()
    bar.deleteLater()
