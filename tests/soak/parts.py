"""The soak's parts: each one program run in a process of its own, its result one JSON file, and whether it was whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.soak import progress
from tests.soak.faults import FAULTS

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("monkey", "fuzz", "faults", "long")


@dataclass(frozen=True)
class Part:
    """A program of the soak with its arguments, and how long it will take, for the time that is told to be left."""

    name: str
    kind: str
    words: tuple[str, ...]
    asked: int
    """Events, cases for each reader, faults, or seconds."""
    expected_s: float

    @property
    def limit_s(self) -> float:
        """After this it hangs."""
        return 6 * self.expected_s + 600 if self.kind != "long" else self.asked + 600


@dataclass(frozen=True)
class Result:
    """What came of a part."""

    name: str
    kind: str
    words: tuple[str, ...]
    asked: int
    exit_code: int
    seconds: float
    reached: float
    """The share it told to have done."""
    rows: list[dict[str, Any]] = field(default_factory=list)
    errors: str = ""
    """The end of what it wrote to stderr."""


def monkeys(tabs: tuple[str, ...], events: int, seeds: int) -> list[Part]:
    """*events* on each tab, shared among *seeds* processes."""
    share = events // seeds
    return [
        Part(f"monkey-{tab}-{seed}", "monkey", ("--tab", tab, "--events", str(share), "--seed", str(seed)), share, 20 + 0.03 * share)
        for seed in range(1, seeds + 1)
        for tab in tabs
    ]


def fuzz(cases: int) -> Part:
    """Every reader."""
    return Part("fuzz", "fuzz", ("--cases", str(cases)), cases, 10 + 0.1 * cases)


def faults() -> Part:
    """Every fault."""
    return Part("faults", "faults", (), len(FAULTS), 200.0)


def long(seconds: int) -> Part:
    """The training with the window in use."""
    return Part("long", "long", ("--seconds", str(seconds)), seconds, seconds + 20.0)


def carry_out(part: Part, tell: Callable[[float], None], started: Callable[[subprocess.Popen[str]], None]) -> Result:
    """Run *part* to its end or its limit; *tell* hears the share that is done."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.soak.{part.kind}", *part.words, "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,  # what it leaves running is ended with it
    )
    started(process)
    printed: list[str] = []
    assert process.stdout is not None and process.stderr is not None
    reader = threading.Thread(target=lambda out: printed.extend(out), args=(process.stdout,), daemon=True)
    reader.start()
    limit = threading.Timer(part.limit_s, end, (process,))
    limit.daemon = True
    limit.start()
    reached, errors = 0.0, ""
    for line in process.stderr:
        share = progress.read(line)
        if share is None:
            errors = (errors + line)[-3000:]
        else:
            reached = share
            tell(share)
    code = process.wait()
    limit.cancel()
    end(process)
    reader.join(10)
    process.stdout.close()
    process.stderr.close()
    rows = [json.loads(line) for line in printed if line.startswith("{")]
    return Result(part.name, part.kind, part.words, part.asked, code, round(time.monotonic() - began, 1), reached, rows, errors)


def end(process: subprocess.Popen[str]) -> None:
    """End *process* and all it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def write(result: Result, folder: Path) -> None:
    """Keep *result*."""
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{result.name}.json"
    temporary.write_text(json.dumps(asdict(result), ensure_ascii=False, indent=1), encoding="utf-8")
    temporary.replace(folder / f"{result.name}.json")


def read(folder: Path) -> list[Result]:
    """All kept results, monkeys by tab and seed."""
    found = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("[!.]*.json"))]
    return [Result(**{**one, "words": tuple(one["words"])}) for one in found]


def trouble(result: Result) -> str:
    """In what *result* is less than was asked for; empty where it is whole."""
    if result.kind in ("monkey", "long") and not result.rows:
        done = f" of {result.asked:,} {'events' if result.kind == 'monkey' else 'seconds'}"
        after = f" after about {result.reached * result.asked:,.0f}{done}" if result.reached else f" within the first{done}"
        return f"{_ended(result)}{after}{_last_line(result)}"
    short = _SHORT[result.kind](result)
    if short:
        return f"{short}; {_ended(result)}{_last_line(result)}"
    return _ended(result) if result.exit_code else ""


def _ended(result: Result) -> str:
    if result.exit_code < 0:
        return f"killed by {signal.Signals(-result.exit_code).name}"
    return f"exit code {result.exit_code}"


def _last_line(result: Result) -> str:
    lines = [line for line in result.errors.splitlines() if line.strip()]
    return f": {lines[-1].strip()[:200]}" if lines else ""


def _short_monkey(result: Result) -> str:
    done = result.rows[0].get("done", 0)
    return f"{done:,} of {result.asked:,} events" if done < result.asked else ""


def _short_fuzz(result: Result) -> str:
    readers = result.rows[0]["readers"] if result.rows else "all"
    if len(result.rows) != readers:
        return f"{len(result.rows)} of {readers} readers"
    few = [row["target"] for row in result.rows if sum(row.get(key, 0) for key in ("read", "refused", "worse")) < result.asked]
    return f"fewer than {result.asked:,} cases for {', '.join(few)}" if few else ""


def _short_faults(result: Result) -> str:
    return f"{len(result.rows)} of {result.asked} faults" if len(result.rows) < result.asked else ""


def _short_long(result: Result) -> str:
    took = result.rows[0]["took_s"]
    return f"{took:,.0f} of {result.asked:,} seconds" if took < result.asked else ""


_SHORT: Mapping[str, Callable[[Result], str]] = {
    "monkey": _short_monkey,
    "fuzz": _short_fuzz,
    "faults": _short_faults,
    "long": _short_long,
}
