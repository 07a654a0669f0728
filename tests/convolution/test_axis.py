import numpy as np
from hypothesis import given

from hw2gui.convolution.axis import Axis
from tests.convolution.strategies import geometries


@given(geometries())
def test_every_way_to_say_which_tap_reads_which_pixel_agrees(geometry):
    for axis in (Axis.vertical(geometry), Axis.horizontal(geometry)):
        truth = {}
        for output in range(axis.output):
            for place in range(axis.kernel):
                tap = axis.kernel - 1 - place if axis.flipped else place
                pixel = axis.stride * output + axis.dilation * place - axis.before
                if 0 <= pixel < axis.image:
                    truth[output, pixel] = tap
        table = axis.tap_at(np.arange(axis.output)[:, None], np.arange(axis.image)[None, :])
        assert {(o, p): table[o, p] for o, p in np.argwhere(table >= 0).tolist()} == truth
        for tap in range(axis.kernel):
            pairs = list(zip(axis.outputs(tap), axis.pixels(tap), strict=True))
            assert pairs == sorted(pair for pair, of in truth.items() if of == tap)
            assert axis.hits()[tap] == len(pairs)
        for output in range(axis.output):
            places, inside = axis.window(output)
            assert {(output, int(p)): k for k, p in enumerate(places) if inside[k]} == {at: k for at, k in truth.items() if at[0] == output}
        for pixel in range(axis.image):
            taps, outputs = axis.readers(pixel)
            assert dict(zip(outputs.tolist(), taps.tolist(), strict=True)) == {o: k for (o, p), k in truth.items() if p == pixel}
        assert np.flatnonzero(axis.pixels_read()).tolist() == sorted({pixel for _, pixel in truth})
