"""The doctor: what is installed, which display, device, data and folders there are, and what to do about what is missing."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from hw2gui import __version__, paths

Verdict = Literal["ok", "note", "missing"]

PACKAGES = ("PySide6_Essentials", "pyqtgraph", "torch", "numpy", "scipy", "matplotlib", "pillow", "psygnal", "platformdirs")
PROBE_SECONDS = 90
QT_LIBRARIES = "libegl1 libgl1 libxkbcommon0 libxcb-cursor0 libfontconfig1 libdbus-1-3"
"""What Qt needs of a Debian system that has no desktop."""


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how it is, and what to do when it is not right."""

    what: str
    verdict: Verdict
    detail: str
    mend: str = ""


def examine() -> list[Finding]:
    """Look at everything. Takes seconds: Qt and torch are loaded in processes of their own, so that a crash of theirs is a finding."""
    return [
        Finding("hw2gui", "ok", f"{__version__}, Python {platform.python_version()}, {platform.platform()}"),
        *map(_package, PACKAGES),
        _qt(),
        _display(),
        _torch(),
        *_fonts(),
        *_datasets(),
        *map(_folder, (("settings", paths.settings_folder()), ("cache", paths.cache_folder()), ("data", paths.data_folder()))),
        Finding("log", "ok", str(paths.log_file())),
    ]


def print_findings(findings: list[Finding], *, as_json: bool) -> int:
    """Print *findings*; exit code 1 when something needed is missing."""
    write = sys.stdout.write
    if as_json:
        write(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1) + "\n")
    else:
        width = max(len(finding.what) for finding in findings)
        signs = {"ok": "✓", "note": "•", "missing": "✗"}
        for finding in findings:
            write(f"{signs[finding.verdict]} {finding.what:<{width}}  {finding.detail}\n")
            if finding.mend:
                write(f"  {'':<{width}}  → {finding.mend}\n")
    return 1 if any(finding.verdict == "missing" for finding in findings) else 0


def _package(name: str) -> Finding:
    try:
        return Finding(name, "ok", importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, "missing", "not installed", f"pip install {name.replace('_', '-')}")


def _probe(code: str) -> tuple[bool, str]:
    """Run *code* in a fresh interpreter; answer whether it went well and the last line it said."""
    command, environment = [sys.executable, "-c", code], {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PROBE_SECONDS, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return False, f"no answer within {PROBE_SECONDS} s"
    lines = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()
    return done.returncode == 0, lines[-1] if lines else f"ended with code {done.returncode}"


def _qt() -> Finding:
    good, said = _probe("from PySide6 import QtCore, QtGui, QtWidgets; QtWidgets.QApplication([]); print('Qt', QtCore.qVersion(), 'loads')")
    mend = "" if good else f"install the system library it names (Debian: {QT_LIBRARIES})"
    return Finding("window toolkit", "ok" if good else "missing", said, mend)


def _display() -> Finding:
    if sys.platform in ("win32", "darwin"):
        return Finding("display", "ok", "the desktop's own")
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY"):
        if os.environ.get(name):
            return Finding("display", "ok", f"{name}={os.environ[name]}")
    return Finding("display", "note", "none: no window can open here", "use 'hw2gui tour --out DIR' for pictures, or start under Xvfb")


def _torch() -> Finding:
    code = (
        "import torch; gpu = torch.cuda.is_available() and torch.cuda.get_device_name(0); mps = torch.backends.mps.is_available(); "
        "print(f'{torch.get_num_threads()} threads; ' + (f'GPU {gpu}' if gpu else 'Apple GPU' if mps else 'no GPU, the CPU is used'))"
    )
    good, said = _probe(code)
    return Finding("torch device", "ok" if good else "missing", said, "" if good else "pip install torch")


def _fonts() -> list[Finding]:
    good, said = _probe(
        "from PySide6.QtGui import QFontDatabase, QGuiApplication; a = QGuiApplication([]); "
        "f = QFontDatabase.families; W = QFontDatabase.WritingSystem; print(len(f(W.Japanese)), len(f(W.Arabic)))"
    )
    if not good:
        return []
    japanese, arabic = map(int, said.split())
    findings = []
    for name, count, mend in (
        ("Japanese font", japanese, "classes are shown in romaji as well; Debian: fonts-noto-cjk"),
        ("Arabic font", arabic, "Debian: fonts-dejavu-core"),
    ):
        findings.append(Finding(name, "ok" if count else "note", f"{count} families" if count else "none", "" if count else mend))
    return findings


def _datasets() -> list[Finding]:
    from hw2gui.datasets import registry

    published = paths.published_data_folder()
    if published is not None and published.is_dir():
        findings = [Finding("HW2GUI_DATA", "ok", str(published))]
    else:
        state = "not set" if published is None else f"{published} is no folder"
        findings = [Finding("HW2GUI_DATA", "note", state, "only needed for data sets kept elsewhere")]
    for dataset in registry.DATASETS.values():
        if dataset.built_in:
            findings.append(Finding(f"data {dataset.name}", "ok", "built in"))
            continue
        name = f"data {dataset.name}"
        if registry.is_present(dataset):
            findings.append(Finding(name, "ok", f"{dataset.title}, {dataset.size / 2**20:.1f} MiB"))
        else:
            findings.append(Finding(name, "note", "not on this computer", dataset.how_to_get))
    return findings


def _folder(named: tuple[str, Path]) -> Finding:
    name, folder = named
    existing = next((parent for parent in (folder, *folder.parents) if parent.exists()), None)
    if existing is not None and existing.is_dir() and os.access(existing, os.W_OK):
        return Finding(f"{name} folder", "ok", str(folder))
    return Finding(f"{name} folder", "missing", f"{folder} cannot be written", "set HW2GUI_HOME to a folder you may write")
