from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from hw2gui.colour import Scale, lookup_table
from hw2gui.widgets import theme
from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.legend import STRIP, Legend
from hw2gui.widgets.panel import EXPORT_FORMATS, Panel, scrolled
from hw2gui.widgets.themes import DARK
from tests.widgets.hands import LEFT, Heard, press, shot

SIGNED = Scale("diverging", -33.2789, 33.2789)


@pytest.fixture
def panel(qtbot: Any) -> Panel:
    made = Panel("z", QLabel("body"), exports=True)
    qtbot.addWidget(made)
    made.resize(320, 200)
    with qtbot.waitExposed(made):
        made.show()
    return made


def button(panel: Panel) -> QToolButton:
    (found,) = panel.findChildren(QToolButton)
    return found


def test_the_export_menu_tells_what_was_chosen(panel: Panel, qtbot: Any) -> None:
    heard = Heard(panel.export_requested)
    menu = button(panel).menu()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == [f"Save as {suffix.upper()}…" for suffix in EXPORT_FORMATS]
    menu.popup(panel.mapToGlobal(panel.rect().center()))
    QTest.mouseClick(menu, LEFT, Qt.KeyboardModifier.NoModifier, menu.actionGeometry(menu.actions()[1]).center())
    menu.popup(panel.mapToGlobal(panel.rect().center()))
    press(menu, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert heard == ["svg", "png"]


def test_a_panel_without_exports_has_no_button_and_begins_its_body_at_the_same_height(qtbot: Any) -> None:
    window = QWidget()
    row = QHBoxLayout(window)
    with_button, without = Panel("z", QWidget(), exports=True), Panel("x", QWidget())
    row.addWidget(with_button)
    row.addWidget(without)
    qtbot.addWidget(window)
    window.resize(500, 200)
    window.show()
    assert without.findChildren(QToolButton) == []
    assert with_button.body.y() == without.body.y()


def test_the_title_row_makes_room_for_words_before_numbers(panel: Panel) -> None:
    panel.legend.show_scale(SIGNED)
    panel.info.setText("1020×1020")
    QApplication.processEvents()
    wide = panel.legend.width()
    assert "−33.28" in panel.legend.toolTip() and "neutral at 0" in panel.legend.toolTip()
    panel.resize(190, 200)
    QApplication.processEvents()
    assert panel.legend.width() < wide
    assert panel.info.width() >= panel.info.text_width()  # nothing is cut off
    panel.resize(120, 200)
    QApplication.processEvents()
    assert panel.info.width() < panel.info.text_width()
    shot(panel)
    assert panel.info.toolTip() == "1020×1020"  # at least there
    panel.resize(320, 200)
    QApplication.processEvents()
    shot(panel)
    assert panel.legend.width() == wide and panel.info.toolTip() == ""


def test_title_and_range_do_not_overlap_however_narrow(panel: Panel) -> None:
    panel.title.setText("row i of P·HW")
    panel.legend.show_scale(Scale("diverging", 0.02219, 1.9778))
    for width in (320, 220, 190, 150, 120):
        panel.resize(width, 200)
        QApplication.processEvents()
        edges = [(part.x(), part.x() + part.width()) for part in (panel.title, panel.info, panel.legend, button(panel))]
        assert all(end <= begin for (_, end), (begin, _) in itertools.pairwise(edges)), width
        assert edges[-1][1] <= panel.width()


def test_the_legend_is_the_map_from_low_to_high(qtbot: Any) -> None:
    legend = Legend()
    qtbot.addWidget(legend)
    assert legend.sizeHint().width() == 0
    legend.show_scale(Scale("diverging", -1.0, 1.0), "Violet: both signs in one pixel")
    legend.resize(legend.sizeHint())
    picture = shot(legend)
    row = picture[picture.shape[0] // 2]
    table = lookup_table("diverging")
    strip = [int(np.flatnonzero(table == colour)[0]) for colour in row if colour in table]
    assert len(strip) >= STRIP - 4 and strip == sorted(strip)
    assert strip[0] < 25 and strip[-1] > 230
    assert legend.toolTip() == "Colours from −1 to 1, neutral at 0. Violet: both signs in one pixel"
    legend.show_scale(None)
    assert legend.sizeHint().width() == 0


def test_titles_are_plain_text(panel: Panel) -> None:
    """A name with < in it is shown as it is."""
    panel.info.setText("<b>x</b>")
    before = shot(panel)
    panel.info.setText("x")
    assert (shot(panel) != before).any() and panel.info.textFormat() == Qt.TextFormat.PlainText


def test_the_title_row_follows_the_theme(panel: Panel, qapp: QApplication) -> None:
    panel.info.setText("28×28 28×28")
    theme.apply(qapp, DARK)
    picture = shot(panel)
    area = picture[panel.info.geometry().top() : panel.info.geometry().bottom(), panel.info.x() + 8 : panel.info.x() + 60]
    muted = int(DARK.muted[1:], 16)
    strong = np.abs(((area >> 8) & 0xFF).astype(int) - ((muted >> 8) & 0xFF)) < 12
    assert strong.any()


def test_tab_stops_at_an_area_only_while_it_scrolls(qtbot: Any) -> None:
    inside = QLabel("text")
    area = scrolled(inside, "Words")
    qtbot.addWidget(area)
    area.resize(200, 100)
    with qtbot.waitExposed(area):
        area.show()
    assert area.focusPolicy() == Qt.FocusPolicy.NoFocus
    inside.setMinimumHeight(400)
    QApplication.processEvents()
    assert area.focusPolicy() == Qt.FocusPolicy.StrongFocus
    area.setFocus()
    press(area, Qt.Key.Key_Down)
    assert area.verticalScrollBar().value() > 0
    inside.setMinimumHeight(20)
    QApplication.processEvents()
    assert area.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_an_end_is_the_same_text_on_every_panel(qtbot: Any) -> None:
    legend = Legend()
    qtbot.addWidget(legend)
    for scale, ends in (
        (Scale("grey", 0.0, 7.9381), ("0", "7.94")),
        (Scale("diverging", -12.0, 12.0), ("", "±12")),
        (Scale("diverging", -0.25, 0.25), ("", "±0.25")),
        (Scale("diverging", -2959.3, 2959.3), ("", "±2959")),
        (Scale("diverging", -0.1049, 2.1049), ("", "1±1.1")),
        (Scale("sequential", 0.0, 0.0312), ("0", "0.031")),
    ):
        legend.show_scale(scale)
        assert legend._ends() == ends


def test_what_scrolls_keeps_off_the_bar(qtbot: Any) -> None:
    inner = QWidget()
    line = QHBoxLayout(inner)
    line.setContentsMargins(0, 0, 0, 0)
    field = QLabel("text")
    field.setFixedHeight(300)
    line.addWidget(field)
    area = scrolled(inner, "tool")
    qtbot.addWidget(area)
    area.resize(200, 400)
    with qtbot.waitExposed(area):
        area.show()
    QApplication.processEvents()
    assert field.width() == area.viewport().width() == 200
    area.resize(200, 150)
    qtbot.waitUntil(lambda: field.width() == area.viewport().width() - theme.SPACE)


def test_of_what_is_empty_no_picture_is_offered(qtbot: Any) -> None:
    panel = Panel("", QLabel("curves"), exports=True, key="Charts")
    qtbot.addWidget(panel)
    (button,) = panel.findChildren(IconButton)
    assert button.accessibleName() == "Export Charts"  # also where another control stands for the title
    panel.offer_export(False)
    assert not button.isEnabled() and "no picture" in button.toolTip()
    panel.offer_export(True)
    assert button.isEnabled() and "PNG" in button.toolTip()
