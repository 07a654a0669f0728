"""Where a fault is injected: the program, started in a home of its own, and what is told of it."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.soak.home import folder

ROOT = Path(__file__).resolve().parents[2]
TRAIN = (
    "train", "cnn", "--recipe", "fast", "--data", "strokes", "--limit", "3000", "--epochs", "4", "--threads", "1", "--batch-size", "16",
)  # fmt: skip
"""A training of some ten seconds."""
KILLS = 5


@dataclass(frozen=True)
class Outcome:
    """What was done, what came of it, and whether nothing was lost."""

    fault: str
    seen: str
    ok: bool


class Place:
    """A home of its own for one fault."""

    def __init__(self) -> None:
        self.home = folder("fault")
        (self.home / "tmp").mkdir()

    def environment(self, **changes: str) -> dict[str, str]:
        """What the program is started with; a real screen is not used, and what a killed program leaves behind goes with the home."""
        own = {"HW2GUI_HOME": str(self.home), "TMPDIR": str(self.home / "tmp")}
        return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), **own, **changes}

    def start(self, *words: str, limit: int | None = None, **changes: str) -> subprocess.Popen[str]:
        """The program with *words*, which can write no file beyond *limit* bytes."""

        def limited() -> None:
            signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has its background commands ignore it
            if limit is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        return subprocess.Popen(
            [sys.executable, "-m", "hw2gui", *words],
            cwd=ROOT,
            env=self.environment(**changes),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=limited,
        )

    def run(self, *words: str, limit: int | None = None, **changes: str) -> tuple[int, str, str]:
        """The same to its end: exit code, output, errors."""
        process = self.start(*words, limit=limit, **changes)
        out, errors = process.communicate(timeout=300)
        return process.returncode, out, errors


def one_sentence(errors: str) -> bool:
    """Whether *errors* is one line without a traceback."""
    lines = [line for line in errors.strip().splitlines() if line.strip()]
    return len(lines) == 1 and "Traceback" not in errors
