"""Everything the program keeps is written, and the program is killed at each moment of it: ``python -m tests.soak.each_write``.

A moment is an opening of a file for writing, a renaming or a removal below the home, as Python's audit hooks tell them. At an opening the
file is opened, and so emptied or begun, and the process killed with SIGKILL; at the others it is killed before them. Each time another
process then reads all there is, by the program's own readers. What was written before must be there; what was being written is there
whole, or not at all, or as it was before. Last the training goes on, to the same weights as one that was left alone.

One line of JSON at the end: how many moments, and what was wrong, by the moment.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from hw2gui.app.tabs import TABS
from hw2gui.errors import UserError
from hw2gui.files import is_temporary
from hw2gui.names import load
from hw2gui.session.document import Document
from hw2gui.session.store import Store
from hw2gui.training.run_folder import RunFolder
from hw2gui.training.runs import list_runs
from hw2gui.training.weights import read_weights
from hw2gui.vision import collection, recipes, train
from hw2gui.vision.pen import Drawing, Stroke
from tests.soak.home import folder

NEW = "new"
"""The run that is being trained when the program is killed."""


def write_everything(home: Path, number: int) -> None:
    """What a user makes in an hour: a drawing, a session, exports, a run with a name. *number* tells one time from another."""
    drawing = Drawing((Stroke(((0.2, 0.2), (0.8, 0.3 + 0.1 * number))),))
    collection.keep(drawing, 3)
    document = _document()
    document.stores["vision"].change("Image", index=number)
    document.save(home / "mine.hw2", "vision")
    convolution = document.stores["convolution"].state
    from hw2gui.convolution import images
    from hw2gui.convolution.scene import resolve
    from hw2gui.convolution.tasks import save_matrix

    pixels = images.load(convolution.image, convolution.height, convolution.width).pixels
    save_matrix(resolve(convolution, pixels).matrix, str(home / "matrix.npz"))
    run = RunFolder.open(train_run(home / "runs" / ("old" if number == 1 else NEW)))
    run.rename(f"run {number}")


def train_run(path: Path) -> Path:
    """Train a small network in *path*, or go on with it."""
    config = recipes.find("fast").config
    config = replace(config, data="strokes:200", training=replace(config.training, epochs=2, threads=1))
    if not (path / "config.json").exists():
        shutil.rmtree(path, ignore_errors=True)  # a folder without it is no run yet
        train.begin(config, path)
    if RunFolder.open(path).state.status == "finished":
        return path
    for _ in train.train(str(path)):
        pass
    return path


def wrong_with(home: Path, weights: bytes) -> str:
    """What is lost or broken in *home*, in words; empty where all is well. *weights*: those of a training that was left alone."""
    problems = [listed.problem for listed in list_runs(home / "runs") if listed.problem]
    old = RunFolder.open(home / "runs" / "old")
    if old.name != "run 1" or len(old.metrics().epochs) != 2 or last_weights(old.path) != weights:
        problems.append("the run trained before is another")
    if len(collection.everything()) not in (1, 2):
        problems.append("a drawing kept before is gone")
    document = _document()
    document.open(home / "mine.hw2")
    if document.stores["vision"].state.index not in (1, 2):
        problems.append("the session is another")
    from scipy.sparse import load_npz

    load_npz(home / "matrix.npz")
    if last_weights(train_run(home / "runs" / NEW)) != weights:
        problems.append("the training went on to other weights")
    left = [path.name for path in (home / "runs" / NEW).iterdir() if is_temporary(path) and not path.name.startswith(".name-")]
    if left:
        problems.append(f"the run taken up again keeps {', '.join(left)}")
    return "; ".join(problems)


def last_weights(path: Path) -> bytes:
    """All numbers of a run's last weights."""
    arrays = read_weights(max(path.glob("epoch-*.safetensors"))).arrays
    return b"".join(arrays[name].tobytes() for name in sorted(arrays))


def _document() -> Document:
    return Document({spec.key: Store(load(spec.state)(), load(spec.check)) for spec in TABS})


class Moments:
    """Counts the moments below *home*, and at number *kill_at* kills this process; an audit hook, which nothing takes out again."""

    def __init__(self, home: Path, kill_at: int = 0) -> None:
        self.seen: list[str] = []
        self._home, self._kill_at = str(home), kill_at

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """See :func:`sys.addaudithook`."""
        if event not in ("open", "os.rename", "os.remove") or not self._is_below(arguments[0]):
            return
        if event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR):
            return
        path = Path(os.fsdecode(arguments[0]))
        self.seen.append(f"{event} {path.relative_to(self._home)}")
        if len(self.seen) == self._kill_at:
            if event == "open":
                self._home = "\0"  # what follows is ours
                opened = os.open(path, arguments[2] & ~os.O_EXCL, 0o600)
                os.write(opened, b'{"st')  # half of what was to be written
            os.kill(os.getpid(), signal.SIGKILL)

    def _is_below(self, path: object) -> bool:
        return isinstance(path, (str, bytes, os.PathLike)) and os.fsdecode(path).startswith(self._home + os.sep)


def in_a_process(act: Callable[[], str]) -> tuple[int, str]:
    """Do *act* in a fork of this process, and answer how it ended (the signal, or 0) and what it said."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        said = ""
        try:
            said = act()
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        with suppress(OSError):
            os.write(writer, said.encode()[:60_000])
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        said = stream.read().decode()
    _, status = os.waitpid(child, 0)
    return (os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0), said


def killed_at(before: Path, moment: int, weights: bytes) -> str:
    """Write everything for the second time in a copy of *before*, killed at *moment*; what is wrong then."""
    home = before.parent / f"killed-{moment}"
    shutil.copytree(before, home)
    os.environ["HW2GUI_HOME"] = str(home)

    def write() -> str:
        sys.addaudithook(Moments(home, moment))
        write_everything(home, 2)
        return "was not killed"

    ended, said = in_a_process(write)
    wrong = said if ended != signal.SIGKILL else in_a_process(lambda: wrong_with(home, weights))[1]
    shutil.rmtree(home)
    return wrong


def main() -> int:
    """All moments, one after another."""
    torch.set_num_threads(1)
    before = folder("writes") / "before"
    before.mkdir()
    os.environ["HW2GUI_HOME"] = str(before)
    _, said = in_a_process(lambda: str(write_everything(before, 1) or ""))
    if said:
        raise UserError(said)
    weights = last_weights(before / "runs" / "old")

    def count() -> str:
        home = before.parent / "counted"
        shutil.copytree(before, home)
        os.environ["HW2GUI_HOME"] = str(home)
        moments = Moments(home)
        sys.addaudithook(moments)
        write_everything(home, 2)
        return json.dumps(moments.seen)

    moments = json.loads(in_a_process(count)[1])
    wrong = {}
    for number, moment in enumerate(moments, 1):
        problem = killed_at(before, number, weights)
        if problem:
            wrong[f"{number}: {moment}"] = problem
    print(json.dumps({"moments": moments, "wrong": wrong}, ensure_ascii=False))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
