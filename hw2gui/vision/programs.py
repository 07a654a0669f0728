"""The programs that make what the characters tab shows: a forward pass, one value of a map, saliency; in plain PyTorch, without hw2gui."""

from __future__ import annotations

import base64
import zlib

import numpy as np

from hw2gui.arrays import Singles
from hw2gui.errors import InputError
from hw2gui.vision import data, models
from hw2gui.vision.drawing import prepare
from hw2gui.vision.network import POOL, Network
from hw2gui.vision.state import DRAWING, VisionState

LINE = 120
"""Letters of a packed image on one line."""


def programs(state: VisionState) -> tuple[tuple[str, str], ...]:
    """(what it is, source) of each. InputError for an empty pad, and where the model or the image cannot be had."""
    picture = _picture(state)
    card = models.card(state.model, state.epoch)
    head = [*_head(card.title, str(models.weights_path(state.model, state.epoch)), picture)]
    passing = _forward(card.network)
    answer = ["p = x.softmax(1)[0]", "print(p.argmax().item(), p.max().item())  # the class and its probability"]
    made = [("Forward pass", _text([*head, *passing, *answer]))]
    conv = next((stage for stage in card.network.stages() if stage.kind == "convolution"), None)
    if conv is not None:
        made.append(("One value of a map", _text([*head, *_value(card.network, state.pinned)])))
    slope = [
        "x.requires_grad_()",
        "image = x",
        *passing,
        "label = x.argmax().item()" if state.explained is None else f"label = {state.explained}  # the class that is explained",
        "(slope,) = torch.autograd.grad(x[0, label], image)",
        "print(label, slope.abs().max().item())  # slope[0, 0] is the saliency map",
    ]
    return (*made, ("Saliency", _text([*head, *slope])))


def _picture(state: VisionState) -> Singles:
    """What the network reads on the page in front: the drawing there, the image looked into elsewhere."""
    if state.page == "draw" or state.source == DRAWING:
        prepared = prepare(state.drawing, models.card(state.model, state.epoch).norms, state.steps)
        if prepared is None:
            raise InputError("The pad is empty: draw something, then there is a program that reads it.")
        return prepared.picture.astype(np.float32)
    image, _ = data.one(state.source, state.split, state.index)
    return image.astype(np.float32) / np.float32(256)


def _head(title: str, weights: str, picture: Singles) -> list[str]:
    """Imports, the weights, and the image x (1, 1, 28, 28)."""
    grey = np.round(picture * 256)
    whole = bool((grey == picture * 256).all() and grey.min() >= 0 and grey.max() <= 255)
    packed = base64.b64encode(zlib.compress((grey.astype(np.uint8) if whole else picture).tobytes(), 9)).decode()
    kind, scale = ("np.uint8", " / 256") if whole else ("np.float32", "")
    pieces = [packed[at : at + LINE] for at in range(0, len(packed), LINE)]
    height, width = picture.shape
    return [
        f"# {title}",
        "import base64",
        "import zlib",
        "",
        "import numpy as np",
        "import torch",
        "from safetensors.torch import load_file",
        "from torch.nn.functional import batch_norm, conv2d, linear, max_pool2d, relu",
        "",
        f"w = {{name: tensor.float() for name, tensor in load_file({weights!r}).items()}}",
        "pixels = (",
        *(f'    "{piece}"' for piece in pieces),
        ")",
        f"x = np.frombuffer(zlib.decompress(base64.b64decode(pixels)), {kind}).reshape(1, 1, {height}, {width})",
        f"x = torch.from_numpy(x.astype(np.float32){scale})",
        "",
    ]


def _forward(network: Network) -> list[str]:
    """A line for each stage, from the image x to the logits x (1, 10)."""
    same = {f"conv{number}": layer.kernel // 2 if layer.same else 0 for number, layer in enumerate(network.convolutions, 1)}
    pooling = {f"pool{number}": layer.pooling for number, layer in enumerate(network.convolutions, 1)}
    lines = []
    for stage in network.stages():
        name, shape = stage.name, "×".join(map(str, stage.shape))
        match stage.kind:
            case "convolution":
                line = f'x = conv2d(x, w["{name}.weight"], w["{name}.bias"], padding={same[name]})'
            case "normalisation":
                line = f'x = batch_norm(x, *(w[f"{name}.{{part}}"] for part in ("running_mean", "running_var", "weight", "bias")))'
            case "relu":
                line = "x = relu(x)"
            case "pool":
                line = f"x = max_pool2d(x, {POOL})" if pooling[name] == "max" else f"x = x[..., ::{POOL}, ::{POOL}]"
            case "flatten":
                line = "x = x.flatten(1)"
            case "dense":
                line = f'x = linear(x, w["{name}.weight"], w["{name}.bias"])'
            case _:
                continue  # Dropout is idle when reading.
        lines.append(f"{line}  # {shape}")
    return lines


def _value(network: Network, pinned: tuple[str, int, int, int] | None) -> list[str]:
    """The value pinned, or one in the middle of the first convolution's first map: patch × filter, and the same from conv2d."""
    stages = network.stages()
    chosen = next((stage for stage in stages if pinned is not None and stage.name == pinned[0] and stage.kind == "convolution"), None)
    if chosen is None or pinned is None:
        chosen = next(stage for stage in stages if stage.kind == "convolution")
        pinned = (chosen.name, 0, chosen.shape[1] // 2, chosen.shape[2] // 2)
    layer = network.convolutions[int(chosen.name.removeprefix("conv")) - 1]
    _, channel, row, column = pinned
    p, k = layer.kernel // 2 if layer.same else 0, layer.kernel
    before = _forward(network)[: [stage.name for stage in stages if stage.kind != "dropout"].index(chosen.name)]
    return [
        *before,
        f"channel, row, column = {channel}, {row}, {column}  # of {chosen.name}, from 0",
        f"patch = torch.nn.functional.pad(x, ({p}, {p}, {p}, {p}))[0, :, row : row + {k}, column : column + {k}]",
        f'products = patch * w["{chosen.name}.weight"][channel]',
        f'value = (products.sum() + w["{chosen.name}.bias"][channel]).item()',
        f'whole = conv2d(x, w["{chosen.name}.weight"], w["{chosen.name}.bias"], padding={p})[0, channel, row, column].item()',
        "print(value, abs(value - whole))",
    ]


def _text(lines: list[str]) -> str:
    text = "\n".join(lines) + "\n"
    if "batch_norm(x" not in text:
        text = text.replace("import batch_norm, conv2d", "import conv2d")
    return text
