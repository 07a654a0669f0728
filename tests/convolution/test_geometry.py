from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.limits import limits
from hw2gui.convolution.sizes import MAX_CHOSEN_PADDING, MAX_DILATION, MAX_IMAGE, MAX_KERNEL, Padding
from hw2gui.errors import InputError
from tests.convolution.strategies import geometries


def fits(*settings, **more):
    try:
        Geometry(*settings, **more)
    except InputError:
        return False
    return True


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ((0, 6, 2, 2), "image height is 0"),
        ((4, -1, 2, 2), "image width is -1"),
        ((4, 1025, 2, 2), "image width is 1025"),
        ((4, 6, 0, 2), "kernel height is 0"),
        ((99, 99, 2, 65), "kernel width is 65"),
        ((4, 6, 2, 2, 0), "stride is 0"),
        ((4, 6, 2, 2, -2), "stride is -2"),
        ((4, 6, 2, 2, 1, Padding.none(), 0), "dilation is 0"),
        ((4, 6, 2, 2, 1.5), "whole number"),
        ((True, 6, 1, 1), "whole number"),
        ((4, 6, 5, 2), "5×2 kernel does not fit into the 4×6 image"),
        ((4, 6, 6, 2, 1, Padding(1, 0, 0, 0)), "does not fit into the 5×6 padded image"),
        ((4, 6, 2, 2, 1, Padding.uniform(1), 6), "2×2 kernel at dilation 6 spans 7×7 pixels and does not fit into the 6×8 padded image"),
        ((4, 6, 2, 2, 1, Padding.none(), 1, False, "diagonal"), "'row' or 'column'"),
    ],
)
def test_what_is_no_convolution_is_refused_in_one_sentence(wrong, told):
    with pytest.raises(InputError) as caught:
        Geometry(*wrong)
    message = str(caught.value)
    assert told in message
    assert "\n" not in message
    assert message.endswith(".")
    assert message[0].isupper()


def test_negative_or_enormous_padding_is_refused():
    for side in ("top", "bottom", "left", "right"):
        with pytest.raises(InputError, match=side):
            Padding(**{side: -1})
    with pytest.raises(InputError, match="2049"):
        Padding.uniform(2049)


def test_sizes_of_the_homework():
    geometry = Geometry(28, 28, 5, 5)
    assert geometry.output_shape == (24, 24)
    assert geometry.matrix_shape == (576, 784)
    strided = Geometry(28, 27, 5, 4, stride=3)
    assert strided.output_shape == ((28 - 5) // 3 + 1, (27 - 4) // 3 + 1)
    assert (strided.discarded_rows, strided.discarded_columns) == (2, 2)


@given(geometries())
def test_the_last_window_fits_and_the_next_does_not(geometry):
    vertical = (geometry.output_height - 1) * geometry.stride + geometry.reach
    horizontal = (geometry.output_width - 1) * geometry.stride + geometry.reach_width
    assert vertical + geometry.discarded_rows == geometry.padded_height
    assert horizontal + geometry.discarded_columns == geometry.padded_width
    assert 0 <= geometry.discarded_rows < geometry.stride
    assert 0 <= geometry.discarded_columns < geometry.stride


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 5), st.integers(1, 5), st.integers(1, 3))
def test_same_keeps_the_size_at_stride_1(height, width, kernel_height, kernel_width, dilation):
    geometry = Geometry(height, width, kernel_height, kernel_width, 1, Padding.same(kernel_height, kernel_width, dilation), dilation)
    assert geometry.output_shape == (height, width)


def test_same_fits_the_largest_kernel_and_dilation():
    assert Geometry(1, 1, MAX_KERNEL, MAX_KERNEL, 1, Padding.same(MAX_KERNEL, MAX_KERNEL, MAX_DILATION), MAX_DILATION).output_shape == (
        1,
        1,
    )


@given(geometries())
def test_indices_and_their_inverses_for_numbers_and_arrays(geometry):
    for cells, index, inverse, shape in (
        (geometry.matrix_rows, geometry.output_index, geometry.row_of_output, geometry.output_shape),
        (geometry.matrix_columns, geometry.pixel_index, geometry.column_of_pixel, geometry.image_shape),
    ):
        places = [index(i) for i in range(cells)]
        assert [inverse(*place) for place in places] == list(range(cells))
        assert sorted(places) == [(row, column) for row in range(shape[0]) for column in range(shape[1])]
        rows, columns = index(np.arange(cells))
        assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == places
        assert inverse(rows, columns).tolist() == list(range(cells))


@given(geometries())
def test_vec_lays_each_cell_at_its_index(geometry):
    image = np.arange(geometry.matrix_columns).reshape(geometry.image_shape)
    vector = geometry.vec(image)
    assert [image[geometry.pixel_index(j)] for j in range(geometry.matrix_columns)] == vector.tolist()
    assert (geometry.unvec_image(vector) == image).all()
    output = np.arange(geometry.matrix_rows).reshape(geometry.output_shape)
    assert (geometry.unvec_output(geometry.vec(output)) == output).all()
    assert geometry.vec(output)[geometry.row_of_output(geometry.output_height - 1, 0)] == output[-1, 0]


@given(geometries())
def test_column_order_is_row_order_of_the_transposed_image(geometry):
    column_order = replace(geometry, order="column")
    turned = column_order.transposed_axes()
    assert turned.order == "row"
    assert turned.output_shape == column_order.output_shape[::-1]
    for i in range(column_order.matrix_rows):
        assert turned.output_index(i) == column_order.output_index(i)[::-1]
    for j in range(column_order.matrix_columns):
        assert turned.pixel_index(j) == column_order.pixel_index(j)[::-1]


def setting(geometry):
    return {
        "height": geometry.height,
        "width": geometry.width,
        "kernel_height": geometry.kernel_height,
        "kernel_width": geometry.kernel_width,
        "stride": geometry.stride,
        "padding": geometry.padding,
        "dilation": geometry.dilation,
    }


@settings(max_examples=60)
@given(geometries(longest=12, kernel=6, dilations=4))
def test_each_limit_is_the_last_value_that_fits(geometry):
    chosen = setting(geometry)
    ranges = limits(**chosen)
    hard = {"height": (1, MAX_IMAGE), "width": (1, MAX_IMAGE), "kernel_height": (1, MAX_KERNEL), "kernel_width": (1, MAX_KERNEL)}
    hard["dilation"] = (1, MAX_DILATION)
    for name, (smallest, largest) in hard.items():
        found = getattr(ranges, name)
        assert found.smallest <= chosen[name] <= found.largest
        assert fits(**{**chosen, name: found.smallest})
        assert fits(**{**chosen, name: found.largest})
        assert found.smallest == smallest or not fits(**{**chosen, name: found.smallest - 1})
        assert found.largest == largest or not fits(**{**chosen, name: found.largest + 1})
        assert str(found.smallest) in found.tooltip
        assert found.why_largest in found.tooltip
    assert ranges.stride.smallest == 1
    assert Geometry(**{**chosen, "stride": ranges.stride.largest}).output_shape == (1, 1)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 12), st.integers(1, 12), st.integers(1, 4))
def test_the_smallest_padding_is_the_first_that_fits(height, width, kernel_height, kernel_width, dilation):
    found = limits(height, width, kernel_height, kernel_width, 1, Padding.none(), dilation).padding
    assert found.largest == MAX_CHOSEN_PADDING
    assert fits(height, width, kernel_height, kernel_width, 1, Padding.uniform(found.smallest), dilation)
    assert found.smallest == 0 or not fits(height, width, kernel_height, kernel_width, 1, Padding.uniform(found.smallest - 1), dilation)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 64), st.integers(1, 64), st.integers(1, 64))
def test_same_padding_follows_the_kernel_so_nothing_but_the_bounds_limits_it(height, width, kernel_height, kernel_width, dilation):
    ranges = limits(height, width, kernel_height, kernel_width, 1, "same", dilation)
    assert (ranges.height.smallest, ranges.width.smallest) == (1, 1)
    assert (ranges.kernel_height.largest, ranges.kernel_width.largest) == (MAX_KERNEL, MAX_KERNEL)
    assert ranges.dilation.largest == MAX_DILATION


@given(st.integers(1, 9), st.integers(1, 64), st.integers(1, 64))
def test_ranges_are_not_empty_even_for_settings_that_do_not_fit(side, kernel, dilation):
    ranges = limits(side, side, kernel, kernel, 1, Padding.none(), dilation)
    for name in ("height", "width", "kernel_height", "kernel_width", "stride", "padding", "dilation"):
        found = getattr(ranges, name)
        assert found.smallest <= found.largest, name


def test_reasons_are_plain():
    ranges = limits(12, 9, 5, 5, 1, Padding.none(), 2)
    assert ranges.dilation.why_largest == "a 5×5 kernel at dilation 3 is 13 wide, the image is 9 wide"
    assert ranges.kernel_height.why_largest == "7 cells at dilation 2 reach 13 pixels, the image is 12 high"
    assert limits(12, 9, 5, 5, 1, Padding.uniform(1)).kernel_width.why_largest == "the padded image is 11 wide"
    assert limits(12, 9, 5, 5).height.why_smallest == "the kernel is 5 high"
