"""Which random changes a training image undergoes: a frozen description, free of torch; `hw2gui.vision.augment` applies it."""

from __future__ import annotations

from dataclasses import dataclass, fields

from hw2gui.training.fields import check_fields, real


@dataclass(frozen=True)
class Augmentation:
    """The greatest change of each kind; the change itself is drawn evenly between its negative and it, for each image anew.

    Shifts in pixels, rotation in degrees, scale and slant as shares (0.1: 90 to 110 %), thickness in pixels of the stroke's width,
    bend in pixels (smooth waves that displace the strokes). 0 leaves that kind out.
    """

    shift: float = real("Shift", 0, "Up to so many pixels, across and down.", minimum=0, maximum=14, unit="pixels")
    rotation: float = real("Rotation", 0, "Up to so many degrees, either way.", minimum=0, maximum=180, unit="degrees")
    scale: float = real("Scale", 0, "Larger or smaller by up to this share.", minimum=0, maximum=0.9)
    stretch: float = real("Stretch", 0, "Wider or narrower by up to this share.", minimum=0, maximum=0.9)
    slant: float = real("Slant", 0, "Sheared by up to so many pixels a row.", minimum=0, maximum=2)
    thickness: float = real("Thickness", 0, "Strokes thicker or thinner by up to so much.", minimum=0, maximum=2, unit="pixels")
    bend: float = real("Bend", 0, "Smooth waves displace the strokes by up to so much.", minimum=0, maximum=7, unit="pixels")

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def active(self) -> bool:
        """Whether anything is changed at all."""
        return any(getattr(self, field.name) for field in fields(self))

    @property
    def moves(self) -> bool:
        """Whether pixels move (everything but thickness)."""
        return any(getattr(self, field.name) for field in fields(self) if field.name != "thickness")


NONE = Augmentation()
SHIFTS = Augmentation(shift=2.0)
"""Whole-character shifts of up to two pixels, as a hand places a character."""

HANDWRITING = Augmentation(shift=2.0, rotation=12.0, scale=0.12, stretch=0.1, slant=0.15, thickness=1.2, bend=1.2)
"""What differs between hands: place, turn, size, proportion, slant, pen and wobble."""
