"""A card that says what one is looking at: a few sentences, a formula, and terms that explain themselves when clicked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QByteArray, QPoint, QRectF, QSize, Qt, QUrl
from PySide6.QtGui import QKeyEvent, QPainter, QPixmap, QTextDocument
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from shiboken6 import isValid

from hw2gui.widgets import theme
from hw2gui.widgets.rich_text import RichText

WIDTH = 380
TALLEST = 420
AWAITED = "…"
"""Stands where a formula is about to be drawn."""
TALL = "frac"
"""A formula with this is as high as two lines."""
LARGER = 1.25
"""Formulas are drawn so many times the size they say, to stand beside text of the window."""


@dataclass(frozen=True)
class Help:
    """What a panel shows; its formula in mathtext; names of terms of the glossary."""

    text: str
    formula: str = ""
    terms: tuple[str, ...] = ()


class HelpCard(QFrame):
    """Pops up below what it explains; a click elsewhere or Esc closes it."""

    def __init__(self, title: str, help_: Help, asked: Callable[[str], None], parent: QWidget) -> None:
        """*asked* is called with the name of a term that is clicked."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("palette")
        self.setAccessibleName(f"Help: {title}")
        self.title, self.help = title, help_
        self.text = RichText(f"What is {title}")
        self.text.anchorClicked.connect(lambda url: asked(url.toString().removeprefix("term:")))
        self._pictures = Pictures()
        self._below: list[tuple[str, str, str]] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE, theme.SPACE, theme.SPACE, theme.SPACE)
        layout.addWidget(self.text)
        self._refresh()

    def show_formulas(self, pictures: dict[str, bytes]) -> None:
        """Put the *pictures* (SVG) in the place of the formulas. They may come when the card is closed, and gone, already."""
        if not isValid(self):
            return
        self._pictures.take(pictures)
        self._refresh()

    def add_term(self, name: str, meaning: str, formula: str) -> None:
        """Explain a term below."""
        if name not in (known[0] for known in self._below):
            self._below.append((name, meaning, formula))
        self._refresh()

    def show_below(self, widget: QWidget) -> None:
        """Pop up under *widget*, within the screen."""
        at = widget.mapToGlobal(QPoint(0, widget.height() + 2))
        screen = widget.screen().availableGeometry()
        self.move(max(screen.left(), min(at.x() + widget.width() - self.width(), screen.right() - self.width())), at.y())
        if self.y() + self.height() > screen.bottom():
            self.move(self.x(), max(screen.top(), screen.bottom() - self.height()))
        self.show()
        self.text.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _refresh(self) -> None:
        colour = theme.current().accent
        links = " · ".join(f"<a style='color: {colour}' href='term:{escape(name)}'>{escape(name)}</a>" for name in self.help.terms)
        parts = [f"<p><b>{escape(self.title)}</b></p><p>{escape(self.help.text)}</p>", formula_html(self.help.formula, self._pictures)]
        if links:
            parts.append(f"<p>Terms: {links}</p>")
        parts += [
            f"<p><b>{escape(name)}</b>. {escape(what)}</p>{formula_html(formula, self._pictures)}" for name, what, formula in self._below
        ]
        formulas = (self.help.formula, *(formula for _, _, formula in self._below))
        self._pictures.give(self.text.document(), formulas, self.devicePixelRatioF())
        self.text.show_html("".join(parts))
        self.text.document().setTextWidth(WIDTH - 3 * theme.SPACE)
        height = round(self.text.document().size().height()) + 3 * theme.SPACE
        self.setFixedSize(QSize(WIDTH, min(height, TALLEST)))


def formula_html(formula: str, pictures: Pictures) -> str:
    """A place for *formula*: its picture where it is there, else as many lines as most take, so that little moves when it comes.

    Its source, which would be read as a fault of the program, stands only where it cannot be drawn.
    """
    if not formula:
        return ""
    if formula in pictures:
        return f"<p><img src='formula:{escape(formula, quote=True)}'></p>"
    if pictures.given_up:
        return f"<p><i>{escape(formula)}</i></p>"
    colour = theme.current().muted
    return f"<p style='color: {colour}'>{AWAITED}{'<br>&nbsp;' if TALL in formula else ''}</p>"


class Pictures:
    """Formulas drawn, by their source; each is painted once for the screen it is on."""

    def __init__(self) -> None:
        self._sources: dict[str, QByteArray] = {}
        self._painted: dict[tuple[str, float], QPixmap] = {}
        self.given_up = False
        """Whether what is not here will not come."""

    def __contains__(self, formula: str) -> bool:
        return formula in self._sources

    def take(self, pictures: dict[str, bytes]) -> None:
        """Keep *pictures* (SVG), in the place of what was drawn of the same formulas; none: they cannot be drawn."""
        self.given_up = not pictures
        self._sources |= {formula: QByteArray(picture) for formula, picture in pictures.items()}
        self._painted = {key: pixmap for key, pixmap in self._painted.items() if key[0] not in pictures}

    def give(self, document: QTextDocument, formulas: Iterable[str], density: float) -> None:
        """Give *document* the pictures its *formulas* name, those that are there."""
        for formula in formulas:
            if formula in self._sources:
                if (formula, density) not in self._painted:
                    self._painted[formula, density] = _pixmap(self._sources[formula], density)
                picture = self._painted[formula, density]
                document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(f"formula:{formula}"), picture)


def _pixmap(picture: QByteArray, density: float) -> QPixmap:
    renderer = QSvgRenderer(picture)
    size = renderer.defaultSize().toSizeF() * LARGER
    pixmap = QPixmap((size * density).toSize())
    pixmap.setDevicePixelRatio(density)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size.width(), size.height()))
    painter.end()
    return pixmap
