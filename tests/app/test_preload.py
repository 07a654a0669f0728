from __future__ import annotations

import json
import subprocess
import sys

from hw2gui.app import preload
from hw2gui.app.tabs import TABS
from tests.app.conftest import ROOT

LOADED = """
import json, sys, threading
from hw2gui.app import preload
preload.BREATH_S = 0
preload.begin()
[thread.join() for thread in threading.enumerate() if thread.name == "preload"]
print(json.dumps([sorted(name for name in sys.modules if name.startswith("hw2gui")), "torch" in sys.modules]))
"""


def test_what_tabs_are_shown_with_is_loaded_and_torch_is_not() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded, torch = json.loads(done.stdout)
    assert set(preload.modules()) <= set(loaded)
    assert {spec.widget.partition(":")[0] for spec in TABS} <= set(loaded)
    assert not torch
    assert "could not be loaded" not in done.stderr
