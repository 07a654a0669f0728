from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from hw2gui import paths
from hw2gui.datasets import registry, verify
from hw2gui.datasets.registry import DataFile, Dataset
from hw2gui.errors import InputError, UnavailableError

CONTENT = b"ten hiragana"
FILE = DataFile("a.bin", len(CONTENT), hashlib.md5(CONTENT, usedforsecurity=False).hexdigest(), "http://127.0.0.1/a.bin")
MADE = Dataset("made", "Made", "pairs", "", "", "", "", folders=("made", "."), files=(FILE,))


def put(folder: Path, content: bytes = CONTENT) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE.name
    path.write_bytes(content)
    return path


def test_every_entry_is_complete() -> None:
    toys = ["toy-reverse", "toy-copy", "toy-double", "toy-vowels", "toy-digits"]
    assert list(registry.DATASETS) == ["kmnist", "strokes", "anetac-ar-en", "anetac-en-ar", "spa-eng", "starter-ar-en", *toys]
    for name, dataset in registry.DATASETS.items():
        assert dataset.name == name
        assert dataset.attribution.endswith(".")
        assert dataset.built_in or dataset.folders
        for file in dataset.files:
            assert len(bytes.fromhex(file.md5)) == 16
            assert file.size > 0
            assert file.url is None or file.url.endswith("/" + file.name)


def test_unknown_name() -> None:
    with pytest.raises(InputError, match="kmnist, strokes"):
        registry.find("mnist")


def test_missing_says_what_to_do() -> None:
    assert registry.status(MADE)[0].state == "missing"
    assert not registry.is_present(MADE)
    with pytest.raises(UnavailableError, match=r"hw2gui data fetch made.*HW2GUI_DATA"):
        registry.require(MADE, FILE.name)


def test_built_in_is_always_present() -> None:
    assert registry.is_present(registry.find("strokes"))
    assert registry.status(registry.find("strokes")) == ()


def test_published_folder_comes_before_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cached = put(registry.cache_folder(MADE))
    assert registry.require(MADE, FILE.name) == cached
    monkeypatch.setenv("HW2GUI_DATA", str(tmp_path / "published"))
    assert registry.require(MADE, FILE.name) == cached
    flat = put(tmp_path / "published")
    assert registry.require(MADE, FILE.name) == flat
    own = put(tmp_path / "published" / "made")
    assert registry.require(MADE, FILE.name) == own


def test_a_damaged_copy_does_not_hide_an_intact_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HW2GUI_DATA", str(tmp_path / "published"))
    bad = put(tmp_path / "published" / "made", b"TEN HIRAGANA")
    with pytest.raises(UnavailableError, match="fetch it again"):
        registry.require(MADE, FILE.name)
    assert registry.file_status(MADE, FILE) == registry.FileStatus(FILE, "damaged", bad)
    cached = put(registry.cache_folder(MADE))
    assert registry.file_status(MADE, FILE) == registry.FileStatus(FILE, "ok", cached)


def test_a_wrong_size_is_damaged() -> None:
    put(registry.cache_folder(MADE), CONTENT[:-1])
    assert registry.status(MADE)[0].state == "damaged"
    assert not registry.is_present(MADE)


def test_sums_are_remembered_until_the_file_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(registry.cache_folder(MADE))
    counted: list[Path] = []
    computed = verify.md5_of
    monkeypatch.setattr(verify, "md5_of", lambda path: counted.append(path) or computed(path))
    for _ in range(3):
        registry.require(MADE, FILE.name)
    assert counted == [path]
    registry.status(MADE, fresh=True)
    assert counted == [path, path]
    path.write_bytes(b"TEN HIRAGANA")
    os.utime(path, ns=(1, 1))
    assert registry.status(MADE)[0].state == "damaged"


@pytest.mark.parametrize("memory", ["", "not json", "[1, 2]", '{"a": 3}'])
def test_an_illegible_memory_only_costs_time(memory: str) -> None:
    path = put(registry.cache_folder(MADE))
    remembered = paths.cache_folder() / "datasets" / "verified.json"
    remembered.write_text(memory)
    assert registry.require(MADE, FILE.name) == path
    assert json.loads(remembered.read_text())[str(path.resolve())][2] == FILE.md5


def test_the_homework_folder_serves_spa_eng(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, real_data: Path) -> None:
    (tmp_path / "homework").mkdir()
    (tmp_path / "homework" / "data").symlink_to(real_data / "spa-eng")
    monkeypatch.setenv("HW2GUI_DATA", str(tmp_path / "homework"))
    assert {found.state for found in registry.status(registry.find("spa-eng"))} == {"ok"}


def test_real_data_has_the_published_sums(real_data: Path) -> None:
    for dataset in registry.DATASETS.values():
        assert {found.state for found in registry.status(dataset, fresh=True)} <= {"ok"}
