"""Pictures of the vision tab to files, drawn in the worker: what is on screen, on paper, with its source under it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

from hw2gui.datasets.kmnist import CLASSES
from hw2gui.errors import InputError
from hw2gui.figures import save
from hw2gui.steps import finish
from hw2gui.training.figures import curves_figure
from hw2gui.training.plots import Plot
from hw2gui.vision import answers, draw_figures, figures, models, tasks, trials
from hw2gui.vision.pen import Drawing
from hw2gui.vision.readings import CellProducts, Look, Reading, StripReading
from hw2gui.vision.results import Neighbours
from hw2gui.vision.state import Compared, Exam, LookedAt


def save_maps(at: LookedAt, stage: str, shared: bool, path: str) -> None:
    """The maps of *stage* for the image chosen. InputError for an empty pad, or another suffix than PNG, SVG or PDF."""
    look = _look(at)
    save(figures.maps_figure(look.inside, stage, _source(at, look), shared=shared), Path(path))


def save_filters(model: str, epoch: int | None, stage: str, path: str) -> None:
    """The filters of a convolution, or the weights of a dense layer."""
    weights, _ = answers.weights(model, stage, epoch)
    known = models.card(model, epoch)
    save(figures.filters_figure(weights, stage, f"{known.words} {known.attribution}"), Path(path))


def save_image(at: LookedAt, kind: str, label: int | None, path: str) -> None:
    """The image chosen, or its saliency or occlusion (*kind*; "none": the image) for class *label* (None: the one read)."""
    look = _look(at)
    attribution = tasks.attribute(at, kind, label) if kind != "none" else None
    save(figures.attribution_figure(look.inside.image, attribution, kind, _source(at, look)), Path(path))


def save_answer(at: LookedAt, path: str) -> None:
    """The probabilities of the image chosen."""
    look = _look(at)
    save(draw_figures.answer_figure(look.inside.probabilities, _source(at, look)), Path(path))


def save_value(found: CellProducts, model: str, epoch: int | None, path: str) -> None:
    """One value taken apart."""
    save(figures.value_figure(found, without_kana(models.words(model, epoch))), Path(path))


def save_confusion(exam: Exam, rival: tuple[str, int | None] | None, path: str) -> None:
    """The confusion matrix of a model's trial, or how a rival (model, epoch) changes it."""
    if rival is not None:
        both = finish(trials.compared(exam, *rival))
        source = f"{both.first.words}; then {both.rival_words}. {both.comparison.sentence}"
        save(figures.change_figure(both.first.evaluation, both.second, without_kana(source)), Path(path))
        return
    found = finish(trials.trial(exam))
    title = f"accuracy {100 * found.evaluation.accuracy:.2f} %"
    save(figures.confusion_figure(found.evaluation, title, without_kana(f"{found.words}. {found.note}")), Path(path))


def save_gallery(exam: Exam, cell: tuple[int, int] | None, rival: tuple[str, int | None, Compared] | None, path: str) -> None:
    """The images of a cell (None: all mistakes), or those a rival (model, epoch) "fixed", "broken" or gets wrong too ("both")."""
    found = finish(trials.trial(exam))
    evaluation = found.evaluation
    indices = evaluation.cell(*cell) if cell is not None else evaluation.mistakes
    second, words = evaluation, found.words
    if rival is not None:
        both = finish(trials.compared(exam, rival[0], rival[1]))
        indices = both.comparison.which(rival[2])
        second, words = both.second, f"{found.words}; then {both.rival_words}"
    shown = trials.gallery(found.data, exam.split, indices)
    titles = []
    for index in indices[: len(shown.places)]:
        names = [CLASSES[int(which)].romaji for which in (evaluation.labels[index], evaluation.predicted[index], second.predicted[index])]
        titles.append(f"{names[0]}: {names[1]}" + (f" → {names[2]}" if rival is not None else ""))
    number = f"{len(shown.places):,} of {shown.total:,} images"
    save(figures.gallery_figure(shown.images, titles, f"{number}; is: read as. {words}. {shown.attribution}"), Path(path))


def save_plot(plot: Plot, path: str) -> None:
    """Curves, with what they come to under them."""
    save(curves_figure(plot), Path(path))


def save_strongest(exam: Exam, stage: str, first: int, count: int, path: str) -> None:
    """The nine images that excite each channel most, a row for each."""
    found = finish(trials.strongest(exam, stage, first, count))
    titles = [
        f"{found.first + channel + 1}: {CLASSES[int(label)].romaji} {value:.2f}"
        for channel, line in enumerate(found.values)
        for label, value in zip(found.labels[channel], line, strict=True)
    ]
    model = models.words(exam.model, exam.epoch)
    images = found.images.reshape(-1, *found.images.shape[2:])
    words = without_kana(f"What excites {stage} most (channel: class, value), among {found.words}. {model} {found.note}")
    save(figures.gallery_figure(images, titles, f"{words} {found.attribution}"), Path(path))


def save_drawing(drawing: Drawing, path: str) -> None:
    """The strokes on the pad."""
    save(draw_figures.drawing_figure(drawing), Path(path))


OfReading = Literal["pipeline", "answer", "first"]


def save_reading(which: OfReading, reading: Reading, path: str) -> None:
    """Of a drawing that was read: its way to the network, the probabilities, or what leaves the first layer."""
    told = replace(reading, model_words=without_kana(reading.model_words))
    if which == "answer":
        figure = draw_figures.answer_figure(told.probabilities, told.model_words)
    else:
        figure = draw_figures.pipeline_figure(told) if which == "pipeline" else draw_figures.first_figure(told)
    save(figure, Path(path))


def save_strip(strip: StripReading, words: str, path: str) -> None:
    """The drawing changed, with what is read then by the model that *words* tell of."""
    save(draw_figures.strip_figure(strip, without_kana(words)), Path(path))


def save_nearest(found: Neighbours, source: str, path: str) -> None:
    """The training images nearest to the drawing."""
    save(draw_figures.nearest_figure(found, source), Path(path))


def _look(at: LookedAt) -> Look:
    look = tasks.look(at)
    if look is None:
        raise InputError("there is nothing to save: draw something first")
    return look


def _source(at: LookedAt, look: Look) -> str:
    return without_kana(f"{look.words} {models.words(at.model, at.epoch)} {look.attribution}")


def without_kana(text: str) -> str:
    """*text* by romaji alone: the font of the figures has no kana."""
    for character in CLASSES:
        text = text.replace(f"{character.kana} ", "")
    return text
