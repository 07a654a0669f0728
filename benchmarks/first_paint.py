"""From starting the program to its first painted window, beside starting Python and importing torch."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from time import perf_counter

from _table import Row, report

REPEATS = 5
AIM_MS = 1000.0

OPEN = """
from PySide6.QtCore import QEvent, QObject, QTimer
from hw2gui.app.appearance import Appearance
from hw2gui.app.main_window import MainWindow, application
from hw2gui.app.settings import Settings

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            application().removeEventFilter(self)
            QTimer.singleShot(0, lambda: (print("painted", flush=True), window.close(), application().quit()))
        return False

app = application()
window = MainWindow(Appearance(app, "light"), Settings())
first = FirstPaint()
window.page("convolution").page.matrix.installEventFilter(first)
window.show()
app.exec()
"""


def main() -> None:
    """Measure and report."""
    with tempfile.TemporaryDirectory(prefix="hw2gui-bench-") as home:
        _measure({**os.environ, "HW2GUI_HOME": home})


def _measure(environment: dict[str, str]) -> None:
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    ours = [_until_painted(environment) for _ in range(REPEATS + 1)][1:]
    torch = [_whole([sys.executable, "-c", "import torch"], environment) for _ in range(REPEATS + 1)][1:]
    median, peer = statistics.median(ours), statistics.median(torch)
    report(
        [
            Row(
                "start to first paint",
                f"{median:.0f} ms",
                f'python -c "import torch": {peer:.0f} ms',
                f"{peer / median:.1f}×",
                f"≤ {AIM_MS:.0f} ms",
                median <= AIM_MS,
            )
        ]
    )


def _until_painted(environment: dict[str, str]) -> float:
    start = perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", OPEN], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("painted"):
                taken = (perf_counter() - start) * 1000
                process.wait()
                return taken
    raise RuntimeError("the window was never painted")


def _whole(command: list[str], environment: dict[str, str]) -> float:
    start = perf_counter()
    subprocess.run(command, check=True, env=environment)
    return (perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
