"""The networks in PyTorch, stage by stage under the names of `hw2gui.vision.network`.

Only for the processes that compute: it imports torch.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from hw2gui.errors import InputError
from hw2gui.vision.network import POOL, Convolution, Network


class Subsample(nn.Module):
    """Keeps the upper left pixel of each 2×2 window: what stride 2 leaves, with the output size of a 2×2 pooling."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C, ⌊H/2⌋, ⌊W/2⌋)."""
        height, width = x.shape[-2] // POOL * POOL, x.shape[-1] // POOL * POOL
        return x[..., :height:POOL, :width:POOL]


def build(network: Network, seed: int | None = None) -> nn.Sequential:
    """The network as a sequence of its named stages: (N, 1, 28, 28) to logits (N, 10).

    Weights are PyTorch's defaults, drawn from *seed*, or from the global generator where there is none; the global generator is
    left as it was when a seed is given. The logits are trained with cross-entropy, which is the homework's log-softmax with its
    negative log-likelihood.
    """
    if seed is None:
        return nn.Sequential(_layers(network))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(_layers(network))


def _layers(network: Network) -> OrderedDict[str, nn.Module]:
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    shape: tuple[int, ...] = (1,)
    convolutions = iter(network.convolutions)
    layer = Convolution(1, 1)
    for stage in network.stages():
        if stage.kind == "convolution":
            layer = next(convolutions)
            layers[stage.name] = nn.Conv2d(shape[0], layer.channels, layer.kernel, padding=layer.kernel // 2 if layer.same else 0)
        elif stage.kind == "normalisation":
            layers[stage.name] = nn.BatchNorm2d(stage.shape[0])
        elif stage.kind == "relu":
            layers[stage.name] = nn.ReLU()
        elif stage.kind == "pool":
            layers[stage.name] = nn.MaxPool2d(POOL) if layer.pooling == "max" else Subsample()
        elif stage.kind == "flatten":
            layers[stage.name] = nn.Flatten()
        elif stage.kind == "dense":
            layers[stage.name] = nn.Linear(shape[0], stage.shape[0])
        else:
            layers[stage.name] = nn.Dropout(network.dropout)
        shape = stage.shape
    return layers


def load_weights(module: nn.Module, weights: Mapping[str, Tensor], source: str) -> None:
    """Put *weights* into *module*, converted to its type. InputError, naming *source*, where names or shapes are another network's."""
    wanted = module.state_dict()
    missing, foreign = sorted(set(wanted) - set(weights)), sorted(set(weights) - set(wanted))
    if missing or foreign:
        what = f"lacks '{missing[0]}'" if missing else f"holds '{foreign[0]}', which the network has not"
        raise InputError(f"{source} does not fit its network (it {what}): choose another model or train one")
    for name, tensor in wanted.items():
        if tensor.shape != weights[name].shape:
            sizes = f"'{name}' is {_by(weights[name])}, not {_by(tensor)}"
            raise InputError(f"{source} does not fit its network ({sizes}): choose another model or train one")
        if not torch.isfinite(weights[name]).all():
            raise InputError(
                f"{source} holds numbers that are not finite in '{name}': its training broke down; choose another epoch or model"
            )
    module.load_state_dict({name: weights[name].to(tensor.dtype) for name, tensor in wanted.items()})


def _by(tensor: Tensor) -> str:
    return "×".join(map(str, tensor.shape)) or "one number"
