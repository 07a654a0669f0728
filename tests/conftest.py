"""What holds for every test: no screen, no user's home, nothing in the current folder, and nothing left behind by a test that uses Qt."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

import hypothesis
import pytest

pytest_plugins = ["pytester"]

# Before Qt and torch are imported. Tests may run side by side: one thread each.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["OMP_NUM_THREADS"] = "1"
# Programs that tests start find the package, and the tests, from any folder.
os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])

# How fast this machine is decides nothing.
hypothesis.settings.register_profile("hw2gui", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("hw2gui")

QT_FIXTURES = {"qapp", "qtbot", "qtmodeltester"}
_FAILED = pytest.StashKey[bool]()


def pytest_configure(config: pytest.Config) -> None:
    # For whatever runs outside a test, such as fixtures of a whole module; each test then has its own (`home`).
    folder = tempfile.TemporaryDirectory(prefix="hw2gui-tests-")
    config.add_cleanup(folder.cleanup)
    os.environ["HW2GUI_HOME"] = folder.name


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty ``HW2GUI_HOME`` of the test's own."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HW2GUI_HOME", str(folder))
    return folder


@pytest.fixture(scope="session", autouse=True)
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The current folder of all tests, of their processes and of their modules' fixtures: a new one."""
    folder = tmp_path_factory.mktemp("here")
    before = Path.cwd()
    os.chdir(folder)
    yield folder
    os.chdir(before)


@pytest.fixture(autouse=True)
def nothing_written_here(here: Path) -> Iterator[None]:
    """Fail a test that leaves anything in the current folder, which for a developer is the checkout."""
    yield
    found = sorted(here.iterdir())
    for path in found:  # the next test is not to be blamed for it
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if found:
        pytest.fail("The test left in the current folder: " + ", ".join(path.name for path in found), pytrace=False)


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that uses Qt and leaves widgets, timers, animations, threads or processes to the tests after it."""
    if not QT_FIXTURES & set(request.fixturenames):
        yield
        return
    from tests import leaks

    request.getfixturevalue("qapp")
    with closing(leaks.Snapshot()) as before:
        yield
        # The traceback of a failed test holds its widgets; one failure is enough.
        found = [] if request.node.stash.get(_FAILED, False) else leaks.since(before)
    if found:
        pytest.fail("The test left behind:\n" + "\n".join(found), pytrace=False)
