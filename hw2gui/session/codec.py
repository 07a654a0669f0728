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

from hw2gui.errors import InputError

T = TypeVar("T")


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

    Fields that are missing take their defaults; unknown fields and wrong types raise :class:`InputError` naming *where*.
    """
    return typing.cast(T, _decode(kind, value, where))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _decode(kind: Any, value: Any, where: str) -> Any:
    origin = typing.get_origin(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _decode_dataclass(kind, value, where)
    if origin is Literal:
        # 1 == True in Python; the type must agree as well.
        for choice in typing.get_args(kind):
            if value == choice and type(value) is type(choice):
                return value
        raise _wrong(where, "one of " + ", ".join(map(str, typing.get_args(kind))), value)
    if origin in (Union, types.UnionType):
        return _decode_union(kind, value, where)
    if origin is tuple:
        return _decode_tuple(typing.get_args(kind), value, where)
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        if not math.isfinite(value):
            raise _wrong(where, "a finite number", value)
        return float(value)
    if kind is type(None) and value is None:
        return None
    if kind in (bool, int, str) and type(value) is kind:
        return value
    raise _wrong(where, getattr(kind, "__name__", str(kind)), value)


def _decode_dataclass(kind: type, value: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise _wrong(where, "a table", value)
    names = {field.name for field in dataclasses.fields(kind)}
    unknown = sorted(set(value) - names)
    if unknown:
        raise InputError(f"{where} has the unknown field '{unknown[0]}': it was written by another version; open it with that one.")
    hints = _hints(kind)
    return kind(**{name: _decode(hints[name], item, f"{where}.{name}") for name, item in value.items()})


def _decode_union(kind: Any, value: Any, where: str) -> Any:
    problem: InputError | None = None
    for choice in typing.get_args(kind):
        try:
            return _decode(choice, value, where)
        except InputError as error:
            problem = problem or error
    raise problem or _wrong(where, str(kind), value)


def _decode_tuple(items: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _wrong(where, "a list", value)
    if len(items) == 2 and items[1] is Ellipsis:
        return tuple(_decode(items[0], item, f"{where}[{index}]") for index, item in enumerate(value))
    if len(items) != len(value):
        raise _wrong(where, f"a list of {len(items)}", value)
    return tuple(_decode(kind, item, f"{where}[{index}]") for index, (kind, item) in enumerate(zip(items, value, strict=True)))


def _wrong(where: str, wanted: str, value: Any) -> InputError:
    shown = repr(value)
    return InputError(f"{where} should be {wanted}, not {shown if len(shown) <= 40 else shown[:37] + '…'}.")
