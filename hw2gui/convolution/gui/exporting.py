"""Pictures to files: drawn by matplotlib in the worker, as they are on screen but on paper."""

from __future__ import annotations

from collections.abc import Callable

from hw2gui.convolution.scene import Scene
from hw2gui.convolution.state import ConvolutionState
from hw2gui.session.store import Store
from hw2gui.widgets.services import Services


class Exporter:
    """Asks for a file and has the picture drawn into it."""

    def __init__(self, store: Store[ConvolutionState], services: Services, scene: Callable[[], Scene | None]) -> None:
        self._store = store
        self._services = services
        self._scene = scene

    def save_picture(self, which: str, suffix: str) -> None:
        """Save the picture *which* ("image", "kernel", "output", "matrix", or one of attention's) as *suffix*."""
        path = self._services.choose_file("Save the picture", f"{which.replace(' ', '-')}.{suffix}", f"{suffix.upper()} (*.{suffix})", save=True)
        if path is None:
            return
        path = path if path.suffix else path.with_suffix(f".{suffix}")
        scene = self._scene()
        image = scene.image if scene is not None else None
        self._services.ask(
            f"export {path}",
            "hw2gui.convolution.tasks:save_picture",
            {"which": which, "path": str(path), "state": self._store.state, "image": image},
            lambda _: self._services.status(f"Saved {path}"),
            what="Drawing the picture",
        )
