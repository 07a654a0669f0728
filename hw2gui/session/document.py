"""All tabs' states together: one document that is written to and read from one small JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hw2gui import files
from hw2gui.errors import InputError, UnavailableError
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.session.store import Store

FORMAT = "hw2gui session"
VERSION = 1
MAX_BYTES = 32 * 1024 * 1024
"""A session is small; anything larger is not one of ours and is not read."""


class Document:
    """The stores of all tabs by name, in the order of the tabs."""

    def __init__(self, stores: Mapping[str, Store[Any]]) -> None:
        self.stores = dict(stores)

    def to_plain(self, tab: str) -> dict[str, Any]:
        """Everything on screen as plain values; *tab* is the one in front."""
        states = {name: to_plain(store.state) for name, store in self.stores.items()}
        return {"format": FORMAT, "version": VERSION, "tab": tab, "states": states}

    def save(self, path: Path, tab: str) -> None:
        """Write the document to *path*, whole or not at all.

        Raises :class:`UnavailableError` when the file cannot be written.
        """
        try:
            files.write_json(path, self.to_plain(tab))
        except OSError as error:
            raise UnavailableError(f"The session could not be written to {path} ({error.strerror}): choose another place.") from error

    def open(self, path: Path) -> str:
        """Read *path* into the stores and answer the name of the tab that was in front.

        Everything is decoded before anything is changed. Raises :class:`InputError` for a file that is not a session or is damaged.
        """
        plain = _read(path)
        states = plain.get("states")
        if not isinstance(states, dict):
            raise InputError(f"{path.name} holds no states: it is damaged; open another file.")
        decoded = {}
        for name, store in self.stores.items():
            if name in states:
                decoded[name] = from_plain(type(store.state), states[name], name)
        before = {name: self.stores[name].state for name in decoded}
        try:
            for name, state in decoded.items():
                self.stores[name].reset(state)
        except InputError:
            for name, state in before.items():
                self.stores[name].reset(state)
            raise
        tab = plain.get("tab")
        return tab if isinstance(tab, str) and tab in self.stores else next(iter(self.stores))


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path.name} is too large to be a session of hw2gui: open another file.")
        plain = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnavailableError(f"{path} cannot be read ({error.strerror}): open another file.") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path.name} is not a session of hw2gui, or it is damaged: open another file.") from error
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise InputError(f"{path.name} is not a session of hw2gui: open another file.")
    if plain.get("version") != VERSION:
        raise InputError(f"{path.name} was written by another version of hw2gui: open it with that one.")
    return plain
