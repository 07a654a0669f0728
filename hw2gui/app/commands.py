"""The window's own verbs: opening it, the tour without a screen, and the doctor."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from pathlib import Path
from typing import Any

from hw2gui.errors import InputError, UnavailableError, shortened
from hw2gui.training.in_a_shell import on_interrupt

_TOUR = """\
examples:
  hw2gui tour --out tour                                       every view, light and dark
  hw2gui tour --out tour --tab vision --theme dark --scale 2
"""


def register(subparsers: Any) -> None:
    """Add ``tour``, ``doctor`` and ``menu-entry``."""
    tour = subparsers.add_parser(
        "tour",
        help="a picture of every tab in its interesting states, without a screen",
        description="Draw every tab in its interesting states into PNG files. It needs no screen.",
        epilog=_TOUR,
    )
    tour.add_argument("--out", required=True, metavar="DIR", help="the folder for the pictures (made if missing)")
    tour.add_argument("--theme", choices=("light", "dark", "both"), default="both", help="default: both")
    tour.add_argument("--size", default="1280x800", metavar="WxH", help="the window's size in logical pixels (default 1280x800)")
    tour.add_argument("--scale", type=float, default=1.0, metavar="S", help="device pixels per logical pixel (default 1)")
    tour.add_argument("--tab", metavar="NAME", help="only this tab")
    tour.add_argument("--stop", metavar="NAME", help="only the stop of this name")
    tour.set_defaults(run=_tour)
    doctor = subparsers.add_parser(
        "doctor",
        help="what is installed, which display, device, data, models; what to do about what is missing",
        description="Look at everything the program needs. Exit code 1 when something needed is missing.",
        epilog="examples:\n  hw2gui doctor\n  hw2gui doctor --json\n",
    )
    doctor.add_argument("--json", action="store_true", help="for machines")
    doctor.set_defaults(run=_doctor)
    _add_menu_entry(subparsers)


def _add_menu_entry(subparsers: Any) -> None:
    menu = subparsers.add_parser(
        "menu-entry",
        help="put the program into the desktop's menu (Linux)",
        description="Put this installation of the program, with its icon, into your desktop's menu (Linux).",
        epilog="examples:\n  hw2gui menu-entry\n  hw2gui menu-entry --remove\n",
    )
    menu.add_argument("--remove", action="store_true", help="take it out again")
    menu.set_defaults(run=_menu_entry)


def _menu_entry(arguments: argparse.Namespace) -> int:
    from hw2gui.app import menu_entry

    if arguments.remove:
        print("The entry is removed." if menu_entry.remove() else "There is no entry to remove.")
    else:
        print(f"{menu_entry.add()} is written: hw2gui is in the menu.")
    return 0


def add_window_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``hw2gui`` without a verb."""
    parser.add_argument("--tab", metavar="NAME", help="the tab to show")
    parser.add_argument("--session", metavar="FILE", help="a session to open; a file that ends in .hw2 does alone as well")


def open_window(arguments: argparse.Namespace) -> int:
    """Open the window; without a screen, say so."""
    if not has_display():
        raise UnavailableError("There is no screen to open a window on: use 'hw2gui tour --out DIR' for pictures, or set DISPLAY.")
    _check_tab(arguments.tab)
    _check_qt()
    session = Path(arguments.session) if arguments.session else None
    from hw2gui.app.launch import run

    return run(arguments.tab, session)


def has_display() -> bool:
    """Whether a window can be shown: always on Windows and macOS, elsewhere with an X or Wayland display or a chosen Qt platform."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _check_qt() -> None:
    if importlib.util.find_spec("PySide6") is None:
        raise UnavailableError("PySide6 is not installed: run 'pip install PySide6-Essentials' (version below 6.12).")
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        raise UnavailableError(f"Qt cannot be loaded ({error}): run 'hw2gui doctor' to see which system library is missing.") from error


def _check_tab(name: str | None) -> None:
    from hw2gui.app.tabs import TABS

    if name is not None and name not in {spec.key for spec in TABS}:
        raise InputError(f"There is no tab '{shortened(name)}': use one of {', '.join(spec.key for spec in TABS)}.")


def _tour(arguments: argparse.Namespace) -> int:
    _check_tab(arguments.tab)
    width, cross, height = arguments.size.partition("x")
    if not (cross and width.isdigit() and height.isdigit() and 320 <= int(width) <= 7680 and 240 <= int(height) <= 4320):
        raise InputError(f"The size '{arguments.size}' is not like 1280x800: use WxH between 320x240 and 7680x4320.")
    if not 0.5 <= arguments.scale <= 4:
        raise InputError(f"The scale {arguments.scale:g} is not between 0.5 and 4: use one in between.")
    _check_qt()
    # Pictures need no screen, and Qt reads both before its application is made.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = str(arguments.scale)
    from hw2gui.app.launch import start_logging
    from hw2gui.app.tour import render

    start_logging()
    themes: tuple[Any, ...] = ("light", "dark") if arguments.theme == "both" else (arguments.theme,)
    pictures = render(Path(arguments.out), themes, (int(width), int(height)), arguments.tab, arguments.stop)
    interrupted: list[bool] = []
    # Heeded between two pictures: raised while Qt calls Python, it would be lost.
    with on_interrupt(lambda: interrupted.append(True)):
        for path in pictures:
            print(path)
            if interrupted:
                raise KeyboardInterrupt
    return 0


def _doctor(arguments: argparse.Namespace) -> int:
    from hw2gui.app.doctor import examine, print_findings

    return print_findings(examine(), as_json=arguments.json)
