"""Who may import whom, checked on the source (all imports) and in fresh interpreters (what is really loaded)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in (ROOT / "hw2gui").rglob("*.py")
)

IMPORT_AND_TELL = """
import importlib, json, sys
modules, watched = json.loads(sys.argv[1])
told = {}
for module in modules:
    importlib.import_module(module)
    told[module] = [name for name in watched if name in sys.modules]
    for name in told[module]:
        watched.remove(name)
print(json.dumps(told))
"""


def uses_qt(module: str) -> bool:
    """Whether *module* is one of those that may."""
    parts = module.split(".")
    return parts[1:2] in (["app"], ["widgets"]) or "gui" in parts


def loaded_by(modules: list[str], *watched: str) -> dict[str, list[str]]:
    """Import *modules* in one fresh interpreter; which first loaded one of the *watched* modules."""
    command = [sys.executable, "-c", IMPORT_AND_TELL, json.dumps([modules, watched])]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert answer.returncode == 0, answer.stderr
    return {module: names for module, names in json.loads(answer.stdout).items() if names}


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=120)


def test_modules_are_found() -> None:
    assert {"hw2gui", "hw2gui.cli", "hw2gui.jobs.child", "hw2gui.convolution.gui"} <= set(MODULES)
    assert [uses_qt(name) for name in ("hw2gui.cli", "hw2gui.app.x", "hw2gui.widgets", "hw2gui.a.gui", "hw2gui.a.b.gui.c")] == [
        False, True, True, True, True,
    ]  # fmt: skip


def test_subjects_and_services_load_no_qt() -> None:
    assert loaded_by([module for module in MODULES if not uses_qt(module)], "PySide6", "shiboken6", "pyqtgraph") == {}


def test_the_window_loads_no_torch_and_nothing_only_exports_need() -> None:
    """First paint waits for all of these modules; torch alone takes two seconds."""
    assert loaded_by([module for module in MODULES if uses_qt(module)], "torch", "matplotlib", "scipy") == {}


def test_the_watch_sees_what_is_loaded() -> None:
    assert loaded_by(["json", "colorsys", "wave"], "colorsys") == {"colorsys": ["colorsys"]}


def test_import_contracts_hold() -> None:
    answer = lint_imports(ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("hw2gui/jobs/bad.py", "import hw2gui.convolution", "Imports run one way"),
        ("hw2gui/vision/bad.py", "def late():\n    import hw2gui.convolution", "Imports run one way"),
        ("hw2gui/widgets/bad.py", "import hw2gui.session", "Imports run one way"),
        ("hw2gui/seventh/bad.py", "import math", "Imports run one way"),
        ("hw2gui/convolution/bad.py", "def late():\n    import pyqtgraph", "Only a subject's gui"),
        ("hw2gui/vision/state.py", "from PySide6.QtCore import QObject", "Only a subject's gui"),
        ("hw2gui/convolution/bad.py", "import hw2gui.widgets", "Widgets are used"),
        ("hw2gui/convolution/bad.py", "def late():\n    import hw2gui.convolution.gui", "A subject's gui is used"),
    ],
)
def test_import_contracts_catch_offenders(tmp_path: Path, module: str, line: str, contract: str) -> None:
    """Also inside functions, and in subjects still to come."""
    shutil.copytree(ROOT / "hw2gui", tmp_path / "hw2gui", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    offender = tmp_path / module
    offender.parent.mkdir(exist_ok=True)
    (offender.parent / "__init__.py").touch()
    offender.write_text(line + "\n")
    answer = lint_imports(tmp_path)
    assert answer.returncode == 1
    (broken,) = [text for text in answer.stdout.splitlines() if " BROKEN" in text]
    assert broken.startswith(contract)
