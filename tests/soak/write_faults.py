"""Writing, and fetching, cut off in the middle."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.datasets.conftest import publishing
from tests.soak.fault_place import ROOT, Outcome, Place


def killed_in_each_write() -> Outcome:
    """Killed at each opening, renaming and removal of a file while a drawing, a session, an export and a run are kept."""
    process = subprocess.run(
        [sys.executable, "-m", "tests.soak.each_write"], cwd=ROOT, env=Place().environment(), capture_output=True, text=True, check=False
    )
    try:
        told = json.loads(process.stdout)
    except ValueError:
        return Outcome("the program killed at each moment of writing", process.stderr[-250:], False)
    wrong = "; ".join(f"{moment}: {what}" for moment, what in told["wrong"].items()) or "none"
    seen = (
        f"{len(told['moments'])} kills while a drawing, a session, an export, a run and its name were written; lost or unreadable: {wrong}"
    )
    return Outcome("the program killed at each moment of writing", seen[:400], not told["wrong"])


def download_cut_and_tampered() -> Outcome:
    """A publisher that breaks off, then one whose file is another, then the right one."""
    from hw2gui.datasets.download import download
    from hw2gui.errors import UnavailableError

    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
    folder, said = Place().home / "download", []

    def fetch() -> str:
        try:
            list(download(file, folder, timeout=5))
        except UnavailableError as error:
            return str(error)
        return "whole" if (folder / file.name).read_bytes() == right else "ANOTHER FILE"

    with publishing() as shop:
        right, file = shop.content, shop.file()
        shop.sends = 200_000
        said.append(fetch())
        kept = (folder / f"{file.name}.part").stat().st_size
        shop.sends, shop.content = None, right[:-1] + b"\0"
        said.append(fetch())
        clean = not any(folder.iterdir())
        shop.content = right
        said.append(fetch())
    ok = kept == 200_000 and clean and "kept" in said[0] and "deleted" in said[1] and said[2] == "whole"
    return Outcome("a download cut, then tampered with", " | ".join(said)[:400], ok)
