"""Faults in the middle of a training: killed, two at once, a full disk, a clock that jumps."""

from __future__ import annotations

import hashlib
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.soak.fault_place import KILLS, ROOT, TRAIN, Outcome, Place, one_sentence


def _weights(run: Path) -> str:
    """The last weights' sum: of their numbers, for the file beside them tells its run's time."""
    from hw2gui.training.weights import read_weights

    last = max(run.glob("epoch-*.safetensors"))
    arrays = read_weights(last).arrays
    return f"{last.name} {hashlib.sha256(b''.join(arrays[name].tobytes() for name in sorted(arrays))).hexdigest()[:12]}"


def training_killed() -> Outcome:
    """Killed again and again at random moments, resumed each time, compared with a run that was left alone."""
    place, drawn = Place(), random.Random(1)
    assert place.run(*TRAIN, "--out", str(place.home / "whole"))[0] == 0
    cut, kills = place.home / "cut", 0
    process = place.start(*TRAIN, "--out", str(cut))
    for _ in range(KILLS):
        time.sleep(drawn.uniform(2.5, 6.0))
        if process.poll() is None:
            process.kill()
            kills += 1
        process.communicate()
        began = (cut / "config.json").exists()
        process = place.start(*TRAIN, "--out", str(cut), *(("--resume",) if began else ()))
    _, errors = process.communicate(timeout=300)
    same = _weights(place.home / "whole") == _weights(cut)
    return Outcome(
        "a training killed with SIGKILL, resumed each time",
        f"{kills} kills; last weights {'the same' if same else 'differ ' + errors[-200:]}",
        same,
    )


def two_on_one_run() -> Outcome:
    """A second program on the run folder of a training that goes on."""
    place = Place()
    run = place.home / "run"
    first = place.start(*TRAIN, "--out", str(run))
    while not (run / "lock").exists() and first.poll() is None:
        time.sleep(0.05)
    time.sleep(0.5)
    code, _, errors = place.run(*TRAIN, "--out", str(run), "--resume")
    first.communicate(timeout=300)
    ok = code != 0 and one_sentence(errors) and first.returncode == 0
    return Outcome("two programs on one run folder", f"the second: {errors.strip()[:200]}; the first ended with {first.returncode}", ok)


def disk_full() -> Outcome:
    """No file may grow beyond 300 kB (the system's limit): checkpoints of 1.7 MB cannot be written."""
    place = Place()
    process = place.start(*TRAIN, "--out", str(place.home / "run"), limit=300_000)
    assert process.stderr is not None
    said: list[str] = []
    for line in process.stderr:
        said.append(line.strip())
        if "File too large" in line:
            break
    time.sleep(1)
    alive = process.poll() is None
    while process.poll() is None:  # the first stops it, which insists on saving; another ends it all the same
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
    said += process.communicate()[1].splitlines()
    told = next((line for line in said if "File too large" in line), said[-1] if said else "")
    ok = alive and not any("Traceback" in line for line in said) and "File too large" in told
    return Outcome("a disk that takes no file beyond 300 kB", f"{'went on' if alive else 'ended'}; said: {told[:220]}", ok)


def clock_jump() -> Outcome:
    """The clock stands in 1970 when a run begins and is right when it is resumed."""
    place = Place()
    run = place.home / "run"
    code = "import time; time.time = lambda: 1.0\nimport sys\nfrom hw2gui.cli import main\nsys.exit(main(sys.argv[1:]))"
    first = subprocess.Popen(
        [sys.executable, "-c", code, *TRAIN, "--out", str(run)],
        cwd=ROOT,
        env=place.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    patience = time.monotonic() + 60
    while not (run / "epoch-001.safetensors").exists() and time.monotonic() < patience:
        time.sleep(0.02)
    first.kill()
    first.communicate()
    done, _, errors = place.run(*TRAIN, "--out", str(run), "--resume")
    return Outcome("a clock that jumps by half a century", f"resumed: exit code {done} {errors.strip()[:160]}", done == 0)
