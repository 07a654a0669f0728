"""Many small pictures in a grid, each with a caption; click one, or a pixel of one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from hw2gui.widgets import theme
from hw2gui.widgets.focus import paint_focus
from hw2gui.widgets.keyboard import KeyList, describe
from hw2gui.widgets.small_picture import Picture, fitted, image_of, paint_frame, paint_pixel

GAP = 6
SMALLEST = 0.8
"""Captions that have no room are written so much smaller at most."""
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class ImageGrid(QWidget):
    """Pictures as large as fit, in rows."""

    TITLE = "Rows of pictures"
    KEYS: KeyList = (
        ("Arrows", "walk the pictures"),
        ("Enter or Space", "choose the picture, or go into it where its values can be clicked: arrows walk them, Enter clicks"),
        ("Esc", "come out of the picture"),
    )

    clicked = Signal(int)
    """The number of the picture clicked, or chosen with Enter."""
    pixel_clicked = Signal(int, int, int)
    """(picture, row, column) of the pixel clicked."""
    hovered = Signal(object)
    """(picture, row, column) under the pointer, or None."""

    def __init__(
        self, name: str, *, columns: int = 0, largest: int = 160, captions: bool = True, empty: str = "", pixels: bool = False
    ) -> None:
        """*columns* 0: as many as make the pictures largest. *largest*: the largest side of a picture, in logical pixels.

        *empty*: the sentence that stands where there are no pictures. *pixels*: the keyboard goes into the pictures.
        """
        super().__init__()
        self.setAccessibleName(name)
        describe(self, self.KEYS)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._columns, self._largest, self._captions = columns, largest, captions
        self._empty, self._pixels = empty, pixels
        self._inside: tuple[int, int, int] | None = None
        """The pixel the keyboard is on."""
        self._pictures: tuple[Picture, ...] = ()
        self._images: list[QImage] = []
        self._chosen: int | None = None
        self._pinned: tuple[int, int, int] | None = None
        self._highest = 0
        self._widest_caption = 0
        self._laid_out: tuple[tuple[int, ...], tuple[int, int]] | None = None
        """What the last layout depended on, and it: asked for each picture of every painting."""

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """What is shown."""
        return self._pictures

    def show_pictures(self, pictures: tuple[Picture, ...], chosen: int | None = None) -> None:
        """Show *pictures*, with a frame around *chosen*."""
        self._pictures, self._chosen = pictures, chosen
        letters = self.fontMetrics()
        self._widest_caption = max((letters.horizontalAdvance(one.caption) for one in pictures), default=0) if self._captions else 0
        if self._inside is not None and self._inside[0] >= len(pictures):
            self._inside = None
        self._images = []
        self.update()

    def fit_height(self, height: int) -> None:
        """Lay the pictures out as if there were only so much room, so that those of grids below each other stand in columns."""
        if height != self._highest:
            self._highest = height
            self.update()

    def pin(self, pixel: tuple[int, int, int] | None) -> None:
        """Mark (picture, row, column)."""
        self._pinned = pixel
        self.update()

    def sizeHint(self) -> QSize:
        """Room for a few rows."""
        return QSize(240, 120)

    def minimumSizeHint(self) -> QSize:
        """Small; layouts decide."""
        return QSize(40, 30)

    # -- geometry -----------------------------------------------------------------------------------------------------------------

    def _caption_height(self) -> int:
        return self.fontMetrics().height() if self._captions else 0

    def _layout(self) -> tuple[int, int]:
        """(columns, side of a picture): the side is the largest that lets all pictures be seen."""
        about = (len(self._pictures), self.width(), self._room_down, self._caption_height())
        if self._laid_out is None or self._laid_out[0] != about:
            self._laid_out = (about, self._best_layout())
        return self._laid_out[1]

    @property
    def _room_down(self) -> int:
        return min(self.height(), self._highest) if self._highest else self.height()

    def _best_layout(self) -> tuple[int, int]:
        count = max(1, len(self._pictures))
        choices = [self._columns] if self._columns else range(1, count + 1)
        best = (1, 8)
        for columns in choices:
            rows = -(-count // columns)
            side = min((self.width() + GAP) // columns - GAP, (self._room_down + GAP) // rows - GAP - self._caption_height(), self._largest)
            # Where it is the same, more columns: a few pictures stand in a row.
            if side >= best[1] or best == (1, 8):
                best = (columns, max(side, 8))
        return best

    def _pitch(self) -> int:
        """From one picture to the next: as far as captions need, where there is room."""
        columns, side = self._layout()
        return max(side + GAP, min(self._widest_caption + GAP, self.width() // columns))

    def picture_rect(self, number: int) -> QRect:
        """Where picture *number* lies, without its caption."""
        columns, side = self._layout()
        row, column = divmod(number, columns)
        return QRect(column * self._pitch(), row * (side + GAP + self._caption_height()), side, side)

    def _at(self, event: QMouseEvent) -> tuple[int, int, int] | None:
        position = event.position()
        for number, picture in enumerate(self._pictures):
            rect = self.picture_rect(number)
            if QRectF(rect).contains(position):
                height, width = picture.values.shape
                inner = fitted(rect, width, height)
                row = int((position.y() - inner.y()) / inner.height() * height)
                column = int((position.x() - inner.x()) / inner.width() * width)
                return number, min(max(row, 0), height - 1), min(max(column, 0), width - 1)
        return None

    # -- painting -----------------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Pictures, captions, frames."""
        colours = theme.current()
        if len(self._images) != len(self._pictures):
            self._images = [image_of(picture, colours.dark) for picture in self._pictures]
        painter = QPainter(self)
        painter.setFont(self._caption_font())
        for number, (picture, image) in enumerate(zip(self._pictures, self._images, strict=True)):
            rect = self.picture_rect(number)
            height, width = picture.values.shape
            painter.drawImage(fitted(rect, width, height), image)
            if self._captions:
                painter.setPen(QColor(colours.bad if picture.bad else colours.muted))
                below = QRect(rect.center().x() - self._pitch() // 2, rect.bottom() + 1, self._pitch(), self._caption_height())
                painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, picture.caption)
            if number == self._chosen:
                painter.setPen(QPen(QColor(colours.link), 2))
                painter.drawRect(rect.adjusted(-1, -1, 1, 1))
            if picture.frame is not None:
                paint_frame(painter, fitted(rect, width, height), picture)
            if self._pinned is not None and self._pinned[0] == number:
                edges = ((colours.link_edge, 3.5), (colours.link, 2.0))
                paint_pixel(painter, fitted(rect, width, height), picture, self._pinned[1:], edges)
            if self._inside is not None and self._inside[0] == number:
                edges = ((colours.panel, 4.5), (colours.text, 2.0))
                paint_pixel(painter, fitted(rect, width, height), picture, self._inside[1:], edges)
        painter.setFont(self.font())
        if not self._pictures:
            painter.setPen(QColor(colours.muted))
            words = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect().adjusted(GAP, 0, -GAP, 0), words, self._empty)
        if self.hasFocus():
            paint_focus(painter, self.rect())

    def _caption_font(self) -> QFont:
        """As small as the widest caption needs, and no smaller than can be read."""
        font, wide = self.font(), self._pitch() - 2
        if self._widest_caption > wide:
            font.setPointSizeF(font.pointSizeF() * max(SMALLEST, wide / self._widest_caption))
        return font

    # -- events -------------------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a picture and a pixel of it; keys go on from there."""
        place = self._at(event)
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            if self._pixels:
                self._chosen = None
            if self._inside is not None:
                self._go(place)
            self.clicked.emit(place[0])
            self.pixel_clicked.emit(*place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover."""
        place = self._at(event)
        self.setToolTip(self._pictures[place[0]].tooltip if place else "")
        self.hovered.emit(place)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is hovered any more."""
        self.hovered.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk the pictures, or the values of one; Enter chooses, or goes in."""
        key = Qt.Key(event.key())
        handled = bool(self._pictures) and (self._pixel_key(key) if self._inside is not None else self._picture_key(key))
        if not handled:
            super().keyPressEvent(event)

    @property
    def _current(self) -> int | None:
        """The picture that keys go on from: the one framed, or else that of the pinned pixel."""
        pinned = self._pinned[0] if self._pinned is not None and self._pinned[0] < len(self._pictures) else None
        return self._chosen if self._chosen is not None else pinned

    def _picture_key(self, key: Qt.Key) -> bool:
        columns, _ = self._layout()
        current = self._current
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns}
        if key in steps:
            at = 0 if current is None else current + steps[key]
            self._chosen = min(max(at, 0), len(self._pictures) - 1)
            picture = self._pictures[self._chosen]
            self.setAccessibleDescription(picture.tooltip or picture.caption)
            self.update()
        elif key in ENTER and current is not None and self._pixels:
            height, width = self._pictures[current].values.shape
            pinned = self._pinned if self._pinned is not None and self._pinned[0] == current else None
            self._go(pinned or (current, height // 2, width // 2))
        elif key in ENTER and current is not None:
            self.clicked.emit(current)
        else:
            return False
        return True

    def _pixel_key(self, key: Qt.Key) -> bool:
        assert self._inside is not None
        number, row, column = self._inside
        height, width = self._pictures[number].values.shape
        steps = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        if key in steps:
            down, right = steps[key]
            self._go((number, min(max(row + down, 0), height - 1), min(max(column + right, 0), width - 1)))
        elif key in ENTER:
            self.clicked.emit(number)
            self.pixel_clicked.emit(number, row, column)
        elif key == Qt.Key.Key_Escape:
            self._go(None)
        else:
            return False
        return True

    def _go(self, place: tuple[int, int, int] | None) -> None:
        """The keyboard is on another pixel, or on none."""
        self._inside = place
        if place is not None:
            number, row, column = place
            value = float(self._pictures[number].values[row, column])
            self.setAccessibleDescription(f"picture {number + 1}, row {row + 1}, column {column + 1}: {value:.5g}")
        self.hovered.emit(place)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard's pixel goes with the focus."""
        super().focusOutEvent(event)
        if self._inside is not None:
            self._go(None)
        describe(self, self.KEYS)

    def changeEvent(self, event: QEvent) -> None:
        """A new theme: new colours."""
        if event.type() == QEvent.Type.PaletteChange:
            self._images = []
            self.update()
        super().changeEvent(event)
