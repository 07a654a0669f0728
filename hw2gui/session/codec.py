"""Frozen dataclasses to plain JSON values and back, by their type hints. Nothing is ever unpickled or evaluated.

Understood: ``bool int float str None``, ``Literal``, unions of these, ``tuple[X, ...]``, ``tuple[X, Y]`` and dataclasses of them.
"""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, TypeVar, Union

from hw2gui.errors import InputError, shortened

T = TypeVar("T")

LARGEST_WHOLE = 2**53
"""Whole numbers in a file lie within ±this: what every reader of JSON keeps exactly, and nothing a state counts comes near."""


def to_plain(value: Any) -> Any:
    """*value* as lists, dictionaries, numbers, strings and None."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} has no plain form")


def from_plain(kind: type[T], value: Any, where: str = "state") -> T:
    """The *kind* that :func:`to_plain` turned into *value*.

    Fields that are missing take their defaults. Unknown fields, missing ones without a default, wrong types and numbers
    that are not finite raise :class:`InputError`, which names the place, beginning with *where*.
    """
    return typing.cast("T", _decode(kind, value, where))


def _decode(kind: Any, value: Any, where: str) -> Any:
    origin = typing.get_origin(kind)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _decode_dataclass(kind, value, where)
    if origin is Literal:
        return _decode_literal(typing.get_args(kind), value, where)
    if origin in (Union, types.UnionType):
        return _decode_union(typing.get_args(kind), value, where)
    if origin is tuple:
        return _decode_tuple(typing.get_args(kind), value, where)
    if kind in (int, float):
        return _decode_number(kind, value, where)
    if kind is type(None) and value is None:
        return None
    if kind in (bool, str) and type(value) is kind:
        return value
    raise _wrong(where, _name(kind), value)


def _decode_dataclass(kind: type, value: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise _wrong(where, _name(kind), value)
    fields = {field.name: field for field in dataclasses.fields(kind)}
    unknown = sorted(set(value) - set(fields))
    if unknown:
        raise InputError(
            f"{where} has the unknown field '{shortened(unknown[0])}': it was written by another version; open it with that one."
        )
    for name, field in fields.items():
        if name not in value and field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise InputError(f"{where} lacks the field '{name}': it is damaged; open another file.")
    hints = _hints(kind)
    return kind(**{name: _decode(hints[name], item, f"{where}.{name}") for name, item in value.items()})


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _decode_literal(choices: tuple[Any, ...], value: Any, where: str) -> Any:
    for choice in choices:
        # 1 == True in Python; the type must agree as well.
        if value == choice and type(value) is type(choice):
            return choice
    raise _wrong(where, "one of " + ", ".join(map(str, choices)), value)


def _decode_union(choices: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and type(None) in choices:
        return None
    others = [choice for choice in choices if choice is not type(None)]
    if len(others) == 1:
        return _decode(others[0], value, where)
    for choice in others:
        try:
            return _decode(choice, value, where)
        except InputError:
            continue
    raise _wrong(where, " or ".join(map(_name, choices)), value)


def _decode_tuple(items: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _wrong(where, "a list", value)
    if len(items) == 2 and items[1] is Ellipsis:
        items = (items[0],) * len(value)
    if len(items) != len(value):
        raise _wrong(where, f"a list of {len(items)}", value)
    return tuple(_decode(kind, item, f"{where}[{index}]") for index, (kind, item) in enumerate(zip(items, value, strict=True)))


def _decode_number(kind: type, value: Any, where: str) -> int | float:
    allowed = (int,) if kind is int else (int, float)
    if type(value) not in allowed:  # A bool is an int to isinstance.
        raise _wrong(where, _name(kind), value)
    if isinstance(value, int) and abs(value) > LARGEST_WHOLE:
        raise _wrong(where, "a number of reasonable size", value)
    if not math.isfinite(value):
        raise _wrong(where, "a finite number", value)
    return int(value) if kind is int else float(value)


_NAMES = {bool: "true or false", int: "a whole number", float: "a number", str: "a text", type(None): "null"}


def _name(kind: Any) -> str:
    if typing.get_origin(kind) is Literal:
        return "one of " + ", ".join(map(str, typing.get_args(kind)))
    return _NAMES.get(kind) or ("a list" if typing.get_origin(kind) is tuple else "a table")


def _wrong(where: str, wanted: str, value: Any) -> InputError:
    if isinstance(value, Mapping | list):
        shown = "a table" if isinstance(value, Mapping) else f"a list of {len(value)}"
    elif isinstance(value, bool) or value is None:
        shown = {True: "true", False: "false", None: "null"}[value]
    else:
        shown = repr(value)
    shown = shown if len(shown) <= 40 else shown[:37] + "…"
    return InputError(f"{where} should be {wanted}, not {shown}: it is damaged; open another file.")
