"""A trained network as an ONNX file (opset 13), for other programs to run.

Written without the onnx package: the format is protocol buffers.

Field numbers are those of onnx/onnx.proto. The input "image" is (N, 1, 28, 28) float32, pixels / 256; the output "logits" is (N, 10).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hw2gui import files
from hw2gui.errors import UnavailableError
from hw2gui.vision.network import CLASS_COUNT, POOL, SIDE, Network, Stage

_FLOAT, _INT64 = 1, 7  # TensorProto.DataType
_IR_VERSION, _OPSET = 7, 13
_EPSILON = 1e-5  # of PyTorch's batch normalisation


def export(network: Network, weights: Mapping[str, NDArray[Any]], path: Path) -> None:
    """Write the network with its *weights* (named as in its state) to *path*, whole or not at all; UnavailableError where that fails."""
    try:
        files.write_bytes(path, model_bytes(network, weights))
    except OSError as error:
        raise UnavailableError(f"{path} cannot be written ({error.strerror or error}): choose another place") from error


def model_bytes(network: Network, weights: Mapping[str, NDArray[Any]]) -> bytes:
    """The file's content."""
    nodes: list[bytes] = []
    constants: list[bytes] = []
    value = "image"
    shape: tuple[int, ...] = (1, SIDE, SIDE)
    convolutions = iter(network.convolutions)
    layer = None
    stages = [stage for stage in network.stages() if stage.kind != "dropout"]
    for stage in stages:
        layer = next(convolutions) if stage.kind == "convolution" else layer
        same, pooling = (layer.same, layer.pooling) if layer else (False, "none")
        result = "logits" if stage is stages[-1] else stage.name
        names = [f"{stage.name}.{part}" for part in _PARTS.get(stage.kind, ())]
        constants += [_tensor(name, np.asarray(weights[name], dtype=np.float32)) for name in names]
        if stage.kind == "pool" and pooling == "subsample":
            slices = {"starts": (0, 0), "ends": tuple(size // POOL * POOL for size in shape[1:]), "axes": (2, 3), "steps": (POOL, POOL)}
            names = [f"{stage.name}.{part}" for part in slices]
            constants += [_tensor(name, np.array(numbers)) for name, numbers in zip(names, slices.values(), strict=True)]
            nodes.append(_node("Slice", [value, *names], result))
        else:
            operator, attributes = _operator(stage, weights, same)
            nodes.append(_node(operator, [value, *names], result, **attributes))
        value, shape = result, stage.shape
    graph = b"".join(
        [
            *(_field(1, node) for node in nodes),
            _field(2, b"hw2gui"),
            *(_field(5, constant) for constant in constants),
            _field(11, _value("image", (1, SIDE, SIDE))),
            _field(12, _value("logits", (CLASS_COUNT,))),
        ]
    )
    return _number(1, _IR_VERSION) + _field(2, b"hw2gui") + _field(7, graph) + _field(8, _number(2, _OPSET))


_PARTS = {
    "convolution": ("weight", "bias"),
    "dense": ("weight", "bias"),
    "normalisation": ("weight", "bias", "running_mean", "running_var"),
}


def _operator(stage: Stage, weights: Mapping[str, NDArray[Any]], same: bool) -> tuple[str, dict[str, Any]]:
    if stage.kind == "convolution":
        kernel = weights[f"{stage.name}.weight"].shape[-1]
        return "Conv", {"kernel_shape": (kernel, kernel), "pads": (kernel // 2 if same else 0,) * 4}
    if stage.kind == "pool":
        return "MaxPool", {"kernel_shape": (POOL, POOL), "strides": (POOL, POOL)}
    if stage.kind == "normalisation":
        return "BatchNormalization", {"epsilon": _EPSILON}
    if stage.kind == "dense":
        return "Gemm", {"transB": 1}
    return {"relu": "Relu", "flatten": "Flatten"}[stage.kind], {}


def _node(operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> bytes:
    parts = [*(_field(1, name.encode()) for name in inputs), _field(2, output.encode()), _field(3, output.encode())]
    parts += [_field(4, operator.encode()), *(_field(5, _attribute(name, value)) for name, value in attributes.items())]
    return b"".join(parts)


def _attribute(name: str, value: float | int | tuple[int, ...]) -> bytes:
    """AttributeProto of type FLOAT (1), INT (2) or INTS (7)."""
    if isinstance(value, tuple):
        return _field(1, name.encode()) + b"".join(_number(8, item) for item in value) + _number(20, 7)
    if isinstance(value, float):
        return _field(1, name.encode()) + _tag(2, 5) + np.float32(value).tobytes() + _number(20, 1)
    return _field(1, name.encode()) + _number(3, value) + _number(20, 2)


def _tensor(name: str, array: NDArray[Any]) -> bytes:
    kind = _FLOAT if array.dtype == np.float32 else _INT64
    sizes = b"".join(_number(1, size) for size in array.shape)
    return sizes + _number(2, kind) + _field(8, name.encode()) + _field(9, array.astype(array.dtype.newbyteorder("<")).tobytes())


def _value(name: str, shape: tuple[int, ...]) -> bytes:
    """ValueInfoProto of float32 (N, *shape)."""
    sizes = [_field(1, _field(2, b"N")), *(_field(1, _number(1, size)) for size in shape)]
    tensor = _number(1, _FLOAT) + _field(2, b"".join(sizes))
    return _field(1, name.encode()) + _field(2, _field(1, tensor))


def _field(number: int, content: bytes) -> bytes:
    return _tag(number, 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _tag(number, 0) + _varint(value)


def _tag(number: int, kind: int) -> bytes:
    return _varint(number << 3 | kind)


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])
