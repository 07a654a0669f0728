"""What is kept of a finished training when its folder is gone: settings, what was measured, where and when. Torch-free.

A reproduction is a set of records: read from the folders of its runs, or from the file that comes with the program
(`hw2gui.report.ship` makes it), so that everything said of one is computed from the same numbers in the same way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from hw2gui import paths
from hw2gui.arrays import Singles
from hw2gui.errors import InputError, UnavailableError
from hw2gui.report import measuring
from hw2gui.report.library import Library, config_of, read_measured
from hw2gui.report.plan import QUICK_SEEDS, SEEDS, Config, Plan, identity
from hw2gui.seq2seq.config import Seq2SeqConfig
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.training.plots import Line
from hw2gui.training.run_folder import RunFolder
from hw2gui.vision.config import VisionConfig

FORMAT, VERSION = "hw2gui reproduction", 1
RESOURCE = ("reproduction", "runs.json")
"""Where the program's own reproduction is kept among its resources."""


@dataclass(frozen=True, eq=False)
class Record:
    """A finished training. ``path`` is its folder where that is on this computer."""

    name: str
    config: Config
    created: str
    minutes: float
    final: Mapping[str, float]
    """Metrics of the model it stands for."""
    columns: Mapping[str, tuple[float, ...]]
    """Metrics after each epoch."""
    data: Mapping[str, str]
    """The sums of the files it read."""
    versions: Mapping[str, str]
    machine: Mapping[str, Any]
    measured: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What was measured of it afterwards, by name (`hw2gui.report.measuring`)."""
    filters: Mapping[str, Any] | None = None
    """Weights and biases of the first convolution, kept of the run whose maps are shown where the folder is gone."""
    path: Path | None = None

    @property
    def seed(self) -> int:
        """Its seed."""
        return self.config.training.seed

    @property
    def device(self) -> str:
        """Where it was computed."""
        return self.config.training.device

    @property
    def epochs(self) -> int:
        """After so many it was measured."""
        return max(map(len, self.columns.values()), default=0)

    def column(self, name: str) -> tuple[float, ...]:
        """A metric after each epoch."""
        return self.columns.get(name, ())

    def line(self, name: str, group: int = 0, *, thin: bool = False) -> Line:
        """A metric over the epochs."""
        y = self.column(name)
        return Line(f"seed {self.seed}", tuple(float(epoch) for epoch in range(1, len(y) + 1)), y, group, thin=thin)

    def first_convolution(self) -> tuple[Singles, Singles] | None:
        """Weights (C, 1, K, K) and biases (C,) of the first convolution; None where neither they nor the folder are there."""
        if self.path is not None:
            arrays = RunFolder.open(self.path).weights().arrays
            return arrays["conv1.weight"].astype(np.float32), arrays["conv1.bias"].astype(np.float32)
        if self.filters is None:
            return None
        return np.asarray(self.filters["weight"], np.float32), np.asarray(self.filters["bias"], np.float32)


@dataclass(frozen=True, eq=False)
class Records:
    """A reproduction: its plan, and the finished trainings of it. ``folder`` is empty for the program's own."""

    folder: str
    plan: Plan
    by_identity: Mapping[str, Record]
    problems: tuple[str, ...] = ()

    def find(self, config: Config) -> Record | None:
        """The finished training of *config*."""
        return self.by_identity.get(identity(config))

    @property
    def own(self) -> bool:
        """Whether it is the one that comes with the program."""
        return not self.folder

    def found(self) -> tuple[Record, ...]:
        """All of them, in the plan's order."""
        return tuple(record for record in (self.find(planned.config) for planned in self.plan.runs()) if record is not None)


def of_folder(folder: Path, quick: bool = False) -> Records:
    """The reproduction in *folder*; where that is empty, *quick* says which version it is for."""
    library = Library(folder)
    quick = library.is_quick() if len(library) else quick
    plan = Plan(quick, library.seeds(quick) or (QUICK_SEEDS if quick else SEEDS))
    finished = {
        found.planned.identity: of_run(folder, found.run)
        for found in library.found(plan.runs())
        if found.finished and found.run is not None
    }
    return Records(str(folder), plan, finished, tuple(library.problems))


def of_run(folder: Path, run: RunFolder) -> Record:
    """The record of the finished *run* of the reproduction in *folder*."""
    metrics = run.metrics()
    columns = {name: tuple(float(value) for value in column if not np.isnan(value)) for name, column in metrics.epoch_metrics.items()}
    names = (measuring.BEAMS_NAME, measuring.ROBUSTNESS_NAME)
    found = {name: read_measured(folder, run, name) for name in names}
    minutes = float(metrics.seconds[-1]) / 60 if len(metrics.seconds) else float("nan")
    header = run.header
    return Record(
        run.path.name,
        config_of(run),
        header.created,
        minutes,
        dict(run.state.metrics),
        columns,
        dict(header.data),
        dict(header.versions),
        dict(header.machine),
        {name: values for name, values in found.items() if values is not None},
        None,
        run.path,
    )


def write_text(records: Records, pictured: Record | None) -> str:
    """*records* as the text of a file; of *pictured* the first convolution is kept too."""
    rows = []
    for record in records.found():
        first = record.first_convolution() if record is pictured else None
        row = {
            "name": record.name,
            "kind": "cnn" if isinstance(record.config, VisionConfig) else "seq2seq",
            "config": to_plain(record.config),
            "created": record.created,
            "minutes": round(record.minutes, 3),
            "final": dict(record.final),
            "columns": {name: [float(f"{value:.6g}") for value in column] for name, column in record.columns.items()},
            "data": dict(record.data),
            "versions": dict(record.versions),
            "machine": dict(record.machine),
            "measured": {name: dict(values) for name, values in record.measured.items()},
            "filters": None if first is None else {"weight": first[0].tolist(), "bias": first[1].tolist()},
        }
        rows.append(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
    head = {"format": FORMAT, "version": VERSION, "quick": records.plan.quick, "seeds": list(records.plan.seeds)}
    # A line for each training, so that a difference between two versions can be read.
    return json.dumps(head)[:-1] + ', "runs": [\n' + ",\n".join(rows) + "\n]}\n"


def read_text(text: str, where: str) -> Records:
    """What `write_text` wrote. UnavailableError for anything else."""
    damaged = UnavailableError(f"{where} is damaged: install the program anew.")
    try:
        plain = json.loads(text)
        if plain["format"] != FORMAT or plain["version"] != VERSION:
            raise damaged
        made = [_record(row, where) for row in plain["runs"]]
        plan = Plan(bool(plain["quick"]), tuple(map(int, plain["seeds"])))
    except (KeyError, TypeError, ValueError, InputError, RecursionError) as error:
        raise damaged from error
    return Records("", plan, {identity(record.config): record for record in made})


@lru_cache(maxsize=1)
def shipped() -> Records:
    """The reproduction that comes with the program: measured once, on the report's data. UnavailableError where its file is damaged."""
    path = paths.resource(*RESOURCE)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UnavailableError(f"{path} cannot be read: install the program anew.") from error
    return read_text(text, path.name)


def _record(row: Mapping[str, Any], where: str) -> Record:
    config: Config = (
        from_plain(VisionConfig, row["config"], where) if row["kind"] == "cnn" else from_plain(Seq2SeqConfig, row["config"], where)
    )
    columns = {str(name): tuple(map(float, column)) for name, column in row["columns"].items()}
    final = {str(name): float(value) for name, value in row["final"].items()}
    return Record(
        str(row["name"]),
        config,
        str(row["created"]),
        float(row["minutes"]),
        final,
        columns,
        dict(row["data"]),
        dict(row["versions"]),
        dict(row["machine"]),
        dict(row["measured"]),
        row["filters"],
    )
