"""What keys do in a widget: said once by its class, read by screen readers and shown by the sheet of keys."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

KeyList = tuple[tuple[str, str], ...]
"""(keys, what they do), as the sheet shows them."""


def describe(widget: QWidget, keys: KeyList) -> None:
    """Say what *keys* do as the widget's accessible description."""
    widget.setAccessibleDescription(sentence(keys))


def sentence(keys: KeyList) -> str:
    """``Arrows: walk the cells. Enter: pin the cell.``"""
    return " ".join(f"{key}: {what}." for key, what in keys)


def keys_of(widget: QWidget) -> KeyList:
    """The keys that the class of *widget* says it follows."""
    found: KeyList = getattr(type(widget), "KEYS", ())
    return found
