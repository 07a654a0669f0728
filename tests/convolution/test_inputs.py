import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.inputs import SYNTHETIC, is_size, parse_image, parse_size, synthetic
from hw2gui.convolution.kernels import preset
from hw2gui.convolution.window import convolve
from hw2gui.errors import InputError

sides = st.integers(1, 40)


@given(st.sampled_from(list(SYNTHETIC)), sides, sides)
def test_each_image_fills_any_size_with_grey_levels(name, height, width):
    image = synthetic(name, height, width)
    assert image.shape == (height, width)
    assert image.dtype == np.uint8
    assert (image == synthetic(name, height, width)).all()


@given(sides, sides)
def test_an_impulse_is_one_white_pixel_in_the_centre(height, width):
    image = synthetic("impulse", height, width)
    assert np.argwhere(image).tolist() == [[(height - 1) // 2, (width - 1) // 2]]
    assert image.max() == 255


def test_an_impulse_shows_the_kernel_turned_unless_it_is_flipped():
    kernel = np.arange(1.0, 10.0).reshape(3, 3)
    image = synthetic("impulse", 5, 5) / 255
    assert (convolve(image, kernel, Geometry(5, 5, 3, 3)) == kernel[::-1, ::-1]).all()
    assert (convolve(image, kernel, Geometry(5, 5, 3, 3, flipped=True)) == kernel).all()


@given(st.integers(2, 40), st.integers(2, 40))
def test_a_gradient_rises_from_black_to_white(height, width):
    image = synthetic("gradient", height, width).astype(int)
    assert image[0, 0] == 0
    assert image[-1, -1] == 255
    assert (np.diff(image, axis=0) > 0).all()
    assert (np.diff(image, axis=1) > 0).all()


@given(sides, sides)
def test_a_checkerboard_is_of_equal_squares(height, width):
    image, square = synthetic("checkerboard", height, width), max(1, min(height, width) // 8)
    for row, column in np.ndindex(height, width):
        assert image[row, column] == 255 * ((row // square + column // square) % 2)


def test_random_images_are_seeded_and_use_every_level():
    assert (synthetic("random", 64, 64, seed=1) == synthetic("random", 64, 64, seed=1)).all()
    assert (synthetic("random", 64, 64, seed=1) != synthetic("random", 64, 64, seed=2)).any()
    assert set(synthetic("random", 64, 64).flat) == set(range(256))


def test_largest_and_impossible_sizes():
    assert synthetic("random", 1024, 1).shape == (1024, 1)
    for size in ((0, 5), (5, 1025)):
        with pytest.raises(InputError, match=f"{size[0]}×{size[1]} is not possible"):
            synthetic("gradient", *size)
    with pytest.raises(InputError, match="'noise'; take impulse, gradient"):
        synthetic("noise", 4, 4)


def test_typed_images():
    assert parse_image("0,0.5;1,-1").tolist() == [[0.0, 0.5], [1.0, -1.0]]
    assert parse_image(",".join(["1"] * 1024)).shape == (1, 1024)
    with pytest.raises(InputError, match="Row 2 of the image"):
        parse_image("1,2;3")
    with pytest.raises(InputError, match="at most 1024"):
        parse_image(";".join(["1"] * 1025))


@given(st.integers(1, 1024), st.integers(1, 1024), st.sampled_from(["x", "X", "×", " x "]))
def test_sizes_are_read(height, width, sign):
    assert is_size(f"{height}{sign}{width}")
    assert parse_size(f"{height}{sign}{width}") == (height, width)


@pytest.mark.parametrize("text", ["", "4", "4x", "x6", "4x6x1", "-4x6", "4.0x6", "axb", "٤x٦", "1,2;3,4", "9" * 5000 + "x1"])
def test_what_is_no_size_is_refused(text):
    assert not is_size(text)
    with pytest.raises(InputError, match=r"is no size; write height x width, such as 4x6\."):
        parse_size(text)


@pytest.mark.parametrize("text", ["0x6", "4x0", "1025x4", "4x999999999"])
def test_a_size_that_is_not_possible_is_refused(text):
    assert is_size(text)
    with pytest.raises(InputError, match="1 to 1024"):
        parse_size(text)


def test_every_image_can_be_convolved():
    for name in SYNTHETIC:
        assert convolve(synthetic(name, 8, 9), preset("box", 3, 3), Geometry(8, 9, 3, 3)).max() <= 255.0
