"""Getting the pixels of the chosen image: at once where that is quick, else from the worker; and what to offer where they cannot be had."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from hw2gui.convolution import images
from hw2gui.convolution.state import ConvolutionState, ImageKind
from hw2gui.datasets import registry
from hw2gui.errors import UserError
from hw2gui.session.store import Store
from hw2gui.widgets.services import Services


class PixelSource:
    """*take* is given the pixels; *choose_kind* changes to another kind of image, as its control does."""

    def __init__(
        self,
        store: Store[ConvolutionState],
        services: Services,
        take: Callable[[images.Loaded], None],
        choose_kind: Callable[[ImageKind], None],
    ) -> None:
        self._store, self._services = store, services
        self._take, self._choose_kind = take, choose_kind
        self._asked_for: object = None

    def are_others(self, now: ConvolutionState) -> bool:
        """Whether *now* shows other pixels than those that were asked for last."""
        return (now.image, now.height, now.width) != self._asked_for

    def load(self) -> None:
        """Get those of the state; what comes late is dropped by its key."""
        now = self._store.state
        self._asked_for = wanted = (now.image, now.height, now.width)
        if images.is_quick(now.image):
            self._services.forget("pixels")
            try:
                self._take(images.load(*wanted))
            except UserError as error:
                self._refused(str(error))
            return
        self._services.ask(
            "pixels",
            "hw2gui.convolution.images:load",
            {"choice": now.image, "height": now.height, "width": now.width},
            self._take,
            failed=self._refused,
            what="Loading the image",
        )

    def _refused(self, why: str) -> None:
        """The picture is not to be had: say why, and show black until another is chosen."""
        now = self._store.state
        self._services.message(why, "error", self._mend(now.image.kind))
        self._take(images.Loaded(np.zeros((now.height, now.width)), why))

    def _mend(self, kind: str) -> tuple[str, Callable[[], None]]:
        """What to offer when the image of this kind cannot be had."""
        kmnist = registry.find("kmnist")
        if kind == "kmnist" and not registry.is_present(kmnist):
            return f"Download {kmnist.size / 2**20:.0f} MiB", self._download
        return "Use the built-in characters", lambda: self._choose_kind("strokes")

    def _download(self) -> None:
        """Fetch Kuzushiji-MNIST from its publisher, verified, resumed where it was cut off; the built-in characters meanwhile."""
        self._choose_kind("strokes")
        meanwhile = self._store.state.image

        def take(_: object) -> None:
            if self._store.state.image == meanwhile:
                self._choose_kind("kmnist")
            else:
                self._services.message("Kuzushiji-MNIST is here.", "info", ("Show it", lambda: self._choose_kind("kmnist")))

        self._services.ask(
            "download",
            "hw2gui.datasets.download:fetch",
            {"dataset": registry.find("kmnist")},
            take,
            cancelled=lambda: self._services.status("Download cancelled; what has come is kept for the next time."),
            what="Downloading Kuzushiji-MNIST",
            alone=True,
        )
