"""The tab's pages and what can be set on them, by name."""

from __future__ import annotations

from hw2gui.widgets.setting import pages, settings

SETTINGS = (
    *pages("mode", ("convolution", "Convolution"), ("attention", "Attention")),
    *settings(
        {"mode": "convolution"},
        ("image", "Image"),
        ("image height H", "Height H"),
        ("image width W", "Width W"),
        ("grey level to paint with", "Grey level to paint with"),
        ("kernel preset", "Kernel preset"),
        ("kernel height M", "Kernel height M"),
        ("kernel width N", "Kernel width N"),
        ("stride", "Stride s"),
        ("padding", "Padding"),
        ("dilation", "Dilation d"),
        ("kernel flipped or not", "Orientation"),
        ("vec by rows or columns", "vec reads"),
        ("count from 1 or 0", "Indices from"),
    ),
    *settings({"mode": "convolution", "tool": "jacobian"}, ("nudge", "Nudge")),
    *settings(
        {"mode": "attention"},
        ("attention scale", "Image scale"),
        ("temperature", "Temperature T"),
        ("permute the pixels", "Permute the pixels"),
        ("attention stage", "Stage"),
    ),
)
