from html import escape
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hw2gui.convolution.attention import STAGES, PixelAttention, equivariance_error, permute
from hw2gui.convolution.attention_entry import REPORT_SLIP
from hw2gui.convolution.attention_reference import check_attention, torch_attention
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.grey_levels import GreyLevels
from hw2gui.convolution.sizes import Padding
from hw2gui.convolution.window import convolve
from hw2gui.datasets.characters import open_set
from hw2gui.errors import InputError

images = arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.integers(-8, 12).map(lambda k: k / 8))
scales = st.sampled_from([-1.5, 0.0, 0.5, 1.0, 3.0])
temperatures = st.sampled_from([0.1, 0.5, 1.0, 4.0])
orders = st.sampled_from(["row", "column"])


def naive(x, scale=1.0, temperature=1.0, order="row"):
    """The stages by the textbook, dense."""
    v = (x * scale).reshape(-1, order="C" if order == "row" else "F")
    scores = np.outer(v, v) / temperature
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = exp / exp.sum(axis=1, keepdims=True)
    return {"scores": scores, "exp": exp, "probabilities": p, "relative": p * v.size}, v, p @ v


@settings(max_examples=60, deadline=None)
@given(images, scales, temperatures, orders)
def test_every_stage_is_the_dense_one(x, scale, temperature, order):
    dense, v, z = naive(x, scale, temperature, order)
    attention = PixelAttention(x, scale, temperature, order)
    every = range(x.size)
    for stage in STAGES:
        assert np.allclose(attention.stage(stage, every, every), dense[stage], rtol=1e-12, atol=1e-15)
        assert attention.stage_range(stage) == pytest.approx((dense[stage].min(), dense[stage].max()))
    assert np.array_equal(attention.vector, v)
    assert np.array_equal(attention.image, x * scale)
    assert np.allclose(attention.output().reshape(-1, order="C" if order == "row" else "F"), z, atol=1e-13)
    assert np.allclose(attention.row_sums(every), dense["exp"].sum(axis=1))
    assert np.allclose(attention.subtracted(every), dense["scores"].max(axis=1))
    assert attention.relative_range() == attention.stage_range("relative")


@settings(max_examples=40, deadline=None)
@given(images, scales, temperatures, orders, st.data())
def test_a_tile_is_the_dense_one_cut_out(x, scale, temperature, order, data):
    dense, _, _ = naive(x, scale, temperature, order)
    attention = PixelAttention(x, scale, temperature, order)
    low, high = sorted(data.draw(st.tuples(*[st.integers(0, x.size)] * 2)))
    left, right = sorted(data.draw(st.tuples(*[st.integers(0, x.size)] * 2)))
    for stage in STAGES:
        assert np.allclose(getattr(attention, stage)(range(low, high), range(left, right)), dense[stage][low:high, left:right])
    i = data.draw(st.integers(0, x.size - 1))
    assert np.allclose(attention.row(i).reshape(-1, order="C" if order == "row" else "F"), dense["probabilities"][i])


@settings(max_examples=40, deadline=None)
@given(images, st.sampled_from([0.5, 1.0, 3.0]), temperatures, orders)
def test_output_is_torchs_scaled_dot_product_attention(x, scale, temperature, order):
    check = check_attention(PixelAttention(x, scale, temperature, order))
    assert check.max_abs_error < 1e-12
    assert (check.rows, check.size) == (x.size, x.size)


def test_torch_is_asked_some_rows_at_a_time(monkeypatch):
    x = np.random.default_rng(0).integers(0, 256, (9, 11)) / 256
    attention = PixelAttention(x, temperature=0.3)
    whole = torch_attention(attention, np.arange(99))
    monkeypatch.setattr("hw2gui.convolution.attention_reference._BLOCK", 500)
    assert np.allclose(torch_attention(attention, np.arange(99)), whole, rtol=1e-13)
    monkeypatch.setattr("hw2gui.convolution.attention_reference.ALL_ROWS", 50)
    monkeypatch.setattr("hw2gui.convolution.attention_reference.SOME_ROWS", 20)
    check = check_attention(attention)
    assert check.rows == 20
    assert check.max_abs_error < 1e-13


def edges_within(draw, size):
    return np.array(sorted(draw(st.sets(st.integers(0, size), min_size=2, max_size=12))))


@settings(max_examples=60, deadline=None)
@given(arrays(np.float64, st.tuples(st.integers(1, 7), st.integers(2, 7)), elements=st.integers(0, 9).map(float)), orders, st.data())
def test_an_overview_holds_the_means_of_the_dense_matrix(x, order, data):
    dense, _, _ = naive(x, 0.2, 1.0, order)
    attention = PixelAttention(x, 0.2, 1.0, order)
    rows, columns = edges_within(data.draw, x.size), edges_within(data.draw, x.size)
    for stage in STAGES:
        means = attention.overview(stage, rows, columns)
        for r, c in np.ndindex(*means.shape):
            expected = dense[stage][rows[r] : rows[r + 1], columns[c] : columns[c + 1]].mean()
            assert means[r, c] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("order", ["row", "column"])
def test_an_overview_of_a_large_image_is_exact(order):
    """Kept histograms, bincounts and the table against a direct sum over some rectangles."""
    x = np.random.default_rng(3).integers(0, 256, (90, 120)) / 256
    attention = PixelAttention(x, 2.0, 0.7, order)
    edges = np.unique(np.linspace(0, x.size, 41).astype(np.int64) + np.r_[0, np.arange(39) % 7, 0])
    far = attention.overview("relative", edges, edges)
    for r, c in [(0, 0), (17, 3), (39, 39), (5, 38)]:
        tile = attention.relative(range(edges[r], edges[r + 1]), range(edges[c], edges[c + 1]))
        assert far[r, c] == pytest.approx(tile.mean(), rel=1e-12)
    # Every row of P sums to 1, so all of P·HW has the mean 1.
    assert np.diff(edges) @ far @ np.diff(edges) / x.size**2 == pytest.approx(1.0, rel=1e-12)
    near = np.arange(500, 560)
    assert np.array_equal(attention.overview("exp", near, near + 100), attention.exp(range(500, 559), range(600, 659)))


def test_an_overview_of_an_image_with_thousands_of_levels(monkeypatch):
    monkeypatch.setattr("hw2gui.convolution.attention.TABLE_LEVELS", 50)
    monkeypatch.setattr("hw2gui.convolution.attention._BLOCK", 3000)
    x = np.random.default_rng(4).random((20, 30))
    attention = PixelAttention(x)
    edges = np.array([0, 5, 100, 333, 600])
    direct = attention.relative(range(600), range(600))
    expected = np.add.reduceat(np.add.reduceat(direct, edges[:-1], axis=0), edges[:-1], axis=1) / np.outer(np.diff(edges), np.diff(edges))
    assert np.allclose(attention.overview("relative", edges, edges), expected, rtol=1e-12)


@settings(max_examples=50, deadline=None)
@given(images, st.sampled_from([0.5, 1.0, -2.0]), temperatures)
def test_the_output_is_the_image_through_a_rising_tone_curve(x, scale, temperature):
    attention = PixelAttention(x, scale, temperature)
    assert np.allclose(attention.tone_curve(attention.image), attention.output(), atol=1e-13)
    ts = np.linspace(attention.image.min() - 1, attention.image.max() + 1, 200)
    curve = attention.tone_curve(ts)
    assert np.all(np.diff(curve) >= -1e-12)
    assert attention.image.min() - 1e-12 <= curve.min()
    assert curve.max() <= attention.image.max() + 1e-12
    step = 1e-5
    slope = (attention.potential(ts + step) - attention.potential(ts - step)) / (2 * step)
    assert np.allclose(slope, curve, atol=1e-4)


def test_equal_pixels_have_equal_rows_and_a_black_pixel_a_uniform_one():
    attention = PixelAttention(np.array([[0.0, 0.5, 1.0], [0.5, 0.0, 0.25]]), scale=4)
    assert np.array_equal(attention.row(1), attention.row(3))
    assert not np.allclose(attention.row(1), attention.row(2))
    assert np.allclose(attention.row(0), 1 / 6)
    assert attention.output()[0, 0] == pytest.approx(attention.image.mean())


@pytest.mark.parametrize(("scale", "temperature"), [(1e5, 1.0), (1.0, 1e-9), (-3e4, 0.5)])
def test_softmax_survives_enormous_scores(scale, temperature):
    x = np.random.default_rng(1).integers(0, 256, (8, 8)) / 256
    attention = PixelAttention(x, scale, temperature)
    p = attention.probabilities(range(64), range(64))
    assert np.isfinite(p).all()
    assert np.allclose(p.sum(axis=1), 1)
    assert attention.exp_overflows
    with np.errstate(over="ignore"):
        assert np.isinf(np.exp(attention.scores(range(64), range(64)))).any()
    assert not PixelAttention(x).exp_overflows
    assert check_attention(attention).max_abs_error <= 1e-9 * abs(scale)


def test_a_uniform_image_attends_uniformly():
    attention = PixelAttention(np.full((3, 5), 0.7))
    assert attention.relative_range() == (1.0, 1.0)
    assert np.allclose(attention.output(), 0.7)
    single = PixelAttention(np.array([[2.0]]))
    assert single.output() == pytest.approx(2.0)
    assert single.relative_range() == (1.0, 1.0)


def test_another_scale_and_temperature_from_the_same_levels():
    x = np.random.default_rng(2).integers(0, 256, (5, 6)) / 256
    grey = GreyLevels(x, "column")
    assert np.array_equal(PixelAttention(grey, 3.0, 0.2).output(), PixelAttention(x, 3.0, 0.2, "column").output())


@pytest.mark.parametrize("levels", [np.arange(12) / 256, np.arange(12) / 250, np.arange(12) - 5.0, np.array([0.0, 1.0, 1.0 / 256])])
def test_levels_are_the_distinct_values_by_either_way(levels):
    x = np.random.default_rng(5).choice(levels, (9, 8))
    grey = GreyLevels(x)
    assert np.array_equal(grey.values, np.unique(x))
    assert np.array_equal(grey.unvec(grey.values[grey.level_of]), x)
    assert np.array_equal(grey.counts, np.unique(x, return_counts=True)[1])


def test_histograms_agree_whether_kept_or_counted():
    grey = GreyLevels(np.random.default_rng(6).integers(0, 7, (50, 80)).astype(float))
    every = np.arange(4001)
    for edges in (np.array([0, 4000]), np.array([3, 255, 256, 257, 1024, 3999]), every[::9], every[100:180]):
        expected = [np.bincount(grey.level_of[low:high], minlength=7) for low, high in pairwise(edges)]
        assert np.array_equal(grey.histograms(edges), expected)


def test_attention_moves_along_with_the_pixels_and_convolution_does_not():
    x = np.random.default_rng(7).integers(0, 256, (6, 7)) / 256
    moved, order = permute(x, seed=1)
    assert np.array_equal(np.sort(moved, axis=None), np.sort(x, axis=None))
    assert not np.array_equal(moved, x)
    assert np.array_equal(permute(x, seed=1)[1], order)
    assert equivariance_error(lambda image: PixelAttention(image, 2.0).output(), x, order) < 1e-12
    kernel = np.arange(9.0).reshape(3, 3)
    same = Geometry(6, 7, 3, 3, padding=Padding.same(3, 3))
    assert equivariance_error(lambda image: convolve(image, kernel, same), x, order) > 1
    with pytest.raises(InputError, match="as large as the image"):
        equivariance_error(lambda image: convolve(image, kernel, Geometry(6, 7, 3, 3)), x, order)


def test_a_character_stays_near_uniform():
    """The claim for real characters, on a built-in one: computed, and of the same kind."""
    image = open_set("strokes").image("train", 0) / 256
    smallest, largest = PixelAttention(image).relative_range()
    assert 0.5 < smallest < 1 < largest < 3
    assert PixelAttention(image, scale=2).relative_range()[1] > largest


def test_an_entry_in_words():
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    attention = PixelAttention(x, temperature=2.0)
    dense, _, z = naive(x, temperature=2.0)
    description = attention.describe_entry(1, 3)
    text = {line.symbol: line for line in description.lines}
    assert text["S(2,4)"].numbers == "2 · 4 / 2"
    assert text["S(2,4)"].value == "4"
    assert float(text["P(2,4)"].value) == pytest.approx(dense["probabilities"][1, 3], rel=1e-5)
    assert float(text["its share of Z_2"].value) == pytest.approx(dense["probabilities"][1, 3] * 4, rel=1e-5)
    assert description.verdict.endswith(f"= {z[1]:.6g}")
    assert "S(1,3)" in {line.symbol for line in attention.describe_entry(1, 3, base=0).lines}
    html = attention.describe_html(1, 3)
    assert escape(REPORT_SLIP) in html
    assert "P(2, 4)" in html
    assert "row 2 of P" in attention.describe_html(1, None)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: PixelAttention(np.ones((2, 2)), temperature=0.0), "temperature is 0"),
        (lambda: PixelAttention(np.ones((2, 2)), temperature=-1.0), "above 0"),
        (lambda: PixelAttention(np.ones((2, 2)), temperature=float("nan")), "temperature"),
        (lambda: PixelAttention(np.ones((2, 2)), scale=float("inf")), "image scale"),
        (lambda: PixelAttention(np.ones((2, 2)), scale=1e200), "too large"),
        (lambda: PixelAttention(np.ones((0, 2))), "one row and column"),
        (lambda: PixelAttention(np.ones(3)), "one row and column"),
        (lambda: PixelAttention(np.array([[1.0, np.nan]])), "no finite number"),
        (lambda: PixelAttention(np.random.default_rng(0).random((70, 70))), "4,900 distinct values"),
        (lambda: PixelAttention(np.ones((2, 2))).scores(range(3, 5), range(1)), "reach outside"),
        (lambda: PixelAttention(np.ones((2, 2))).describe_entry(0, 4), "reach outside"),
        (lambda: PixelAttention(np.ones((2, 2))).overview("exp", np.array([0, 5]), np.array([0, 1])), "row edges"),
        (lambda: PixelAttention(np.ones((2, 2))).overview("exp", np.array([0, 2]), np.array([1, 1])), "column edges"),
    ],
)
def test_what_cannot_be_attended_to_is_refused(make, says):
    with pytest.raises(InputError, match=says):
        make()


@pytest.mark.parametrize("grey", [26.0, 26.6, 26.7, 30.0, 100.0])
def test_an_exponential_that_no_number_holds_is_told(grey: float) -> None:
    with np.errstate(over="ignore"):
        expected = bool(np.isinf(np.exp(np.float64(grey) ** 2)))
    assert PixelAttention(np.array([[0.0, grey]])).exp_overflows == expected
