"""What the results page asks of the worker: a model tested on a set, the images behind a number, two models compared.

Evaluations are kept by the version of the model, so that a run played a second time is there at once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator

from hw2gui.arrays import Ints
from hw2gui.datasets import registry
from hw2gui.datasets.characters import Split
from hw2gui.vision import answers, data, models
from hw2gui.vision.evaluation import Evaluation, compare
from hw2gui.vision.network import SELECTIVE
from hw2gui.vision.pen import Drawing
from hw2gui.vision.readings import Compared, Gallery, Strongest, Trial
from hw2gui.vision.results import Progress
from hw2gui.vision.state import Exam
from hw2gui.vision.trace import trace

KEPT = 60
"""Evaluations kept: those of a long run's epochs; 400 KB each for 10,000 images."""

MOST_SHOWN = 72
"""Images of a gallery; of more than this the first are shown, and it is said how many there are."""

MISSING = "Kuzushiji-MNIST is not on this computer, so these are built-in characters."

_kept: OrderedDict[tuple[str, str, Split], Evaluation] = OrderedDict()


def trial(exam: Exam) -> Generator[Progress, None, Trial]:
    """The model's answers to every image of the split. Raises as `hw2gui.vision.models.load` and `hw2gui.vision.data.load` do."""
    name, note = resolved(exam)
    evaluation = yield from _evaluated(exam.model, exam.epoch, name, exam.split)
    known = models.card(exam.model, exam.epoch)
    words = f"{known.title}, epoch {known.epoch}, on {len(evaluation):,} {exam.split} images of {data.title(name)}"
    return Trial(exam, name, evaluation, words, note, data.attribution(name))


def compared(exam: Exam, rival: str, rival_epoch: int | None) -> Generator[Progress, None, Compared]:
    """The model and its rival on the same images."""
    first = yield from trial(exam)
    second = yield from _evaluated(rival, rival_epoch, first.data, exam.split)
    known = models.card(rival, rival_epoch)
    return Compared(first, second, f"{known.title}, epoch {known.epoch}", compare(first.evaluation, second))


def gallery(name: str, split: Split, indices: Ints) -> Gallery:
    """The images *indices* of a split, at most the first 72, and where each is found again."""
    shown = indices[:MOST_SHOWN]
    samples = data.load(name, split)
    places = data.places(name, split)
    images = samples.images[shown]
    return Gallery(images, samples.labels[shown], tuple(places.of(int(index)) for index in shown), len(indices), data.attribution(name))


def strongest(exam: Exam, stage: str, first: int, count: int) -> Generator[Progress, None, Strongest]:
    """The nine test images that excite each of *count* channels of *stage* most, from channel *first* on.

    Another network may have no such stage or channel: then those of its first stage, or from the first channel on.
    """
    name, note = resolved(exam)
    network = models.card(exam.model, exam.epoch).network
    stages = [each for each in network.stages() if each.kind in SELECTIVE]
    stage = stage if stage in {each.name for each in stages} else stages[0].name
    first = first if 0 <= first < network.stage(stage).shape[0] else 0
    found = yield from answers.top_images(exam.model, stage, name, "test", None, exam.epoch)
    channels = range(first, min(first + count, len(found.indices)))
    indices = found.indices[channels.start : channels.stop]
    samples = data.load(name, "test")
    places = data.places(name, "test")
    return Strongest(
        network,
        stage,
        channels.start,
        len(found.indices),
        samples.images[indices],
        samples.labels[indices],
        found.values[channels.start : channels.stop],
        found.cells[channels.start : channels.stop],
        tuple(tuple(places.of(int(index)) for index in line) for line in indices),
        f"{len(samples):,} test images of {data.title(name)}",
        note,
        data.attribution(name),
    )


def traced(source: str, split: Split, index: int) -> Drawing:
    """An image of a set as strokes on the pad."""
    image, _ = data.one(source, split, index)
    return trace(image)


def resolved(exam: Exam) -> tuple[str, str]:
    """The set to test on, and a sentence where it is not the one asked for: the model's own where its files are there.

    Only the model's own set is replaced; one that was chosen and is missing is for `data.load` to refuse.
    """
    if exam.data:
        return exam.data, ""
    own = models.card(exam.model, exam.epoch).config.data
    if registry.is_present(registry.find("kmnist")):
        return own, ""
    parts = data.names(own)
    there = [part for part in parts if data.set_of(part) != "kmnist"]
    return ("+".join(there) or "strokes", MISSING) if len(there) < len(parts) else (own, "")


def _evaluated(model: str, epoch: int | None, name: str, split: Split) -> Generator[Progress, None, Evaluation]:
    key = (models.version(model, epoch), name, split)
    # What the user's own sets hold can change at any moment.
    fleeting = data.DRAWINGS in name or data.FOLDER in name
    if fleeting or key not in _kept:
        _kept[key] = yield from answers.evaluate(model, name, split, None, epoch)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return _kept[key]
