import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from hw2gui.convolution import figure_parts, figures
from hw2gui.convolution.attention import PixelAttention
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.convolution.window import convolve
from hw2gui.errors import InputError, UnavailableError
from hw2gui.figures import save

KERNEL = np.array([[1.0, -2.0], [3.0, 0.5]])
MATRIX = ConvolutionMatrix(Geometry(4, 6, 2, 2, stride=1, flipped=True), KERNEL)
IMAGE = np.arange(24.0).reshape(4, 6) / 32
OUTPUT = convolve(IMAGE, KERNEL, MATRIX.geometry)
ATTENTION = PixelAttention(IMAGE, 2.0, 0.5)


def pictures(figure: Figure) -> list:
    """Every image drawn, colour bars left out."""
    return [image for axes in figure.axes for image in axes.get_images()]


def caption(figure: Figure) -> str:
    return " ".join(figure.get_supxlabel().split())


def texts(axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_each_picture_shows_exactly_its_values():
    for figure, values in [
        (figures.image_figure(IMAGE), IMAGE),
        (figures.kernel_figure(MATRIX), KERNEL),
        (figures.output_figure(OUTPUT, MATRIX), OUTPUT),
        (figures.matrix_figure(MATRIX), MATRIX.dense()),
    ]:
        assert np.array_equal(pictures(figure)[0].get_array(), values)
        assert len(texts(figure.axes[0])) == values.size


def test_the_scene_holds_all_four():
    figure = figures.scene_figure(IMAGE, MATRIX, OUTPUT, note="By courtesy of nobody.")
    shown = pictures(figure)
    for picture, values in zip(shown, (IMAGE, KERNEL, OUTPUT, MATRIX.dense()), strict=True):
        assert np.array_equal(picture.get_array(), values)
    assert [picture.get_cmap().name for picture in shown] == ["gray", "RdBu_r", "RdBu_r", "RdBu_r"]
    for word in ("15×24 entries", "60 of them not 0", "stride 1", "rotated by 180°", "vec stacks rows", "centred on 0", "courtesy"):
        assert word in caption(figure)


@pytest.mark.parametrize("figure", [figures.kernel_figure(MATRIX), figures.output_figure(OUTPUT, MATRIX), figures.matrix_figure(MATRIX)])
def test_signed_colours_are_centred_on_0_and_the_range_is_stated(figure):
    norm = pictures(figure)[0].norm
    assert norm.vmin == -norm.vmax
    assert f"{norm.vmax:.6g} (red)" in caption(figure)


def test_indices_count_from_the_base():
    for base in (0, 1):
        axes = figures.kernel_figure(MATRIX, base).axes[0]
        assert list(axes.get_xticks()) == [base, base + 1]
        left, right, bottom, top = pictures(figures.matrix_figure(MATRIX, base))[0].get_extent()
        assert (left, right, bottom, top) == (base - 0.5, base + 23.5, base + 14.5, base - 0.5)


def test_the_block_grid_parts_the_blocks():
    lines = figures.matrix_figure(MATRIX).axes[0].get_lines()
    assert sorted(line.get_ydata()[0] for line in lines if line.get_ydata()[0] == line.get_ydata()[1]) == [5.5, 10.5]
    assert sorted(line.get_xdata()[0] for line in lines if line.get_xdata()[0] == line.get_xdata()[1]) == [6.5, 12.5, 18.5]


def test_rounding_errors_are_printed_as_nothing():
    axes = figures.image_figure(np.array([[1.0, 2e-16], [-0.25, 0.5]])).axes[0]
    assert texts(axes) == ["1", "0", "−0.25", "0.5"]


def test_a_large_matrix_is_drawn_from_its_overview(monkeypatch):
    monkeypatch.setattr(figure_parts, "LARGEST_PICTURE", 50)
    geometry = Geometry(20, 20, 3, 3)
    matrix = ConvolutionMatrix(geometry, np.array([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]]))
    figure = figures.matrix_figure(matrix)
    cells = pictures(figure)[0].get_array()
    assert cells.shape == (50, 50)
    assert "greatest" in caption(figure)
    rows, columns = figure_parts.cell_edges(324), figure_parts.cell_edges(400)
    tile = matrix.values(range(rows[3], rows[4]), range(columns[3], columns[4]))
    assert cells[3, 3] == tile.reshape(-1)[np.argmax(np.abs(tile))]
    monkeypatch.setattr("hw2gui.convolution.overview.MAX_LISTED", 10)
    signs = figures.matrix_figure(matrix)
    assert np.array_equal(pictures(signs)[0].get_array() > 0, cells != 0)
    assert "violet both" in caption(signs)


def test_a_row_of_attention_is_centred_on_uniform():
    figure = figures.attention_row_figure(ATTENTION, 8)
    left, right = pictures(figure)
    assert np.array_equal(left.get_array(), ATTENTION.image)
    assert np.allclose(right.get_array(), ATTENTION.row(8) * 24)
    assert (right.norm.vmin + right.norm.vmax) / 2 == pytest.approx(1)
    frame: Any = figure.axes[1].patches[0]
    assert (frame.get_x(), frame.get_y()) == (2.5, 1.5)
    assert f"Z = {ATTENTION.output()[1, 2]:.6g}" in caption(figure)
    assert "T = 0.5" in caption(figure)
    column = figures.attention_row_figure(PixelAttention(IMAGE, order="column"), 5)
    frame = column.axes[0].patches[0]
    assert (frame.get_x(), frame.get_y()) == (1.5, 1.5)


@pytest.mark.parametrize("stage", ["scores", "exp", "probabilities", "relative"])
def test_a_stage_of_attention(stage, monkeypatch):
    shown = pictures(figures.stage_figure(ATTENTION, stage))[0]
    assert np.allclose(shown.get_array(), ATTENTION.stage(stage, range(24), range(24)))
    assert (shown.get_cmap().name, shown.norm.vmin) == (
        ("viridis", 0) if stage in ("exp", "probabilities") else ("RdBu_r", shown.norm.vmin)
    )
    monkeypatch.setattr(figure_parts, "LARGEST_PICTURE", 6)
    coarse = figures.stage_figure(ATTENTION, stage)
    assert np.allclose(pictures(coarse)[0].get_array(), ATTENTION.stage(stage, range(24), range(24)).reshape(6, 4, 6, 4).mean(axis=(1, 3)))
    assert "mean of about 4² entries" in caption(coarse)


def test_the_tone_curve_passes_through_every_level():
    figure = figures.tone_curve_figure(ATTENTION)
    curve, points = figure.axes[0].get_lines()
    assert np.array_equal(curve.get_ydata(), ATTENTION.tone_curve(curve.get_xdata()))
    assert np.array_equal(points.get_xdata(), ATTENTION.levels)
    assert figures.tone_curve_figure(PixelAttention(np.ones((2, 2)))).axes


def test_every_kind_of_file_is_written_and_the_same_each_time(tmp_path):
    before = dict(mpl.rcParams)  # noqa: TID251  only read, to see that nothing was changed
    for suffix in ("png", "svg", "pdf"):
        paths = [tmp_path / f"{number}.{suffix}" for number in (1, 2)]
        for path in paths:
            save(figures.output_figure(OUTPUT, MATRIX), path, dpi=50)
        assert paths[0].read_bytes() == paths[1].read_bytes()
    with Image.open(tmp_path / "1.png") as picture:
        assert picture.size == (210, 195)
    assert ElementTree.parse(tmp_path / "1.svg").getroot().tag.endswith("svg")
    pdf = (tmp_path / "1.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert b"/CIDFontType2" in pdf
    assert b"/Type3" not in pdf
    assert dict(mpl.rcParams) == before  # noqa: TID251
    assert len(list(tmp_path.iterdir())) == 6


def test_nothing_is_cut_off_at_the_borders(tmp_path):
    """The outermost pixels of every picture are white: titles, ticks and captions lie inside."""
    wide = ConvolutionMatrix(Geometry(5, 60, 2, 2), KERNEL)
    for number, figure in enumerate(
        [
            figures.matrix_figure(wide),
            figures.scene_figure(IMAGE, MATRIX, OUTPUT, note="a long attribution " * 20),
            figures.attention_row_figure(ATTENTION, 0),
            figures.tone_curve_figure(ATTENTION),
            figures.stage_figure(ATTENTION, "relative"),
        ]
    ):
        save(figure, tmp_path / f"{number}.png", dpi=80)
        with Image.open(tmp_path / f"{number}.png") as picture:
            pixels = np.asarray(picture.convert("L"))
        for side, border in {"top": pixels[0], "bottom": pixels[-1], "left": pixels[:, 0], "right": pixels[:, -1]}.items():
            assert (border == 255).all(), (number, side)


def test_a_wrong_name_resolution_or_place_changes_nothing(tmp_path):
    figure = figures.kernel_figure(MATRIX)
    for name in ("w.bmp", "w"):
        with pytest.raises(InputError, match="ends in none of"):
            save(figure, tmp_path / name)
    with pytest.raises(InputError, match="resolution"):
        save(figure, tmp_path / "w.png", dpi=5000)
    (tmp_path / "file").write_text("kept")
    with pytest.raises(UnavailableError, match="cannot be written"):
        save(figure, tmp_path / "file" / "w.png")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_pyplot_is_never_loaded():
    program = "import sys, hw2gui.convolution.figures; sys.exit('matplotlib.pyplot' in sys.modules or 'PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=Path(figures.__file__).parents[2], check=False).returncode == 0
