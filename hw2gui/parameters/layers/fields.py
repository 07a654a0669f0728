"""What a layer's field may hold, described once: editors are generated from it, values are checked by it, files are read by it.

A field is a dataclass field whose metadata holds a :class:`FieldSpec`. Names and defaults are PyTorch's.
"""

from __future__ import annotations

import dataclasses
import keyword
import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from hw2gui.errors import InputError

FieldKind = Literal["integer", "pair", "real", "switch", "choice", "text"]
Pair = tuple[int, int]

MAX_SIZE = 10**9
"""The largest number a field or input size takes. Counts of such sizes are still exact, and nothing of that size is ever made."""
MAX_FEATURES = 10**30
"""The most inputs or outputs of a fully connected layer: enough for the twin of any image."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: how it is shown, which values it takes, and what it is for."""

    kind: FieldKind
    label: str
    tooltip: str
    default: Any
    unit: str = ""
    minimum: float = 0
    maximum: float = MAX_SIZE
    choices: tuple[str, ...] = ()
    auto: str = ""
    """What 0 stands for, where 0 stands for something ("from the input")."""
    required: bool = False
    """Written into code and files even when it holds the default."""
    name: str = ""
    """The dataclass field's name, filled in by :func:`specs`."""

    def checked(self, value: Any) -> Any:
        """*value* as the field keeps it (a pair from one number, a float from a whole number).

        Raises :class:`InputError` naming the field and what it takes.
        """
        match self.kind:
            case "integer" if self._whole(value):
                return value
            case "pair" if self._whole(value):
                return (value, value)
            case "pair" if isinstance(value, tuple | list) and len(value) == 2 and all(self._whole(item) for item in value):
                return tuple(value)
            case "real" if self._real(value):
                return float(value)
            case "switch" if isinstance(value, bool):
                return value
            case "choice" if isinstance(value, str) and value in self.choices:
                return value
            case "text" if isinstance(value, str) and (not value or usable_name(value)):
                return value
        shown = repr(value) if len(repr(value)) <= 40 else repr(value)[:37] + "…"
        raise InputError(f"{self.name} is {shown}; give {self.wanted}.")

    @property
    def wanted(self) -> str:
        """The values the field takes, in words."""
        low, high = f"{self.minimum:,}", f"{self.maximum:,}"
        auto = f" (0: {self.auto})" if self.auto else ""
        return {
            "integer": f"a whole number from {low} to {high}{auto}",
            "pair": f"one or two whole numbers from {low} to {high}{auto}",
            "real": f"a number from {low} to {high}",
            "switch": "true or false",
            "choice": "one of " + ", ".join(self.choices),
            "text": "at most 40 letters, digits and underscores, a letter first, no Python keyword",
        }[self.kind]

    def _whole(self, value: Any) -> bool:
        return type(value) is int and self.minimum <= value <= self.maximum

    def _real(self, value: Any) -> bool:
        return type(value) in (int, float) and math.isfinite(value) and self.minimum <= value <= self.maximum


def usable_name(name: str) -> bool:
    """A layer's name can stand in code: a short ASCII identifier, no keyword."""
    return _NAME.fullmatch(name) is not None and not keyword.iskeyword(name)


@cache
def specs(layer: type) -> tuple[FieldSpec, ...]:
    """The fields of a layer kind, its own first, those every layer has last."""
    described = [dataclasses.replace(field.metadata["spec"], name=field.name) for field in dataclasses.fields(layer)]
    common = ("name", "frozen")
    return tuple(sorted(described, key=lambda spec: common.index(spec.name) if spec.name in common else -1))


def _field(spec: FieldSpec) -> Any:
    return dataclasses.field(default=spec.default, metadata={"spec": spec})


def integer(
    label: str,
    default: int,
    tooltip: str,
    *,
    minimum: int = 1,
    maximum: int = MAX_SIZE,
    auto: str = "",
    unit: str = "",
    required: bool = False,
) -> Any:
    """A whole number."""
    return _field(FieldSpec("integer", label, tooltip, default, unit, minimum, maximum, auto=auto, required=required))


def pair(label: str, default: Pair, tooltip: str, *, minimum: int = 1, auto: str = "", unit: str = "", required: bool = False) -> Any:
    """Two whole numbers, for the vertical and the horizontal axis."""
    return _field(FieldSpec("pair", label, tooltip, default, unit, minimum, auto=auto, required=required))


def real(label: str, default: float, tooltip: str, *, minimum: float, maximum: float, required: bool = False) -> Any:
    """A finite number."""
    return _field(FieldSpec("real", label, tooltip, default, "", minimum, maximum, required=required))


def switch(label: str, default: bool, tooltip: str) -> Any:
    """Yes or no."""
    return _field(FieldSpec("switch", label, tooltip, default))


def choice(label: str, choices: tuple[str, ...], tooltip: str) -> Any:
    """One of a few words; the first is the default."""
    return _field(FieldSpec("choice", label, tooltip, choices[0], choices=choices))


def layer_name() -> Any:
    """The name every layer can be given."""
    tooltip = "How the layer is called in tables and code. Left empty it is numbered by kind, as conv1 and conv2."
    return _field(FieldSpec("text", "Name", tooltip, ""))


def frozen_switch() -> Any:
    """The switch of every layer that has parameters."""
    tooltip = "Its parameters are counted but not trained (requires_grad=False)."
    return _field(FieldSpec("switch", "Frozen", tooltip, False))
