"""What a training takes along to another machine: its run's folder and the files of its data sets. Needs no torch."""

from __future__ import annotations

from collections.abc import Iterable

from hw2gui.datasets import registry
from hw2gui.errors import InputError
from hw2gui.jobs import Luggage


def luggage(data: Iterable[str], argument: str = "folder", cores: int = 1) -> Luggage:
    """For a training that reads the data sets *data* and works in the folder its *argument* names.

    InputError for data that only this computer has (the user's own pictures or tables), UnavailableError for files that are missing.
    """
    files: dict[str, str] = {}
    for name in data:
        if name not in registry.DATASETS:
            raise InputError(f"'{name[:60]}' is on this computer only and cannot be sent to another: train on a published set there.")
        dataset = registry.DATASETS[name]
        for file in dataset.files:
            files[f"{dataset.folders[0]}/{file.name}"] = str(registry.require(dataset, file.name))
    return Luggage((argument,), files, cores)
