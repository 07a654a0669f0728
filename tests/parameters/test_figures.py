"""Exported figures: right kind of file, right things in them, nothing global touched."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.patches import Rectangle

from hw2gui.errors import InputError, UnavailableError
from hw2gui.figures import COLOURS, save
from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.architecture import Architecture
from hw2gui.parameters.figures import growth_figure, parameter_figure
from hw2gui.parameters.growth import grow
from hw2gui.parameters.layers import MAX_SIZE, Conv2d, Flatten, Linear, ReLU, Shape
from hw2gui.parameters.presets import cnn, question1
from hw2gui.parameters.twins import same_output_twin


def curves(values=(8, 16, 32, 64)):
    return [grow(question1(), "side", values), grow(question1(), "side", values, twin=same_output_twin)]


@pytest.mark.parametrize(("suffix", "magic"), [(".png", b"\x89PNG"), (".svg", b"<?xml"), (".pdf", b"%PDF"), (".PNG", b"\x89PNG")])
def test_each_kind_of_picture(tmp_path, suffix, magic):
    before = dict(mpl.rcParams)  # noqa: TID251  (to see that nobody does)
    for figure in (growth_figure(curves(), "parameters", marker=28), parameter_figure(analyse(cnn()))):
        path = tmp_path / f"figure{suffix}"
        save(figure, path)
        assert path.read_bytes().startswith(magic)
    assert dict(mpl.rcParams) == before  # noqa: TID251
    assert [item.name for item in tmp_path.iterdir()] == [f"figure{suffix}"]


def test_the_growth_figure_shows_the_counts():
    figure = growth_figure(curves(), "macs", marker=28)
    axes = figure.axes[0]
    drawn = axes.get_lines()
    assert list(drawn[1].get_ydata()) == [float(count) for count in curves()[1].counts("macs")]
    assert list(drawn[2].get_xdata()) == [28, 28]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels[0].startswith(" Question 1 network: exponent ")
    assert len({line.get_linestyle() for line in drawn[:2]}) == 2, "not by colour alone"


def test_the_bars_are_as_long_as_the_counts():
    axes = parameter_figure(analyse(cnn())).axes[0]
    assert sorted({patch.get_width() for patch in axes.patches if isinstance(patch, Rectangle)}) == sorted(
        {200, 8, 1152, 16, 345600, 600, 72000, 120, 1200, 10}
    )
    assert "346,200  (82.3 %)" in [text.get_text() for text in axes.texts]


def test_the_sheet_is_light_and_the_bars_are_on_it(tmp_path):
    from PIL import Image

    save(parameter_figure(analyse(cnn())), tmp_path / "bars.png", dpi=60)
    pixels = np.asarray(Image.open(tmp_path / "bars.png").convert("RGB")).reshape(-1, 3)
    assert pixels[0].tolist() == [255, 255, 255]
    blue = [int(COLOURS[0][k : k + 2], 16) for k in (1, 3, 5)]
    assert (np.abs(pixels.astype(int) - blue).max(axis=1) < 8).sum() > 500


def test_names_are_not_taken_for_formulas_and_sizes_not_for_floats(tmp_path):
    architecture = Architecture(
        "_$\\frac$ _x", Shape((1, MAX_SIZE, MAX_SIZE)), (Conv2d(MAX_SIZE, 3, padding=1), Flatten(), Linear(MAX_SIZE))
    )
    curve = grow(architecture, "side", (10, 1000, MAX_SIZE))
    assert max(curve.counts("parameters")) > 2**64
    for number, figure in enumerate((growth_figure([curve], "parameters"), parameter_figure(analyse(architecture)))):
        save(figure, tmp_path / f"{number}.png", dpi=40)
        assert (tmp_path / f"{number}.png").stat().st_size > 1000


def test_what_cannot_be_drawn_or_saved(tmp_path):
    with pytest.raises(InputError, match="other values"):
        growth_figure(curves((1, 2, 3)), "parameters")
    with pytest.raises(InputError, match="no layer has parameters"):
        parameter_figure(analyse(Architecture("x", Shape((3,)), (ReLU(),))))
    figure = parameter_figure(analyse(question1()))
    with pytest.raises(InputError, match=r"\.png, \.svg, \.pdf"):
        save(figure, tmp_path / "figure.bmp")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UnavailableError, match="cannot be written"):
        save(figure, tmp_path / "file" / "figure.png")


@pytest.mark.parametrize("architecture", [question1(), cnn()])
def test_the_legend_of_the_bars_lies_on_no_number(architecture):
    figure = parameter_figure(analyse(architecture))
    figure.draw_without_rendering()
    legend = figure.legends[0].get_window_extent()
    for text in figure.axes[0].texts:
        assert not legend.overlaps(text.get_window_extent()), text.get_text()


def test_the_marked_value_is_named():
    assert [text.get_text() for text in growth_figure(curves(), "parameters", marker=28).axes[0].texts] == ["28"]
