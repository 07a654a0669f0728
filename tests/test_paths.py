from __future__ import annotations

from pathlib import Path

import pytest

from hw2gui import paths

FOLDERS = (
    paths.settings_folder,
    paths.cache_folder,
    paths.data_folder,
    paths.sessions_folder,
    paths.pictures_folder,
    paths.log_file,
)


def test_everything_lies_under_the_one_root_and_nothing_is_made(home: Path) -> None:
    found = [where() for where in FOLDERS]
    assert len(set(found)) == len(found)
    assert all(home in path.parents for path in found)
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("value", ["", "   "])
def test_without_a_root_the_platforms_own_folders_serve(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("HW2GUI_HOME", value)
    assert paths.home() is None
    assert all("hw2gui" in path.as_posix() and path.is_absolute() for path in (where() for where in FOLDERS))


def test_a_root_may_begin_with_a_tilde_or_be_relative(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HW2GUI_HOME", "~/lab")
    assert paths.home() == Path.home() / "lab"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HW2GUI_HOME", "lab")
    assert paths.home() == tmp_path / "lab"


def test_the_folder_of_published_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HW2GUI_DATA", raising=False)
    assert paths.published_data_folder() is None
    monkeypatch.setenv("HW2GUI_DATA", str(tmp_path))
    assert paths.published_data_folder() == tmp_path


def test_resources_are_found_in_a_checkout() -> None:
    assert paths.resource("icons", "tick-dark.svg").is_file()
