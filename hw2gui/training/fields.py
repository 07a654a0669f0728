"""What a setting may hold, described once, in its dataclass field: controls are made from it and values are checked by it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hw2gui.errors import InputError

LONGEST_DECIMAL = 6
"""Of a number with a larger power of ten, up or down, the zeros could not be counted at a glance: it keeps its exponent."""


def number_words(value: float) -> str:
    """*value* to six digits as people write it, 0.00001 and not 1e-05; it can be typed again. What goes into files is written in full."""
    text = f"{value:g}"
    digits, _, power = text.partition("e")
    if not power or abs(int(power)) > LONGEST_DECIMAL:
        return text
    return f"{value:.{max(0, len(digits.lstrip('-').replace('.', '')) - 1 - int(power))}f}"


@dataclass(frozen=True)
class Spec:
    """One setting: its label, what it is for, and which values it takes (numbers: a range, words: a choice)."""

    label: str
    tooltip: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""

    def wanted(self, kind: type) -> str:
        """The values it takes, in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if kind is bool:
            return "true or false"
        noun = "a whole number" if kind is int else "a number"
        low, high = (f"{end:,}" if isinstance(end, int) else f"{end:,g}" for end in (self.minimum, self.maximum))
        return f"{noun} from {low} to {high}"

    def admits(self, value: Any, kind: type) -> bool:
        """Whether the setting takes *value*. A float field takes whole numbers as well."""
        if self.choices:
            return isinstance(value, str) and value in self.choices
        if kind is bool or isinstance(value, bool):
            return kind is bool and isinstance(value, bool)
        if not (isinstance(value, int) or (kind is float and isinstance(value, float))):
            return False
        low, high = self.minimum, self.maximum
        return math.isfinite(value) and (low is None or value >= low) and (high is None or value <= high)


def specs(config: Any) -> Mapping[str, Spec]:
    """The described fields of a dataclass (or of one of its instances) by name, in order."""
    return {field.name: field.metadata["spec"] for field in dataclasses.fields(config) if "spec" in field.metadata}


def check_fields(config: Any) -> None:
    """Raise `InputError`, one sentence, for the first field of *config* whose value its description does not admit."""
    for field in dataclasses.fields(config):
        spec: Spec | None = field.metadata.get("spec")
        value, kind = getattr(config, field.name), type(field.default)
        if spec is not None and not spec.admits(value, kind):
            shown = repr(value) if len(repr(value)) <= 40 else repr(value)[:37] + "…"
            raise InputError(f"{spec.label} is {shown}: give {spec.wanted(kind)}.")


def real(label: str, default: float, tooltip: str, *, minimum: float, maximum: float, unit: str = "") -> Any:
    """A field for a number."""
    return dataclasses.field(default=float(default), metadata={"spec": Spec(label, tooltip, minimum, maximum, unit=unit)})


def whole(label: str, default: int, tooltip: str, *, minimum: int, maximum: int, unit: str = "") -> Any:
    """A field for a whole number."""
    return dataclasses.field(default=default, metadata={"spec": Spec(label, tooltip, minimum, maximum, unit=unit)})


def switch(label: str, default: bool, tooltip: str) -> Any:
    """A field for yes or no."""
    return dataclasses.field(default=default, metadata={"spec": Spec(label, tooltip)})


def choice(label: str, tooltip: str, choices: tuple[str, ...]) -> Mapping[str, Spec]:
    """The metadata of a field for one of a few words: ``field(default=…, metadata=choice(…))``."""
    return {"spec": Spec(label, tooltip, choices=choices)}
