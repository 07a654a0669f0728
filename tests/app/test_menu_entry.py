"""The entry in the desktop's menu."""

from __future__ import annotations

import configparser
import sys
from pathlib import Path

import pytest

from hw2gui import cli
from hw2gui.app import menu_entry

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="menus of freedesktop.org")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "bin with space" / "hw2gui"
    made.parent.mkdir()
    made.write_text("")
    monkeypatch.setattr(sys, "executable", str(made.with_name("python")))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return made


def test_written_whole_and_removed(program: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["menu-entry"]) == 0
    entry = tmp_path / "share" / menu_entry.ENTRY
    assert str(entry) in capsys.readouterr().out
    parser = configparser.RawConfigParser()
    parser.read(entry, encoding="utf-8")
    section = parser["Desktop Entry"]
    assert section["Exec"] == f'"{program}"'
    assert Path(section["Icon"]).read_text(encoding="utf-8").startswith("<svg")
    assert cli.main(["menu-entry", "--remove"]) == 0
    assert not entry.exists() and not Path(section["Icon"]).exists()
    assert cli.main(["menu-entry", "--remove"]) == 0
    assert "no entry" in capsys.readouterr().out


def test_what_is_missing_is_said(program: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    program.unlink()
    assert cli.main(["menu-entry"]) == 1
    assert "install the program" in capsys.readouterr().err
    assert not (tmp_path / "share").exists()


@pytest.mark.parametrize(("path", "quoted"), [("/a/hw2gui", "/a/hw2gui"), ("/a b/%", '"/a b/%%"'), ("/a$b", '"/a\\\\$b"')])
def test_reserved_letters_are_quoted(path: str, quoted: str) -> None:
    assert menu_entry._quoted(Path(path)) == quoted
