"""Where the program keeps what is the user's: settings, cache, runs, sessions, logs.

``HW2GUI_HOME`` puts everything under one folder; without it the platform's own folders are used.
``HW2GUI_DATA`` names a folder of data sets as published (it is only read).
Every function answers a path without creating it; whoever writes creates the folder.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import platformdirs

APP_NAME = "hw2gui"


def home() -> Path | None:
    """The one root the user asked for with ``HW2GUI_HOME``, or None."""
    value = os.environ.get("HW2GUI_HOME", "").strip()
    return Path(value).expanduser().absolute() if value else None


def settings_folder() -> Path:
    """Settings: theme, window geometry, last tab."""
    root = home()
    return root / "settings" if root else Path(platformdirs.user_config_dir(APP_NAME, appauthor=False))


def cache_folder() -> Path:
    """Whatever can be fetched or computed again: downloaded data sets."""
    root = home()
    return root / "cache" if root else Path(platformdirs.user_cache_dir(APP_NAME, appauthor=False))


def data_folder() -> Path:
    """What must not be lost: sessions, drawings, copies of the pictures a session uses."""
    root = home()
    return root / "data" if root else Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def sessions_folder() -> Path:
    """Autosaved and last sessions."""
    return data_folder() / "sessions"


def runs_folder() -> Path:
    """Trained and half-trained models, a folder each."""
    root = home()
    return root / "runs" if root else data_folder() / "runs"


def pictures_folder() -> Path:
    """Copies of the pictures the user opened, named by their content."""
    return data_folder() / "pictures"


def log_file() -> Path:
    """The log, with the full traceback of anything unexpected."""
    root = home()
    folder = root / "logs" if root else Path(platformdirs.user_log_dir(APP_NAME, appauthor=False))
    return folder / "hw2gui.log"


def published_data_folder() -> Path | None:
    """The folder of data sets as published (``HW2GUI_DATA``), or None."""
    value = os.environ.get("HW2GUI_DATA", "").strip()
    return Path(value).expanduser().absolute() if value else None


def resource(*parts: str) -> Path:
    """A file shipped with the program: ``resources/`` inside the installed package, or beside it in a checkout."""
    return _resources().joinpath(*parts)


@lru_cache(maxsize=1)
def _resources() -> Path:
    package = Path(__file__).resolve().parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"
