"""An environment for JoeyNMT alone, made where it is missing: it pins an old protobuf and forgets to ask for importlib_metadata."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path

from hw2gui import paths

JOEYNMT = "joeynmt==2.3.0"


def python() -> Path | None:
    """The Python of JoeyNMT's environment; None where there is none and none was asked for.

    ``--joeynmt FOLDER`` names the environment, or where to make it (some minutes, from the package index, with our version of torch).
    Without it: the one named by JOEYNMT_PYTHON, else the one in the program's cache folder, if it is there.
    """
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--joeynmt", nargs="?", const=str(_cached()), metavar="FOLDER")
    folder = parser.parse_known_args()[0].joeynmt
    if folder is None:
        named = os.environ.get("JOEYNMT_PYTHON")
        found = Path(named) if named else _python(_cached())
        return found if found.exists() else None
    found = _python(Path(folder))
    if not found.exists():
        print(f"Making an environment for JoeyNMT in {folder} …", file=sys.stderr)
        venv.create(folder, with_pip=True)
        torch = version("torch").split("+")[0]
        subprocess.run([found, "-m", "pip", "install", "--quiet", f"torch=={torch}", JOEYNMT, "importlib_metadata"], check=True)
    return found


def _cached() -> Path:
    return paths.cache_folder() / "joeynmt"


def _python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
