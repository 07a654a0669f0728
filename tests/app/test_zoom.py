"""The presentation's zoom: by its keys and menu, at once, with everything that goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from hw2gui.app import zoom
from hw2gui.app.catalogue import commands
from hw2gui.app.key_sheet import KeySheet
from hw2gui.app.main_window import MainWindow
from hw2gui.app.settings import ZOOMS, Settings
from hw2gui.app.tour import settle
from hw2gui.widgets.player import Player
from tests.app.conftest import ROOT, Open
from tests.app.test_window import CONTROL, SHIFT, action, page
from tests.app.whole import open_whole
from tests.widgets.hands import press

Key = Qt.Key


def zoomed(window: MainWindow, percent: int) -> None:
    """What is seen of it, on the window and in the menu."""
    QApplication.processEvents()
    assert window.isVisible() and window.devicePixelRatioF() == percent / 100 == zoom.current() / 100
    assert window.grab().devicePixelRatio() == percent / 100
    assert [action(window, f"{other} %").isChecked() for other in ZOOMS] == [other == percent for other in ZOOMS]
    assert Settings().zoom == percent


def test_the_keys_enlarge_everything_at_once_and_go_back(open_window: Open) -> None:
    window = open_window(show=True)
    window.resize(1001, 601)
    place = window.geometry()
    for percent in (125, 150, 175, 200, 200):
        press(window, Key.Key_Plus, modifier=CONTROL)
        zoomed(window, percent)
        assert abs(window.width() * percent / 100 - 1001) <= 1, "it takes the same room on the screen"
    for keys, percent in (((Key.Key_Minus, CONTROL), 175), ((Key.Key_Equal, CONTROL), 200), ((Key.Key_Plus, CONTROL | SHIFT), 200)):
        press(window, keys[0], modifier=keys[1])
        zoomed(window, percent)
    press(window, Key.Key_0, modifier=CONTROL)
    zoomed(window, 100)
    press(window, Key.Key_Minus, modifier=CONTROL)
    zoomed(window, 100)
    assert window.geometry() == place, "to the pixel"
    window.resize(1280, 720)
    press(window, Key.Key_Plus, modifier=CONTROL)
    zoomed(window, 125)
    assert (window.width(), window.height()) == (1024, 576), "from the size it was given last"


def test_a_computation_goes_on_and_the_focus_stays(open_window: Open) -> None:
    window = open_window(show=True)
    line = QLineEdit(page(window))
    line.show()
    line.setFocus()
    page(window).square(seconds=0.5)
    press(line, Key.Key_Plus, modifier=CONTROL)
    zoomed(window, 125)
    assert not window.services.idle and not window.restart_wanted
    window.activateWindow()
    QApplication.processEvents()
    assert window.focusWidget() is line
    settle(window)
    assert window.services.idle


def test_what_plays_goes_on_and_what_stands_still_stays_so(qtbot: Any, qapp: QApplication) -> None:
    window = open_whole(qtbot, qapp)
    window.show_tab("convolution")
    (player,) = (each for each in window.page("convolution").findChildren(Player) if each.isVisible())
    player.speed.setCurrentIndex(0)  # one cell a second: it is not at the end when this is
    for keys, percent in ((Key.Key_Plus, 125), (Key.Key_0, 100)):
        press(window, keys, modifier=CONTROL)
        QApplication.processEvents()
        assert zoom.current() == percent and not player.playing
    player.play.click()
    at = player.slider.value()
    for keys, percent in ((Key.Key_Plus, 125), (Key.Key_0, 100)):
        press(window, keys, modifier=CONTROL)
        QApplication.processEvents()
        assert zoom.current() == percent and player.playing and player.play.accessibleName() == "Pause"
    qtbot.waitUntil(lambda: player.slider.value() > at)
    window.show_tab("parameters")
    assert not player.playing
    window.show_tab("convolution")
    assert not player.playing, "another tab is no zoom"
    window.close()


@pytest.mark.parametrize("state", [Qt.WindowState.WindowMaximized, Qt.WindowState.WindowFullScreen])
def test_a_window_over_the_whole_screen_stays_so(open_window: Open, state: Qt.WindowState) -> None:
    window = open_window(show=True)
    window.setWindowState(state)
    for keys, percent in ((Key.Key_Plus, 125), (Key.Key_0, 100)):
        QApplication.processEvents()
        press(window, keys, modifier=CONTROL)
        zoomed(window, percent)
        assert window.windowState() & state
    window.showNormal()


def test_dialogs_follow_and_menus_that_were_open(open_window: Open) -> None:
    window = open_window(show=True)
    sheet = KeySheet(window)
    sheet.show()
    menu = window.findChildren(QMenu)[0]
    menu.popup(window.pos())
    QApplication.processEvents()
    menu.close()
    QApplication.processEvents()
    press(window, Key.Key_Plus, modifier=CONTROL)
    QApplication.processEvents()
    assert sheet.isVisible() and sheet.devicePixelRatioF() == 1.25
    assert all(keys in sheet.text.document().toPlainText() for keys in ("Ctrl++", "Ctrl+-", "Ctrl+0"))
    menu.popup(window.pos())
    QApplication.processEvents()
    assert menu.devicePixelRatioF() == 1.25 and menu.grab().devicePixelRatio() == 1.25
    menu.close()
    sheet.close()


def test_the_palette_offers_it_with_its_keys(open_window: Open) -> None:
    window = open_window(show=True)
    offered = {command.title: command for command in commands(window)}
    assert [offered[title].keys for title in ("Zoom in", "Zoom out", "Zoom back to 100 %")] == ["Ctrl++", "Ctrl+-", "Ctrl+0"]
    offered["150 %"].run()
    zoomed(window, 150)


def test_the_teachers_lock_does_not_hold_it(open_window: Open) -> None:
    window = open_window(show=True)
    window.desk.switch("locked", True)
    press(window, Key.Key_Plus, modifier=CONTROL)
    zoomed(window, 125)


def test_where_qt_cannot_do_it_live_the_program_starts_anew(open_window: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zoom, "FUNCTION", "no such thing")
    window = open_window(show=True)
    action(window, "150 %").trigger()
    QApplication.processEvents()
    assert Settings().zoom == 150 and window.restart_wanted and not window.isVisible()
    busy = open_window(show=True)
    monkeypatch.setattr(type(busy.services), "training", property(lambda _: True))
    action(busy, "200 %").trigger()
    QApplication.processEvents()
    assert busy.isVisible() and not busy.restart_wanted and "next start" in busy.messages.text


def test_it_is_kept_for_the_next_start_on_top_of_the_desktops_own_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zoom, "_percent", 100)
    monkeypatch.delenv("HW2GUI_OWN_SCALE", raising=False)
    monkeypatch.setenv("QT_SCALE_FACTOR", "2")
    zoom.at_start(150)
    assert os.environ["QT_SCALE_FACTOR"] == "3" and zoom.current() == 150
    zoom.at_start(100)
    assert os.environ["QT_SCALE_FACTOR"] == "2", "however often it starts anew"
    monkeypatch.delenv("HW2GUI_OWN_SCALE")
    monkeypatch.setenv("QT_SCALE_FACTOR", "large")
    zoom.at_start(125)
    assert os.environ["QT_SCALE_FACTOR"] == "1.25"


@pytest.mark.parametrize("factor", ["1.5", "2"])
def test_on_a_scaled_desktop_no_tab_is_cut_off(factor: str) -> None:
    environment = {**os.environ, "QT_SCALE_FACTOR": factor, "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("HW2GUI_OWN_SCALE", None)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.app.at_scale"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert (ran.returncode, ran.stdout.splitlines()) == (0, [f"at {factor}"]), ran.stderr[-2000:]
