from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from hw2gui import paths
from hw2gui.datasets import pictures
from hw2gui.datasets.pictures import load_picture, read_picture, store_picture
from hw2gui.errors import InputError, UnavailableError

GRADIENT = np.arange(256, dtype=np.uint8).reshape(16, 16)


def saved(tmp_path: Path, image: Image.Image, name: str = "a.png", **options: Any) -> Path:
    path = tmp_path / name
    image.save(path, **options)
    return path


def test_grey_of_the_right_size_is_untouched(tmp_path: Path) -> None:
    picture = read_picture(saved(tmp_path, Image.fromarray(GRADIENT)), (16, 16))
    np.testing.assert_array_equal(picture.pixels, GRADIENT)
    assert picture.pixels.dtype == np.uint8
    assert picture.steps == ("a.png: PNG, 16 wide × 16 high, L",)


def test_colours_are_weighted_as_stated(tmp_path: Path) -> None:
    colours = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [200, 100, 50]]], dtype=np.uint8)
    picture = read_picture(saved(tmp_path, Image.fromarray(colours)), (1, 4))
    expected = colours @ np.array([0.299, 0.587, 0.114])
    assert np.abs(picture.pixels - expected).max() <= 0.51
    assert "0.299 R + 0.587 G + 0.114 B" in picture.steps[1]


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "YCbCr", "LAB", "I;16", "I", "F"])
def test_every_mode_keeps_dark_dark_and_bright_bright(tmp_path: Path, mode: str) -> None:
    grey = np.zeros((8, 8), dtype=np.uint8)
    grey[:, 4:] = 255
    if mode == "I;16":
        image = Image.fromarray(grey.astype(np.uint16) * 257)
    elif mode == "LAB":
        image = Image.merge("LAB", [Image.fromarray(grey), Image.new("L", (8, 8), 128), Image.new("L", (8, 8), 128)])
    elif mode == "CMYK":
        image = Image.fromarray(grey).convert("RGB").convert("CMYK")
    elif mode == "YCbCr":
        image = Image.fromarray(grey).convert("RGB").convert("YCbCr")
    else:
        image = Image.fromarray(grey).convert(mode)
    picture = read_picture(saved(tmp_path, image, "a.tif"), (8, 8))
    np.testing.assert_allclose(picture.pixels, grey, atol=2)


def test_sixteen_bits(tmp_path: Path) -> None:
    deep = np.array([[0, 257, 32_896, 65_535]], dtype=np.uint16)
    picture = read_picture(saved(tmp_path, Image.fromarray(deep)), (1, 4))
    np.testing.assert_array_equal(picture.pixels, [[0, 1, 128, 255]])
    assert "16-bit grey ÷ 257" in picture.steps


def test_floats_are_stretched_and_said(tmp_path: Path) -> None:
    values = np.array([[-1.0, 0.0, 1.0, np.nan]], dtype=np.float32)
    picture = read_picture(saved(tmp_path, Image.fromarray(values), "a.tif"), (1, 4))
    np.testing.assert_array_equal(picture.pixels, [[0, 128, 255, 0]])
    assert "grey values -1 to 1 stretched to 0 to 255, those not finite set to 0" in picture.steps
    with pytest.raises(InputError, match="finite"):
        read_picture(saved(tmp_path, Image.fromarray(np.full((2, 2), np.nan, np.float32)), "b.tif"))


@pytest.mark.parametrize(("background", "level"), [("white", 255), ("black", 0)])
@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_is_laid_on_the_background(tmp_path: Path, mode: str, background: Any, level: int) -> None:
    image = Image.new(mode, (2, 1), (100,) * (len(mode) - 1) + (0,))
    image.putpixel((1, 0), (100,) * (len(mode) - 1) + (255,))
    picture = read_picture(saved(tmp_path, image), (1, 2), background=background)
    np.testing.assert_array_equal(picture.pixels, [[level, 100]])
    assert f"what sees through laid on {background}" in picture.steps


def test_a_transparent_palette_colour(tmp_path: Path) -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([10, 10, 10, 60, 60, 60])
    image.putpixel((1, 0), 1)
    picture = read_picture(saved(tmp_path, image, "a.gif", transparency=0), (1, 2))
    np.testing.assert_array_equal(picture.pixels, [[255, 60]])


def test_opaque_alpha_is_no_step(tmp_path: Path) -> None:
    picture = read_picture(saved(tmp_path, Image.new("RGBA", (2, 2), (9, 9, 9, 255))), (2, 2))
    assert len(picture.steps) == 2


def test_exif_orientation(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter to the right
    grey = np.zeros((10, 20), dtype=np.uint8)
    grey[:, :4] = 255
    picture = read_picture(saved(tmp_path, Image.fromarray(grey), "a.png", exif=exif), (20, 10))
    np.testing.assert_array_equal(picture.pixels, np.rot90(grey, -1))
    assert "turned as its EXIF orientation says" in picture.steps


def test_only_the_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("L", (4, 4), level) for level in (0, 255)]
    path = saved(tmp_path, frames[0], "a.gif", save_all=True, append_images=frames[1:])
    picture = read_picture(path, (4, 4))
    assert picture.pixels.max() == 0
    assert "the first of several frames" in picture.steps


STRIPES = np.repeat(np.array([[255] * 10 + [0] * 20 + [255] * 10]), 20, axis=0).astype(np.uint8)  # 20 high, 40 wide


def test_crop_takes_the_middle(tmp_path: Path) -> None:
    picture = read_picture(saved(tmp_path, Image.fromarray(STRIPES)), (10, 10), fit="crop")
    assert picture.pixels.max() == 0
    assert picture.steps[1:] == ("cropped to the middle 20 wide × 20 high", "scaled to 10 wide × 10 high (Lanczos)")


def test_pad_keeps_everything(tmp_path: Path) -> None:
    picture = read_picture(saved(tmp_path, Image.fromarray(STRIPES)), (40, 40), fit="pad", background="black")
    np.testing.assert_array_equal(picture.pixels[10:30], STRIPES)
    assert picture.pixels[:10].max() == picture.pixels[30:].max() == 0
    assert picture.steps[1:] == ("padded with black to 40 wide × 40 high",)


def test_stretch_fills_the_square(tmp_path: Path) -> None:
    picture = read_picture(saved(tmp_path, Image.fromarray(STRIPES)), (20, 20), fit="stretch")
    np.testing.assert_array_equal(picture.pixels[:, 8:12], 0)
    np.testing.assert_array_equal(picture.pixels[:, :2], 255)


def test_invert(tmp_path: Path) -> None:
    picture = read_picture(saved(tmp_path, Image.fromarray(GRADIENT)), (16, 16), invert=True)
    np.testing.assert_array_equal(picture.pixels, 255 - GRADIENT)
    assert picture.steps[-1] == "inverted: 255 − grey"


def test_without_a_size_it_keeps_its_own_within_the_limit(tmp_path: Path) -> None:
    assert read_picture(saved(tmp_path, Image.fromarray(STRIPES))).pixels.shape == (20, 40)
    assert read_picture(saved(tmp_path, Image.new("L", (3000, 2)))).pixels.shape == (1, 1024)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    own=st.tuples(st.integers(1, 60), st.integers(1, 60)),
    size=st.tuples(st.integers(1, 60), st.integers(1, 60)),
    fit=st.sampled_from(["crop", "pad", "stretch"]),
    level=st.integers(0, 255),
)
def test_any_shape_meets_any_size(tmp_path: Path, own: tuple[int, int], size: tuple[int, int], fit: Any, level: int) -> None:
    path = saved(tmp_path, Image.new("L", own, level))
    picture = read_picture(path, size, fit=fit, background="black")
    assert picture.pixels.shape == size
    assert set(np.unique(picture.pixels)) <= {0, level}
    assert level in picture.pixels


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (1025, 5), (5, -1)])
def test_impossible_sizes(tmp_path: Path, size: tuple[int, int]) -> None:
    with pytest.raises(InputError, match="1 to 1024"):
        read_picture(saved(tmp_path, Image.fromarray(GRADIENT)), size)


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises a size and holds nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", b"")
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [8001, 12_000, 40_000])
def test_too_many_pixels_are_refused_by_the_header(tmp_path: Path, side: int) -> None:
    path = tmp_path / "huge.png"
    path.write_bytes(png_header(side, side))
    with pytest.raises(InputError, match="at most 64 million pixels"):
        read_picture(path, (28, 28))


def test_too_large_a_file_is_refused_before_opening(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.truncate(pictures.MAX_FILE_BYTES + 1)
    with pytest.raises(InputError, match="at most 64 MiB"):
        read_picture(path, (28, 28))


@pytest.mark.parametrize("content", [b"", b"hello", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", png_header(5, 5)])
def test_what_is_no_picture(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.png"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"odd\.png cannot be read as a picture") as caught:
        read_picture(path, (28, 28))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("format_name", ["PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP"])
def test_damaged_files_never_crash(tmp_path: Path, format_name: str) -> None:
    path = saved(tmp_path, Image.fromarray(GRADIENT).resize((40, 40)), "whole", format=format_name)
    whole = path.read_bytes()
    for cut in range(0, len(whole), max(1, len(whole) // 25)):
        path.write_bytes(whole[:cut] + bytes(max(0, 4 - cut)) + whole[cut + 7 :])
        try:
            picture = read_picture(path, (28, 28))
        except InputError:
            continue
        assert picture.pixels.shape == (28, 28)


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "null"])
def test_no_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "it"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "null":
        path = Path(str(path) + "\0")
    with pytest.raises(InputError, match="choose"):
        read_picture(path, (28, 28))


def test_a_stored_picture_is_found_again() -> None:
    digest = store_picture(GRADIENT)
    assert store_picture(GRADIENT.copy()) == digest
    np.testing.assert_array_equal(load_picture(digest), GRADIENT)
    assert [path.name for path in paths.pictures_folder().iterdir()] == [f"{digest}.png"]
    assert store_picture(GRADIENT.reshape(8, 32)) != digest


def test_a_picture_gone_damaged_or_changed() -> None:
    digest = store_picture(GRADIENT)
    path = paths.pictures_folder() / f"{digest}.png"
    Image.fromarray(255 - GRADIENT).save(path)
    with pytest.raises(UnavailableError, match="changed"):
        load_picture(digest)
    path.write_bytes(b"nothing")
    with pytest.raises(UnavailableError, match="damaged"):
        load_picture(digest)
    path.unlink()
    with pytest.raises(UnavailableError, match="no longer"):
        load_picture(digest)


@pytest.mark.parametrize("digest", ["", "abc", "../../etc/passwd", "A" * 64, "0" * 63 + "\n"])
def test_only_digests_name_pictures(digest: str) -> None:
    with pytest.raises(InputError):
        load_picture(digest)
