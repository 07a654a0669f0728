from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QTabBar

from hw2gui.app import pages
from hw2gui.app.main_window import MainWindow
from hw2gui.app.tabs import TABS
from hw2gui.widgets.staged import Staged
from tests.app import demo
from tests.app.conftest import Open
from tests.app.whole import open_whole

WITH_PARTS = (demo.spec("demo", "DemoTab"), demo.spec("parts", "PartsTab"))


@pytest.fixture(autouse=True)
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """One part at a time, so that a test sees what is between them."""
    monkeypatch.setattr(pages, "SLICE_S", 0.0)
    monkeypatch.setattr(pages, "BREATH_MS", 0)


def click_tab(window: MainWindow, index: int) -> None:
    bar = next(bar for bar in window.findChildren(QTabBar) if bar.accessibleName() == "Subjects")
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(index).center())


def test_a_tab_that_is_clicked_is_in_front_at_once_and_its_page_comes_part_by_part(open_window: Open, qtbot: Any) -> None:
    window = open_window(show=True, tabs=WITH_PARTS)
    click_tab(window, 1)
    assert window.front == "parts" and not window.pages.is_made("parts")
    place = window.pages.currentWidget()
    assert isinstance(place, QLabel) and place.isVisible() and place.text() == "The tab parts"
    qtbot.waitUntil(lambda: window.pages.is_made("parts"))
    page = window.page("parts")
    assert isinstance(page, demo.PartsTab) and page.isVisible() and page.made == [1, 2, 3]
    assert page.shown == [demo.DemoState()]


def test_what_is_wanted_at_once_is_made_to_the_end(open_window: Open) -> None:
    window = open_window(show=True, tabs=WITH_PARTS)
    click_tab(window, 1)
    page = window.page("parts")
    assert isinstance(page, demo.PartsTab) and page.made == [1, 2, 3] and page.isVisible()
    QApplication.processEvents()
    assert window.page("parts") is page and page.shown == [demo.DemoState()]


def test_a_page_made_ahead_follows_nothing_until_it_is_opened(open_window: Open, qtbot: Any) -> None:
    window = open_window(show=True, tabs=WITH_PARTS)
    window.pages.make_ahead()
    qtbot.waitUntil(lambda: bool(demo.PartsTab.last and demo.PartsTab.last.made == [1, 2, 3, "ahead"]))
    window.document.stores["parts"].change("Size", size=4)
    assert not window.pages.is_made("parts") and demo.PartsTab.last is not None and demo.PartsTab.last.shown == []
    click_tab(window, 1)
    assert window.page("parts") is demo.PartsTab.last and demo.PartsTab.last.shown == [demo.DemoState(size=4)]


def test_another_tab_that_is_chosen_meanwhile_stays_in_front(open_window: Open, qtbot: Any) -> None:
    window = open_window(show=True, tabs=WITH_PARTS)
    click_tab(window, 1)
    click_tab(window, 0)
    for _ in range(20):
        QApplication.processEvents()
    assert window.front == "demo" and window.page("demo").isVisible() and not window.pages.is_made("parts")


def test_a_page_that_cannot_be_made_is_tried_again_and_leaves_nothing_half_made(open_window: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window(show=True, tabs=WITH_PARTS)
    monkeypatch.setattr(demo.PartsTab, "broken", True)
    with pytest.raises(RuntimeError, match="the second part"):
        window.page("parts")
    monkeypatch.setattr(demo.PartsTab, "broken", False)
    page = window.page("parts")
    assert isinstance(page, demo.PartsTab) and page.made == [1, 2, 3]


def test_the_real_tabs_can_be_made_ahead_and_ask_for_nothing(qtbot: Any, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_whole(qtbot, qapp)
    asked: list[str] = []
    keep = window.services.ask
    monkeypatch.setattr(window.services, "ask", lambda key, *rest, **more: (asked.append(key), keep(key, *rest, **more))[1])
    for _ in window.pages._everything():
        pass
    assert asked == [] and not any(window.pages.is_made(spec.key) for spec in TABS[1:])
    for spec in TABS:
        window.show_tab(spec.key)
        page = window.page(spec.key)
        assert page.isVisible() and (not isinstance(page, Staged) or page.alive)
