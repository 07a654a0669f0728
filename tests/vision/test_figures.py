from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from hw2gui.datasets import strokes
from hw2gui.errors import InputError, UnavailableError
from hw2gui.figures import COLOURS, SUFFIXES, save
from hw2gui.training.figures import curves_figure
from hw2gui.training.plots import Level, Line, Plot, mean_and_band
from hw2gui.vision import figures
from hw2gui.vision.activations import look_inside
from hw2gui.vision.evaluation import Evaluation
from hw2gui.vision.model import build
from hw2gui.vision.network import HOMEWORK
from hw2gui.vision.readings import CellProducts
from hw2gui.vision.results import PatchProducts

IMAGES, LABELS = strokes.generate(12, 4)
INSIDE = look_inside(HOMEWORK, build(HOMEWORK, 1), IMAGES[0] / np.float32(256))


def words(figure: Figure) -> str:
    texts = [figure.get_supxlabel(), *(text.get_text() for axes in figure.axes for text in (axes.title, *axes.texts))]
    texts += [text.get_text() for axes in figure.axes if axes.get_legend() for text in axes.get_legend().get_texts()]
    return " ".join(" ".join(texts).split())


def test_maps_have_one_scale_which_is_stated() -> None:
    figure = figures.maps_figure(INSIDE, "conv1", "Drawn by hw2gui.")
    assert len(figure.axes) == 9
    ranges = {axes.images[0].get_clim() for axes in figure.axes[1:]}
    reach = float(np.abs(INSIDE.of("conv1")).max())
    assert ranges == {(-reach, reach)}
    np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), INSIDE.image)
    for number in range(8):
        np.testing.assert_array_equal(figure.axes[number + 1].images[0].get_array(), INSIDE.of("conv1")[number])
    assert f"{-reach:.3g} (blue) to {reach:.3g} (red), centred on 0" in words(figure)
    assert "Drawn by hw2gui." in words(figure)
    assert figures.maps_figure(INSIDE, "relu1").axes[1].images[0].get_cmap().name == "viridis"


def test_units_are_a_strip() -> None:
    figure = figures.maps_figure(INSIDE, "dense2")
    shown = figure.axes[1].images[0].get_array()
    np.testing.assert_array_equal(shown.reshape(-1)[:120], INSIDE.of("dense2"))
    assert "120 units" in words(figure)


def test_filters_lie_in_a_row_for_each_input_and_a_column_for_each_output() -> None:
    weights = build(HOMEWORK, 1).conv2.weight.detach().numpy()
    figure = figures.filters_figure(weights, "conv2")
    shown = figure.axes[0].images[0].get_array()
    assert shown.shape == (8 * 4 - 1, 16 * 4 - 1)
    for output, entering in ((0, 0), (1, 1), (15, 7)):
        np.testing.assert_array_equal(shown[4 * entering : 4 * entering + 3, 4 * output : 4 * output + 3], weights[output, entering])
    assert np.ma.masked_invalid(shown).mask[3].all()
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == [str(number) for number in range(1, 17)]
    assert "16 filters of 8×3×3" in words(figure)
    dense = build(HOMEWORK, 1).dense3.weight.detach().numpy()
    np.testing.assert_array_equal(figures.filters_figure(dense, "dense3").axes[0].images[0].get_array(), dense.T)


def test_a_change_of_the_confusions_is_centred_on_nothing() -> None:
    first = Evaluation(np.eye(10, dtype=np.float32)[[0, 0, 1, 2]], np.array([0, 1, 1, 3]))
    second = Evaluation(np.eye(10, dtype=np.float32)[[0, 1, 1, 2]], np.array([0, 1, 1, 3]))
    figure = figures.change_figure(first, second, "two models")
    image = figure.axes[0].images[0]
    np.testing.assert_array_equal(image.get_array(), second.confusion - first.confusion)
    assert image.get_clim() == (-1, 1)
    assert {text.get_text() for text in figure.axes[0].texts} == {"1", "−1"}
    assert "two models" in words(figure)


def test_a_value_is_its_products_and_says_their_sum() -> None:
    patch = np.arange(9.0).reshape(1, 3, 3) / 9
    terms = PatchProducts(patch, 1 - 2 * patch, -0.5, 0, 0)
    figure = figures.value_figure(CellProducts("conv2", "convolution", 3, 4, 5, True, terms, ()), "A model.")
    for axes, values in zip(figure.axes, (terms.patch, terms.weights, terms.products), strict=True):
        np.testing.assert_allclose(axes.images[0].get_array(), values[0])
        assert len(axes.texts) == 9
    said = words(figure)
    assert "conv2, map 4, row 5, column 6" in said and f"= {terms.value:.5f}".replace("-", "−") in said and "− 0.50000" in said


def test_confusion_shows_counts() -> None:
    probabilities = np.eye(10, dtype=np.float32)[np.r_[LABELS[:8], 0, 0, 0, 0]]
    evaluation = Evaluation(probabilities, LABELS.astype(np.int64))
    figure = figures.confusion_figure(evaluation)
    counts = evaluation.confusion
    shown = {tuple(map(int, text.get_position()[::-1])): text.get_text() for text in figure.axes[0].texts}
    assert shown == {(row, column): str(counts[row, column]) for row, column in np.argwhere(counts)}
    assert f"accuracy {100 * evaluation.accuracy:.2f} %" in words(figure)


def test_curves_with_band_and_level() -> None:
    seeds = (Line("seed 1", (1.0, 2.0, 3.0), (0.1, 0.2, 0.3), thin=True), Line("seed 2", (1.0, 2.0), (0.3, 0.4), thin=True))
    band = mean_and_band("mean", seeds, 0)
    assert (band.x, band.y, band.low, band.high) == ((1.0, 2.0), pytest.approx((0.2, 0.3)), (0.1, 0.2), (0.3, 0.4))
    figure = curves_figure(Plot("Title", "epoch", "accuracy", (*seeds, band), (Level("the report's 0.9843", 0.9843),), "A note."))
    assert "the report's 0.9843" in words(figure)
    assert "A note." in words(figure)
    assert [text.get_text().strip() for text in figure.axes[0].get_legend().get_texts()] == ["mean", "the report's 0.9843"]
    with pytest.raises(InputError, match="nothing to draw"):
        curves_figure(Plot("", "", "", ()))


def test_gallery_says_whose_images_they_are() -> None:
    figure = figures.gallery_figure(IMAGES, [str(label) for label in LABELS], "KMNIST Dataset")
    assert len(figure.axes) == 12
    assert "KMNIST Dataset" in words(figure)
    with pytest.raises(InputError, match="no image"):
        figures.gallery_figure(IMAGES[:0], [], "")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_saving(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    save(figures.gallery_figure(IMAGES[:1], ["o"], "here"), path, dpi=50)
    first = path.read_bytes()
    assert len(first) > 500
    save(figures.gallery_figure(IMAGES[:1], ["o"], "here"), path, dpi=50)
    assert suffix == ".svg" or path.read_bytes() == first


def test_saving_elsewhere(tmp_path: Path) -> None:
    figure = figures.gallery_figure(IMAGES[:1], ["o"], "here")
    with pytest.raises(InputError, match=r"ends in none of"):
        save(figure, tmp_path / "a.bmp")
    (tmp_path / "file").touch()
    with pytest.raises(UnavailableError, match="cannot be written"):
        save(figure, tmp_path / "file" / "a.png")


def test_a_level_that_belongs_to_no_line_has_the_colour_of_none() -> None:
    curves = tuple(Line(f"run {group}", (1.0, 2.0), (0.5, 0.6), group) for group in range(len(COLOURS)))
    figure = curves_figure(Plot("", "epoch", "loss", curves, (Level("guessing", 2.303), Level("the report's", 0.98, 1))))
    *drawn, guessing, report = (to_hex(line.get_color()) for line in figure.axes[0].get_lines())
    assert guessing not in drawn and report == drawn[1]
