"""The programs that make what the parameters tab shows."""

from __future__ import annotations

from hw2gui.parameters.architecture import Architecture
from hw2gui.parameters.codegen import to_pytorch
from hw2gui.parameters.comparison import duel
from hw2gui.parameters.state import ParametersState

_COUNT = """

model = Network()
for name, part in model.named_children():
    print(f"{name:20} {sum(p.numel() for p in part.parameters()):>12,}")
total = sum(p.numel() for p in model.parameters())
print("in all", total)
"""

_COUNT_WEIGHTS = """

def weights(module):  # without biases, as the homework counts
    return sum(p.numel() for name, p in module.named_parameters() if "bias" not in name.rsplit(".")[-1])


model = Network()
for name, part in model.named_children():
    print(f"{name:20} {weights(part):>12,}")
total = weights(model)
print("in all", total)
"""


def programs(state: ParametersState) -> tuple[tuple[str, str], ...]:
    """(what it is, source) of each: the stack and its counts, beside a second network that one's too. Raises
    :class:`hw2gui.errors.InputError` where a layer does not fit.
    """
    if state.page == "twins":
        both = duel(state)
        return tuple(
            (f"PyTorch: {title}", _counted(analysis.architecture, state))
            for title, analysis in zip(both.titles, (both.first, both.second), strict=True)
        )
    return ("PyTorch: the network", to_pytorch(state.architecture)), ("PyTorch: its counts", _counted(state.architecture, state))


def _counted(architecture: Architecture, state: ParametersState) -> str:
    return to_pytorch(architecture).rstrip("\n") + "\n" + (_COUNT_WEIGHTS if state.ignore_biases else _COUNT)
