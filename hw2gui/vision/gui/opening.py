"""From one page to another: an image to the viewer or onto the pad, a map to what excites it."""

from __future__ import annotations

from hw2gui.session.store import Store
from hw2gui.vision.gui.asked import Asked
from hw2gui.vision.gui.strongest_view import ROWS
from hw2gui.vision.pen import Drawing
from hw2gui.vision.readings import Place
from hw2gui.vision.state import VisionState


def look_into(store: Store[VisionState], place: Place) -> None:
    """Show the image at *place* on its way through the network."""
    source, split, index = place
    store.change("Look inside", page="inside", source=source, split=split, index=index, pinned=None)


def put_on_pad(store: Store[VisionState], asked: Asked, place: Place) -> None:
    """Trace the image at *place* as strokes on the pad, in the place of what is drawn there."""
    source, split, index = place

    def done(drawing: Drawing) -> None:
        store.change("Image on the pad", page="draw", drawing=drawing)
        asked.services.status("Traced as strokes of one width: erase and add as you like.")

    arguments = {"source": source, "split": split, "index": index}
    asked.ask("trace", "hw2gui.vision.trials:traced", arguments, done, what="Tracing the strokes")


def what_excites(store: Store[VisionState], stage: str, channel: int) -> None:
    """Show the images that excite a channel most, with those of its neighbours."""
    store.change("What excites it", page="results", gallery="top", top=(stage, channel - channel % ROWS))
