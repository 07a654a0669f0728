"""Loss and gradients of the homework's kind of network, written out: forward through the stages, then back through each by hand.

The same numbers as automatic differentiation, without its bookkeeping: at the homework's batch of 8 that is half of a step's time.
Between convolutions and poolings the maps lie with their channels (of few images: with the images) side by side in memory, where
PyTorch's pooling compares eight at once instead of branching at every pixel.

For the training process: it imports torch.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor, nn
from torch.nn import functional

from hw2gui.training.products import product
from hw2gui.vision.model import Subsample
from hw2gui.vision.network import POOL

Back = Callable[[Tensor], Tensor]
"""From the gradient of a stage's output to that of its input; on the way the gradients of its own parameters are written."""

SMALL = 8
"""Up to so many images convolutions are written out as products of matrices; for more, PyTorch's own kernels are quicker."""

_WINDOW = [POOL, POOL]
_aten = torch.ops.aten


def fits(model: nn.Module) -> bool:
    """Whether *model*, made by `hw2gui.vision.model.build`, has only stages known here: batch normalisation is not."""
    return all(type(stage) in _STAGES for stage in model.children())


@torch.inference_mode()
def gradients(model: nn.Module, inputs: Tensor, labels: Tensor, smoothing: float = 0.0) -> Tensor:
    """The mean cross-entropy of the *labels* (N,), a scalar; its gradients are written into every parameter's ``grad``, in place.

    *inputs* are (N, 1, H, W) on the CPU; *model* `fits` and gives logits (N, classes). *smoothing* spreads that share of the target's
    probability over all classes. Dropout draws evenly distributed numbers from torch's global generator, one a unit.
    """
    small = len(inputs) <= SMALL
    stages, flow = (_UNROLLED, inputs.transpose(0, 1)) if small else (_STAGES, inputs)
    backs: list[Back] = []
    for number, stage in enumerate(model.children()):
        flow, back = stages[type(stage)](stage, flow, number > 0)
        backs.append(back)
    loss, flow = _cross_entropy(flow, labels, smoothing)
    for back in reversed(backs):
        flow = back(flow)
    return loss


def _cross_entropy(logits: Tensor, labels: Tensor, smoothing: float) -> tuple[Tensor, Tensor]:
    """The mean loss, and its gradient (N, classes): (softmax − target) / N."""
    count, classes = logits.shape
    target = _targets(classes, smoothing, logits.dtype).index_select(0, labels)
    logs = torch.log_softmax(logits, dim=1)
    loss = torch.dot(logs.view(-1), target.view(-1)).mul_(-1 / count)
    return loss, logs.exp_().sub_(target).mul_(1 / count)


@lru_cache(maxsize=4)
def _targets(classes: int, smoothing: float, dtype: torch.dtype) -> Tensor:
    """The wanted probabilities of each label, (classes, classes)."""
    return torch.eye(classes, dtype=dtype).mul_(1 - smoothing).add_(smoothing / classes)


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


def _unrolled_convolution(layer: nn.Conv2d, x: Tensor, further: bool) -> tuple[Tensor, Back]:
    """The same as one product of matrices, Z = W P + b: a column of P (`_patches`) holds what one pixel of the maps sees.

    Back: ∂W = ∂Z Pᵀ, ∂b the sum over all pixels, and ∂P = Wᵀ ∂Z, each entry of which is added to the pixel it was taken from.
    """
    side, padding = int(layer.kernel_size[0]), int(layer.padding[0])
    x = _padded(x.permute(0, 2, 3, 1), padding)
    weight, seen = layer.weight.view(layer.out_channels, -1), _patches(x, side)
    patches = seen.reshape(weight.shape[1], -1)
    bias = layer.bias
    assert bias is not None
    z = torch.addmm(bias[:, None], weight, patches)

    def back(gradient: Tensor) -> Tensor:
        gradient = gradient.permute(0, 2, 3, 1).reshape(z.shape)
        torch.mm(gradient, patches.t(), out=_slot(layer.weight).view(weight.shape))
        torch.sum(gradient, 1, out=_slot(bias))
        if not further:
            return gradient
        spread = torch.zeros_like(x)
        parts, places = torch.mm(weight.t(), gradient).view(seen.shape), _patches(spread, side)
        for row in range(side):
            for column in range(side):
                places[:, row, column].add_(parts[:, row, column])
        return _unpadded(spread, padding).permute(0, 3, 1, 2)

    return z.view(-1, *seen.shape[3:]).permute(0, 3, 1, 2), back


def _padded(x: Tensor, padding: int) -> Tensor:
    """Maps (C, H, W, N) between rows and columns of zeros, laid out in this order."""
    if not padding:
        return x.contiguous()
    channels, height, width, count = x.shape
    wide = x.new_zeros(channels, height + 2 * padding, width + 2 * padding, count)
    _unpadded(wide, padding).copy_(x)
    return wide


def _unpadded(wide: Tensor, padding: int) -> Tensor:
    return wide[:, padding : wide.shape[1] - padding, padding : wide.shape[2] - padding]


def _patches(x: Tensor, side: int) -> Tensor:
    """Every patch of *side* by *side* pixels of maps (C, H, W, N): a view (C, side, side, H - side + 1, W - side + 1, N)."""
    channels, height, width, count = x.shape
    channel, row, column, image = x.stride()
    size = (channels, side, side, height - side + 1, width - side + 1, count)
    return x.as_strided(size, (channel, row, column, row, column, image))


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


def _unrolled_flatten(_stage: nn.Flatten, x: Tensor, _further: bool) -> tuple[Tensor, Back]:
    """Also takes the images to the front again."""
    y = x.transpose(0, 1).flatten(1)
    return y, lambda gradient: gradient.t().contiguous().view(x.shape[0], *x.shape[2:], -1).permute(0, 3, 1, 2)


def _dense(layer: nn.Linear, x: Tensor, further: bool) -> tuple[Tensor, Back]:
    """Units z = x Wᵀ + b. Back: ∂W = ∂zᵀ x, ∂b = Σ ∂z over the batch, ∂x = ∂z W."""

    def back(gradient: Tensor) -> Tensor:
        product(gradient.t(), x, out=_slot(layer.weight))
        torch.sum(gradient, 0, out=_slot(layer.bias))
        return product(gradient, layer.weight) if further else gradient

    return product(x, layer.weight.t(), plus=layer.bias), back


def _dropout(stage: nn.Dropout, x: Tensor, _further: bool) -> tuple[Tensor, Back]:
    """Keeps each unit with probability 1 − p, scaled by 1 / (1 − p); what was dropped gets no gradient.

    Numbers drawn evenly and compared with p take half the time of zeros and ones drawn as `torch.nn.Dropout` does.
    """
    if not stage.training or not stage.p:
        return x, lambda gradient: gradient
    lot = torch.rand(x.shape, dtype=x.dtype)

    def keep(flow: Tensor) -> Tensor:
        kept: Tensor = _aten.threshold_backward(flow, lot, stage.p).mul_(1 / (1 - stage.p))
        return kept

    return keep(x), keep


def _slot(parameter: Tensor) -> Tensor:
    """Where the gradient of *parameter* is written: what is there already, so that it may be part of something greater."""
    if parameter.grad is None:
        with torch.inference_mode(mode=False):  # for others to change later
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

_UNROLLED = _STAGES | {nn.Conv2d: _unrolled_convolution, nn.Flatten: _unrolled_flatten}
"""For few images. Maps are (channels, N, H, W) here, with the images innermost in memory; the other stages do not mind."""
