"""Something shown taken into a file: the user names it, pictures are drawn anew by matplotlib in the worker, text is written at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hw2gui import files
from hw2gui.widgets.services import Services


def save_picture(
    services: Services, function: str, arguments: Mapping[str, Any], name: str, suffix: str, title: str = "Save the picture"
) -> None:
    """Ask for a file, *name* suggested, and have *function* ("package.module:name") draw into it, given *arguments* and its ``path``."""
    path = _chosen(services, title, name, suffix)
    if path is not None:
        services.ask(
            f"export {path}",
            function,
            {**arguments, "path": str(path)},
            lambda _: services.status(f"Saved {path}"),
            what="Drawing the picture",
        )


def save_text(services: Services, text: Callable[[], str], name: str, suffix: str, title: str) -> None:
    """Ask for a file, *name* suggested, and write *text* into it."""
    path = _chosen(services, title, name, suffix)
    if path is None:
        return
    try:
        files.write_text(path, text())
    except OSError as error:
        services.message(f"{path.name} cannot be written ({files.reason(error)}): choose another place.")
    else:
        services.status(f"Saved {path}")


def _chosen(services: Services, title: str, name: str, suffix: str) -> Path | None:
    path = services.choose_file(title, f"{name}.{suffix}", f"{suffix.upper()} (*.{suffix})", save=True)
    # What follows the last point of "rate 1.5" is no kind of file.
    if path is None or (path.suffix and not path.suffix[1:].isdecimal()):
        return path
    return path.with_name(f"{path.name}.{suffix}")
