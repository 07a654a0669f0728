"""Pictures and tables to files: pictures are drawn anew by matplotlib in the worker, tables written as the file's ending says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hw2gui import files
from hw2gui.vision.gui.asked import Asked
from hw2gui.writers import Format, Table, write

TABLES: Mapping[str, Format] = {"csv": "csv", "md": "markdown", "tex": "latex"}


class Saver:
    """Asks for a file and has it written."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    def picture(self, task: str, arguments: Mapping[str, Any], name: str, suffix: str) -> None:
        """Have *task* of :mod:`hw2gui.vision.saving` draw a picture into the file the user names."""
        services = self._asked.services
        path = services.choose_file("Save the picture", f"{name}.{suffix}", f"{suffix.upper()} (*.{suffix})", save=True)
        if path is None:
            return
        path = path if path.suffix else path.with_suffix(f".{suffix}")
        self._asked.ask(
            f"export {path}",
            f"hw2gui.vision.saving:{task}",
            {**arguments, "path": str(path)},
            lambda _: services.status(f"Saved {path}"),
            what="Drawing the picture",
        )

    def table(self, table: Callable[[], Table], name: str, suffix: str) -> None:
        """Write *table* as CSV, Markdown or LaTeX into the file the user names."""
        services = self._asked.services
        path = services.choose_file("Save the table", f"{name}.{suffix}", f"{suffix.upper()} (*.{suffix})", save=True)
        if path is None:
            return
        path = path if path.suffix else path.with_suffix(f".{suffix}")
        try:
            files.write_text(Path(path), write(table(), TABLES[suffix]))
        except OSError as error:
            services.message(f"{path.name} cannot be written ({files.reason(error)}): choose another place.")
            return
        services.status(f"Saved {path}")
