"""All tabs' states together: one document that is written to and read from one small JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hw2gui import files
from hw2gui.errors import InputError, UnavailableError
from hw2gui.session import migrations
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.session.store import Store

FORMAT = "hw2gui session"
MAX_BYTES = 32 * 1024 * 1024
"""A session is small; anything larger is not one of ours and is not read."""


class Document:
    """The stores of all tabs by name, in the order of the tabs."""

    def __init__(self, stores: Mapping[str, Store[Any]]) -> None:
        self.stores = dict(stores)

    def to_plain(self, tab: str) -> dict[str, Any]:
        """Everything on screen as plain values; *tab* is the one in front."""
        states = {name: to_plain(store.state) for name, store in self.stores.items()}
        return {"format": FORMAT, "version": migrations.VERSION, "tab": tab, "states": states}

    def save(self, path: Path, tab: str) -> None:
        """Write the document to *path*, whole or not at all.

        Raises :class:`UnavailableError` when the file cannot be written.
        """
        try:
            files.write_json(path, self.to_plain(tab))
        except OSError as error:
            raise UnavailableError(f"The session could not be written to {path} ({files.reason(error)}): choose another place.") from error

    def open(self, path: Path, step: str = "") -> str:
        """Read *path* into the stores and answer the name of the tab that was in front.

        With *step* the opened states are a step of history of that name, which can be undone; without, histories begin anew.

        Everything is decoded and checked before anything is changed. Raises :class:`InputError` for a file that is missing, no
        session, or damaged, and :class:`UnavailableError` for one that cannot be read.
        """
        plain = _read(path)
        states = plain.get("states")
        if not isinstance(states, dict):
            raise InputError(f"{path.name} holds no states: it is damaged; open another file.")
        opened = {}
        for name, store in self.stores.items():
            if name in states:
                opened[name] = store.checked(from_plain(type(store.state), states[name], name))
        for name, state in opened.items():
            if step:
                self.stores[name].replace(step, state)
            else:
                self.stores[name].reset(state)
        tab = plain.get("tab")
        return tab if isinstance(tab, str) and tab in self.stores else next(iter(self.stores))


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        what = "is a folder or a device" if path.exists() else "does not exist"
        raise InputError(f"{path} {what}: open a session file.")
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnavailableError(f"{path} cannot be read ({files.reason(error)}): open another file.") from error
    if len(content) > MAX_BYTES:
        raise InputError(f"{path.name} is too large to be a session of hw2gui: open another file.")
    try:
        plain = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path.name} is not a session of hw2gui, or it is damaged: open another file.") from error
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise InputError(f"{path.name} is not a session of hw2gui: open another file.")
    version = plain.get("version")
    if type(version) is not int or version < 1:
        raise InputError(f"{path.name} does not say which version wrote it: it is damaged; open another file.")
    if version > migrations.VERSION:
        raise InputError(f"{path.name} was written by a newer version of hw2gui: update hw2gui to open it.")
    return migrations.migrated(plain, version)
