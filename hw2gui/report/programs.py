"""The programs that make what the report tab shows of an item: in plain Python, numpy or PyTorch, without hw2gui."""

from __future__ import annotations

import base64
import pprint
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from hw2gui.arrays import Pixels
from hw2gui.datasets import registry
from hw2gui.datasets.characters import open_set
from hw2gui.errors import InputError, UnavailableError
from hw2gui.report.evidence import Evidence
from hw2gui.report.plan import BEAMS
from hw2gui.report.program_texts import ATTENTION, COUNTS, MATRIX, NETWORKS, SIZES, VERDICT
from hw2gui.report.records import of_folder, shipped
from hw2gui.report.state import ReportState
from hw2gui.seq2seq.report_reference import WITH_ATTENTION, WITHOUT_ATTENTION
from hw2gui.training.fields import number_words
from hw2gui.vision.experiments import Key
from hw2gui.vision.judgements import CHANGES
from hw2gui.vision.report_reference import BEST_RATE, VALIDATION_ACCURACY

Programs = tuple[tuple[str, str], ...]

ERRATA = {1: "1.1a", 2: "1.1a", 3: "1.1b", 4: "1.1b", 5: "1.2", 6: "3.1c", 7: "2.2", 8: "2.1"}
"""The item whose program shows an erratum."""

WIDTH = 118


def programs(state: ReportState) -> Programs:
    """(what it is, source) of each, for the item chosen. InputError where nothing of it is measured yet."""
    key = state.selected
    key = ERRATA[int(key.removeprefix("erratum "))] if key.startswith("erratum") else key
    if key in COMPUTED:
        return (COMPUTED[key],)
    if key == "1.2":
        name = registry.usual_characters()
        return (("Attention, by torch", ATTENTION.replace("PIXELS", _packed(open_set(name).image("test", 0)))),)
    for evidence in _evidence(state):
        found = MEASURED[key](evidence)
        if found:
            return found
    raise InputError(
        "Nothing of this item is measured yet, so that there is nothing to compute with: choose the program's figures, or Reproduce."
    )


def _evidence(state: ReportState) -> list[Evidence]:
    """Where the figures on screen may be from, first choice first."""
    found = [] if state.source == "shipped" else [Evidence(of_folder(Path(state.place), state.quick))]
    if state.source != "own":
        try:
            found.append(Evidence(shipped()))
        except UnavailableError:
            if not found:
                raise
    return found


COMPUTED: Mapping[str, tuple[str, str]] = {
    "1.1a": ("Sizes, counted", SIZES),
    "1.1b": ("The matrix, entry by entry", MATRIX),
    "1.1c": ("The counts, by torch", COUNTS),
    "2.1": ("The counts, by torch", NETWORKS),
}


def _judged(what: str, figures: Mapping[str, tuple[float, Sequence[float]]]) -> str:
    """A program that judges reported values by those of the seeds."""
    return f"# {what}\n{VERDICT}\nfigures = {_literal(figures)}\n" + (
        "verdicts = {name: verdict(reported, values) for name, (reported, values) in figures.items()}\n"
        "for name, told in verdicts.items():\n    print(name, told)\n"
    )


def _rates(evidence: Evidence) -> Programs:
    figures = {
        number_words(rate): (VALIDATION_ACCURACY[rate], tuple(one.final["validation_accuracy"] for one in runs))
        for rate, runs in evidence.rates.items()
    }
    if not figures:
        return ()
    return (("The verdict", _judged("Validation accuracy after the last epoch: the report's value and ours, a seed each.", figures)),)


def _pairs(attention: bool) -> Callable[[Evidence], Programs]:
    reference = WITH_ATTENTION if attention else WITHOUT_ATTENTION

    def made(evidence: Evidence) -> Programs:
        runs = evidence.attention if attention else evidence.plain
        if not runs:
            return ()
        figures = {
            name: (value, tuple(one.final[f"{name}_error_rate"] for one in runs))
            for name, value in (("validation", reference.validation), ("test", reference.test))
        }
        return (("The verdict", _judged("Error rates after the last epoch: the report's value and ours, a seed each.", figures)),)

    return made


def _beams(evidence: Evidence) -> Programs:
    scored = {
        name: [[float(row["error_rate"]) for row in found["beams"]] for found in map(evidence.beams, runs) if found is not None]
        for name, runs in (("without attention", evidence.plain), ("with attention", evidence.attention))
    }
    scored = {name: found for name, found in scored.items() if found}
    if not scored:
        return ()
    source = f"""# Test error rate by beam size, a row of figures for each seed; beam 1 is greedy.
import statistics

beams = {BEAMS}
rates = {_literal(scored)}
means = {{name: [statistics.fmean(column) for column in zip(*seeds)] for name, seeds in rates.items()}}
for name, found in means.items():
    print(name, *(f"{{beam}}: {{mean:.4f}}" for beam, mean in zip(beams, found)), f"change {{found[-1] - found[0]:+.4f}}")
"""
    return (("The means by beam size", source),)


def _transformations(evidence: Evidence) -> Programs:
    try:
        compared = evidence.compared("transformations")
    except InputError:
        return ()
    curves = {
        one.label: {
            change: [(tuple(curve.amounts), tuple(curve.accuracies)) for run in one.runs for curve in run.curves if curve.change == change]
            for change in CHANGES
        }
        for one in compared
    }
    source = f"""# What is left of the accuracy on changed test images: a pair (amounts, accuracies) for each seed.
import statistics

curves = {_literal(curves)}


def left(seeds):
    amounts = seeds[0][0]
    mean = [statistics.fmean(column) for column in zip(*(accuracies for _, accuracies in seeds))]
    unchanged = mean[min(range(len(amounts)), key=lambda k: abs(amounts[k] - neutral))]
    return statistics.fmean(a for k, a in enumerate(mean) if amounts[k] != neutral) / unchanged


kept = {{}}
for network, changes in curves.items():
    for change, seeds in changes.items():
        neutral = 1.0 if change == "scale" else 0.0
        kept[network, change] = left(seeds)
        print(network, change, f"{{100 * kept[network, change]:.0f}} %")
"""
    return (("What is left of the accuracy", source),)


def _permutation(evidence: Evidence) -> Programs:
    key: Key = "permutation"
    try:
        compared = evidence.compared(key)
    except InputError:
        return ()
    found = {one.label: tuple(run.test for run in one.runs) for one in compared}
    source = f"""# Test accuracy by network, a figure for each seed: the CNN's advantage with the pixels in their places, and permuted.
import statistics

accuracy = {_literal(found)}
cnn, cnn_moved, dense, dense_moved = (100 * statistics.fmean(values) for values in accuracy.values())
before, after = cnn - dense, cnn_moved - dense_moved
print(f"in place {{before:+.2f}} points, permuted {{after:+.2f}} points")
"""
    return (("The advantage", source),)


def _maps(evidence: Evidence) -> Programs:
    runs = evidence.rates.get(BEST_RATE, ())
    record = next((one for one in runs if one.path is not None or one.filters is not None), None)
    first = record.first_convolution() if record is not None else None
    if first is None:
        return ()
    name = evidence.characters if registry.is_present(registry.find(evidence.characters)) else "strokes"
    chosen = open_set(name)
    kernels, biases = first
    source = f"""# The maps of the first convolution for training image 0 of {chosen.title}, and how alike they are.
import base64

import numpy as np
import torch

pixels = (
{_packed(chosen.image("train", 0))}
)
x = np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(1, 1, 28, 28)
x = torch.from_numpy(x.astype(np.float32) / 256)
w = torch.tensor({_literal([[round(float(value), 6) for value in kernel.flatten()] for kernel in kernels])})
b = torch.tensor({_literal([round(float(value), 6) for value in biases])})
maps = torch.nn.functional.conv2d(x, w.reshape({len(kernels)}, 1, *{tuple(kernels.shape[-2:])}), b, padding={kernels.shape[-1] // 2})[0]
alike = np.corrcoef(maps.flatten(1).numpy())
pairs = alike[np.triu_indices(len(maps), 1)]
print(len(maps), f"maps, correlations {{pairs.min():.2f}} to {{pairs.max():.2f}}")
"""
    return (("The maps and how alike they are", source),)


MEASURED: Mapping[str, Callable[[Evidence], Programs]] = {
    "2.2": _transformations,
    "2.3": _permutation,
    "2.4": _rates,
    "2.5": _maps,
    "3.1a": _pairs(False),
    "3.1b": _pairs(True),
    "3.1c": _beams,
}


def _packed(image: Pixels) -> str:
    """The pixels of *image* as lines of a program."""
    packed = base64.b64encode(image.astype(np.uint8).tobytes()).decode()
    return "\n".join(f'    "{packed[at : at + WIDTH]}"' for at in range(0, len(packed), WIDTH))


def _literal(value: object) -> str:
    """*value* as Python writes it, in lines that can be read."""
    return pprint.pformat(value, width=WIDTH, sort_dicts=False)
