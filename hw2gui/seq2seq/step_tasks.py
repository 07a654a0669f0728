"""What the beam stepper asks of the worker beside the search itself."""

from __future__ import annotations

from pathlib import Path

from hw2gui.seq2seq.answers import Stepping
from hw2gui.seq2seq.step_choice import StepChoice


def save_picture(path: str, stepping: Stepping, choice: StepChoice, title: str) -> None:
    """Draw the search as *choice* says and write it to *path*. InputError, UnavailableError as `figures.save`."""
    from hw2gui.figures import save
    from hw2gui.seq2seq.beam_figure import beam_search_figure

    save(beam_search_figure(stepping.trace, stepping.symbols, choice.layout, choice.step, title, choice.pruned), Path(path))
