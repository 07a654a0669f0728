"""Longer work of the parameters tab as jobs for the worker."""

from __future__ import annotations

from pathlib import Path

from hw2gui.errors import InputError
from hw2gui.parameters.comparison import Growth, duel, growth
from hw2gui.parameters.scene import resolve
from hw2gui.parameters.state import ParametersState


def grow(state: ParametersState) -> Growth:
    """Both networks of *state* over the whole axis. Raises :class:`InputError` where they cannot be compared."""
    return growth(state)


def save_picture(which: str, path: str, state: ParametersState) -> None:
    """Draw the picture *which* ("parameters", "growth" or "ladder") of *state* and write it to *path*, in the format its suffix names.

    Raises :class:`InputError` for another suffix or where there is nothing to draw, :class:`UnavailableError` for a file that cannot
    be written.
    """
    from hw2gui.parameters import figures

    if which == "growth":
        figure = figures.growth_figure(growth(state).curves, state.quantity, duel(state).value)
    elif which == "parameters":
        figure = figures.parameter_figure(resolve(state).analysis)
    elif which == "ladder":
        from hw2gui.parameters.ladder_figure import ladder_figure

        figure = ladder_figure(resolve(state).steps, state.rung)
    else:
        raise InputError(f"There is no picture called {which}: save parameters, growth or ladder.")
    figures.save_figure(figure, Path(path))
