"""2.5: what the first convolution makes of a character."""

from __future__ import annotations

import numpy as np

from hw2gui.arrays import Singles
from hw2gui.datasets import registry
from hw2gui.datasets.characters import open_set
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.errors import UserError
from hw2gui.report.evidence import Evidence
from hw2gui.report.items import Drawn, Item, Pictures, Show
from hw2gui.report.records import Record
from hw2gui.report.verdicts import NOTHING, Verdict, printed
from hw2gui.vision.report_reference import BEST_RATE
from hw2gui.vision.state import VisionState

DIFFERENT = 0.98
"""Maps whose values correlate less than this highlight different things."""

TITLE = "Activation maps of the first convolution"
CLAIM = "Each of the eight maps highlights other features of the character, such as edges and corners of one direction."

STAND_IN = "homework"
"""The shipped model that is looked into where the run's folder is gone: the same network, trained once more."""


def maps(evidence: Evidence) -> Item:
    """The maps of the first seed's network at the best rate, for the first training image."""
    record = next((one for one in evidence.rates.get(BEST_RATE, ()) if one.path is not None or one.filters is not None), None)
    first, fetch = None, evidence.missing("the CNN at the best rate", *evidence.characters_to_get)
    if record is not None:
        try:
            first = record.first_convolution()
        except UserError as error:  # its weights are damaged: that must not cost the other items
            fetch = f"{error} {fetch}"
    if record is None or first is None:
        return Item("2.5", TITLE, CLAIM, "eight maps", "", NOTHING, fetch=fetch)
    name = evidence.characters if registry.is_present(registry.find(evidence.characters)) else "strokes"
    chosen = open_set(name)
    image = chosen.image("train", 0).astype(np.float32) / np.float32(256)
    label = CLASSES[chosen.label("train", 0)]
    seen = through(image, *first)
    alike = np.atleast_2d(np.corrcoef(seen.reshape(len(seen), -1)))
    pairs = alike[np.triu_indices(len(seen), 1)]
    words = f"training image 0 of {chosen.title}, {label.romaji}"
    other = "" if name == evidence.characters else f" {registry.find(evidence.characters).title}, on which it was trained, is not here."
    low, high = (printed(value, ".2f") for value in (pairs.min(), pairs.max()))
    sentence = (
        f"On {words}, no two of the {len(seen)} maps are alike: their correlations go from {low} to {high}.{other}"
        if pairs.max() < DIFFERENT
        else f"On {words}, two of the {len(seen)} maps are nearly the same (correlation {high}).{other}"
    )
    titles = tuple(str(number + 1) for number in range(len(seen)))
    caption = f"What leaves the first convolution for the image of figure 4, {record.name}."
    return Item(
        "2.5",
        TITLE,
        CLAIM,
        "eight maps",
        f"{len(seen)} maps, correlations {low} to {high}",
        Verdict("right" if pairs.max() < DIFFERENT else "partly", sentence),
        formula="map c = x ⋆ w_c + b_c, 28×28, before the ReLU",
        look="Point at a value of a map: the 5×5 products behind it, and the filter that made it.",
        show=_show(record, name),
        drawn=(
            Drawn("figure-3", "Figure 3", caption, Pictures(seen, titles, signed=True)),
            Drawn(
                "figure-4", "Figure 4", f"The image: {words}. {chosen.attribution}", Pictures(image[None], (label.romaji,), colours="gray")
            ),
        ),
    )


def through(image: Singles, weight: Singles, bias: Singles) -> Singles:
    """The maps (C, H, W) of *image* (H, W) under the kernels *weight* (C, 1, K, K), the edges padded with zeros so that the size stays."""
    side = weight.shape[-1]
    padded = np.pad(image, side // 2)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (side, side))
    made: Singles = np.einsum("hwkl,ckl->chw", windows, weight[:, 0]) + bias[:, None, None]
    return made


def _show(record: Record, name: str) -> Show:
    """The network's page; where the run's folder is gone, of the shipped network of the same kind."""
    if record.path is not None:
        state = VisionState(page="inside", model=str(record.path), source=name, split="train", index=0)
        return Show("vision", state, "this image on its way through this run's network")
    state = VisionState(page="inside", model=STAND_IN, source=name, split="train", index=0)
    return Show("vision", state, "this image on its way through the homework's network that comes with the program, another training of it")
