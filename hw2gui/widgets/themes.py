"""The colours of the window, light and dark, by what they mean."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """Colours by what they mean, as #rrggbb."""

    dark: bool
    window: str
    panel: str
    sunken: str
    text: str
    muted: str
    line: str
    """Between parts of the window; nobody has to see it."""
    edge: str
    """Around what one types or chooses in: seen on every ground."""
    handle: str
    """Of scroll bars: seen on every ground."""
    accent: str
    on_accent: str
    link: str
    """The hue of linked cells, the same in every view; never a colour of the colour maps."""
    link_edge: str
    """Drawn around the link hue so that it stands out from any cell colour."""
    good: str
    warning: str
    bad: str
    empty: str
    """Around the cells of a view."""
    mixed: str
    """A pixel that covers both positive and negative entries."""


LIGHT = Theme(
    dark=False,
    window="#eef0f3",
    panel="#ffffff",
    sunken="#f5f6f8",
    text="#1b1f24",
    muted="#57606a",
    line="#d0d7de",
    edge="#808892",
    handle="#7d8590",
    accent="#0b63b5",
    on_accent="#ffffff",
    link="#f59f00",
    link_edge="#000000",
    good="#1a6e35",
    warning="#8a5300",
    bad="#b3261e",
    empty="#e4e7eb",
    mixed="#8250c8",
)

DARK = Theme(
    dark=True,
    window="#15181d",
    panel="#1d2128",
    sunken="#171a20",
    text="#e6e9ee",
    muted="#a3acb8",
    line="#353c47",
    edge="#687180",
    handle="#6b7483",
    accent="#5aa9f0",
    on_accent="#0b1017",
    link="#ffc042",
    link_edge="#000000",
    good="#6fd08c",
    warning="#f2b84b",
    bad="#ff8a80",
    empty="#11141a",
    mixed="#b48cff",
)
