"""The left side of a training room: the settings of the next run, the button that begins it, and the race."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from hw2gui.training.gui.race_box import RaceBox
from hw2gui.training.gui.section import Section
from hw2gui.training.gui.settings import basic_section, more_section
from hw2gui.training.room import Room
from hw2gui.widgets.buttons import make_primary
from hw2gui.widgets.fold import Fold
from hw2gui.widgets.panel import Panel, scrolled

WIDTH = 316

BEGIN = "Start a new run with these settings, in a process of its own"
UNDER_WAY = "A training is under way: stop it, or wait for its end"


class SettingsSide(QWidget):
    """*head* stands above the settings that all subjects share, *folded* (title, section) below them."""

    edited = Signal(str, object, object)
    """(label, gesture, configuration): the user changed a setting."""
    room_edited = Signal(str, object)
    """(label, room): the user chose other racers."""
    start_wanted = Signal()
    race_wanted = Signal()
    range_wanted = Signal()
    sweep_wanted = Signal()

    def __init__(self, head: Section, folded: Sequence[tuple[str, Section]]) -> None:
        super().__init__()
        self.more = more = more_section()
        self.sections: tuple[Section, ...] = (head, basic_section(), *(section for _, section in folded), more)
        for section in self.sections:
            section.edited.connect(self.edited)
        self.begin = QPushButton("Train")
        self.begin.setToolTip(BEGIN)
        make_primary(self.begin)
        self.begin.clicked.connect(lambda _=False: self.start_wanted.emit())
        self.racing = RaceBox()
        self.racing.edited.connect(self.room_edited)
        self.racing.race_wanted.connect(self.race_wanted)
        self.racing.range_wanted.connect(self.range_wanted)
        self.racing.sweep_wanted.connect(self.sweep_wanted)
        settings = QWidget()
        column = QVBoxLayout(settings)
        column.setContentsMargins(0, 0, 10, 0)
        column.setSpacing(6)
        column.addWidget(self.sections[0])
        column.addWidget(self.sections[1])
        for title, section in (*folded, ("More", more)):
            column.addWidget(Fold(title, section))
        column.addStretch(1)
        panel = Panel("Settings of the next run", scrolled(settings, "Settings of the next run"))
        panel.add_below(self.begin)
        panel.add_below(Fold("Learning-rate race", self.racing, "Several rates, several seeds, one plot", unfolded=True))
        self.setFixedWidth(WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(panel)

    def show_state(self, setup: Any, room: Room) -> None:
        """Show the configuration of the next run, and what races."""
        for section in self.sections:
            section.show_config(setup)
        self.racing.show_room(room, setup.training.seed)
        make_primary(self.begin, not room.sweeping)  # a sweep has a button of its own

    def refuse_device(self, why: str) -> None:
        """Say under the settings it is among why a device cannot be chosen, and show again the one that is."""
        self.more.show_fields()
        self.more.refuse(why)

    def show_busy(self, busy: bool) -> None:
        """While a training is under way none begins."""
        self.begin.setEnabled(not busy)
        self.begin.setToolTip(UNDER_WAY if busy else BEGIN)
        self.racing.show_possible(not busy, UNDER_WAY)
