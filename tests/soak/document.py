"""docs/reliability.md, made from the results of the soak's parts: what was seen, good or bad, and what was not run."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from typing import Any

from hw2gui.app.tabs import TABS
from tests.soak.growth import sentence
from tests.soak.parts import KINDS, Result, trouble

MONKEY_COLUMNS = (
    "tab", "seed", "events", "exceptions", "Qt warnings", "gaps > 100 ms", "computing > 100 ms", "longest gap", "memory", "threads",
    "files", "timers", "ended",
)  # fmt: skip


def document(results: Sequence[Result], how: str = "") -> str:
    """The whole document; *how* it was run, if that is to be told."""
    chapters = [_head(results, how)]
    for kind, chapter in (("monkey", _monkeys), ("fuzz", _fuzz), ("faults", _faults), ("long", _long)):
        of_kind = [result for result in results if result.kind == kind]
        if of_kind:
            chapters.append(chapter(of_kind))
    return "\n".join(line for chapter in chapters for line in [*chapter, ""])


def missing(results: Sequence[Result]) -> list[str]:
    """What the results lack of a whole soak."""
    there = {result.kind for result in results}
    tabs = {result.words[result.words.index("--tab") + 1] for result in results if result.kind == "monkey"}
    lacking = [f"monkey at {spec.key}" for spec in TABS if spec.key not in tabs] if "monkey" in there else ["monkey"]
    return lacking + [kind for kind in KINDS[1:] if kind not in there]


def _head(results: Sequence[Result], how: str) -> list[str]:
    not_whole = [f"{result.name} ({trouble(result)})" for result in results if trouble(result)]
    lacking = missing(results)
    lines = [
        "# Reliability",
        "",
        f"Made by `make soak`{how} on {os.cpu_count()} cores ({platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}), offscreen.",
        "",
    ]
    if not not_whole and not lacking:
        lines.append("Every part ran to its end and found nothing to complain of but what the tables say.")
    if not_whole:
        lines.append(f"**Ended early or failed:** {'; '.join(not_whole)}.")
    if lacking:
        lines.append(f"**Not run:** {', '.join(lacking)}.")
    return lines


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    def line(cells: Sequence[object]) -> str:
        return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return [line(columns), "|" + "---|" * len(columns), *(line(row) for row in rows)]


def _ended(result: Result) -> str:
    said = trouble(result)
    return f"**{said}**" if said else "whole"


def _monkeys(results: Sequence[Result]) -> list[str]:
    order = {spec.key: number for number, spec in enumerate(TABS)}

    def place(result: Result) -> tuple[int, int]:
        return order.get(_word(result, "--tab"), len(order)), int(_word(result, "--seed"))

    asked: dict[str, int] = {}
    for result in results:
        asked[_word(result, "--tab")] = asked.get(_word(result, "--tab"), 0) + result.asked
    each = f"{min(asked.values()):,}" if len(set(asked.values())) == 1 else f"{min(asked.values()):,} to {max(asked.values()):,}"
    return [
        f"## A monkey at every tab ({each} random real events each)",
        "",
        "`python -m tests.soak.monkey --tab TAB --events EVENTS --seed SEED`. A gap is the time between two ticks of a 5 ms timer in",
        "the window's thread; computing is what of a gap that thread computed itself (the rest is waiting for a core). Growth is from",
        "after the warm-up to the end.",
        "",
        *_table(MONKEY_COLUMNS, [_monkey(result) for result in sorted(results, key=place)]),
    ]


def _word(result: Result, name: str) -> str:
    return result.words[result.words.index(name) + 1]


def _monkey(result: Result) -> list[object]:
    tab, seed = _word(result, "--tab"), _word(result, "--seed")
    if not result.rows:
        return [tab, seed, f"{result.asked:,} asked", *[""] * (len(MONKEY_COLUMNS) - 4), _ended(result)]
    (row,) = result.rows
    first, last = row["after_warm_up"], row["at_the_end"]
    return [
        tab,
        seed,
        f"{row['done']:,}",
        sum(row["exceptions"].values()),
        sum(row["warnings"].values()),
        row["hang_count"],
        row["computing_count"],
        f"{row['longest_ms']:.0f} ms",
        f"{first['resident_mb']:.0f} → {last['resident_mb']:.0f} MB",
        *(f"{first[key]} → {last[key]}" for key in ("threads", "files", "timers")),
        _ended(result),
    ]


def _fuzz(results: Sequence[Result]) -> list[str]:
    (result,) = results
    rows = [
        [row["target"], *(f"{row.get(key, 0):,}" for key in ("read", "refused", "worse")), f"{row['longest_s']:.2f} s"]
        for row in result.rows
    ]
    return [
        f"## Every reader fed with damage ({result.asked:,} cases each)",
        "",
        f"`python -m tests.soak.fuzz --cases {result.asked}`: {_ended(result)}.",
        "",
        *_table(("reader", "read all the same", "refused with a sentence", "worse", "longest"), rows),
    ]


def _faults(results: Sequence[Result]) -> list[str]:
    (result,) = results
    rows = [[row["fault"], row["seen"], "yes" if row["ok"] else "**no**"] for row in result.rows]
    return [
        "## Faults injected",
        "",
        f"`python -m tests.soak.faults`: {_ended(result)}.",
        "",
        *_table(("fault", "what was seen", "nothing lost"), rows),
    ]


def _long(results: Sequence[Result]) -> list[str]:
    (result,) = results
    minutes = result.asked / 60
    title = f"## {minutes:.0f} minute{'' if minutes == 1 else 's'} of training with the window in use"
    lines = [title, "", f"`python -m tests.soak.long --seconds {result.asked}`: {_ended(result)}.", ""]
    return [*lines, *(_long_row(row) for row in result.rows)]


def _long_row(row: dict[str, Any]) -> str:
    sizes = row["sizes"]
    grown = ", ".join(f"{key} {sizes[0][key]} → {sizes[-1][key]}" for key in ("threads", "processes", "files", "timers", "widgets"))
    known = row["known"]
    others = [[mb for child, mb in one["children_mb"].items() if child not in known.values()] for one in sizes]
    most = max(others, key=sum)
    return (
        f"{row['steps']:,} training steps while {row['events']:,} events went through all tabs; the training "
        f"{'went on to the end' if row['training went on to the end'] else 'ended early'}. Exceptions {sum(row['exceptions'].values())}, "
        f"Qt warnings {sum(row['warnings'].values())}, gaps over 100 ms {row['gaps over 100 ms']} (computing that long: "
        f"{row['of which computing over 100 ms']}), longest {row['longest_ms']:.0f} ms. Held at the beginning and at the end: {grown}. "
        f"The run's folder: {row['run_bytes'] / 1e6:.1f} MB.\n\n"
        f"{sentence(row['minutes'], [one['resident_mb'] for one in sizes], 'The window')} "
        f"{_child(row, 'worker', 'Its worker')} {_child(row, 'training', 'The training')} "
        f"All other processes the events began held at most {sum(most):.0f} MB together ({len(most)} of them). "
        f"The window's memory by the minute: {', '.join(format(one['resident_mb'], '.0f') for one in sizes)} MB."
    )


def _child(row: dict[str, Any], name: str, who: str) -> str:
    """How the memory of a process went that was there from the beginning; it may have been ended, and another begun in its place."""
    held = [(minute, one["children_mb"].get(row["known"][name])) for minute, one in zip(row["minutes"], row["sizes"], strict=True)]
    there = [(minute, mb) for minute, mb in held if mb is not None]
    ended = "" if len(there) == len(held) else f" It ended within minute {len(there)}."
    return sentence([minute for minute, _ in there], [mb for _, mb in there], who) + ended
