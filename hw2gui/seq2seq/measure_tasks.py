"""What the measuring page asks of the worker, or of a process of its own."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from hw2gui.errors import InputError
from hw2gui.seq2seq.error_places import Details, details, length_bins
from hw2gui.seq2seq.evaluation import Progress
from hw2gui.seq2seq.kept import Kept
from hw2gui.seq2seq.measure_choice import Setting
from hw2gui.seq2seq.measurement import Measurement, measure
from hw2gui.seq2seq.results import Options
from hw2gui.steps import finish, retold

Pictured = str
"""Which picture: "beams", "lengths" or "characters"."""


def recall(settings: Sequence[Setting]) -> tuple[Measurement, ...] | None:
    """The measurements, from what is kept alone; None where something would have to be decoded."""
    settings = aligned(settings)
    if not all(is_kept(setting) for setting in settings):
        return None
    return tuple(finish(measure(setting)) for setting in settings)


def measure_all(settings: Sequence[Setting]) -> Generator[Progress, None, tuple[Measurement, ...]]:
    """Measure one model, or two on the same pairs; the events' shares are of everything."""
    from hw2gui.training.compute import computing

    settings, found = aligned(settings), []
    with computing(0):
        for number, setting in enumerate(settings):
            found.append((yield from retold(measure(setting), partial(_part_of_all, number, len(settings)))))
    return tuple(found)


def aligned(settings: Sequence[Setting]) -> tuple[Setting, ...]:
    """The second model on the data of the first."""
    from hw2gui.seq2seq import models

    first, *others = settings
    data = first.data or models.card(first.model, first.epoch).config.data
    return (first, *(replace(other, data=data) for other in others))


def is_kept(setting: Setting) -> bool:
    """Whether nothing would have to be decoded."""
    from hw2gui.seq2seq import models
    from hw2gui.seq2seq.train import corpus_of, pairs

    card = models.card(setting.model, setting.epoch)
    corpus = corpus_of(card.config, setting.data)
    chosen = pairs(corpus, setting.split, setting.limit)
    kept = Kept(models.fingerprint(setting.model, setting.epoch), [pair.source for pair in chosen])
    searches = (Options(beam, min(beam, setting.nbest), setting.alpha, card.config.max_length) for beam in setting.beams)
    exact = not setting.optimum or kept.has_optima(card.config.max_length)
    return exact and all(kept.has(options) for options in searches)


def find_details(measurement: Measurement, beam: int) -> Details:
    """Where the errors of one beam size lie."""
    return details(measurement, beam)


def save_picture(which: Pictured, path: str, measurements: Sequence[Measurement], beam: int) -> None:
    """Draw the picture *which* and write it to *path*, in the format its suffix names. InputError, UnavailableError as `figures.save`."""
    from hw2gui.figures import save
    from hw2gui.seq2seq import figures

    first = measurements[0]
    title = f"{first.title} on {first.count:,} {first.setting.split} pairs of {first.data}."
    if which == "beams":
        figure = figures.beams_figure({one.title: one.evaluation.beams for one in measurements}, title, first.report)
    elif which == "lengths":
        figure = figures.length_figure({one.title: length_bins(one, beam) for one in measurements}, f"{title} Beam {beam}.")
    elif which == "positions":
        figure = figures.position_figure(details(first, beam).position, f"{title} Beam {beam}.")
    elif which == "characters":
        figure = figures.confusion_figure(details(first, beam).confusion, f"{title} Beam {beam}.")
    else:
        raise InputError(f"there is no picture called {which}: save beams, lengths, positions or characters")
    save(figure, Path(path))


def _part_of_all(number: int, count: int, event: Progress) -> Progress:
    return replace(event, share=(number + (event.share or 0.0)) / count)
