"""The cell under the pointer in words: the ground of each product says its sign and size, and its text stays easy to read."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtGui import QColor

from hw2gui.convolution.explain import explain
from hw2gui.convolution.links import Probe
from hw2gui.convolution.scene import resolve
from hw2gui.convolution.state import first_state
from hw2gui.convolution.window import products
from hw2gui.widgets.themes import DARK, LIGHT, Theme


def luminance(colour: str) -> float:
    """WCAG 2's relative luminance."""
    parts = QColor(colour).getRgbF()[:3]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(np.dot((0.2126, 0.7152, 0.0722), linear))


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_a_product_stands_on_the_colour_of_its_sign_and_can_be_read(colours: Theme) -> None:
    pixels = np.random.default_rng(3).random((28, 28))
    scene = resolve(first_state(), pixels)
    terms = products(scene.image, scene.kernel, scene.geometry, 9, 6)
    grounds = re.findall(r"bgcolor='(#\w{6})'", explain(scene, Probe("output", 9, 6), dark=colours.dark))
    assert len(grounds) == terms.products.size
    text = luminance(colours.text)
    for ground, value in zip(grounds, terms.products.reshape(-1), strict=True):
        colour = QColor(ground)
        assert np.sign(colour.red() - colour.blue()) == np.sign(value) or abs(value) < 0.15 * np.abs(terms.products).max()
        brighter, darker = sorted((text, luminance(ground)), reverse=True)
        assert (brighter + 0.05) / (darker + 0.05) >= 4.5
