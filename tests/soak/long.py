"""A long training with the window used all the while: ``python -m tests.soak.long [--seconds 3600] [--json]``, from the checkout.

The homework's network trains in its own process while a monkey that acts like a quick user (``EVENTS_A_SECOND``) goes through all tabs.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import deque
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tests.soak.monkey import Monkey, NoTorch, _chooser  # sets the home before anything of the program is loaded
from tests.soak.progress import Progress
from tests.soak.watch import Size, Watch, size

from PySide6.QtCore import QTimer  # isort: skip
from PySide6.QtWidgets import QApplication  # isort: skip

from hw2gui import memory
from hw2gui.app import preload
from hw2gui.app.appearance import Appearance
from hw2gui.app.main_window import MainWindow, application
from hw2gui.app.settings import Settings
from hw2gui.app.tour import settle
from hw2gui.training.controls import Stop
from hw2gui.vision import recipes, train

EVENTS_A_SECOND = 20


def main() -> int:
    """Train and shake; the exit code says whether the training went on and nothing was raised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    sys.meta_path.insert(0, NoTorch)
    window = MainWindow(Appearance(application(), "light"), Settings(), tab="convolution")
    window.services.choose_file = _chooser(arguments.seed)  # type: ignore[method-assign]
    window.busy.cancelled.disconnect()  # the monkey would cancel the training, as a user may
    window.show()
    preload.preload()
    window.pages.all_made.connect(memory.set_aside)
    window.pages.make_ahead()
    settle(window)
    config = recipes.find("homework").config
    config = replace(config, data="strokes:10000", training=replace(config.training, epochs=10_000, keep_epochs=False, test="never"))
    run = train.begin(config)
    told: deque[Any] = deque(maxlen=1)
    ended: list[str] = []
    window.services.ask(
        "a long training",
        train.JOB,
        {"folder": str(run.path)},
        lambda _: ended.append("stopped"),
        failed=ended.append,
        progress=lambda event: told.append(event) if hasattr(event, "step") else None,
        alone=True,
    )
    while not (window.services._alone.pids and window.services._worker.pid):
        QApplication.processEvents()
    known = {"worker": str(window.services._worker.pid), "training": str(window.services._alone.pids[0])}
    sizes: list[Size] = [size()]
    minutes = [0.0]
    progress = Progress(arguments.seconds)
    with Watch() as watch:
        began, every, acts = time.monotonic(), min(60.0, arguments.seconds / 8), 0
        end, next_size = began + arguments.seconds, began + every
        monkey = Monkey(window, watch, "convolution", 10**9, arguments.seed)
        tabs = [spec.key for spec in window.tabs]
        closer = QTimer()
        closer.timeout.connect(monkey._close_popups)  # in whose loops an event would wait for ever
        closer.start(500)
        while time.monotonic() < end and not ended:
            if acts % 400 == 0:
                monkey.tab = tabs[acts // 400 % len(tabs)]
                window.show_tab(monkey.tab)
            acts += 1
            monkey.act_once()
            until = time.monotonic() + 1 / EVENTS_A_SECOND
            while time.monotonic() < until:
                QApplication.processEvents()
                time.sleep(0.002)
            progress.at(time.monotonic() - began)
            if time.monotonic() > next_size:
                watch.doing = "measuring"
                sizes.append(size())
                minutes.append(round((time.monotonic() - began) / 60, 2))
                watch.forget_gap()
                next_size += every
        took = time.monotonic() - began
        closer.stop()
        went_on = not ended
        window.services.tell("a long training", Stop())
        patience = time.monotonic() + 20
        while not ended and time.monotonic() < patience:
            QApplication.processEvents()
            time.sleep(0.01)
        watch.forget_gap()
        window.close()
        found = watch.found
    computing = sorted((own for _, own, _, _ in found.hangs), reverse=True)
    print(
        json.dumps(
            {
                "seconds": arguments.seconds,
                "took_s": round(took, 1),
                "events": acts,
                "training went on to the end": went_on,
                "training ended": ended,
                "steps": getattr(told[0], "step", 0) if told else 0,
                "exceptions": dict(found.exceptions),
                "warnings": dict(found.warnings),
                "gaps over 100 ms": len(found.hangs),
                "of which computing over 100 ms": sum(own > 100 for own in computing),
                "longest_ms": found.longest_ms,
                "hangs": sorted(found.hangs, key=lambda hang: -hang[1])[:10],
                "minutes": minutes,
                "sizes": [asdict(one) for one in sizes],
                "known": known,
                "run_bytes": sum(file.stat().st_size for file in Path(run.path).glob("*")),
            },
            ensure_ascii=False,
            indent=None if arguments.json else 1,
        )
    )
    return 0 if went_on and not found.exceptions else 1


if __name__ == "__main__":
    sys.exit(main())
