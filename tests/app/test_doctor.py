from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from hw2gui.app import doctor
from hw2gui.app.doctor import Finding, examine, print_findings
from hw2gui.cli import main
from hw2gui.datasets import registry


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Finding]:
    """What the doctor finds here, in a home of its own; it takes seconds, so once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HW2GUI_HOME", str(tmp_path_factory.mktemp("home")))
        patch.delenv("HW2GUI_DATA", raising=False)
        return {finding.what: finding for finding in examine()}


def test_it_looks_at_everything(findings: dict[str, Finding]) -> None:
    for what in ("hw2gui", *doctor.PACKAGES, "window toolkit", "torch device", "settings folder", "cache folder", "data folder", "log"):
        assert findings[what].verdict == "ok", findings[what]
    assert findings["display"].verdict in ("ok", "note")
    assert "threads" in findings["torch device"].detail and findings["window toolkit"].detail.startswith("Qt 6")
    assert {f"data {dataset.name}" for dataset in registry.DATASETS.values()} <= set(findings)
    assert findings["HW2GUI_DATA"].detail == "not set"


def test_what_is_missing_says_what_to_do(findings: dict[str, Finding]) -> None:
    assert all(finding.mend for finding in findings.values() if finding.verdict != "ok")


def test_text_and_json_say_the_same_and_the_exit_code_tells(capsys: pytest.CaptureFixture[str]) -> None:
    some = [Finding("Qt", "ok", "loads"), Finding("data", "note", "not here", "fetch it"), Finding("torch", "missing", "no", "pip install")]
    assert print_findings(some, as_json=False) == 1
    assert capsys.readouterr().out == ("✓ Qt     loads\n• data   not here\n         → fetch it\n✗ torch  no\n         → pip install\n")
    assert print_findings(some[:2], as_json=True) == 0
    assert [entry["what"] for entry in json.loads(capsys.readouterr().out)] == ["Qt", "data"]


def test_the_command_prints_what_was_found_and_exits_with_the_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for verdict, code in (("ok", 0), ("note", 0), ("missing", 1)):
        found = [Finding("torch", verdict, "as it is", "pip install torch")]
        monkeypatch.setattr(doctor, "examine", lambda found=found: found)
        assert main(["doctor", "--json"]) == code
        assert json.loads(capsys.readouterr().out)[0]["verdict"] == verdict
        assert main(["doctor"]) == code
        assert "torch  as it is" in capsys.readouterr().out


def test_packages_that_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    found = doctor._package("no_such_package_anywhere")
    assert (found.verdict, found.mend) == ("missing", "pip install no-such-package-anywhere")


def test_a_probe_that_crashes_or_never_ends_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor._probe("import os; os._exit(3)") == (False, "ended with code 3")
    good, said = doctor._probe("raise ImportError('libEGL.so.1: cannot open shared object file')")
    assert not good and "libEGL.so.1" in said
    monkeypatch.setattr(doctor, "PROBE_SECONDS", 0.2)
    assert doctor._probe("import time; time.sleep(60)") == (False, "no answer within 0.2 s")


def test_folders(tmp_path: Path) -> None:
    assert doctor._folder(("data", tmp_path / "not" / "yet")).verdict == "ok"
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        found = doctor._folder(("data", path))
        assert found.verdict == "missing" and "HW2GUI_HOME" in found.mend


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a screen there")
def test_displays(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert doctor._display().verdict == "note"
    monkeypatch.setenv("DISPLAY", ":7")
    assert doctor._display().detail == "DISPLAY=:7"


def test_data_of_ones_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HW2GUI_DATA", str(tmp_path / "none"))
    assert doctor._datasets()[0].verdict == "note"
    monkeypatch.setenv("HW2GUI_DATA", str(tmp_path))
    assert doctor._datasets()[0].verdict == "ok" and os.fspath(tmp_path) in doctor._datasets()[0].detail
