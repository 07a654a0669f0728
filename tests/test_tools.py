"""The check for system libraries, on a Qt whose libraries are missing by decree."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

TOOLS = Path(__file__).parents[1] / "tools"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere PySide6 brings all it needs")

LDD = """#!/bin/sh
echo "  libc.so.6 => /lib/libc.so.6 (0x1)"
case "$1" in *offscreen*) echo "$LIBRARIES_ALWAYS" ;; *xcb*) echo "$LIBRARIES_WINDOW" ;; esac
"""


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """tools/check_system.py with an ``ldd`` that finds missing what the environment says, and an ``apt-get`` that notes what it is told."""
    for name, text in (("ldd", LDD), ("apt-get", f'#!/bin/sh\necho "$@" >> {tmp_path}/apt.log\n')):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "LIBRARIES_ALWAYS", "LIBRARIES_WINDOW"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    spec = importlib.util.spec_from_file_location("check_system", TOOLS / "check_system.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "has_a_font", lambda: True)
    return module


def missing(*names: str) -> str:
    return "\n".join(f"\t{name} => not found" for name in names)


def test_nothing_missing_says_nothing(check: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main() == 0
    assert capsys.readouterr() == ("", "")


def test_what_nothing_works_without_is_named(check: ModuleType, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBRARIES_ALWAYS", missing("libEGL.so.1", "libunheard.so.9"))
    assert check.main() == 1
    told = capsys.readouterr().err
    assert "libEGL.so.1, libunheard.so.9" in told
    assert "apt-get install libegl1\n" in told


@pytest.mark.parametrize(("display", "code"), [("", 0), (":0", 1)])
def test_what_only_a_window_needs_matters_where_there_is_a_display(
    check: ModuleType, capsys, monkeypatch: pytest.MonkeyPatch, display: str, code: int
) -> None:
    monkeypatch.setenv("LIBRARIES_WINDOW", missing("libxcb-cursor.so.0"))
    monkeypatch.setenv("DISPLAY", display)
    assert check.main() == code
    assert "libxcb-cursor0" in capsys.readouterr().err


def test_without_a_font_qt_draws_no_text(check: ModuleType, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "has_a_font", lambda: False)
    assert check.main() == 1
    assert "fonts-dejavu-core" in capsys.readouterr().err


def test_root_on_debian_installs(check: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("LIBRARIES_ALWAYS", missing("libEGL.so.1"))
    monkeypatch.setenv("LIBRARIES_WINDOW", missing("libxcb-cursor.so.0", "libEGL.so.1"))
    assert check.main() == 0
    assert (tmp_path / "apt.log").read_text().splitlines() == [
        "-qq update",
        "-qq install -y --no-install-recommends libegl1 libxcb-cursor0",
    ]


@pytest.fixture
def setup(tmp_path: Path) -> Path:
    """A copy of tools/setup.sh in a folder of its own."""
    (tmp_path / "tools").mkdir()
    (tmp_path / "constraints.txt").write_text("numpy==1.0\ntorch==9.8.7\n")
    return Path(shutil.copy(TOOLS / "setup.sh", tmp_path / "tools" / "setup.sh"))


def run(setup: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", str(setup), "test"], env={**os.environ, **environment}, capture_output=True, text=True, check=False)


def test_setup_refuses_an_old_python(setup: Path) -> None:
    answer = run(setup, PYTHON="false")
    assert answer.returncode == 1
    assert "needs Python 3.11 or newer" in answer.stderr
    assert not (setup.parents[1] / ".venv").exists()


@pytest.mark.parametrize(("have", "reachable"), [("", True), ("", False), ("9.8.7", True), ("9.8.6", True)])
def test_torch_is_looked_for_among_the_cpu_builds_first(setup: Path, have: str, reachable: bool) -> None:
    """With a Python that notes what pip is told, and, if the index is out of reach, fails where an index is named."""
    python = setup.parents[1] / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"""#!/bin/sh
if [ "$1" = -c ]; then echo "{have}"; exit; fi
echo "$@" >> {setup}.log
case "$*" in *--index-url*) exit {0 if reachable else 1} ;; esac
""")
    python.chmod(0o755)
    assert run(setup, TORCH_INDEX="https://index.example/cpu").returncode == 0
    told = [line.split(" install ")[1].removeprefix("-qq ") for line in Path(f"{setup}.log").read_text().splitlines()]
    first = "--no-deps --index-url https://index.example/cpu --timeout 10 --retries 1 torch==9.8.7"
    rest = "--constraint constraints.txt --editable .[test]"
    assert told == ([] if have == "9.8.7" else [first] if reachable else [first, "--no-deps torch==9.8.7"]) + [rest]
