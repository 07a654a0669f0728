"""What the soak tells of its parts: whole, ended early, failed, not run; and whether memory grows."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hw2gui.app.tabs import TABS
from tests.soak import parts
from tests.soak.document import document, missing
from tests.soak.growth import sentence, slope
from tests.soak.parts import Part, Result, trouble

SIZE = {
    "resident_mb": 100.0,
    "threads": 4,
    "processes": 2,
    "files": 12,
    "timers": 10,
    "widgets": 500,
    "children_mb": {"7": 300.0, "8": 400.0},
}


def _monkey(tab: str, done: int = 100, code: int = 0) -> Result:
    row = {
        "done": done, "exceptions": {}, "warnings": {}, "hang_count": 0, "computing_count": 0, "longest_ms": 20.0,
        "after_warm_up": SIZE, "at_the_end": SIZE,
    }  # fmt: skip
    return Result(f"monkey-{tab}-1", "monkey", ("--tab", tab, "--events", "100", "--seed", "1"), 100, code, 1.0, 1.0, [row])


def _whole() -> list[Result]:
    reader = {"target": "kernel", "read": 4, "refused": 6, "longest_s": 0.0, "readers": 1}
    fault = {"fault": "no fonts", "seen": "a | b", "ok": True}
    long = {
        "took_s": 60.5, "steps": 10, "events": 20, "training went on to the end": True, "exceptions": {}, "warnings": {},
        "gaps over 100 ms": 0, "of which computing over 100 ms": 0, "longest_ms": 10.0, "run_bytes": 1000,
        "minutes": [0.0, 1.0], "sizes": [SIZE, {**SIZE, "children_mb": {"7": 310.0, "8": 400.0, "9": 50.0}}],
        "known": {"worker": "7", "training": "8"},
    }  # fmt: skip
    return [
        *(_monkey(spec.key) for spec in TABS),
        Result("fuzz", "fuzz", ("--cases", "10"), 10, 0, 1.0, 1.0, [reader]),
        Result("faults", "faults", (), 1, 0, 1.0, 1.0, [fault]),
        Result("long", "long", ("--seconds", "60"), 60, 0, 61.0, 1.0, [long]),
    ]


def test_a_whole_soak_is_told_to_be_whole() -> None:
    text = document(_whole())
    assert not any(trouble(result) for result in _whole())
    assert missing(_whole()) == []
    assert "ran to its end" in text and "**" not in text
    assert (
        "Its worker held 300 to 310 MB" in text
        and "The training held 400 to 400 MB" in text
        and "at most 50 MB together (1 of them)" in text
    )
    assert "a \\| b" in text  # a bar does not break the table


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (_monkey("vision", done=60, code=1), "60 of 100 events; exit code 1"),
        (
            replace(_monkey("vision"), rows=[], exit_code=-11, reached=0.25, errors="Fatal\n"),
            "killed by SIGSEGV after about 25 of 100 events: Fatal",
        ),
        (_monkey("vision", code=1), "exit code 1"),
        (Result("fuzz", "fuzz", (), 10, 1, 1.0, 0.0, []), "0 of all readers; exit code 1"),
        (
            Result("fuzz", "fuzz", (), 10, 0, 1.0, 0.0, [{"target": "kernel", "read": 9, "readers": 1}]),
            "fewer than 10 cases for kernel; exit code 0",
        ),
        (Result("faults", "faults", (), 11, 1, 1.0, 0.0, [{}]), "1 of 11 faults; exit code 1"),
        (Result("long", "long", (), 60, 1, 1.0, 0.0, [{"took_s": 12.0}]), "12 of 60 seconds; exit code 1"),
    ],
)
def test_what_ended_early_or_failed_is_said(result: Result, said: str) -> None:
    assert trouble(result) == said


def test_what_ended_early_stands_in_the_table_and_at_the_top() -> None:
    results = _whole()
    results[0] = replace(results[0], rows=[], exit_code=1)
    text = document(results[:-1])
    assert f"**Ended early or failed:** monkey-{TABS[0].key}-1 (exit code 1" in text
    assert f"| {TABS[0].key} | 1 | 100 asked |" in text
    assert "**Not run:** long." in text


def test_results_are_kept_and_read_again(tmp_path: Path) -> None:
    for result in _whole():
        parts.write(result, tmp_path)
    assert sorted(parts.read(tmp_path), key=lambda one: one.name) == sorted(_whole(), key=lambda one: one.name)
    assert parts.read(tmp_path / "nowhere") == []


def test_events_are_shared_among_seeds() -> None:
    shared = parts.monkeys(("vision", "report"), 10_000, 4)
    assert len(shared) == 8
    assert {part.asked for part in shared} == {2500}
    assert len({part.name for part in shared}) == 8


def test_a_part_that_cannot_even_begin_is_told() -> None:
    result = parts.carry_out(Part("nothing", "nothing", (), 1, 1.0), lambda _: None, lambda _: None)
    assert result.exit_code == 1
    assert "No module named tests.soak.nothing" in result.errors


def test_growth_is_told_from_scatter() -> None:
    minutes = list(range(61))
    scatter = np.random.default_rng(0).normal(0, 1, 61)
    level = [200 + float(x) for x in scatter]
    growing = [200 + minute / 6 + float(x) for minute, x in zip(minutes, scatter, strict=True)]
    assert "no growth can be told" in sentence(minutes, level, "It")
    assert "grows" in sentence(minutes, growing, "It")
    found = slope(minutes, growing)
    assert found is not None and abs(found[0] - 10) < 3 * found[1]
    assert "longer time" in sentence([0.0, 1.0], [1.0, 2.0], "It")


def test_caches_that_fill_are_told_from_what_goes_on_growing() -> None:
    minutes = list(range(61))
    filling = [200 + min(minute, 30) + 0.01 * (minute % 2) for minute in minutes]
    found = slope(minutes, filling, 0.5)
    assert found is not None and abs(found[0]) < 0.1
    assert re.search(r"\(in the second half [+-]0\.0 ± 0\.0\)", sentence(minutes, filling, "It"))
