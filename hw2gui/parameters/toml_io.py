"""A stack as a TOML file that opens again: read strictly, never evaluated, bounded in size."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from hw2gui.errors import InputError, UnavailableError, shortened
from hw2gui.parameters.architecture import MAX_LAYERS, Architecture, Tie
from hw2gui.parameters.layers import Layer, Shape, make

FORMAT = "hw2gui-architecture"
VERSION = 1
MAX_BYTES = 1_000_000
_EXAMPLE = "'hw2gui params cnn --toml' prints one that can be edited"


def to_toml(architecture: Architecture) -> str:
    """*architecture* as text. Fields at their defaults are left out, except those a PyTorch constructor asks for."""
    lines = [f'format = "{FORMAT}"', f"version = {VERSION}", f"name = {_value(architecture.name)}"]
    lines.append(
        f"input = {{ tokens = {architecture.input.sizes[0]} }}"
        if architecture.input.tokens
        else f"input = {_value(architecture.input.sizes)}"
    )
    if not architecture.layers:
        lines.append("layers = []")
    for layer in architecture.layers:
        lines += ["", "[[layers]]", f"kind = {_value(layer.kind)}", *_fields(layer)]
    for tie in architecture.ties:
        lines += ["", "[[ties]]", f"layer = {_value(tie.layer)}", f"to = {_value(tie.to)}"]
    return "\n".join(lines) + "\n"


def _fields(layer: Layer) -> list[str]:
    values = ((spec, getattr(layer, spec.name)) for spec in layer.fields())
    return [f"{spec.name} = {_value(value)}" for spec, value in values if spec.required or value != spec.default]


def _value(value: Any) -> str:
    """*value* as TOML: its strings, numbers, booleans and arrays are written as JSON writes them, but for the character DEL."""
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_toml(path: Path) -> Architecture:
    """The architecture in the file *path*.

    Raises :class:`UnavailableError` where the file cannot be read, :class:`InputError` where it holds no architecture.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnavailableError(f"{path} cannot be read ({error.strerror or error}); check the name.") from None
    if len(content) > MAX_BYTES:
        raise InputError(f"{path.name} has more than {MAX_BYTES:,} bytes, too many for an architecture; choose another file.")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{path.name} is no text in UTF-8; choose a TOML file: {_EXAMPLE}.") from None
    return from_toml(text, path.name)


def from_toml(text: str, source: str = "the text") -> Architecture:
    """The architecture that *text* describes; *source* names it in errors. Raises :class:`InputError`."""
    if len(text) > MAX_BYTES:
        raise InputError(f"{source} has more than {MAX_BYTES:,} characters, too many for an architecture; choose another.")
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source} is not TOML ({shortened(error, 120)}); mend it there: {_EXAMPLE}.") from None
    try:
        return _architecture(document)
    except InputError as error:
        raise InputError(f"{source}: {error}") from None


def _architecture(document: dict[str, Any]) -> Architecture:
    if document.get("format", FORMAT) != FORMAT or not {"input", "layers"} <= set(document):
        raise InputError(f"this is no architecture (which has 'input' and 'layers'); {_EXAMPLE}.")
    if document.get("version", VERSION) != VERSION or type(document.get("version", VERSION)) is not int:
        raise InputError(f"version {shortened(document['version'])} is not known; this program reads version {VERSION}.")
    _only(document, "the file", "format", "version", "name", "input", "layers", "ties")
    layers = _tables(document["layers"], "layers", MAX_LAYERS)
    ties = _tables(document.get("ties", []), "ties", MAX_LAYERS)
    return Architecture(
        _text(document.get("name", "my network"), "name"),
        _input(document["input"]),
        tuple(_layer(position, table) for position, table in enumerate(layers, start=1)),
        tuple(_tie(table) for table in ties),
    )


def _input(value: Any) -> Shape:
    """``[1, 28, 28]``, ``{ tokens = 20 }``; sizes are checked by :class:`Architecture`."""
    if isinstance(value, dict):
        _only(value, "input", "tokens")
        return Shape((value.get("tokens", 0),), tokens=True)
    return Shape(tuple(value) if isinstance(value, list) else (value,))


def _layer(position: int, table: dict[str, Any]) -> Layer:
    values = dict(table)
    kind = values.pop("kind", None)
    try:
        return make(_text(kind, "kind"), **values)
    except InputError as error:
        raise InputError(f"layer {position}: {error}") from None


def _tie(table: dict[str, Any]) -> Tie:
    _only(table, "a tie", "layer", "to")
    return Tie(_text(table.get("layer"), "layer of a tie"), _text(table.get("to"), "to of a tie"))


def _tables(value: Any, what: str, most: int) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise InputError(f"'{what}' is no list of tables; write each as [[{what}]].")
    if len(value) > most:
        raise InputError(f"there are {len(value):,} {what}; {most:,} are the most.")
    return value


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{what} is {'missing' if value is None else shortened(value)}; give a text in quotes.")
    return value


def _only(table: dict[str, Any], where: str, *known: str) -> None:
    if unknown := [key for key in table if key not in known]:
        raise InputError(f"{where} has '{shortened(unknown[0])}', which is not known; only {', '.join(known)} are.")
