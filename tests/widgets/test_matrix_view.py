"""A view of cells under real mouse, wheel and key events."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hw2gui.arrays import Floats, Ints
from hw2gui.widgets import theme
from hw2gui.widgets.cell_canvas import Behaviour
from hw2gui.widgets.cells import ArraySource
from hw2gui.widgets.keyboard import sentence
from hw2gui.widgets.marks import Marker
from hw2gui.widgets.matrix_view import DELETE
from hw2gui.widgets.themes import DARK, LIGHT
from tests.widgets.conftest import SCALE, Show
from tests.widgets.hands import LEFT, NO_KEY, RIGHT, Heard, click, drag, hover, point, press, share_of, shot, wheel

Key = Qt.Key
BIG = (784, 576)


class Endless:
    """A million by a million, nothing stored; 1 on the diagonal."""

    shape = (10**6, 10**6)

    def values(self, rows: range, cols: range) -> Floats:
        return (np.arange(rows.start, rows.stop)[:, None] == np.arange(cols.start, cols.stop)).astype(float)

    def overview(self, row_edges: Ints, col_edges: Ints) -> Floats:
        return ((row_edges[1:, None] > col_edges[:-1]) & (row_edges[:-1, None] < col_edges[1:])).astype(float)


# -- pointing -------------------------------------------------------------------------------------------------------------------


def test_hovering_tells_each_new_cell_once_and_leaving_tells_none(show: Show) -> None:
    view = show((6, 8))
    heard = Heard(view.hovered)
    hover(view, (2, 3))
    QTest.mouseMove(view, point(view, (2, 3)) + QPoint(3, 3))
    hover(view, (2, 4))
    QTest.mouseMove(view.window(), QPoint(2, 2))
    assert heard == [(2, 3), (2, 4), None]


def test_every_pixel_belongs_to_the_cell_drawn_there(show: Show) -> None:
    array = np.arange(30.0).reshape(5, 6) / 30
    view = show(array, size=(120, 100))
    picture = shot(view)
    colour_of = {cell: int(SCALE.colours(np.array([array[cell]]), dark=False)[0]) for cell in np.ndindex(5, 6)}
    seen = set()
    for y in range(100):
        for x in range(120):
            cell = view.cell_at(QPointF(x, y))
            if cell is not None and x % 20 > 1 and y % 20 > 1:  # (lines between cells left out)
                assert int(picture[y, x]) == colour_of[cell]
                seen.add(cell)
    assert len(seen) == 30


def test_clicking_tells_the_cell_and_dragging_does_not(show: Show) -> None:
    view = show()
    heard = Heard(view.clicked)
    click(view, (1, 2))
    drag(view, point(view, (1, 2)), point(view, (1, 2)) + QPoint(9, 0))
    click(view, (1, 2), RIGHT)
    QTest.mouseClick(view, LEFT, NO_KEY, QPoint(view.width() - 1, view.height() - 1))
    assert heard == [(1, 2), (5, 7)]


def test_beside_the_cells_there_is_nothing_to_point_at(show: Show) -> None:
    view = show((4, 4), size=(300, 100))
    heard = Heard(view.hovered)
    QTest.mouseMove(view, QPoint(5, 50))
    QTest.mouseClick(view, LEFT, NO_KEY, QPoint(5, 50))
    assert heard == [] and view.current is None


# -- keyboard -------------------------------------------------------------------------------------------------------------------


def test_reached_by_tab_it_begins_at_the_first_cell_and_arrows_walk_to_the_edges(show: Show) -> None:
    view = show((3, 4))
    heard = Heard(view.hovered)
    press(view.window(), Key.Key_Tab)
    assert view.hasFocus() and view.current == (0, 0)
    press(view, Key.Key_Right, Key.Key_Down, Key.Key_Down, Key.Key_Down, Key.Key_Left, Key.Key_Left, Key.Key_Up)
    assert heard == [(0, 0), (0, 1), (1, 1), (2, 1), (2, 0), (1, 0)]
    press(view, Key.Key_End)
    assert view.current == (2, 3)
    press(view, Key.Key_Home)
    assert view.current == (0, 0)


def test_a_walk_begins_at_the_pinned_cell_or_where_the_last_one_ended(show: Show) -> None:
    view = show()
    view.setFocus()
    press(view, Key.Key_Right)
    assert view.current == (0, 0)
    hover(view, (4, 4))
    QTest.mouseMove(view.window(), QPoint(2, 2))
    press(view, Key.Key_Right)
    assert view.current == (4, 4)
    QTest.mouseMove(view, QPoint(9, 9))
    QTest.mouseMove(view.window(), QPoint(2, 2))
    view.set_pinned((3, 3))
    press(view, Key.Key_Up)
    assert view.current == (3, 3)


def test_enter_pins_and_escape_lets_go(show: Show) -> None:
    view = show()
    view.setFocus()
    clicked, released = Heard(view.clicked), Heard(view.released)
    press(view, Key.Key_Return)
    assert clicked == []  # no cell yet
    press(view, Key.Key_Right, Key.Key_Down, Key.Key_Return, Key.Key_Space, Key.Key_Escape)
    assert clicked == [(1, 0), (1, 0)] and len(released) == 1


def test_losing_the_focus_lets_the_keyboards_cell_go(show: Show) -> None:
    view = show()
    view.setFocus()
    press(view, Key.Key_Right)
    heard = Heard(view.hovered)
    view.window().setFocus()
    assert heard == [None]


def test_walking_scrolls_as_little_as_it_takes(show: Show) -> None:
    view = show(BIG, pans=True, square=False)
    view.show_cell((100, 100), 20.0)
    click(view, (100, 100))
    column, row = view.across.visible, view.down.visible
    press(view, *[Key.Key_Right] * 30)
    assert view.current == (100, 130)
    frame = view.frame.rect((100, 130))
    assert view.frame.area.contains(frame) and frame.right() > view.width() - 21
    assert view.across.visible != column and view.down.visible == row
    press(view, Key.Key_Home)
    assert view.across.visible.start == 0 and view.down.visible.start == 0
    press(view, Key.Key_PageDown)
    assert 0 < view.current[0] < 12 and view.current[1] == 0


def test_keys_that_mean_nothing_here_go_on_to_the_window(show: Show) -> None:
    view = show()
    view.setFocus()
    taken: list[int] = []
    view.window().keyPressEvent = lambda event: taken.append(event.key())  # type: ignore[method-assign]
    press(view, Key.Key_A)
    press(view, Key.Key_Right, modifier=Qt.KeyboardModifier.ControlModifier)
    press(view, Key.Key_Plus)  # it does not pan
    assert [key for key in taken if key != Key.Key_Control] == [Key.Key_A, Key.Key_Right, Key.Key_Plus]


# -- typing and painting ----------------------------------------------------------------------------------------------------------


def test_a_digit_begins_typing_only_where_one_may_edit(show: Show) -> None:
    view = show(edits=True)
    heard = Heard(view.typed)
    view.setFocus()
    press(view, Key.Key_5)
    assert heard == []  # no cell yet
    click(view, (2, 3))
    QTest.keyClicks(view, "7-.,x")
    press(view, Key.Key_Delete, Key.Key_Backspace, Key.Key_F2)
    assert heard == [((2, 3), text) for text in ("7", "-", ".", ",", DELETE, DELETE, "")]
    view.behaviour = Behaviour()
    QTest.keyClicks(view, "7")
    assert len(heard) == 7


def test_a_double_click_edits_or_shows_everything_again(show: Show) -> None:
    view = show(edits=True)
    heard = Heard(view.typed)
    QTest.mouseDClick(view, LEFT, NO_KEY, point(view, (2, 3)))
    assert heard == [((2, 3), "")]
    matrix = show(BIG, pans=True, square=False)
    matrix.zoom(4.0)
    assert not matrix.fitted
    QTest.mouseDClick(matrix, LEFT, NO_KEY, QPoint(50, 50))
    assert matrix.fitted


def test_painting_leaves_no_gap_however_fast_the_hand(show: Show) -> None:
    view = show((20, 20), size=(200, 200), paints=True)
    painted, ended, clicked = Heard(view.painted), Heard(view.paint_ended), Heard(view.clicked)
    drag(view, point(view, (0, 0)), point(view, (6, 12)), point(view, (6, 12)), point(view, (3, 12)))
    cells = [cell for cell, erase in painted]
    assert not any(erase for _, erase in painted)
    assert cells[0] == (0, 0) and (6, 12) in cells and cells[-1] == (3, 12)
    assert all(max(abs(r1 - r0), abs(c1 - c0)) == 1 for (r0, c0), (r1, c1) in itertools.pairwise(cells))
    assert len(ended) == 1 and clicked == []


def test_the_right_button_erases(show: Show) -> None:
    view = show((20, 20), size=(200, 200), paints=True)
    painted = Heard(view.painted)
    drag(view, point(view, (1, 1)), point(view, (1, 3)), button=RIGHT)
    assert painted == [((1, 1), True), ((1, 2), True), ((1, 3), True)]


# -- pan and zoom -----------------------------------------------------------------------------------------------------------------


def test_the_wheel_zooms_and_keeps_the_cell_under_the_pointer(show: Show) -> None:
    view = show(BIG, pans=True, square=False)
    at = QPoint(90, 60)
    cells = []
    for _ in range(45):
        wheel(view, at, 1)
        cells.append(view.cell_at(QPointF(at)))
    assert view.across.cell == 160
    assert len(set(cells[8:])) == 1  # once a cell is larger than a pixel it stays
    rows, cols = zip(*cells, strict=True)
    assert max(rows) - min(rows) <= 3 and max(cols) - min(cols) <= 3
    for _ in range(40):
        wheel(view, at, -1)
    assert view.fitted


def test_a_view_that_does_not_pan_leaves_the_wheel_to_the_page(show: Show) -> None:
    view = show()
    before = view.across
    taken: list[QPoint] = []
    view.window().wheelEvent = lambda event: taken.append(event.angleDelta())  # type: ignore[method-assign]
    wheel(view, QPoint(50, 50), 1)
    assert view.across == before and taken == [QPoint(0, 120)]
    view.behaviour = Behaviour(pans=True)
    wheel(view, QPoint(50, 50), 1)
    assert len(taken) == 1


def test_small_turns_of_a_wheel_add_up(show: Show) -> None:
    """A touchpad sends many; one pixel more for each would be far too much."""
    view = show(BIG, pans=True)
    view.show_cell((300, 300), 10.0)
    for _ in range(3):
        wheel(view, QPoint(90, 60), 0.1)
    assert view.across.cell == 10
    for _ in range(3):
        wheel(view, QPoint(90, 60), 0.1)
    assert view.across.cell == 11


def test_two_fingers_pan_and_with_control_zoom(show: Show) -> None:
    view = show(BIG, pans=True)
    view.show_cell((300, 300), 10.0)
    left, top = view.across.position(300), view.down.position(300)
    wheel(view, QPoint(90, 60), fingers=QPoint(-30, 20))
    assert (view.across.position(300), view.down.position(300)) == (left - 30, top + 20) and view.across.cell == 10
    for _ in range(10):
        wheel(view, QPoint(90, 60), fingers=QPoint(0, 15), modifier=Qt.KeyboardModifier.ControlModifier)
    assert view.across.cell > 20


def test_shift_and_a_sideways_wheel_pan_sideways(show: Show) -> None:
    view = show(BIG, pans=True)
    view.show_cell((300, 300), 10.0)
    left, top = view.across.position(300), view.down.position(300)
    wheel(view, QPoint(90, 60), 1, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert view.across.position(300) == left + 60
    wheel(view, QPoint(90, 60), sideways=-1)
    assert (view.across.position(300), view.down.position(300)) == (left, top)


def test_dragging_moves_the_matrix_with_the_hand_and_no_further_than_it_goes(show: Show) -> None:
    view = show(BIG, pans=True)
    view.show_cell((300, 300), 10.0)
    clicked = Heard(view.clicked)
    cell = view.cell_at(QPointF(100, 100))
    drag(view, QPoint(100, 100), QPoint(120, 90), QPoint(137, 71))
    assert view.cell_at(QPointF(137, 71)) == cell and clicked == []
    for _ in range(40):
        drag(view, QPoint(10, 10), QPoint(230, 170))
    assert view.across.position(0) == 0 and view.down.position(0) == 0
    for _ in range(100):
        drag(view, QPoint(230, 170), QPoint(10, 10))
    assert view.across.position(576) == view.width() and view.down.position(784) == view.height()


def test_dragging_a_matrix_that_is_shown_whole_changes_nothing(show: Show) -> None:
    view = show(BIG, pans=True)
    drag(view, QPoint(100, 100), QPoint(150, 150))
    assert view.fitted


def test_keys_zoom_and_show_everything(show: Show) -> None:
    view = show(BIG, pans=True)
    view.setFocus()
    QTest.keyClicks(view, "+=")
    assert view.across.cell == pytest.approx(view.across.least * 1.25**2)
    QTest.keyClicks(view, "-")
    assert view.across.cell == pytest.approx(view.across.least * 1.25)
    QTest.keyClicks(view, "0")
    assert view.fitted


def test_square_cells_stay_square(show: Show) -> None:
    view = show((50, 700), pans=True)
    for notches in (1, 1, 1, -1, 1, 1, 1, 1):
        wheel(view, QPoint(33, 44), notches)
        assert view.across.cell == view.down.cell


def test_a_million_by_a_million_is_shown_and_walked_to_the_last_cell(show: Show) -> None:
    view = show(pans=True, square=False)
    view.show_source(Endless(), SCALE)
    lit = int(SCALE.colours(np.array([1.0]), dark=False)[0])
    picture = shot(view)
    assert all((picture[y] == lit).any() for y in range(view.height()))  # no row of pixels without the diagonal
    view.setFocus()
    press(view, Key.Key_End)
    assert view.current == (999_999, 999_999)
    QTest.keyClicks(view, "+" * 70)
    assert view.across.cell == 160 and view.cell_at(QPointF(view.width() - 1, view.height() - 1)) == (999_999, 999_999)
    assert (shot(view)[-20:-3, -20:-3] == lit).any()


def test_showing_a_cell_zooms_until_it_is_legible_and_then_leaves_the_view_alone(show: Show) -> None:
    view = show(BIG, pans=True, square=False)
    view.show_cell((700, 500), 26.0)
    assert view.across.cell >= 26 and view.down.cell >= 26
    assert view.frame.area.contains(view.cell_rect((700, 500)))
    before = (view.across, view.down)
    view.show_cell((701, 501), 20.0)
    assert (view.across, view.down) == before


# -- another source, another size -------------------------------------------------------------------------------------------------


def test_the_same_shape_keeps_zoom_place_and_cell(show: Show) -> None:
    view = show(BIG, pans=True)
    view.show_cell((300, 300), 10.0)
    hover(view, (300, 300))
    before = (view.across, view.down)
    view.show_source(ArraySource(np.ones(BIG)), SCALE)
    assert (view.across, view.down) == before and view.current == (300, 300)


def test_another_shape_is_shown_whole_and_no_cell_of_the_last_one_is_left(show: Show) -> None:
    """A cell that is no longer there must not be explained."""
    view = show(BIG, pans=True)
    view.show_cell((300, 300), 10.0)
    hover(view, (300, 300))
    view.set_pinned((300, 300))
    view.set_markers((Marker((300, 300), "A"),))
    heard = Heard(view.hovered)
    view.show_source(ArraySource(np.ones((3, 3))), SCALE)
    assert heard == [None] and view.fitted and view.current is None
    view.setFocus()
    press(view, Key.Key_Down)
    assert view.current == (0, 0)
    shot(view)


def test_resizing_keeps_all_in_view_or_the_place(show: Show) -> None:
    view = show(BIG, pans=True)
    view.resize(300, 250)
    assert view.fitted and view.across.position(576) <= 300
    view.show_cell((300, 300), 10.0)
    corner = view.cell_at(QPointF(0, 0))
    view.resize(280, 150)
    assert view.across.cell == 10 and view.cell_at(QPointF(0, 0)) == corner


def test_a_view_without_a_source_is_empty_and_takes_no_keys(show: Show) -> None:
    view = show()
    view.show_source(None, SCALE)
    heard = Heard(view.hovered)
    QTest.mouseMove(view, QPoint(50, 50))
    view.setFocus()
    press(view, Key.Key_Right, Key.Key_Return)
    assert heard == []
    inside = shot(view)[2:-2, 2:-2]
    assert share_of(inside, LIGHT.empty) == 1.0


# -- read aloud -------------------------------------------------------------------------------------------------------------------


def test_the_cell_is_said_to_who_does_not_see_it(show: Show) -> None:
    array = np.zeros((3, 4))
    array[1, 2] = -0.25
    view = show(array)
    QAccessible.setActive(True)
    try:
        spoken = QAccessible.queryAccessibleInterface(view)
        assert spoken.text(QAccessible.Text.Name) == "Matrix"
        view.setFocus(Qt.FocusReason.TabFocusReason)
        assert spoken.text(QAccessible.Text.Description) == "row 1, column 1: 0"
        press(view, Key.Key_Right, Key.Key_Right, Key.Key_Down)
        assert spoken.text(QAccessible.Text.Description) == "row 2, column 3: −.25"
        view.first_index = 0
        press(view, Key.Key_Left)
        assert spoken.text(QAccessible.Text.Description) == "row 1, column 1: 0"
        view.window().setFocus()
        assert spoken.text(QAccessible.Text.Description) == sentence(view.KEYS)
    finally:
        QAccessible.setActive(False)


# -- theme ------------------------------------------------------------------------------------------------------------------------


def test_a_new_theme_redraws_the_cells(show: Show, qapp: QApplication) -> None:
    view = show((6, 8))
    theme.apply(qapp, DARK)
    zero = int(SCALE.colours(np.array([0.0]), dark=True)[0])
    assert (shot(view) == zero).mean() > 0.5
