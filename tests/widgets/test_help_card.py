from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from hw2gui.widgets.help_card import Help, HelpCard

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><rect width='10' height='10'/></svg>"


def test_formulas_that_come_when_the_card_is_closed_are_dropped(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    card = HelpCard("a panel", Help("What it shows.", "a + b"), lambda _: None, page)
    card.show_below(page)
    card.show_formulas({"a + b": SVG})
    assert "img" in card.text.html
    QTest.keyClick(card, Qt.Key.Key_Escape)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    card.show_formulas({"a + b": SVG})
