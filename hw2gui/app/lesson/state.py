"""What a student wrote and a teacher chose: kept in the session beside the tabs' states, and autosaved with them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hw2gui.errors import InputError

KEY = "lesson"
"""The lesson's name among the states of a session."""

LONGEST_NOTE = 20_000
LONGEST_GUESS = 40
MOST_STEPS = 200
LONGEST_STATE = 2_000_000
"""Letters of one step's state: a large drawing has some hundred thousand."""


@dataclass(frozen=True)
class Entry:
    """One question as one student has it: the guess as typed, whether the number was shown, and notes."""

    question: str
    guess: str = ""
    revealed: bool = False
    notes: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was done yet."""
        return not (self.guess or self.revealed or self.notes)


@dataclass(frozen=True)
class Step:
    """One state of a script: what it is called, its tab, and the tab's state in its plain form, as JSON."""

    title: str
    tab: str
    state: str


@dataclass(frozen=True)
class Lesson:
    """The whole of it."""

    entries: tuple[Entry, ...] = ()
    current: str = "1.1a"
    """The question that is open."""
    panel: bool = False
    """Whether the questions are on screen."""
    hide_answers: bool = False
    locked: bool = False
    script: tuple[Step, ...] = ()
    at: int = -1
    """The step of the script shown last; −1: none yet."""
    tour_at: int = 0
    """The stop of the guided tour that comes next; past the last: it is over."""
    tour_on: bool = False

    def entry(self, question: str) -> Entry:
        """What was done about *question*."""
        return next((entry for entry in self.entries if entry.question == question), Entry(question))

    def with_step(self, step: Step) -> Lesson:
        """With *step* as the last of the script, shown just now."""
        return replace(self, script=(*self.script, step), at=len(self.script))

    def with_title(self, row: int, title: str) -> Lesson:
        """With the step in *row* called *title*; an empty one changes nothing."""
        steps = list(self.script)
        steps[row] = replace(steps[row], title=title.strip() or steps[row].title)
        return replace(self, script=tuple(steps))

    def with_moved(self, row: int, to: int) -> Lesson:
        """With the step in *row* in the row *to*. The step shown last stays the one shown last."""
        order = list(range(len(self.script)))
        order.insert(to, order.pop(row))
        at = order.index(self.at) if self.at >= 0 else self.at
        return replace(self, script=tuple(self.script[old] for old in order), at=at)

    def without_step(self, row: int) -> Lesson:
        """Without the step in *row*. Was it the one shown last, the next one comes next."""
        at = self.at - 1 if row <= self.at else self.at
        return replace(self, script=self.script[:row] + self.script[row + 1 :], at=at)

    def with_entry(self, changed: Entry) -> tuple[Entry, ...]:
        """The entries with *changed* in its place."""
        others = tuple(entry for entry in self.entries if entry.question != changed.question)
        return others if changed.empty else (*others, changed)


def check(lesson: Lesson) -> Lesson:
    """*lesson* within its bounds. Raises :class:`InputError` for what no control could have made."""
    if any(len(entry.notes) > LONGEST_NOTE or len(entry.guess) > LONGEST_GUESS for entry in lesson.entries):
        raise InputError(f"A note is longer than {LONGEST_NOTE:,} letters, or a guess than {LONGEST_GUESS}: shorten it.")
    if len({entry.question for entry in lesson.entries}) != len(lesson.entries):
        raise InputError("The session answers a question twice: it is damaged.")
    if len(lesson.script) > MOST_STEPS or any(len(step.state) > LONGEST_STATE for step in lesson.script):
        raise InputError(f"A script has at most {MOST_STEPS} steps: remove some.")
    if not -1 <= lesson.at < len(lesson.script):
        return replace(lesson, at=max(-1, min(lesson.at, len(lesson.script) - 1)))
    return lesson


def merged(before: Lesson, opened: Lesson) -> Lesson:
    """*opened*, with what was written *before* to questions about which it says nothing: opening a session loses no note."""
    said = {entry.question for entry in opened.entries}
    kept = tuple(entry for entry in before.entries if entry.question not in said)
    return replace(opened, entries=(*kept, *opened.entries), tour_at=before.tour_at, tour_on=before.tour_on)
