import numpy as np
import pytest
from PySide6.QtGui import QColor

from hw2gui.widgets.categorical import EVEN, IdScale


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("count", [1, 2, 25, EVEN])
def test_few_things_have_colours_of_their_own(count, dark):
    colours = IdScale.of(count).colours(np.arange(count + 1, dtype=float), dark)
    assert len(set(colours.tolist())) == count + 1


def test_many_things_differ_from_their_neighbours():
    colours = IdScale.of(100_000).colours(np.arange(1, 5000, dtype=float), False)
    assert (colours[1:] != colours[:-1]).all()


def test_the_hue_of_what_is_lit_is_left_free():
    for colour in IdScale.of(EVEN).colours(np.arange(1.0, EVEN + 1), False):
        assert not 22 < QColor.fromRgb(int(colour)).hslHue() < 54
