"""The tour: pictures of the tabs without a screen."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage

from hw2gui.app import tour
from hw2gui.app.main_window import MainWindow
from hw2gui.cli import main
from hw2gui.errors import InputError, UnavailableError
from hw2gui.widgets.themes import DARK, LIGHT
from tests.app.conftest import ROOT, Open
from tests.app.demo import TABS, DemoTab, quick_worker
from tests.widgets.hands import pixels, share_of


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No torch for a tour of two small tabs."""

    class Window(MainWindow):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options, make_worker=quick_worker)

    monkeypatch.setattr(tour, "MainWindow", Window)


def test_every_stop_of_every_tab_becomes_a_picture_of_the_size_asked_for(qapp: Any, home: Path, tmp_path: Path) -> None:
    paths = list(tour.render(tmp_path / "out", ("light", "dark"), (700, 500), tabs=TABS))
    assert [path.name for path in paths] == [
        f"{number:02d}-{name}-{choice}.png"
        for choice in ("light", "dark")
        for number, name in ((1, "demo-start"), (2, "demo-large"), (3, "other-start"), (4, "other-large"))
    ]
    for path in paths:
        colours = DARK if path.stem.endswith("dark") else LIGHT
        picture = pixels(QImage(str(path)))
        assert picture.shape == (500, 700) and share_of(picture, colours.window) > 0.3 and len(np.unique(picture)) > 20
    # What the worker was asked for is in the picture.
    assert share_of(pixels(QImage(str(paths[1]))), LIGHT.good) > share_of(pixels(QImage(str(paths[0]))), LIGHT.good)
    assert [path for path in home.rglob("*") if path.is_file()] == []  # nothing of the user's was touched


def test_one_tab_and_one_stop(qapp: Any, tmp_path: Path) -> None:
    paths = list(tour.render(tmp_path, ("light",), (640, 480), tab="other", only="large", tabs=TABS))
    assert [path.name for path in paths] == ["02-other-large-light.png"]
    with pytest.raises(InputError, match="There is no stop 'nowhere': use one of start, large"):
        list(tour.render(tmp_path, ("light",), (640, 480), tab="demo", only="nowhere", tabs=TABS))


def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_left_open(qapp: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UnavailableError, match="cannot be made"):
        list(tour.render(tmp_path / "file", ("light",), (640, 480), tabs=TABS))


def test_an_interruption_ends_it_after_the_picture_that_is_being_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(signal.SIGINT)
    made: list[Path] = []

    def render(folder: Path, *_: object) -> Iterator[Path]:
        for number in range(3):
            if number == 1:
                os.kill(os.getpid(), signal.SIGINT)
            made.append(folder / f"{number}.png")
            yield made[-1]

    monkeypatch.setattr(tour, "render", render)
    monkeypatch.setenv("QT_SCALE_FACTOR", "1")  # which the verb sets
    assert main(["tour", "--out", str(tmp_path)]) == 130
    assert capsys.readouterr().out.splitlines() == list(map(str, made)) == [str(tmp_path / "0.png"), str(tmp_path / "1.png")]
    assert signal.getsignal(signal.SIGINT) is before


def test_what_never_gets_ready_is_told(open_window: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tour, "WAIT_SECONDS", 0.2)
    window = open_window(show=True)
    tab = window.page("demo")
    assert isinstance(tab, DemoTab)
    tab.square(seconds=600)
    with pytest.raises(UnavailableError, match="not done within"):
        tour.settle(window)


def test_the_command_draws_the_real_tab_at_any_density(home: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hw2gui", "tour", "--out", str(tmp_path), "--theme", "dark", "--tab", "convolution"]
    command += ["--stop", "small", "--size", "900x600", "--scale", "1.5"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    (path,) = map(Path, done.stdout.split())
    picture = pixels(QImage(str(path)))
    assert picture.shape == (900, 1350)
    assert share_of(picture, DARK.window) > 0.05 and share_of(picture, DARK.panel) > 0.1
    assert share_of(picture, DARK.link) > 0.0005  # the pinned entry and its partners


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--size", "big"), "The size 'big' is not like 1280x800"),
        (("--size", "10x10"), "The size '10x10' is not like 1280x800"),
        (("--scale", "9"), "The scale 9 is not between 0.5 and 4"),
        (("--tab", "nowhere"), "There is no tab 'nowhere'"),
        (("--tab", "convolution", "--stop", "nowhere"), "There is no stop 'nowhere'"),
    ],
)
def test_wrong_use_is_told_in_one_sentence(qapp: Any, tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QT_SCALE_FACTOR", "1")  # the command sets it for the process it runs in
        patch.setattr("hw2gui.app.launch.start_logging", lambda: None)
        code, errors = run(main, ["tour", "--out", str(tmp_path), *arguments])
    assert code == 2 and errors.startswith(f"hw2gui: {sentence}") and errors.count("\n") == 1


def run(main: Any, arguments: list[str]) -> tuple[int, str]:
    import contextlib
    import io

    with contextlib.redirect_stderr(io.StringIO()) as errors:
        code = main(arguments)
    return code, errors.getvalue()
