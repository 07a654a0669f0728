"""Signs of a training's health: the gradient's length, dead units, weights that are numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn


def gradient_norm(parameters: Iterable[nn.Parameter]) -> Tensor:
    """The Euclidean norm of all gradients together, as a scalar that is not waited for."""
    norms = [torch.linalg.vector_norm(parameter.grad) for parameter in parameters if parameter.grad is not None]
    return torch.linalg.vector_norm(torch.stack(norms)) if norms else torch.zeros(())


def all_finite(model: nn.Module) -> bool:
    """Whether all parameters and buffers of *model* are numbers."""
    return all(bool(tensor.isfinite().all()) for tensor in (*model.parameters(), *model.buffers()))


def dead_relu_share(model: nn.Module, forward: Callable[[], object]) -> float | None:
    """The share of ReLU units that are 0 throughout *forward*, which runs *model* on examples enough to judge by.

    A unit is one feature of a dense layer or one map of a convolution (dimension 1 of the output); a module used in several places counts
    in each. None if no ``nn.ReLU`` was passed.
    """
    dead: list[Tensor] = []

    def look(_module: nn.Module, _inputs: object, output: Tensor) -> None:
        others = [dimension for dimension in range(output.dim()) if dimension != 1]
        dead.append(output.detach().amax(dim=others) <= 0)

    hooks = [module.register_forward_hook(look) for module in model.modules() if isinstance(module, nn.ReLU)]
    try:
        with torch.no_grad():
            forward()
    finally:
        for hook in hooks:
            hook.remove()
    return float(torch.cat(dead).float().mean()) if dead else None
