"""An entry in the desktop's menu (Linux and other systems that follow freedesktop.org), for this installation of the program."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hw2gui import files, paths
from hw2gui.errors import UnavailableError

ICON = Path("icons") / "hicolor" / "scalable" / "apps" / "hw2gui.svg"
ENTRY = Path("applications") / "hw2gui.desktop"

_TEXT = """\
[Desktop Entry]
Type=Application
Name=hw2gui
GenericName=Deep-learning laboratory
Comment=Convolution as a matrix, parameter counts, character recognition and transliteration
Exec={program}
Icon={icon}
Terminal=false
Categories=Education;Science;
Keywords=convolution;attention;beam search;neural network;
StartupWMClass=hw2gui
"""


def data_home() -> Path:
    """Where the desktop looks for the user's own entries."""
    value = os.environ.get("XDG_DATA_HOME", "")
    return Path(value) if Path(value).is_absolute() else Path.home() / ".local" / "share"


def add() -> Path:
    """Write the entry and its icon; answers the entry's path. Raises `UnavailableError` where there are none, or they cannot be written."""
    if sys.platform in ("win32", "darwin"):
        raise UnavailableError("Menu entries of this kind are for Linux: make a shortcut to the program hw2gui instead.")
    program = Path(sys.executable).with_name("hw2gui")
    if not program.exists():
        raise UnavailableError(f"{program} is not there: install the program with pip or pipx first.")
    icon, entry = data_home() / ICON, data_home() / ENTRY
    try:
        for path, text in (
            (icon, paths.resource("icons", "hw2gui.svg").read_text(encoding="utf-8")),
            (entry, _TEXT.format(program=_quoted(program), icon=icon)),
        ):
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write_text(path, text)
    except OSError as error:
        raise UnavailableError(f"{data_home()} cannot be written ({files.reason(error)}): nothing was added to the menu.") from error
    return entry


def remove() -> bool:
    """Remove what `add` wrote; whether it was there."""
    there = (data_home() / ENTRY).exists()
    try:
        for path in (data_home() / ENTRY, data_home() / ICON):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise UnavailableError(f"{data_home()} cannot be written ({files.reason(error)}): the entry is still there.") from error
    return there


def _quoted(program: Path) -> str:
    """As the entry's Exec wants a path: quoted where it holds what is reserved, a percent sign doubled."""
    text = str(program).replace("%", "%%")
    if not any(character in text for character in " \t\n\"'\\><~|&;$*?#()`"):
        return text
    escaped = "".join(f"\\{character}" if character in '"`$\\' else character for character in text)
    return '"' + escaped.replace("\\", "\\\\") + '"'
