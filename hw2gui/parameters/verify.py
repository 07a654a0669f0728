"""The closed-form counts held against the real PyTorch modules. Runs in the worker process or a command: it needs torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hw2gui.errors import InputError, shortened
from hw2gui.parameters.analysis import Analysis, Row, analyse
from hw2gui.parameters.architecture import Architecture
from hw2gui.parameters.layers import GRU, LSTM, BilinearAttention, Call, MultiheadSelfAttention, Residual, Shape, TargetTokens

MAX_REAL_BYTES = 64_000_000
MAX_REAL_MACS = 500_000_000
"""Up to these the network is built and run with real numbers; larger ones on PyTorch's "meta" device, which has shapes and no memory."""
MAX_TENSOR = 2**58
"""PyTorch counts bytes in 64 bits; nothing larger can be made even without memory."""
MAX_RECURRENT = 1000
"""Layers times directions: PyTorch makes an object for each of their matrices."""
META_STEPS = 2
"""On the meta device PyTorch walks through a recurrent layer step by step, so the sequence is cut to this length there."""


@dataclass(frozen=True, slots=True)
class VerifiedLayer:
    """A layer's parameters and output shape, by formula and by PyTorch."""

    name: str
    parameters: int
    torch_parameters: int
    shape: tuple[int, ...]
    torch_shape: tuple[int, ...]

    @property
    def agrees(self) -> bool:
        """Whether both are the same."""
        return self.parameters == self.torch_parameters and self.shape == self.torch_shape


@dataclass(frozen=True, slots=True)
class Verification:
    """What PyTorch says about an architecture. ``device`` is "cpu" (built and run) or "meta" (shapes only)."""

    layers: tuple[VerifiedLayer, ...]
    parameters: int
    torch_parameters: int
    trainable: int
    torch_trainable: int
    device: str
    torch_version: str

    @property
    def agrees(self) -> bool:
        """Whether all counts and shapes are the same."""
        totals = (self.parameters, self.trainable) == (self.torch_parameters, self.torch_trainable)
        return totals and all(layer.agrees for layer in self.layers)

    @property
    def sentence(self) -> str:
        """The verdict, for the badge and the terminal."""
        if self.agrees:
            how = "built and run" if self.device == "cpu" else "built without memory"
            return f"PyTorch {self.torch_version} agrees: {self.torch_parameters:,} parameters, {len(self.layers)} output shapes ({how})."
        wrong = next((layer for layer in self.layers if not layer.agrees), None)
        if wrong is None:
            return f"PyTorch {self.torch_version} counts {self.torch_parameters:,} parameters, the formulas {self.parameters:,}."
        return (
            f"PyTorch {self.torch_version} disagrees at {wrong.name}: {wrong.torch_parameters:,} parameters and {wrong.torch_shape}, "
            f"the formulas say {wrong.parameters:,} and {wrong.shape}."
        )


def verify(architecture: Architecture, ignore_biases: bool = False) -> Verification:
    """Build *architecture* from ``torch.nn`` modules, run one example through, and compare every count and shape.

    Nothing large is made: big networks are built on the meta device. Raises :class:`InputError` where a layer does not fit,
    or where sizes are beyond what PyTorch can count.
    """
    analysis = analyse(architecture, 1, ignore_biases)
    if analysis.error is not None:
        raise InputError(f"{analysis.error.sentence} Mend it, then it can be verified.")
    _check_sizes(analysis)
    small = analysis.totals.parameter_bytes + analysis.totals.activation_bytes <= MAX_REAL_BYTES and analysis.totals.macs <= MAX_REAL_MACS
    device = "cpu" if small else "meta"
    import torch

    try:
        # The worker's other work must not see other random numbers because of this.
        with torch.random.fork_rng(devices=[]), torch.device(device), torch.no_grad():
            modules = [_module(row) for row in analysis.rows]
            _tie(architecture, analysis.rows, modules)
            shapes = _run(analysis, modules, device)
    except RuntimeError as error:
        raise InputError(f"PyTorch cannot build this network ({shortened(error, 120)}); make it smaller.") from None
    return _compared(analysis, modules, shapes, device, str(torch.__version__))


def _check_sizes(analysis: Analysis) -> None:
    sizes = [analysis.architecture.input.elements]
    sizes += [size for row in analysis.rows for size in (row.weights, row.layer.weights(row.at).value, row.output.elements)]
    if max(sizes) > MAX_TENSOR:
        raise InputError(
            f"a layer holds {max(sizes):,} numbers, more than PyTorch can count; the formulas can, but verify a smaller network."
        )
    recurrent = sum(row.layer.num_layers * row.layer.directions for row in analysis.rows if isinstance(row.layer, LSTM | GRU))
    if recurrent > MAX_RECURRENT:
        raise InputError(f"{recurrent:,} recurrent layers are too many to build one by one; verify {MAX_RECURRENT:,} at most.")


def _module(row: Row) -> Any:
    """The row's module in evaluation mode, frozen if it is; None where it has none."""
    call = row.layer.call(row.at)
    if call is None or call.name == "Pixels":
        return None
    module = _constructor(call)(*call.args, **call.kwargs).eval()
    return module.requires_grad_(False) if row.frozen else module


def _constructor(call: Call) -> Any:
    from torch import nn

    if not call.own:
        return getattr(nn, call.name)
    from hw2gui.parameters import bilinear

    return getattr(bilinear, call.name)


def _tie(architecture: Architecture, rows: tuple[Row, ...], modules: list[Any]) -> None:
    for layer, owner in architecture.tied_to().items():
        modules[layer].weight = modules[owner].weight
        if rows[layer].frozen:
            modules[owner].weight.requires_grad_(False)


def _compared(analysis: Analysis, modules: list[Any], shapes: list[tuple[int, ...]], device: str, version: str) -> Verification:
    """Parameters told apart by identity: a shared one counts where it belongs."""
    shared = {id(modules[layer].weight): owner for layer, owner in analysis.architecture.tied_to().items()}
    layers, trainable = [], 0
    for row, module, shape in zip(analysis.rows, modules, shapes, strict=True):
        own = [
            parameter
            for name, parameter in (module.named_parameters() if module is not None else ())
            if shared.get(id(parameter), row.index) == row.index and not (analysis.ignore_biases and "bias" in name)
        ]
        trainable += sum(parameter.numel() for parameter in own if parameter.requires_grad)
        layers.append(VerifiedLayer(row.name, row.parameters, sum(parameter.numel() for parameter in own), row.output.sizes, shape))
    total = sum(layer.torch_parameters for layer in layers)
    totals = analysis.totals
    return Verification(tuple(layers), totals.parameters, total, totals.trainable, trainable, device, version)


# --- running one example -------------------------------------------------------------------------------------------------------


def _run(analysis: Analysis, modules: list[Any], device: str) -> list[tuple[int, ...]]:
    """The output shape of every layer, batch excluded."""
    signals = [_zeros(analysis.architecture.input)]
    memory = state = start = None
    shapes: list[tuple[int, ...]] = []
    for row, module in zip(analysis.rows, modules, strict=True):
        x, layer = signals[-1], row.layer
        if isinstance(layer, TargetTokens):
            memory, start, y = x, state, _zeros(row.output)
        elif isinstance(layer, LSTM | GRU):
            y, state = _recurrent(module, x, start if layer.initial_state == "encoder" else None, device)
            state = _joined(state) if layer.bidirectional else state
        elif isinstance(layer, Residual):
            skip = signals[-1 - layer.back]
            y = x + (module(skip) if module is not None else skip)
        else:
            y = _plain(layer, module, x, memory)
        signals.append(y)
        shapes.append(tuple(y.shape[1:]))
    return shapes


def _zeros(shape: Shape) -> Any:
    import torch

    return torch.zeros(1, *shape.sizes, dtype=torch.long if shape.tokens else torch.float32)


def _plain(layer: Any, module: Any, x: Any, memory: Any) -> Any:
    if isinstance(layer, BilinearAttention):
        return module(x, x if memory is None else memory)
    if isinstance(layer, MultiheadSelfAttention):
        return module(x, x, x, need_weights=False)[0]
    return x.flatten(2).transpose(1, 2) if module is None else module(x)


def _recurrent(module: Any, x: Any, start: Any, device: str) -> tuple[Any, Any]:
    if device == "cpu":
        output, state = module(x, start)
        return output, state
    output, state = module(x[:, :META_STEPS], start)
    return output.new_empty(1, x.shape[1], output.shape[2]), state


def _joined(state: Any) -> Any:
    """Final states of both directions side by side, as a decoder starts from them: (layers·2, 1, h) to (layers, 1, 2h)."""
    import torch

    if isinstance(state, tuple):
        return tuple(_joined(part) for part in state)
    return torch.cat([state[0::2], state[1::2]], dim=-1)
