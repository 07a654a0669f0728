"""The state of all random number generators a training may draw from: kept apart from the caller's, saved and brought back."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch

from hw2gui.training.tensor_file import Array

E = TypeVar("E")
R = TypeVar("R")


@dataclass(frozen=True)
class RandomState:
    """The states of torch's, numpy's and Python's global generators, and of the device's where it has one of its own."""

    cpu: torch.Tensor
    numpy: dict[str, Any]
    python: tuple[Any, ...]
    device: torch.Tensor | None = None

    @classmethod
    def now(cls, device: torch.device | None = None) -> RandomState:
        """The states at this moment."""
        own = _of_device(device).get_rng_state() if device and device.type != "cpu" else None
        legacy = np.random.get_state(legacy=False)  # noqa: NPY002 (libraries draw from it)
        assert isinstance(legacy, dict)
        return cls(torch.get_rng_state(), legacy, random.getstate(), own)

    def restore(self, device: torch.device | None = None) -> None:
        """Make these the states again."""
        torch.set_rng_state(self.cpu)
        np.random.set_state(self.numpy)  # noqa: NPY002
        random.setstate(self.python)
        if self.device is not None and device and device.type != "cpu":
            _of_device(device).set_rng_state(self.device)

    def to_plain(self) -> tuple[dict[str, Array], dict[str, Any]]:
        """The states as arrays and plain values."""
        version, words, gauss = self.python
        arrays: dict[str, Array] = {
            "cpu": self.cpu.numpy(),
            "numpy": self.numpy["state"]["key"],
            "python": np.array(words, dtype=np.uint32),
        }
        if self.device is not None:
            arrays["device"] = self.device.numpy()
        numpy = {"pos": self.numpy["state"]["pos"], "has_gauss": self.numpy["has_gauss"], "gauss": self.numpy["gauss"]}
        return arrays, {"numpy": numpy, "python": [version, gauss]}

    @classmethod
    def from_plain(cls, arrays: Mapping[str, Array], plain: Mapping[str, Any]) -> RandomState:
        """The states that `to_plain` has written."""
        numpy = dict(plain["numpy"])
        state = {"key": arrays["numpy"], "pos": numpy.pop("pos")}
        version, gauss = plain["python"]
        return cls(
            torch.from_numpy(arrays["cpu"].copy()),
            {"bit_generator": "MT19937", "state": state, **numpy},
            (version, tuple(int(word) for word in arrays["python"]), gauss),
            torch.from_numpy(arrays["device"].copy()) if "device" in arrays else None,
        )


def seed_everything(seed: int) -> None:
    """Seed all of them (torch's covers its devices)."""
    torch.manual_seed(seed)
    np.random.seed(seed)  # noqa: NPY002
    random.seed(seed)


def seed_for(seed: int, *purpose: object) -> int:
    """A seed of 63 bits for one purpose (the order of epoch 3), unrelated to those for others."""
    digest = hashlib.sha256("/".join(map(str, (seed, *purpose))).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def isolated(work: Generator[E, None, R], seed: int) -> Generator[E, None, R]:
    """Run *work*, seeded, on random numbers of its own: between two of its events the caller has its own back."""
    outside, within = RandomState.now(), True
    seed_everything(seed)
    try:
        while True:
            try:
                event = next(work)
            except StopIteration as end:
                result: R = end.value
                return result
            inside = RandomState.now()
            outside.restore()
            within = False
            yield event
            outside, within = RandomState.now(), True
            inside.restore()
    finally:
        work.close()
        if within:
            outside.restore()


def _of_device(device: torch.device) -> Any:
    return torch.cuda if device.type == "cuda" else torch.mps
