"""Faults injected into the running program: what is lost? ``python -m tests.soak.faults [--only NAME] [--json]``, from the checkout.

Each fault is a real one where that is possible: processes are killed with SIGKILL at random moments, files are cut, limits are set by the
system. A fault passes when what the user had is still there (or comes back bit for bit) and what was said is one clear sentence.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.soak.home import folder
from tests.soak.progress import Progress

ROOT = Path(__file__).resolve().parents[2]
TRAIN = (
    "train",
    "cnn",
    "--recipe",
    "fast",
    "--data",
    "strokes",
    "--limit",
    "3000",
    "--epochs",
    "4",
    "--threads",
    "1",
    "--batch-size",
    "16",
)
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


def data_cut_short() -> Outcome:
    """A published file whose last bytes are missing."""
    place = Place()
    published = os.environ.get("HW2GUI_DATA")
    if not published:
        return Outcome("a data file cut short", "skipped: HW2GUI_DATA is not set", True)
    copy = place.home / "published" / "kmnist"
    shutil.copytree(Path(published) / "kmnist", copy, copy_function=shutil.copyfile)
    file = copy / "t10k-images-idx3-ubyte.gz"
    file.write_bytes(file.read_bytes()[:-1000])
    code, _, errors = place.run("evaluate", "shipped", "--data", "kmnist", "--split", "test", HW2GUI_DATA=str(copy.parent))
    return Outcome("a data file cut short", errors.strip()[:250], code != 0 and one_sentence(errors) and "t10k-images" in errors)


def home_unwritable() -> Outcome:
    """A home that cannot be made: it lies below a file."""
    place = Place()
    (place.home / "file").write_text("")
    home = str(place.home / "file" / "home")
    code, _, errors = place.run(
        "train", "cnn", "--recipe", "fast", "--data", "strokes", "--limit", "100", "--epochs", "1", HW2GUI_HOME=home
    )
    shown, _, window_errors = place.run("tour", "--out", str(place.home / "tour"), "--tab", "parameters", HW2GUI_HOME=home)
    ok = code != 0 and one_sentence(errors) and shown == 0
    seen = f"training: {errors.strip()[:160]}; the window's views: {'drawn' if shown == 0 else window_errors[-200:]}"
    return Outcome("a home that cannot be written", seen, ok)


def no_gpu() -> Outcome:
    """A GPU was chosen and is not there."""
    place = Place()
    code, _, errors = place.run(*TRAIN, "--device", "cuda", "--out", str(place.home / "run"))
    if code == 0:
        return Outcome("no GPU where one was chosen", "skipped: there is one", True)
    return Outcome("no GPU where one was chosen", errors.strip()[:200], one_sentence(errors))


def no_fonts() -> Outcome:
    """A machine without any font."""
    place = Place()
    empty = place.home / "fonts.conf"
    empty.write_text('<?xml version="1.0"?><fontconfig><dir>/nowhere</dir></fontconfig>')
    code, _, errors = place.run("tour", "--out", str(place.home / "tour"), "--tab", "convolution", FONTCONFIG_FILE=str(empty))
    return Outcome("no fonts", f"{len(list((place.home / 'tour').glob('*.png')))} pictures drawn", code == 0 and "Traceback" not in errors)


def no_network() -> Outcome:
    """Fetching data without a network (a proxy that refuses)."""
    place = Place()
    refused = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    environment = {name: value for name, value in os.environ.items() if name != "HW2GUI_DATA"}
    process = subprocess.run(
        [sys.executable, "-m", "hw2gui", "data", "fetch", "kmnist"],
        cwd=ROOT,
        env={**environment, "HW2GUI_HOME": str(place.home), **refused},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    last = (process.stderr.strip().splitlines() or [""])[-1]
    return Outcome("no network", last[:250], process.returncode == 1 and "Traceback" not in process.stderr)


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


WINDOW = """
import sys, time, os, signal
from PySide6.QtCore import QTimer
from hw2gui.app import launch, main_window
made = main_window.MainWindow
class Window(made):
    def showEvent(self, event):
        super().showEvent(event)
        QTimer.singleShot(300, self, self.edit)
        self.count = 0
    def edit(self):
        self.count += 1
        store = self.document.stores["vision"]
        store.change("Image", index=self.count % 50)
        print("edit", store.state.index, flush=True)
        QTimer.singleShot(40, self, self.edit)
launch.MainWindow = Window
sys.exit(launch.run())
"""


def window_killed() -> Outcome:
    """The window killed at random moments while every 40 ms something is changed and kept: what comes back is at most seconds old."""
    place, drawn = Place(), random.Random(2)
    seen, lost = [], 0
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", WINDOW], cwd=ROOT, env=place.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        process.stdout.readline()  # it is open, and its first change made
        time.sleep(drawn.uniform(1.5, 4.0))
        process.kill()
        edits = 1 + sum(line.startswith("edit") for line in process.communicate()[0].splitlines())
        kept = [path for path in (place.home / "data" / "sessions").glob("*") if path.suffix in (".json", ".hw2")]
        sound = sum(1 for path in kept if _is_json(path))
        seen.append(f"{edits} changes")
        lost += len(kept) - sound if kept else 1
    return Outcome(
        "the window killed while it keeps its session", f"{KILLS} kills ({', '.join(seen)}); damaged or missing sessions: {lost}", lost == 0
    )


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_text("utf-8"))
    except ValueError:
        return False
    return True


def worker_killed() -> Outcome:
    """The window's worker killed while it works: the window answers the next question."""
    place = Place()
    code = """
import os, signal, sys, time
from hw2gui.app.appearance import Appearance
from hw2gui.app.main_window import MainWindow, application
from hw2gui.app.settings import Settings
from hw2gui.app.tour import settle
window = MainWindow(Appearance(application(), "light"), Settings(), remember=False, tab="vision")
window.show(); window.services.start(); settle(window)
nearest = "hw2gui.vision.tasks:nearest"
picture = __import__("numpy").zeros((28, 28), dtype="uint8")
children = [int(p) for t in os.listdir("/proc/self/task") for p in open(f"/proc/self/task/{t}/children").read().split()]
for child in children:
    if b"spawn_main" in open(f"/proc/{child}/cmdline", "rb").read():
        os.kill(child, signal.SIGKILL)
answers = []
for attempt in range(3):
    window.services.ask("try", nearest, {"picture": picture}, lambda _: answers.append("answered"), failed=answers.append)
    settle(window); time.sleep(0.2)
print(answers)
window.close()
"""
    process = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=place.environment(), capture_output=True, text=True, timeout=120, check=False
    )
    said = process.stdout.strip()
    return Outcome("the worker killed with SIGKILL", said[:260] or process.stderr[-300:], "answered" in said)


FAULTS: dict[str, Callable[[], Outcome]] = {
    function.__name__: function
    for function in (
        training_killed, two_on_one_run, disk_full, data_cut_short, home_unwritable, no_gpu, no_fonts, no_network, clock_jump,
        window_killed, worker_killed,
    )
}  # fmt: skip


def main() -> int:
    """All faults, one after another."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=FAULTS)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    bad = 0
    chosen = {name: inject for name, inject in FAULTS.items() if arguments.only in (None, name)}
    progress = Progress(len(chosen))
    for number, (name, inject) in enumerate(chosen.items()):
        progress.at(number)
        try:
            outcome = inject()
        except Exception as error:
            outcome = Outcome(name, f"{type(error).__name__}: {error}", False)
        bad += not outcome.ok
        told = {"fault": outcome.fault, "seen": re.sub(r"/[\w./-]*hw2gui-fault-\w+", "…", outcome.seen), "ok": outcome.ok}
        print(
            json.dumps(told, ensure_ascii=False)
            if arguments.json
            else f"{'ok  ' if outcome.ok else 'BAD '} {told['fault']}: {told['seen']}",
            flush=True,
        )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
