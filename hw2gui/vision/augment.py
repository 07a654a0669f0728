"""Random changes of training images, a whole batch at a time. Only for the processes that compute: it imports torch."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from hw2gui.vision.augmentation import Augmentation


def augment(images: Tensor, by: Augmentation, generator: torch.Generator | None = None) -> Tensor:
    """Change *images* (N, 1, H, W), values from 0, each in its own way; what is moved in from outside is 0.

    Same images, description and state of *generator* (torch's own where there is none): same result. All random numbers are drawn on
    the CPU, so they do not depend on the device. With nothing to change, *images* itself.
    """
    if by.thickness:
        images = _thickened(images, _even(len(images), by.thickness, generator, images))
    return _moved(images, by, generator) if by.moves else images


def _even(count: int, greatest: float, generator: torch.Generator | None, like: Tensor) -> Tensor:
    """(count,) numbers, evenly from -greatest to greatest, on the device of *like*."""
    return ((torch.rand(count, generator=generator) * 2 - 1) * greatest).to(like.device, like.dtype)


def _thickened(images: Tensor, change: Tensor) -> Tensor:
    """Strokes *change* (N,) pixels wider (negative: thinner).

    A 3×3 maximum widens a stroke by 2 pixels, a minimum thins it by as much; between lies the blend.
    """
    wider = functional.max_pool2d(images, 3, stride=1, padding=1)
    thinner = -functional.max_pool2d(-images, 3, stride=1, padding=1)
    share = (change / 2)[:, None, None, None]
    return torch.where(share > 0, images + share * (wider - images), images - share * (thinner - images))


def _moved(images: Tensor, by: Augmentation, generator: torch.Generator | None) -> Tensor:
    """Affine map and bend in one bilinear sampling. The grid runs from -1 to 1 over the picture's edges."""
    count, _, height, width = images.shape

    def draw(greatest: float) -> Tensor:
        return _even(count, greatest, generator, images)

    angle, size, stretch, slant = draw(math.radians(by.rotation)), 1 + draw(by.scale), 1 + draw(by.stretch), draw(by.slant)
    right, down = draw(by.shift) * (2 / width), draw(by.shift) * (2 / height)
    cos, sin = torch.cos(angle) / size, torch.sin(angle) / size
    # Rows of the inverse map, from where a pixel lands to where it comes from.
    rows = [cos * stretch, sin * stretch + slant, -right, -sin, cos, -down]
    grid = functional.affine_grid(torch.stack(rows, dim=1).reshape(count, 2, 3), list(images.shape), align_corners=False)
    if by.bend:
        grid = grid + _waves(count, height, width, by.bend * (2 / width), generator, images)
    return functional.grid_sample(images, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def _waves(count: int, height: int, width: int, greatest: float, generator: torch.Generator | None, like: Tensor) -> Tensor:
    """Smooth displacements (N, H, W, 2): random vectors on a coarse 4×4 lattice, interpolated bicubically."""
    lattice = ((torch.rand(count, 2, 4, 4, generator=generator) * 2 - 1) * greatest).to(like.device, like.dtype)
    return functional.interpolate(lattice, size=(height, width), mode="bicubic", align_corners=True).permute(0, 2, 3, 1)
