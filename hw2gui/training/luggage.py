"""What a training takes along to another machine: its run's folder and the files of its data sets. Needs no torch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hw2gui.datasets import registry
from hw2gui.errors import InputError, shortened
from hw2gui.jobs import Luggage
from hw2gui.jobs import address as address_of_cluster


def luggage(data: Iterable[str], argument: str = "folder", cores: int = 1) -> Luggage:
    """For a training that reads the data sets *data* and works in the folder its *argument* names.

    InputError for data that only this computer has (the user's own pictures or tables), UnavailableError for files that are missing.
    """
    files: dict[str, str] = {}
    for name in data:
        if name not in registry.DATASETS:
            raise InputError(
                f"'{shortened(name, 60)}' is on this computer only and cannot be sent to another: train on a published set there."
            )
        dataset = registry.DATASETS[name]
        for file in dataset.files:
            files[f"{dataset.folders[0]}/{file.name}"] = str(registry.require(dataset, file.name))
    return Luggage((argument,), files, cores)


def check_here(data: Sequence[Sequence[str]]) -> None:
    """Raise `UnavailableError`, with what to do, where a published set that one of several trainings reads is not on this computer."""
    for name in sorted({name for names in data for name in names if name in registry.DATASETS}):
        for file in registry.DATASETS[name].files:
            registry.require(registry.DATASETS[name], file.name)


def luggage_for(address: str, data: Sequence[Sequence[str]]) -> tuple[Luggage, ...]:
    """`luggage` of several trainings for the cluster at *address*, which is asked first whether it is there: UnavailableError if not."""
    address_of_cluster.check(address)
    return tuple(luggage(names) for names in data)
