"""Loss and gradients of the homework's kind of network, written out: forward through the stages, then back through each by hand.

The same numbers as automatic differentiation, without its bookkeeping: at the homework's batch of 8 that is a third of a step's time.
Between convolutions and poolings the maps lie with their channels side by side in memory, where PyTorch's pooling compares eight at once
instead of branching at every pixel.

For the training process: it imports torch.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from hw2gui.vision.model import Subsample
from hw2gui.vision.network import POOL

Back = Callable[[Tensor], Tensor]
"""From the gradient of a stage's output to that of its input; on the way the gradients of its own parameters are written."""

_WINDOW = [POOL, POOL]
_aten = torch.ops.aten


def fits(model: nn.Module) -> bool:
    """Whether *model*, made by `hw2gui.vision.model.build`, has only stages known here: batch normalisation is not."""
    return all(type(stage) in _STAGES for stage in model.children())


@torch.no_grad()
def gradients(model: nn.Module, inputs: Tensor, labels: Tensor, smoothing: float = 0.0) -> Tensor:
    """The mean cross-entropy of the *labels* (N,), a scalar; its gradients are written into every parameter's ``grad``, in place.

    *inputs* are (N, 1, H, W) on the CPU; *model* `fits` and gives logits (N, classes). *smoothing* spreads that
    share of the target's probability over all classes. Dropout draws from torch's global generator what its module would draw.
    """
    backs: list[Back] = []
    flow = inputs
    for number, stage in enumerate(model.children()):
        flow, back = _STAGES[type(stage)](stage, flow, number > 0)
        backs.append(back)
    loss, flow = _cross_entropy(flow, labels, smoothing)
    for back in reversed(backs):
        flow = back(flow)
    return loss


def _cross_entropy(logits: Tensor, labels: Tensor, smoothing: float) -> tuple[Tensor, Tensor]:
    """The mean loss, and its gradient (N, classes): (softmax − target) / N."""
    count, classes = logits.shape
    loss = functional.cross_entropy(logits, labels, label_smoothing=smoothing)
    target = functional.one_hot(labels, classes).mul(1 - smoothing).add_(smoothing / classes)
    return loss, torch.softmax(logits, dim=1).sub_(target).mul_(1 / count)


def _convolution(layer: nn.Conv2d, x: Tensor, further: bool) -> tuple[Tensor, Back]:
    """The maps z = w ⋆ x + b. Back: ∂w and ∂b, and, where stages stand before it (*further*), ∂x; all three by PyTorch's own kernel."""
    padding = [int(side) for side in layer.padding]
    z = functional.conv2d(x, layer.weight, layer.bias, padding=layer.padding)

    def back(gradient: Tensor) -> Tensor:
        wanted = [further, True, True]
        ones, zeros = [1, 1], [0, 0]
        found = _aten.convolution_backward(gradient, x, layer.weight, [layer.out_channels], ones, padding, ones, False, zeros, 1, wanted)
        _write(layer.weight, found[1])
        _write(layer.bias, found[2])
        return found[0] if further else gradient

    return z.contiguous(memory_format=torch.channels_last), back


def _relu(_stage: nn.ReLU, x: Tensor, _further: bool) -> tuple[Tensor, Back]:
    """Where the output is 0 nothing goes back. In place: nobody else needs the input."""
    y = x.relu_()
    return y, lambda gradient: _aten.threshold_backward(gradient, y, 0)


def _max_pool(_stage: nn.MaxPool2d, x: Tensor, _further: bool) -> tuple[Tensor, Back]:
    """The greatest of each window; back to the pixel it came from, the first of equals."""
    y, where = functional.max_pool2d(x, POOL, return_indices=True)
    return y, lambda gradient: _aten.max_pool2d_with_indices_backward(gradient, x, _WINDOW, _WINDOW, [0, 0], [1, 1], False, where)


def _subsample(stage: Subsample, x: Tensor, _further: bool) -> tuple[Tensor, Back]:
    """One pixel of each window; back to it alone."""
    y = stage(x)

    def back(gradient: Tensor) -> Tensor:
        spread = torch.zeros_like(x)
        stage(spread).copy_(gradient)
        return spread

    return y, back


def _flatten(_stage: nn.Flatten, x: Tensor, _further: bool) -> tuple[Tensor, Back]:
    return x.flatten(1), lambda gradient: gradient.view(x.shape)


def _dense(layer: nn.Linear, x: Tensor, further: bool) -> tuple[Tensor, Back]:
    """Units z = x Wᵀ + b. Back: ∂W = ∂zᵀ x, ∂b = Σ ∂z over the batch, ∂x = ∂z W."""

    def back(gradient: Tensor) -> Tensor:
        torch.mm(gradient.t(), x, out=_slot(layer.weight))
        torch.sum(gradient, 0, out=_slot(layer.bias))
        return gradient @ layer.weight if further else gradient

    return functional.linear(x, layer.weight, layer.bias), back


def _dropout(stage: nn.Dropout, x: Tensor, _further: bool) -> tuple[Tensor, Back]:
    """Keeps each unit with probability 1 − p, scaled by 1 / (1 − p); what was dropped gets no gradient."""
    if not stage.training or not stage.p:
        return x, lambda gradient: gradient
    kept = torch.empty_like(x).bernoulli_(1 - stage.p).div_(1 - stage.p)
    return x * kept, lambda gradient: gradient * kept


def _slot(parameter: Tensor) -> Tensor:
    """Where the gradient of *parameter* is written: what is there already, so that it may be part of something greater."""
    if parameter.grad is None:
        parameter.grad = torch.empty_like(parameter)
    return parameter.grad


def _write(parameter: Tensor | None, gradient: Tensor) -> None:
    if parameter is not None:
        _slot(parameter).copy_(gradient)


_STAGES: dict[type[nn.Module], Callable[..., tuple[Tensor, Back]]] = {
    nn.Conv2d: _convolution,
    nn.ReLU: _relu,
    nn.MaxPool2d: _max_pool,
    Subsample: _subsample,
    nn.Flatten: _flatten,
    nn.Linear: _dense,
    nn.Dropout: _dropout,
}
