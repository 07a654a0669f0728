import pytest

from hw2gui.widgets.log_axes import LogCurve, LogMarker, short, ticks
from hw2gui.widgets.log_painter import GRIP
from hw2gui.widgets.log_plot import BOTTOM, LogPlot


@pytest.mark.parametrize(
    ("value", "text"), [(1, "1"), (500, "500"), (5000, "5 k"), (20_000_000, "20 M"), (10**18, "1 E"), (10**25, "10^25")]
)
def test_labels(value, text):
    assert short(value) == text


def test_ticks_are_the_round_numbers_inside():
    assert [value for value, _ in ticks(0.5, 2.0)] == [5, 10, 20, 50, 100]
    assert ticks(0, 6)[:3] == [(1, True), (10, True), (100, True)]


@pytest.fixture
def plot(qtbot):
    made = LogPlot("Counts")
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show_curves((LogCurve("a", (1, 10, 100), (1, 100, 10_000)), LogCurve("b", (1, 10, 100), (0, 10**40, 10**41))), "n", "count")
    made.show_marker(LogMarker(10, 2, 90, 2, (100, 10**40)))
    return made


def test_positions_and_values_are_each_others_inverse(plot):
    for value in range(2, 91, 2):
        assert plot.value_at(plot.x_position(value)) == value
    assert plot.value_at(-100) == 2 and plot.value_at(10_000) == 90


def test_counts_beyond_64_bits_are_drawn_and_read_out(plot, qtbot):
    with qtbot.waitExposed(plot):
        plot.show()
    picture = plot.grab().toImage()
    colours = {picture.pixel(x, y) for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)}
    assert len(colours) > 8
    assert f"{10**40:,}" in plot.accessibleName()


def test_without_curves_the_reason_is_shown_and_nothing_moves(plot, qtbot):
    plot.show_curves((), "", "", message="nothing to draw")
    with qtbot.waitExposed(plot):
        plot.show()
    plot.grab()
    assert plot.value_at(100) == 1


def test_the_names_of_curves_stand_above_them(plot):
    one = plot.x_position(10), plot._area().top()
    plot.show_curves([*plot.curves, *plot.curves], "x", "y")
    assert plot._area().top() > one[1] and plot._area().left() < one[0]


def test_the_numbers_along_the_axis_are_read_wherever_the_marker_stands(plot):
    plot.show_curves((LogCurve("a", (7, 19, 448), (28, 172, 147_877)),), "image side", "parameters")

    def numbers(value):
        plot.show_marker(LogMarker(value, 7, 448, 1, ()))
        picture = plot.grab().toImage()
        return picture.copy(0, plot.height() - BOTTOM + GRIP, plot.width(), BOTTOM - GRIP)

    assert numbers(19) == numbers(300)
