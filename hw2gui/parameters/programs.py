"""The programs that make what the parameters tab shows."""

from __future__ import annotations

from hw2gui.parameters.codegen import to_pytorch
from hw2gui.parameters.state import ParametersState

_COUNT = """

model = Network()
for name, part in model.named_children():
    print(f"{name:20} {sum(p.numel() for p in part.parameters()):>12,}")
total = sum(p.numel() for p in model.parameters())
print("in all", total)
"""


def programs(state: ParametersState) -> tuple[tuple[str, str], ...]:
    """(what it is, source) of each. Raises :class:`hw2gui.errors.InputError` where a layer does not fit."""
    source = to_pytorch(state.architecture)
    return ("PyTorch: the network", source), ("PyTorch: its counts", source.rstrip("\n") + "\n" + _COUNT)
