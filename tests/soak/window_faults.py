"""The window, or the worker behind it, killed while it works."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

from tests.soak.fault_place import KILLS, ROOT, Outcome, Place

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
