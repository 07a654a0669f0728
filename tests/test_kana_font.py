from __future__ import annotations

from fontTools.ttLib import TTFont
from PySide6.QtGui import QRawFont
from pytestqt.qtbot import QtBot

from hw2gui import paths
from hw2gui.datasets.kmnist import CLASSES

FILE = paths.resource("fonts", "hw2gui-kana.ttf")


def test_the_font_draws_each_of_the_ten_and_nothing_else() -> None:
    font = TTFont(FILE)
    assert set(font.getBestCmap()) == {ord(one.kana) for one in CLASSES}


def test_qt_reads_it(qtbot: QtBot) -> None:
    font = QRawFont(str(FILE), 40)
    for one in CLASSES:
        assert font.supportsCharacter(ord(one.kana))
        (glyph,) = font.glyphIndexesForString(one.kana)
        box = font.boundingRect(glyph)
        assert 20 < box.width() <= 40 and 20 < box.height() <= 40
