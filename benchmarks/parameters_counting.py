"""Counting parameters: how long an edit takes, and the closed form against torchinfo, which builds and runs the network.

Run: ``python benchmarks/parameters_counting.py`` (torchinfo: the extra "bench").
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from _table import Row, report

from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.architecture import Architecture
from hw2gui.parameters.codegen import to_pytorch
from hw2gui.parameters.growth import grow, sample_values
from hw2gui.parameters.ladder import Ladder
from hw2gui.parameters.layers import LSTM, AdaptiveAvgPool2d, BatchNorm2d, Conv2d, Flatten, Layer, Linear, ReLU, Residual, Shape
from hw2gui.parameters.presets import PRESETS, cnn, question1
from hw2gui.parameters.twins import same_output_twin

FRAME = 1 / 60


def seconds(work: Callable[[], object], repeats: int = 20) -> float:
    """The shortest of *repeats* runs: the one the machine disturbed least."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def deep_stack(layers: int = 200) -> Architecture:
    """A residual network of that many layers."""
    block: list[Layer] = [Conv2d(32, (3, 3), padding=(1, 1)), BatchNorm2d(), ReLU(), Residual(3)]
    body = [Conv2d(32, (3, 3), padding=(1, 1)), *(block * layers)[: layers - 4], AdaptiveAvgPool2d((1, 1)), Flatten(), Linear(10)]
    return Architecture("deep", Shape((3, 64, 64)), tuple(body))


def edits() -> Iterator[Row]:
    """An edit of the first layer and all that follows from it, which must fit into a frame."""
    deep = deep_stack()
    broken = deep.replaced(150, LSTM(8))

    def edited(architecture: Architecture) -> object:
        return analyse(replace(architecture, layers=(Conv2d(32, (5, 5), padding=(2, 2)), *architecture.layers[1:])), batch=64)

    ladder = Ladder(Conv2d(1, (5, 5)), Shape((1, 1024, 1024)))
    middle = range(500_000, 500_512)
    sides = sample_values(8, 512)
    for name, work in {
        "200 layers, one field edited": lambda: edited(deep),
        "the same with a misfit at layer 151, mends included": lambda: edited(broken),
        "growth curve of question 1, 60 sides": lambda: grow(question1(), "side", sides),
        "growth curve of its twin": lambda: grow(question1(), "side", sides, twin=same_output_twin),
        "growth curve of the CNN": lambda: grow(cnn(), "side", sides),
        "512×512 tile of the ladder's matrix, 1024×1024 image": lambda: ladder.ids("locally connected", middle, middle),
    }.items():
        took = seconds(work)
        yield Row(f"Counting: {name}", f"{1000 * took:.2f} ms", aim="≤ 16 ms", met=took <= FRAME)


def against_torchinfo() -> Iterator[Row]:
    """Time of a whole analysis against torchinfo's summary of the same network, already built."""
    try:
        import torchinfo
    except ImportError:
        return  # the extra "bench" brings it
    import torch

    torch.set_num_threads(1)
    for key in ("question1", "cnn", "lenet5", "vgg", "resnet"):
        architecture = PRESETS[key].build()
        namespace: dict[str, object] = {"__name__": "pasted"}
        exec(to_pytorch(architecture), namespace)
        network = namespace["Network"]()  # type: ignore[operator]
        size = (1, *architecture.input.sizes)
        ours = seconds(lambda architecture=architecture: analyse(architecture))  # type: ignore[misc]
        theirs = seconds(lambda network=network, size=size: torchinfo.summary(network, size, verbose=0), 8)  # type: ignore[misc]
        yield Row(f"Counting {key}", f"{1000 * ours:.3f} ms", f"torchinfo {1000 * theirs:.2f} ms", f"{theirs / ours:.0f}×")


if __name__ == "__main__":
    report([*edits(), *against_torchinfo()])
