"""What is marked on the cells of a view, as it is seen: pixels."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from hw2gui.widgets import theme
from hw2gui.widgets.cells import ArraySource
from hw2gui.widgets.marks import Highlight, Marker
from hw2gui.widgets.matrix_view import MatrixView
from hw2gui.widgets.themes import LIGHT
from tests.widgets.conftest import SCALE, Show
from tests.widgets.hands import press, share_of, shot

Key = Qt.Key
BIG = (784, 576)


def lit_pixels(view: MatrixView) -> set[tuple[int, int]]:
    """The pixels (x, y) that have the hue of linked cells."""
    hue = int(theme.current().link[1:], 16)
    return {(int(x), int(y)) for y, x in np.argwhere((shot(view) & np.uint32(0xFFFFFF)) == hue)}


def test_a_highlight_of_cells_smaller_than_a_pixel_can_be_seen(show: Show) -> None:
    view = show((2000, 2000), size=(200, 200), square=False)
    for light in (
        Highlight(rows=(1000,)),
        Highlight(columns=(1000,)),
        Highlight(cells=(np.array([1000]), np.array([1000]))),
        Highlight(cells=(np.array([0]), np.array([1999]))),
        Highlight(mask=ArraySource(np.eye(2000))),
    ):
        view.set_highlight(light)
        seen = lit_pixels(view)
        assert len(seen) >= 8, light
    view.set_highlight(Highlight(rows=(1000,)))
    assert {y for _, y in lit_pixels(view)} & {99, 100, 101} and len({x for x, _ in lit_pixels(view)}) == 200


def test_the_outline_of_a_small_cell_leaves_its_colour_to_be_seen(show: Show) -> None:
    array = np.zeros((40, 40))
    array[20, 20] = 1.0
    view = show(array, size=(240, 240))
    view.set_highlight(Highlight(cells=(np.array([20]), np.array([20]))))
    own = int(SCALE.colours(np.array([1.0]), dark=False)[0])
    rect = view.cell_rect((20, 20)).toRect()
    assert (shot(view)[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1] == own).mean() > 0.6


@pytest.mark.parametrize("cell", [(0, 0), (0, 39), (39, 0), (39, 39), (20, 0)])
def test_outlines_at_the_edge_are_closed(show: Show, cell: tuple[int, int]) -> None:
    view = show((40, 40), size=(240, 240))
    view.set_highlight(Highlight(cells=(np.array([cell[0]]), np.array([cell[1]]))))
    seen = lit_pixels(view)
    left, right = min(x for x, _ in seen), max(x for x, _ in seen)
    top, bottom = min(y for _, y in seen), max(y for _, y in seen)
    middle = ((left + right) // 2, (top + bottom) // 2)
    assert {(left, middle[1]), (right, middle[1]), (middle[0], top), (middle[0], bottom)} <= seen


def test_patches_are_outlined_each_and_a_great_many_by_their_hull(show: Show) -> None:
    view = show((100, 100), size=(300, 300))
    view.set_highlight(Highlight(cells=(np.arange(10, 20, 3), np.arange(10, 20, 3))))
    several = len(lit_pixels(view))
    view.set_highlight(Highlight(cells=(np.arange(10, 20), np.arange(10, 20))))
    assert 0 < len(lit_pixels(view)) < several
    view.set_highlight(Highlight(cells=(np.arange(0, 100, 2), np.arange(0, 100, 2))))
    hull = lit_pixels(view)
    assert min(hull)[0] <= 1 and max(hull)[0] >= 296
    assert not any(50 < x < 250 and 50 < y < 250 for x, y in hull)


def test_what_lies_outside_the_view_is_not_marked_in_it(show: Show) -> None:
    view = show(BIG, pans=True)
    view.show_cell((0, 0), 30.0)
    far = (700, 500)
    view.set_highlight(Highlight(rows=(far[0],), columns=(far[1],), cells=(np.array([far[0]]), np.array([far[1]]))))
    view.set_pinned(far)
    view.set_markers((Marker(far, "A"),))
    picture = shot(view)
    assert lit_pixels(view) == set() and share_of(picture, LIGHT.bad) == 0


@pytest.mark.parametrize("cell", [(0, 0), (0, 575), (783, 0), (783, 575), (400, 300)])
def test_the_letter_of_a_marker_is_in_view_wherever_the_cell_lies(show: Show, cell: tuple[int, int]) -> None:
    view = show(BIG, size=(200, 160), pans=True, square=False)
    view.set_markers((Marker(cell, "A"),))
    bad = int(LIGHT.bad[1:], 16)
    filled = (shot(view) & np.uint32(0xFFFFFF)) == bad
    blocks = [(y, x) for y in range(145) for x in range(185) if filled[y, x] and filled[y : y + 16, x : x + 16].mean() > 0.75]
    assert blocks


def test_two_letters_beside_each_other_do_not_cover_each_other(show: Show) -> None:
    view = show(BIG, size=(200, 160), square=False)
    view.set_markers((Marker((0, 0), "A"), Marker((1, 1), "B")))
    bad = int(LIGHT.bad[1:], 16)
    two = int(((shot(view) & np.uint32(0xFFFFFF)) == bad).sum())
    view.set_markers((Marker((0, 0), "A"),))
    one = int(((shot(view) & np.uint32(0xFFFFFF)) == bad).sum())
    assert two > one + 150


def test_veil_and_tint_cover_what_they_are_told_to(show: Show) -> None:
    view = show((10, 10), size=(100, 100))
    plain = shot(view)
    view.set_veil(((5, 0, 5, 10),))
    veiled = shot(view) != plain
    assert veiled[52:98, 5:95].mean() > 0.9 and not veiled[:48].any()
    view.set_veil(((5, 0, 0, 10), (0, 5, 10, -1)))
    assert (shot(view) == plain).all()
    mask = np.zeros((10, 10))
    mask[:, 7] = 1
    view.set_tint(ArraySource(mask))
    tinted = shot(view) != plain
    assert tinted[:, 71:79].all() and not tinted[:, :69].any()
    view.set_tint(None)
    assert (shot(view) == plain).all()


def test_the_focus_and_the_current_cell_can_be_seen(show: Show) -> None:
    view = show((6, 8))
    plain = shot(view)
    view.setFocus()
    ringed = shot(view) != plain
    assert ringed[0].all() and ringed[:, 0].all() and not ringed[3:-3, 3:-3].any()
    press(view, Key.Key_Right, Key.Key_Right, Key.Key_Down)
    assert (shot(view) != plain)[3:-3, 3:-3].any()
