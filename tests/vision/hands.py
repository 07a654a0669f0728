"""The ten characters as two people might draw them with a mouse: stroke lists of their own, unrelated to the built-in generator's.

One writes upright and round, the other in haste, with joined strokes. Points are in a square of 100; `mouse` turns them into what a
mouse reports on a pad of 300 pixels: whole pixels, a few apart, with the tremble of a hand.
"""

from __future__ import annotations

import numpy as np

from hw2gui.vision.pen import Drawing, Stroke

UPRIGHT = (
    ("18,30 60,28", "40,8 40,40 40,70 36,80 26,82 18,74 22,64 36,56 54,50 72,52 80,64 76,78 62,86 54,84", "70,18 86,32"),
    ("24,26 76,20", "20,42 80,36", "44,6 54,30 66,58", "28,64 30,76 42,86 60,88 72,84"),
    ("12,28 88,26", "56,8 56,40 56,56 48,64 38,60 36,50 44,42 54,46 58,58 54,74 40,92"),
    ("12,38 36,28 62,26 80,34 86,50 78,66 60,76 42,80",),
    ("14,28 52,24", "36,8 28,34 14,58", "68,20 84,34", "62,42 62,62 60,78 48,86 36,82 38,72 50,70 66,76 82,88"),
    ("20,12 16,40 18,70 22,88", "38,34 86,30", "64,10 64,50 62,76 50,86 40,80 44,70 58,70 72,78 86,88"),
    ("22,24 80,22", "26,42 76,40", "52,6 52,50 50,76 38,86 26,80 30,70 46,70 62,76 78,88"),
    ("12,46 40,34 66,28 84,32 86,46 74,56 62,54", "52,8 60,22", "28,18 38,50 52,92"),
    ("26,8 26,50 26,92", "10,34 36,28 8,74 34,46 54,32 64,40 60,64 64,84 76,86 92,72"),
    ("18,22 74,20", "48,6 38,30 16,58 36,44 52,44 56,58 54,72", "84,38 58,50 36,66 36,82 52,90 80,88"),
)
HASTY = (
    ("10,34 54,34", "32,12 30,48 28,84 14,78 16,64 44,52 70,50 84,66 72,86 56,90", "64,20 82,38"),
    ("20,30 70,22", "22,48 76,38", "40,8 62,52 70,66 52,62 34,62 28,74 40,88 68,90"),
    ("6,32 94,30", "60,6 60,52 50,66 38,58 42,44 56,44 62,60 56,80 36,96"),
    ("8,44 30,34 60,28 84,38 88,58 70,76 36,86",),
    ("10,32 50,30", "34,10 26,40 10,66", "64,22 86,40", "60,46 62,80 48,92 34,84 44,74 62,78 84,94"),
    ("16,10 10,50 18,90", "34,36 92,34", "66,8 68,60 64,84 48,90 40,78 54,70 74,80 92,92"),
    ("14,26 86,24", "18,46 82,44", "50,6 52,70 44,88 28,90 20,80 32,70 54,74 84,90"),
    ("8,52 36,40 70,30 90,40 82,58 64,60", "46,6 58,22", "22,22 40,60 58,96"),
    ("30,6 30,94", "8,36 38,30 6,80 36,48 58,32 66,44 62,72 70,88 94,72"),
    ("14,26 80,22", "44,8 30,38 10,64 34,46 54,46 56,74", "90,42 60,52 34,72 44,90 84,90"),
)
HANDS = {"upright": UPRIGHT, "hasty": HASTY}

PAD = 300


def mouse(strokes: tuple[str, ...], rng: np.random.Generator, size: float = 0.7, width: float = 0.05) -> Drawing:
    """What a mouse reports of *strokes*, written *size* pads large somewhere on the pad, a little turned and squeezed."""
    angle, slant, squeeze = rng.uniform(-0.15, 0.15), rng.uniform(-0.12, 0.12), rng.uniform(0.88, 1.12)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.array([[squeeze, slant], [0, 1]])
    corner = rng.uniform(0, 1 - size, 2) + size / 2
    drawn = []
    for stroke in strokes:
        corners = np.array([[float(value) for value in point.split(",")] for point in stroke.split()]) / 100 - 0.5
        corners = (corners + rng.normal(0, 0.012, corners.shape)) @ turn.T * size + corner
        length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
        at = np.linspace(0, length[-1], max(3, int(length[-1] * PAD / 5)))
        path = np.column_stack([np.interp(at, length, corners[:, axis]) for axis in (0, 1)]) * PAD
        path = np.rint(path + rng.normal(0, 0.5, path.shape)) / PAD
        drawn.append(Stroke(tuple((float(x), float(y)) for x, y in path), width))
    return Drawing(tuple(drawn))
