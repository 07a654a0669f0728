"""Pictures of the vision tab to files, drawn in the worker: what is on screen, on paper, with its source under it."""

from __future__ import annotations

from pathlib import Path

from hw2gui.datasets.characters import CLASSES
from hw2gui.errors import InputError
from hw2gui.vision import answers, figures, models, tasks
from hw2gui.vision.readings import Look
from hw2gui.vision.state import LookedAt


def save_maps(at: LookedAt, stage: str, shared: bool, path: str) -> None:
    """The maps of *stage* for the image chosen. InputError for an empty pad, or another suffix than PNG, SVG or PDF."""
    look = _look(at)
    figures.save(figures.maps_figure(look.inside, stage, _source(at, look), shared=shared), Path(path))


def save_filters(model: str, epoch: int | None, stage: str, path: str) -> None:
    """The filters of a convolution."""
    weights, _ = answers.weights(model, stage, epoch)
    known = models.card(model, epoch)
    figures.save(figures.filters_figure(weights, stage, f"{known.words} {known.attribution}"), Path(path))


def save_image(at: LookedAt, kind: str, path: str) -> None:
    """The image chosen, or its saliency or occlusion (*kind*; "none": the image)."""
    look = _look(at)
    attribution = tasks.attribute(at, kind) if kind != "none" else None
    figures.save(figures.attribution_figure(look.inside.image, attribution, kind, _source(at, look)), Path(path))


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
