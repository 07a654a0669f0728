"""A sweep: every combination of the values named for some settings, each trained with every seed. Needs no torch and no Qt.

Which settings there are stands in the configuration's own descriptions (`hw2gui.training.fields`), so that whatever a form offers can be
swept over, by the same names and within the same ranges.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hw2gui.errors import InputError, shortened
from hw2gui.session.codec import to_plain
from hw2gui.training.config import AFTER_LEARNING, WITHOUT_EFFECT
from hw2gui.training.fields import Spec, number_words, specs

MOST_RUNS = 400
MOST_AXES = 6

NOT_SWEPT = (*WITHOUT_EFFECT, *AFTER_LEARNING, "seed", "first_rate")
"""Not offered: seeds have a place of their own, and the others make no other network."""

MEANT_FOR = {"rise": "one-cycle", "decay": "step", "decay_every": "step"}
"""Settings that mean something under one schedule only."""

_NOTED = ("alphabets", "sentences")
"""What a run notes of its data when it begins: it is not chosen."""

_SHORT = {"rate": "learning_rate", "lr": "learning_rate", "batch": "batch_size"}
_TITLES = {name: short for short, name in _SHORT.items()}
_WORDS = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}
_BETWEEN = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Setting:
    """A setting that can be swept over: its name, its description, and how a configuration is given a value of it.

    One that is *whole* (a network by its name) brings values of others with it, and is put before them.
    """

    name: str
    spec: Spec
    kind: type
    put: Callable[[Any, Any], Any]
    get: Callable[[Any], Any] = lambda config: None
    """The value a configuration has; None where it has none of its own."""
    whole: bool = False

    def value(self, text: str) -> Any:
        """The value that *text* means. InputError, one sentence, for what is none or out of range."""
        value = _read(text, self.kind, self.spec)
        if value is None or not self.spec.admits(value, self.kind):
            raise InputError(f"{self.spec.label} cannot be '{shortened(text, 20)}': give {self.spec.wanted(self.kind)}.")
        return value


@dataclass(frozen=True)
class Axis:
    """What the user chose for one setting: its name, and its values as they are written."""

    setting: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """One combination: a value for each setting, and its configurations, one a seed, with their `identity`."""

    values: tuple[Any, ...]
    configs: tuple[Any, ...]
    identities: tuple[str, ...]


@dataclass(frozen=True)
class Planned:
    """A run of a sweep."""

    title: str
    config: Any
    identity: str


@dataclass(frozen=True)
class Sweep:
    """All cells, the last setting changing fastest."""

    settings: tuple[Setting, ...]
    seeds: tuple[int, ...]
    cells: tuple[Cell, ...]

    @property
    def count(self) -> int:
        """How many runs it takes."""
        return len(self.cells) * len(self.seeds)

    def title(self, cell: Cell, config: Any) -> str:
        """A name for the run of *config*, one of *cell*'s."""
        parts = [
            f"{_TITLES.get(setting.name, setting.name)}={words(value)}" for setting, value in zip(self.settings, cell.values, strict=True)
        ]
        return " ".join(["sweep", *parts, f"seed {config.training.seed}"])

    def runs(self) -> tuple[Planned, ...]:
        """Every run: the first seed of every cell, then the second, so that a look at half of it says most."""
        return tuple(
            Planned(self.title(cell, cell.configs[number]), cell.configs[number], cell.identities[number])
            for number in range(len(self.seeds))
            for cell in self.cells
        )


def settings_of(config: Any) -> dict[str, Setting]:
    """The settings described in *config* and in the dataclasses it holds, by name; the training's first."""
    parts = [(name,) for name in ("training", *_parts(config)) if hasattr(config, name)]
    found: dict[str, Setting] = {}
    for path in (*dict.fromkeys(parts), ()):
        part = getattr(config, path[0]) if path else config
        for name, spec in specs(part).items():
            if name not in NOT_SWEPT:
                kind = type(next(field.default for field in dataclasses.fields(part) if field.name == name))
                found.setdefault(name, Setting(name, _offered(name, spec), kind, _putter(path, name), _getter(path, name)))
    return found


def examples(setting: Setting, config: Any) -> tuple[str, ...]:
    """Values to begin with: all choices there are, both ways of a switch, of a number today's and twice (or half) of it."""
    spec, now = setting.spec, setting.get(config)
    if spec.choices:
        return spec.choices
    if setting.kind is bool:
        return "off", "on"
    low, high = spec.minimum or 0, spec.maximum or math.inf
    if now is None:
        now = max(low, min(high, 1000))
    if now == 0:
        return "0", words(setting.kind(min(high, 1)) if setting.kind is int else min(high, 0.1))
    other = now * 2 if now * 2 <= high else now / 2
    return words(now), words(setting.kind(other))


def find_setting(name: str, settings: Mapping[str, Setting]) -> Setting:
    """The setting called *name*, also in short (lr) or with dashes. InputError with the known names."""
    key = name.strip().replace("-", "_")
    key = _SHORT.get(key, key)
    if key not in settings:
        raise InputError(f"There is no setting '{shortened(name.strip())}' to sweep over: choose one of {', '.join(settings)}.")
    return settings[key]


def parse_axis(text: str) -> Axis:
    """The axis that "name=value,value" means. InputError."""
    name, equals, values = text.partition("=")
    if not equals or not name.strip():
        raise InputError(f"'{shortened(text)}' names no values: write a setting and its values, such as lr=1e-4,5e-4.")
    return Axis(name.strip(), values_in(values))


def values_in(text: str) -> tuple[str, ...]:
    """The values in *text*, separated by commas or spaces, as they are written."""
    return tuple(filter(None, _BETWEEN.split(text)))


def parse_seeds(text: str) -> tuple[int, ...]:
    """The seeds in *text*: numbers, separated by commas. InputError."""
    try:
        seeds = tuple(int(part) for part in values_in(text))
    except ValueError:
        raise InputError(f"'{shortened(text)}' are no seeds: write whole numbers, such as 42,43.") from None
    return _checked_seeds(seeds)


def sweep_of(base: Any, axes: Sequence[Axis], seeds: Sequence[int], settings: Mapping[str, Setting]) -> Sweep:
    """The sweep of *axes* around *base*, every run on one thread, for they run side by side.

    InputError, one sentence, for a setting or value that cannot be, one named twice, a combination no network can have, and too many runs.
    """
    if len(axes) > MOST_AXES:
        raise InputError(f"{len(axes)} settings are swept over: choose at most {MOST_AXES}.")
    chosen = tuple(find_setting(axis.setting, settings) for axis in axes)
    for setting in chosen:
        if chosen.count(setting) > 1:
            raise InputError(f"{setting.spec.label} is swept over twice: name all its values in one place.")
    values = [_values(setting, axis) for setting, axis in zip(chosen, axes, strict=True)]
    count = math.prod(map(len, values)) * len(_checked_seeds(tuple(seeds)))
    if count > MOST_RUNS:
        shape = " × ".join(str(len(one)) for one in (*values, seeds))
        raise InputError(f"{shape} are {count:,} runs: choose fewer values or seeds, at most {MOST_RUNS} runs.")
    return Sweep(chosen, tuple(seeds), tuple(_cell(base, chosen, one, tuple(seeds)) for one in itertools.product(*values)))


def identity(config: Any) -> str:
    """Equal for two configurations (plain or not) exactly when the same is trained in the same way with the same seed."""
    plain = {name: value for name, value in (config if isinstance(config, Mapping) else to_plain(config)).items() if name not in _NOTED}
    training = {name: value for name, value in plain.get("training", {}).items() if name not in WITHOUT_EFFECT}
    return json.dumps({**plain, "training": training}, sort_keys=True)


def words(value: Any) -> str:
    """A value as one writes it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return number_words(value) if isinstance(value, float) else str(value)


def _parts(config: Any) -> list[str]:
    return [field.name for field in dataclasses.fields(config) if dataclasses.is_dataclass(getattr(config, field.name))]


def _offered(name: str, spec: Spec) -> Spec:
    """A range test is no schedule to compare: it is meant to break."""
    return replace(spec, choices=tuple(choice for choice in spec.choices if choice != "range")) if name == "schedule" else spec


def _putter(path: tuple[str, ...], name: str) -> Callable[[Any, Any], Any]:
    def put(config: Any, value: Any) -> Any:
        if not path:
            return replace(config, **{name: value})
        return replace(config, **{path[0]: replace(getattr(config, path[0]), **{name: value})})

    return put


def _getter(path: tuple[str, ...], name: str) -> Callable[[Any], Any]:
    return lambda config: getattr(getattr(config, path[0]) if path else config, name)


def _read(text: str, kind: type, spec: Spec) -> Any:
    """The value, None where *text* is none of its kind."""
    if spec.choices:
        return text
    if kind is bool:
        return _WORDS.get(text.lower())
    try:
        number = float(text)
    except ValueError:
        return None
    if kind is not int:
        return number
    return int(number) if math.isfinite(number) and number == int(number) else None


def _values(setting: Setting, axis: Axis) -> tuple[Any, ...]:
    if not axis.values:
        raise InputError(f"{setting.spec.label} has no values to try: give {setting.spec.wanted(setting.kind)}, or several by commas.")
    values = tuple(setting.value(text) for text in axis.values)
    for value in values:
        if values.count(value) > 1:
            raise InputError(f"{setting.spec.label} {words(value)} is named twice: name each value once.")
    return values


def _checked_seeds(seeds: tuple[int, ...]) -> tuple[int, ...]:
    if not seeds or len(set(seeds)) < len(seeds) or not all(0 <= seed < 2**32 for seed in seeds):
        raise InputError("A sweep needs at least one seed, each named once: whole numbers from 0, below 2³².")
    return seeds


def _cell(base: Any, settings: Sequence[Setting], values: tuple[Any, ...], seeds: tuple[int, ...]) -> Cell:
    # One value may only be possible beside another (no attention, no input feeding): what is put first may need what comes later.
    config, refused = _put_all(base, sorted(zip(settings, values, strict=True), key=lambda pair: not pair[0].whole))
    if refused is not None:
        raise refused
    if config.training.schedule == "range":
        raise InputError("The schedule range is a test in which training is meant to break: choose another schedule to sweep with.")
    for setting in settings:
        schedule = MEANT_FOR.get(setting.name, config.training.schedule)
        if schedule != config.training.schedule:
            label = setting.spec.label
            raise InputError(f"{label} means something under the schedule {schedule} only: choose that schedule, or leave {label} out.")
    trainings = [replace(config.training, seed=seed, threads=1) for seed in seeds]
    configs = tuple(replace(config, training=training) for training in trainings)
    return Cell(values, configs, tuple(map(identity, configs)))


def _put_all(config: Any, pairs: list[tuple[Setting, Any]]) -> tuple[Any, InputError | None]:
    refused: InputError | None = None
    for _ in range(len(pairs)):
        left: list[tuple[Setting, Any]] = []
        refused = None
        for setting, value in pairs:
            try:
                config = setting.put(config, value)
            except InputError as error:
                left.append((setting, value))
                refused = error
        if not left or len(left) == len(pairs):
            break
        pairs = left
    return config, refused
