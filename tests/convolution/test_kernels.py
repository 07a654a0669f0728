import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.kernels import MAX_VALUE, PRESETS, parse_kernel, preset
from hw2gui.convolution.sizes import MAX_KERNEL, Padding
from hw2gui.convolution.window import convolve
from hw2gui.errors import InputError

sides = st.integers(1, 12)
ramp_down, ramp_right = np.mgrid[0:14.0, 0:14.0]


@given(st.sampled_from(list(PRESETS)), sides, sides)
def test_each_preset_fills_each_size_it_supports(name, height, width):
    if not PRESETS[name].supports(height, width):
        with pytest.raises(InputError, match=f"'{name}' needs {PRESETS[name].needs}.*not {height}×{width}"):
            preset(name, height, width)
        return
    weights = preset(name, height, width)
    assert weights.shape == (height, width)
    assert weights.dtype == np.float64
    assert np.isfinite(weights).all()
    assert weights.any() or name in ("zeros", "random")


@given(sides, sides, st.integers(1, 3))
def test_the_identity_gives_the_image_back_with_same_padding(height, width, dilation):
    assume(dilation == 1 or (height % 2 and width % 2))
    geometry = Geometry(14, 14, height, width, 1, Padding.same(height, width, dilation), dilation)
    assert (convolve(ramp_down + 14 * ramp_right, preset("identity", height, width), geometry) == ramp_down + 14 * ramp_right).all()


@given(sides, sides)
def test_means_keep_and_differences_lose_what_is_even(height, width):
    assert preset("box", height, width).sum() == pytest.approx(1.0)
    assert preset("gaussian", height, width).sum() == pytest.approx(1.0)
    for name in ("sobel-x", "sobel-y", "laplacian"):
        if PRESETS[name].supports(height, width):
            assert preset(name, height, width).sum() == pytest.approx(0.0, abs=1e-12)
    if PRESETS["sharpen"].supports(height, width):
        assert preset("sharpen", height, width).sum() == 1.0


@given(sides, st.integers(2, 12))
def test_sobel_sees_its_own_direction_only(height, width):
    geometry = Geometry(14, 14, height, width)
    across = convolve(ramp_right, preset("sobel-x", height, width), geometry)
    assert (across > 0).all()
    assert np.allclose(across, across[0, 0])
    assert np.allclose(convolve(ramp_down, preset("sobel-x", height, width), geometry), 0.0, atol=1e-9)
    assert (preset("sobel-y", width, height) == preset("sobel-x", height, width).T).all()


@given(st.integers(3, 12), st.integers(3, 12))
def test_the_laplacian_is_the_second_difference(height, width):
    geometry = Geometry(14, 14, height, width)
    assert np.allclose(convolve(ramp_down**2 + 3 * ramp_right**2 + ramp_down, preset("laplacian", height, width), geometry), 2 + 6)


def test_the_usual_ones_are_the_usual_ones():
    assert preset("sobel-x", 3, 3).tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert preset("sobel-x", 5, 5)[2].tolist() == [-6, -12, 0, 12, 6]
    assert (preset("gaussian", 3, 3) * 16).tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    assert preset("laplacian", 3, 3).tolist() == [[0, 1, 0], [1, -4, 1], [0, 1, 0]]
    assert preset("laplacian", 2, 3).tolist() == [[1, -2, 1], [0, 0, 0]]
    assert preset("sharpen", 3, 3).tolist() == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    assert preset("emboss", 3, 3).tolist() == [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]
    assert preset("emboss", 4, 5)[:3, 1:4].tolist() == preset("emboss", 3, 3).tolist()


def test_large_kernels_do_not_grow():
    for name in PRESETS:
        assert np.abs(preset(name, MAX_KERNEL, MAX_KERNEL)).max() <= 12


def test_random_weights_are_seeded_and_are_what_is_printed():
    assert (preset("random", 4, 5, seed=3) == preset("random", 4, 5, seed=3)).all()
    assert (preset("random", 4, 5, seed=3) != preset("random", 4, 5, seed=4)).any()
    assert [f"{value:.2f}" for value in preset("random", 4, 5).flat] == [f"{value:.10f}"[:-8] for value in preset("random", 4, 5).flat]


def test_unknown_names_and_impossible_sizes_are_refused():
    with pytest.raises(InputError, match=r"'blur'; take identity, box"):
        preset("blur", 3, 3)
    for size in ((0, 3), (3, 65)):
        with pytest.raises(InputError, match="1 to 64"):
            preset("box", *size)


@given(arrays(np.float64, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=st.floats(-MAX_VALUE, MAX_VALUE)))
def test_a_kernel_written_is_read_back_exactly(kernel):
    written = ";".join(",".join(repr(float(weight)) for weight in row) for row in kernel)
    assert (parse_kernel(written) == kernel).all()


@pytest.mark.parametrize(
    "text", ["1,2;3,4", " 1 , 2 ; 3 , 4 ", "1 2\n3 4", "1,2;\n3,4", "1.0 2.;+3,4e0\n", "\t1 2\r\n3 4", "10e-1,.2e1;3,4"]
)
def test_ways_to_write_a_kernel(text):
    assert parse_kernel(text).tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_signs():
    assert parse_kernel("-1,0,1").tolist() == [[-1.0, 0.0, 1.0]]
    assert parse_kernel("−1,−0.5").tolist() == [[-1.0, -0.5]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "kernel is empty"),
        ("  \n ", "kernel is empty"),
        ("1,2;3", "Row 2 of the kernel has 1 number and row 1 has 2"),
        ("1,2;;3,4", "Row 2 of the kernel is empty"),
        ("1,2;", "Row 2 of the kernel is empty"),
        ("1,,2", "A number is missing in row 1"),
        ("1,2;3,", "A number is missing in row 2"),
        ("1,a", "'a' in row 1 of the kernel is no number"),
        ("nan", "'nan'"),
        ("inf,1", "'inf'"),
        ("1_000", "'1_000'"),
        ("0x10", "'0x10'"),
        ("1e999", "too large"),
        ("1000001", "between −1,000,000 and 1,000,000"),
        ("٣", "'٣'"),
        ("1,2/3", "'2/3'"),
        ("x" * 500, "…'"),
        (",".join(["1"] * 65), "65 numbers; at most 64"),
        (";".join(["1"] * 65), "65 rows; at most 64"),
    ],
)
def test_what_is_no_kernel_is_refused_in_one_sentence(text, told):
    with pytest.raises(InputError) as caught:
        parse_kernel(text)
    message = str(caught.value)
    assert told in message
    assert message.endswith(".")
    assert len(message) < 160
