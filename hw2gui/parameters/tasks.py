"""Longer work of the parameters tab as jobs for the worker."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from hw2gui.errors import InputError
from hw2gui.parameters.comparison import Growth, Progress, duel, growth, growth_steps
from hw2gui.parameters.scene import resolve
from hw2gui.parameters.state import ParametersState
from hw2gui.parameters.toml_io import from_toml
from hw2gui.parameters.verify import Verification, verify


def grow(state: ParametersState) -> Generator[Progress, None, Growth]:
    """Both networks of *state* over the whole axis, the part done as events. Raises :class:`InputError` where they cannot be compared."""
    return (yield from growth_steps(state))


def verify_stack(stack: str, ignore_biases: bool) -> Verification:
    """The counts and shapes of the TOML text *stack* held against real PyTorch modules.

    Raises :class:`InputError` where a layer does not fit or the network is too large to be built.
    """
    return verify(from_toml(stack), ignore_biases)


def save_picture(which: str, path: str, state: ParametersState) -> None:
    """Draw the picture *which* ("parameters", "growth" or "ladder") of *state* and write it to *path*, in the format its suffix names.

    Raises :class:`InputError` for another suffix or where there is nothing to draw, :class:`UnavailableError` for a file that cannot
    be written.
    """
    from hw2gui.figures import save
    from hw2gui.parameters import figures

    if which == "growth":
        grown = growth(state)
        figure = figures.growth_figure(grown.curves, state.quantity, duel(state, grown.axis).value)
    elif which == "parameters":
        figure = figures.parameter_figure(resolve(state).analysis)
    elif which == "ladder":
        from hw2gui.parameters.ladder_figure import ladder_figure

        figure = ladder_figure(resolve(state).steps, state.rung)
    else:
        raise InputError(f"There is no picture called {which}: save parameters, growth or ladder.")
    save(figure, Path(path))
