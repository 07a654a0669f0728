"""A picture of the user's as grey pixels of the size asked for, with every step it took in plain words; and a lossless copy for later.

Nothing is decoded before its file size and the size in its header are known to be bearable.
"""

from __future__ import annotations

import hashlib
import re
import stat
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hw2gui import files, paths
from hw2gui.arrays import Pixels
from hw2gui.errors import InputError, UnavailableError, shortened

if TYPE_CHECKING:
    from PIL.Image import Image

Fit = Literal["crop", "pad", "stretch"]
Background = Literal["white", "black"]

MAX_FILE_BYTES = 64 << 20
MAX_PIXELS = 64_000_000
MAX_SIDE = 1024
"""Largest height or width answered."""

_REFUSED = {"EPS"}  # Pillow hands it to Ghostscript, another program
_GREY_LEVELS = {"white": 255, "black": 0}


class Picture(NamedTuple):
    """Grey pixels (H, W) uint8, 0 black to 255 white, and the steps from the file to them, one plain phrase each."""

    pixels: Pixels
    steps: tuple[str, ...]


def read_picture(
    path: Path, size: tuple[int, int] | None = None, *, fit: Fit = "crop", background: Background = "white", invert: bool = False
) -> Picture:
    """Read any picture Pillow reads as grey pixels of *size* (height, width).

    Without a size it keeps its own, reduced to fit within 1024×1024. What sees through is laid on *background*. To meet another shape it is
    cropped about its middle, padded with *background*, or stretched. *invert* turns dark on light into light on dark, as characters are
    in the data sets. InputError for a size out of 1 to 1024, a file too large (64 MiB, 64 million pixels) or not a picture.
    """
    if size is not None and not all(1 <= side <= MAX_SIDE for side in size):
        raise InputError(f"a picture can be 1 to {MAX_SIDE} pixels high and wide, not {size[0]} × {size[1]}")
    _check_file(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata; sizes are checked here
            return _read(path, size, fit, background, invert)
    except InputError:
        raise
    except MemoryError as error:
        raise UnavailableError(f"there is not enough memory to open {path.name}: close something or choose a smaller picture") from error
    except Exception as error:  # a damaged file can raise nearly anything in a decoder
        if type(error).__name__ == "DecompressionBombError":  # Pillow's own limit, far above ours, was passed while opening
            raise InputError(_too_many(path)) from error
        reason = "its format is not known" if type(error).__name__ == "UnidentifiedImageError" else str(error) or type(error).__name__
        raise InputError(f"{path.name} cannot be read as a picture ({reason}): choose a PNG, JPEG, TIFF, GIF, BMP or WebP file") from error


def store_picture(pixels: Pixels) -> str:
    """Keep grey pixels (H, W) uint8 as a PNG among the user's pictures; answer the digest that finds them again.

    ValueError for another array, UnavailableError where it cannot be written.
    """
    from PIL import Image

    if pixels.dtype != np.uint8 or pixels.ndim != 2 or not all(1 <= side <= MAX_SIDE for side in pixels.shape):
        raise ValueError(f"pictures are kept as (H, W) uint8 with sides up to {MAX_SIDE}, not {pixels.dtype} {pixels.shape}")
    digest = _digest(pixels)
    path = _stored(digest)
    if not path.exists():
        try:
            with files.replacing(path) as temporary:
                Image.fromarray(pixels).save(temporary, format="PNG")
        except OSError as error:
            raise UnavailableError(f"the picture cannot be kept in {path.parent} ({error.strerror or error}): make room there") from error
    return digest


def load_picture(digest: str) -> Pixels:
    """The pixels (H, W) uint8 kept under *digest*; UnavailableError when they are gone or are no longer the same."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise InputError(f"'{shortened(digest, 80)}' names no kept picture: open the picture itself again")
    path = _stored(digest)
    if not path.is_file():
        raise UnavailableError(f"the picture of this session is no longer in {path.parent}: open it again")
    try:
        pixels = read_picture(path).pixels
    except InputError as error:
        raise UnavailableError(f"the kept picture {path} is damaged: open the original again") from error
    if _digest(pixels) != digest:
        raise UnavailableError(f"the kept picture {path} was changed since: open the original again")
    return pixels


def _digest(pixels: Pixels) -> str:
    return hashlib.sha256(f"{pixels.shape[0]}x{pixels.shape[1]}:".encode() + np.ascontiguousarray(pixels).tobytes()).hexdigest()


def _stored(digest: str) -> Path:
    return paths.pictures_folder() / f"{digest}.png"


def _too_many(path: Path) -> str:
    return f"{path.name} has too many pixels to be opened: choose a picture of at most {MAX_PIXELS // 10**6} million pixels"


def _check_file(path: Path) -> None:
    try:
        info = path.stat()
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be opened ({getattr(error, 'strerror', None) or error}): choose another file") from error
    if not stat.S_ISREG(info.st_mode):
        raise InputError(f"{path} is not a file: choose a picture file")
    if info.st_size > MAX_FILE_BYTES:
        raise InputError(f"{path.name} has {info.st_size / 2**20:.0f} MiB: choose a picture file of at most {MAX_FILE_BYTES >> 20} MiB")


def _read(path: Path, size: tuple[int, int] | None, fit: Fit, background: Background, invert: bool) -> Picture:
    from PIL import Image, ImageOps

    Image.init()
    with Image.open(path, formats=[name for name in Image.OPEN if name not in _REFUSED]) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise InputError(_too_many(path))
        steps = [f"{path.name}: {opened.format}, {opened.width} wide × {opened.height} high, {opened.mode}"]
        if getattr(opened, "n_frames", 1) > 1:
            steps.append("the first of several frames")
        turned = ImageOps.exif_transpose(opened)
        if opened.getexif().get(0x0112, 1) in range(2, 9):
            steps.append("turned as its EXIF orientation says")
        grey = _grey(turned, background, steps)
    scaled = _scaled(grey, size, fit, background, steps)
    pixels = np.array(scaled, dtype=np.uint8)
    if invert:
        pixels = 255 - pixels
        steps.append("inverted: 255 − grey")
    return Picture(pixels, tuple(steps))


def _grey(image: Image, background: Background, steps: list[str]) -> Image:
    """Any mode to "L": deep greys scaled to 8 bits, transparency laid on *background*, colours weighted as in ITU-R BT.601."""
    from PIL import Image

    if image.mode.startswith(("I", "F")):
        return Image.fromarray(_eight_bits(np.asarray(image), steps))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        if image.getchannel("A").getextrema() != (255, 255):
            level = _GREY_LEVELS[background]
            image = Image.alpha_composite(Image.new("RGBA", image.size, (level, level, level, 255)), image)
            steps.append(f"what sees through laid on {background}")
        image = image.convert("RGB")
    if image.mode in ("1", "L"):
        return image.convert("L")
    if image.mode == "LAB":
        steps.append("grey = L of LAB")
        return image.getchannel(0)
    steps.append("grey = 0.299 R + 0.587 G + 0.114 B")
    return image.convert("RGB").convert("L")


def _eight_bits(values: NDArray[Any], steps: list[str]) -> Pixels:
    """Greys of 16 bits divided by 257; of any other range, stretched from their least to 0 and from their greatest to 255."""
    if values.dtype.kind in "iu" and values.min() >= 0 and 255 < values.max() <= 65_535:
        steps.append("16-bit grey ÷ 257")
        return np.rint(values / np.float32(257)).astype(np.uint8)
    if values.dtype.kind in "iu" and values.min() >= 0 and values.max() <= 255:
        return values.astype(np.uint8)
    finite = np.isfinite(values)
    if not finite.any():
        raise InputError("the picture holds no finite number: choose another one")
    low, high = float(values[finite].min()), float(values[finite].max())
    steps.append(f"grey values {low:g} to {high:g} stretched to 0 to 255" + ("" if finite.all() else ", those not finite set to 0"))
    stretched = np.zeros(values.shape) if high == low else (values.astype(np.float64) - low) * (255.0 / (high - low))
    return np.rint(np.where(finite, stretched, 0.0)).astype(np.uint8)


def _scaled(image: Image, size: tuple[int, int] | None, fit: Fit, background: Background, steps: list[str]) -> Image:
    """Bring an "L" picture to *size* (height, width), or within the largest side."""
    from PIL import Image

    width, height = image.size
    if size is None:
        factor = min(1.0, MAX_SIDE / max(width, height))
        size = max(1, round(height * factor)), max(1, round(width * factor))
        fit = "stretch"
    wanted = size[1], size[0]
    if fit == "crop":
        factor = min(width / wanted[0], height / wanted[1])
        kept = max(1, round(wanted[0] * factor)), max(1, round(wanted[1] * factor))
        if kept != image.size:
            left, top = (width - kept[0]) // 2, (height - kept[1]) // 2
            image = image.crop((left, top, left + kept[0], top + kept[1]))
            steps.append(f"cropped to the middle {kept[0]} wide × {kept[1]} high")
    if fit != "pad":
        return _resize(image, wanted, steps)
    factor = min(wanted[0] / width, wanted[1] / height)
    inner = min(wanted[0], max(1, round(width * factor))), min(wanted[1], max(1, round(height * factor)))
    scaled = _resize(image, inner, steps)
    if inner == wanted:
        return scaled
    canvas = Image.new("L", wanted, _GREY_LEVELS[background])
    canvas.paste(scaled, ((wanted[0] - inner[0]) // 2, (wanted[1] - inner[1]) // 2))
    steps.append(f"padded with {background} to {wanted[0]} wide × {wanted[1]} high")
    return canvas


def _resize(image: Image, wanted: tuple[int, int], steps: list[str]) -> Image:
    from PIL import Image

    if image.size == wanted:
        return image
    steps.append(f"scaled to {wanted[0]} wide × {wanted[1]} high (Lanczos)")
    return image.resize(wanted, Image.Resampling.LANCZOS)
