"""Letters above letters, by their real pixels, and tables without totals."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from hw2gui.widgets import theme
from hw2gui.widgets.number_table import NumberTable
from hw2gui.widgets.table_cells import LEAD, Cell, Column, Pairing, ink_of, paint_cell
from hw2gui.widgets.table_model import TableModel

COLUMNS = (Column("first", "One", 50), Column("second", "Two", 50))
PAIRINGS = (Pairing("a", "a", "same"), Pairing("b", "x", "changed"), Pairing("c", "", "missing"), Pairing("", "d", "extra"))


class Rows:
    def __init__(self, count: int) -> None:
        self.count = count

    def cell(self, row: int, column: int) -> Cell:
        return Cell(f"{row}.{column}")

    def total(self, column: int) -> Cell:
        return Cell("")


def picture(cell: Cell, width: int = 200) -> QImage:
    image = QImage(width, 34, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.current().panel))
    painter = QPainter(image)
    paint_cell(painter, QRect(0, 0, width, 34), cell, Column("", "", 10, numeric=False), QWidget().font())
    painter.end()
    return image


def columns_of(image: QImage, colour: QColor) -> list[int]:
    """The columns in which some pixel has just this colour."""
    wanted = colour.rgb()
    return [x for x in range(image.width()) if any(image.pixel(x, y) == wanted for y in range(image.height()))]


def test_what_differs_is_marked_where_it_stands(qtbot: QtBot) -> None:
    ink = ink_of(theme.current())
    image = picture(Cell("axd", pairings=PAIRINGS))
    missing, extra = columns_of(image, ink.missing), columns_of(image, ink.extra)
    assert missing and extra and max(missing) < min(extra)
    turned = picture(Cell("axd", pairings=PAIRINGS, leftwards=True))
    assert max(columns_of(turned, ink.extra)) < min(columns_of(turned, ink.missing))
    same = picture(Cell("aa", pairings=(Pairing("a", "a", "same"),) * 2))
    assert not columns_of(same, ink.missing) and not columns_of(same, ink.extra)


def test_what_has_no_room_is_cut_not_squeezed(qtbot: QtBot) -> None:
    long = picture(Cell("x", pairings=PAIRINGS * 20), 80)
    assert columns_of(long, ink_of(theme.current()).extra)
    assert long.width() == 80


def test_rows_are_opened_and_titles_clicked(qtbot: QtBot) -> None:
    table = NumberTable("Things", COLUMNS, totals=False, sorts=True)
    qtbot.addWidget(table)
    table.show_source(Rows(3), 1)
    table.resize(200, 200)
    table.show()
    opened: list[int] = []
    sorts: list[int] = []
    table.opened.connect(opened.append)
    table.sort_asked.connect(sorts.append)
    QTest.keyClick(table.view, Qt.Key.Key_Return)
    assert opened == [1]
    header = table.view.horizontalHeader()
    at = header.sectionViewportPosition(1) + 10
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QRect(at, 5, 1, 1).center())
    assert sorts == [1]


def test_more_columns_are_another_table(qtbot: QtBot) -> None:
    table = NumberTable("Things", COLUMNS)
    qtbot.addWidget(table)
    table.show_source(Rows(3))
    table.set_columns((*COLUMNS, Column("third", "Three", 50)))
    assert table.source is None
    table.show_source(Rows(2))
    assert table.text(1, 2) == "1.2"


def test_words_keep_off_the_numbers_before_them() -> None:
    columns = [
        Column("set", "", 1, numeric=False),
        Column("images", "", 1),
        Column("state", "", 1, numeric=False),
        Column("note", "", 1, numeric=False),
    ]
    assert [TableModel(columns).lead(section) for section in range(4)] == [0, 0, LEAD, 0]
