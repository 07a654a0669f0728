"""A setting by name: what it is called, the control that sets it, and where in its tab that control is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

PAGE = "Page: "
"""How the name of a button that chooses a page begins."""


@dataclass(frozen=True)
class Setting:
    """``Setting("temperature", "Temperature T", {"mode": "attention"})``: the fields of the state bring the control on screen."""

    title: str
    control: str
    """How its control's accessible name (or its text) begins."""
    where: dict[str, Any] = field(default_factory=dict)

    @property
    def is_page(self) -> bool:
        """Whether it is the choice of a page."""
        return self.control.startswith(PAGE)


def settings(where: dict[str, Any], *names: tuple[str, str]) -> tuple[Setting, ...]:
    """Several of the same place: (title, how the control's name begins)."""
    return tuple(Setting(title, control, where) for title, control in names)


def pages(field_name: str, *names: tuple[str, str]) -> tuple[Setting, ...]:
    """The pages of a tab: (its value in the state, what its button says)."""
    return tuple(Setting(title, f"{PAGE}{title}", {field_name: value}) for value, title in names)


def control(setting: Setting, page: QWidget) -> QWidget | None:
    """The control of *setting* on *page*, in sight and ready; of a row of buttons, the one that is chosen. None: it is not there."""
    found = [each for each in _stops(page) if _name(each).startswith(setting.control)]
    return next((each for each in found if isinstance(each, QAbstractButton) and each.isChecked()), found[0] if found else None)


def _stops(page: QWidget) -> Iterable[QWidget]:
    for each in page.findChildren(QWidget):
        # Of exclusive buttons only one is a stop for Tab, and Qt says late which.
        stop = each.focusPolicy() & (Qt.FocusPolicy.TabFocus | Qt.FocusPolicy.ClickFocus)
        if stop and each.isVisible() and each.isEnabled():
            yield each


def _name(widget: QWidget) -> str:
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
