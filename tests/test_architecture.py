"""The map is true: what ARCHITECTURE.md names is there, and what is there it names."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
MAP = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
TREE = MAP[MAP.index("    hw2gui/\n") : MAP.index("Inside every subject")]


def test_every_module_and_folder_it_names_is_there() -> None:
    everything = {path.name for folder in ("hw2gui", "tests", "benchmarks") for path in (ROOT / folder).rglob("*")}
    modules = set(re.findall(r"\b[a-z_]+\.py\b", MAP))
    assert modules and modules <= everything
    folders = re.findall(r"^ {4,6}([a-z0-9_/]+)/ ", TREE, flags=re.MULTILINE)
    assert len(folders) > 10
    for folder in folders:
        assert (ROOT / folder).is_dir() or (ROOT / "hw2gui" / folder).is_dir(), folder
    for link in re.findall(r"\]\(([^)#]+)\)", MAP):
        assert (ROOT / link).exists(), link


def test_every_package_and_top_module_is_on_it() -> None:
    for path in (ROOT / "hw2gui").iterdir():
        if path.is_dir() and (path / "__init__.py").exists():
            assert f"\n      {path.name}/ " in TREE, path.name
        elif path.suffix == ".py" and path.name != "__init__.py":
            assert path.name in TREE, path.name


def test_every_subject_has_the_rooms_every_subject_has() -> None:
    sentence = MAP[MAP.index("Inside every subject") :].partition("Where there is")[0]
    rooms = re.findall(r"`([a-z]+(?:\.py|/))`", sentence)
    assert len(rooms) == 4
    for subject in ("convolution", "parameters", "vision", "seq2seq", "report"):
        for room in rooms:
            assert (ROOT / "hw2gui" / subject / room).exists(), f"{subject}/{room}"


def test_every_room_within_a_room_is_described() -> None:
    inner = {path.parent.relative_to(ROOT / "hw2gui") for path in (ROOT / "hw2gui").glob("*/*/__init__.py")}
    assert inner
    for folder in inner:
        assert folder.name == "gui" or f"`{folder.as_posix()}/` (" in MAP, folder


def test_paths_it_names_are_there() -> None:
    named = set(re.findall(r"`((?:[a-z_]+/)+[a-z_]*(?:\.py)?)`", MAP))
    assert named
    for path in named - {"gui/"}:
        if not path.startswith("gui/"):  # of any subject
            assert (ROOT / path).exists() or (ROOT / "hw2gui" / path).exists(), path


def test_dotted_names_it_gives_are_there() -> None:
    """`module.name` and `package.module.name`, where the module is one of ours."""
    ours = {path.stem: path for path in sorted((ROOT / "hw2gui").rglob("*.py"))}
    named = [(module, name) for module, name in re.findall(r"`(?:[a-z_]+\.)*([a-z_]+)\.([A-Za-z_]+)\b[^`]*`", MAP) if module in ours]
    found = [(module, name) for module, name in named if name not in ("py", "dev")]
    assert len(found) >= 3
    for module, name in found:
        texts = [path.read_text("utf-8") for path in (ROOT / "hw2gui").rglob(f"{module}.py")]
        assert any(re.search(rf"^\s*(class |def )?{name}\b", text, re.MULTILINE) for text in texts), f"{module}.{name}"


def test_every_dependency_has_its_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.split(r"[<>=]", dependency)[0].lower() for dependency in project["dependencies"]}
    lines = {found.lower() for found in re.findall(r"^\| ([A-Za-z0-9-]+)[^|]*\|[^|]+\|$", MAP, flags=re.MULTILINE)} - {"package"}
    assert lines == names
    for name in (re.split(r"[<>=]", each)[0] for extra in project["optional-dependencies"].values() for each in extra):
        assert name in MAP, name
