from __future__ import annotations

import json
from pathlib import Path

import pytest

from hw2gui.app.tabs import TABS
from hw2gui.names import load
from hw2gui.session import migrations
from hw2gui.session.codec import to_plain
from hw2gui.session.document import Document
from hw2gui.session.store import Store

FIRST = {"page": "inside", "index": 7, "data": "strokes:10000", "learning_rate": 0.004, "batch_size": 128, "epochs": 5, "seed": 42}
"""The characters' state as the first version wrote it (of many fields a few)."""


def written(folder: Path, version: int, vision: object) -> Path:
    path = folder / "old.hw2"
    path.write_text(json.dumps({"format": "hw2gui session", "version": version, "tab": "vision", "states": {"vision": vision}}))
    return path


def test_a_session_of_the_first_version_opens(tmp_path: Path) -> None:
    spec = next(spec for spec in TABS if spec.key == "vision")
    document = Document({"vision": Store(load(spec.state)(), load(spec.check))})
    assert document.open(written(tmp_path, 1, FIRST)) == "vision"
    state = document.stores["vision"].state
    assert (state.page, state.index) == ("inside", 7)
    document.save(tmp_path / "new.hw2", "vision")
    assert json.loads((tmp_path / "new.hw2").read_text())["version"] == migrations.VERSION
    assert document.open(tmp_path / "new.hw2") == "vision" and document.stores["vision"].state == state


@pytest.mark.parametrize("states", [None, [], {}, {"vision": 3}, {"convolution": to_plain(load(TABS[0].state)())}])
def test_what_a_migration_does_not_know_it_leaves_alone(states: object) -> None:
    plain = {"states": states, "tab": "x"}
    assert migrations.migrated(plain, 1) == plain


def test_every_version_leads_to_the_present_one() -> None:
    assert sorted(migrations._STEPS) == list(range(1, migrations.VERSION))
