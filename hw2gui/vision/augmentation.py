"""Which random changes a training image undergoes: a frozen description, free of torch; `hw2gui.vision.augment` applies it."""

from __future__ import annotations

from dataclasses import dataclass, fields

from hw2gui.errors import InputError


@dataclass(frozen=True)
class Augmentation:
    """The greatest change of each kind; the change itself is drawn evenly between its negative and it, for each image anew.

    Shifts in pixels, rotation in degrees, scale and slant as shares (0.1: 90 to 110 %), thickness in pixels of the stroke's width,
    bend in pixels (smooth waves that displace the strokes). 0 leaves that kind out.
    """

    shift: float = 0.0
    rotation: float = 0.0
    scale: float = 0.0
    stretch: float = 0.0
    slant: float = 0.0
    thickness: float = 0.0
    bend: float = 0.0

    def __post_init__(self) -> None:
        largest = {"shift": 14.0, "rotation": 180.0, "scale": 0.9, "stretch": 0.9, "slant": 2.0, "thickness": 2.0, "bend": 7.0}
        for field in fields(self):
            if not 0.0 <= getattr(self, field.name) <= largest[field.name]:
                raise InputError(f"augmentation: {field.name} is {getattr(self, field.name):g}; choose 0 to {largest[field.name]:g}")

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
