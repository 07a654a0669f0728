"""Pictures to files: drawn by matplotlib in the worker, what is on screen but on paper."""

from __future__ import annotations

from collections.abc import Callable

from hw2gui.convolution.images import Loaded
from hw2gui.convolution.state import ConvolutionState
from hw2gui.session.store import Store
from hw2gui.widgets.saving import save_picture
from hw2gui.widgets.services import Services


class Exporter:
    """Asks for a file and has the picture drawn into it."""

    def __init__(self, store: Store[ConvolutionState], services: Services, loaded: Callable[[], Loaded]) -> None:
        self._store = store
        self._services = services
        self._loaded = loaded

    def save_picture(self, which: str, suffix: str) -> None:
        """Save the picture *which* (see :func:`hw2gui.convolution.tasks.save_picture`) as *suffix*."""
        loaded = self._loaded()
        arguments = {"which": which, "state": self._store.state, "image": loaded.pixels, "attribution": loaded.attribution}
        save_picture(self._services, "hw2gui.convolution.tasks:save_picture", arguments, which.replace(" ", "-"), suffix)
