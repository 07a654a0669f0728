"""What those see who lack the red or the green cones: every map keeps its order, every sign its side, and curves stay apart.

Simulated with the matrices of Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB; differences are CIE 1976 ΔE in L*a*b*.
"""

from __future__ import annotations

from itertools import combinations
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from hw2gui.arrays import Floats
from hw2gui.colour import MapName, lookup_table
from hw2gui.figures import COLOURS
from hw2gui.widgets.categorical import _DARK, _LIGHT
from hw2gui.widgets.plot_lines import DARK_HUES, HUES

SIGHT = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}
TO_XYZ = np.array(((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)))
WHITE = np.array((0.9505, 1.0, 1.089))

JUST_SEEN = 2.3
"""The ΔE at which two colours are just told apart side by side."""
APART = 10.0
"""So much for things that lie far apart and have names in a legend."""
TOGETHER = 4
"""So many curves are told apart by colour; from there on by their line style as well."""


def seen(colours: Floats, sight: str) -> Floats:
    """L*a*b* (n, 3) of sRGB *colours* (n, 3), 0..1, to someone with this *sight*."""
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    xyz = np.clip(linear @ np.array(SIGHT[sight]).T, 0, 1) @ TO_XYZ.T / WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=-1)


def of_table(table: NDArray[np.uint32]) -> Floats:
    return np.stack([(table >> shift) & 0xFF for shift in (16, 8, 0)], axis=-1).astype(float) / 255


def of_hex(colours: tuple[str, ...]) -> Floats:
    return np.array([[int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)] for colour in colours])


def test_the_simulation_confuses_what_is_confused_and_nothing_else() -> None:
    red_green, blue_yellow = of_hex(("#a05a00", "#6f7300")), of_hex(("#0000ff", "#ffff00"))
    for sight in SIGHT:
        assert np.linalg.norm(np.subtract(*seen(red_green, sight))) < 15
        assert np.linalg.norm(np.subtract(*seen(blue_yellow, sight))) > 100
        assert seen(of_hex(("#ffffff",)), sight)[0] == pytest.approx((100, 0, 0), abs=0.5)


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", get_args(MapName))
def test_every_map_keeps_its_order(name: MapName, dark: bool, sight: str) -> None:
    lab = seen(of_table(lookup_table(name, dark)), sight)
    steps = np.diff(lab[::5, 0])
    if name != "diverging":
        assert np.all(steps > 0)
        return
    rising = steps if not dark else -steps
    assert np.all(rising[:25] > 0) and np.all(rising[26:] < 0)
    # What is as far from the middle on the other side is another colour, from an eighth of the range on.
    for far in (16, 32, 64, 96, 127):
        assert np.linalg.norm(lab[128 - far] - lab[127 + far]) > APART
    assert min(np.linalg.norm(one - other) for one, other in zip(lab[:-16:16], lab[16::16], strict=False)) > JUST_SEEN


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("hues", [HUES, DARK_HUES, _LIGHT, _DARK, COLOURS], ids=["light", "dark", "series light", "series dark", "paper"])
def test_the_first_curves_are_told_apart_by_colour(hues: tuple[str, ...], sight: str) -> None:
    lab = seen(of_hex(hues[:TOGETHER]), sight)
    closest = min(np.linalg.norm(lab[one] - lab[other]) for one, other in combinations(range(len(lab)), 2))
    assert closest > APART
