"""The guided tour of the first start: six stops that drive the real views, in a strip above them that stops nothing."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from hw2gui.app.lesson.questions import Place, _convolution, _letters, _parameters, _turned, _vision
from hw2gui.app.lesson.state import Lesson
from hw2gui.session.store import Store
from hw2gui.widgets.fields import text_label
from hw2gui.widgets.services import Services


@dataclass(frozen=True)
class GuideStop:
    """One stop: what is said, and the view it is said about (the first whose tab is there)."""

    title: str
    text: str
    places: tuple[Place, ...]


STOPS = (
    GuideStop(
        "One cell, four views",
        "A character x, a kernel w, their convolution z, and the matrix M that does the same work. The marked cell of z lights up what it "
        "is made of. Point anywhere; click to pin, Esc to let go.",
        (_convolution(pinned=("output", 9, 6)),),
    ),
    GuideStop(
        "Every entry has a formula",
        "This is one entry of M. At the right stands which weight it is and why, with today's numbers. Below it are tools: is M Toeplitz, "
        "what does a nudge do, does your own formula hold?",
        (_convolution(pinned=("matrix", 300, 435)),),
    ),
    GuideStop(
        "Attention over the same pixels",
        "The same image, now every pixel looks at all others. The row of P of the pixel you point at is painted as an image.",
        (_convolution(mode="attention", pinned=("image", 10, 19)),),
    ),
    GuideStop(
        "Where the parameters are",
        "A network as a stack of layers you can edit, every count with the formula behind it. The badge builds the real torch module "
        "and compares.",
        (_parameters("cnn", selected=3),),
    ),
    GuideStop(
        "Draw, and see it read",
        "Draw over this character, or clear the pad and draw your own: it is read while you draw. Look inside shows every stage of the "
        "network.",
        (Place("vision", _turned), _vision()),
    ),
    GuideStop(
        "Letters to letters",
        "The encoder–decoder of Question 3. From here on: Lesson, Questions leads through the homework; Ctrl+K finds everything; ? "
        "shows the keys.",
        (_letters(), _parameters("seq2seq")),
    ),
)


class GuideStrip(QFrame):
    """Says where the tour is, with Back, Next and Skip; hidden while there is none."""

    def __init__(self, store: Store[Lesson], services: Services, tabs: tuple[str, ...]) -> None:
        super().__init__()
        self.setObjectName("message")
        self.setAccessibleName("Guided tour")
        self._store, self._services, self._tabs = store, services, tabs
        self.text = text_label()
        self.back = QPushButton("Back")
        self.back.setToolTip("The stop before")
        self.back.clicked.connect(lambda _=False: self.go(self._store.state.tour_at - 1))
        self.next = QPushButton("Next")
        self.next.setToolTip("The next stop; Undo in a tab brings back what was there")
        self.next.clicked.connect(lambda _=False: self.go(self._store.state.tour_at + 1))
        self.skip = QPushButton("Skip")
        self.skip.setToolTip("Close the tour (Esc); Help, Guided tour takes it up again here")
        self.skip.clicked.connect(lambda _=False: store.move(tour_on=False))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 4, 6, 4)
        layout.addWidget(self.text, 1)
        for button in (self.back, self.next, self.skip):
            layout.addWidget(button)
        store.changed.connect(lambda _, now: self._show(now))
        self._show(store.state)

    def begin(self) -> None:
        """Take the tour up where it was left, or from the start when it was done."""
        at = self._store.state.tour_at
        self.go(at if at < len(STOPS) else 0)
        # Enter goes on, Esc closes.
        self.next.setFocus()

    def go(self, at: int) -> None:
        """Show stop *at* (from 0); past the last, the tour is over."""
        if at >= len(STOPS):
            self._store.move(tour_at=len(STOPS), tour_on=False)
            self._services.status("That was the tour; Help, Guided tour shows it again")
            return
        self._store.move(tour_at=max(0, at), tour_on=True)
        stop = STOPS[max(0, at)]
        place = next((place for place in stop.places if place.tab in self._tabs), None)
        if place is not None:
            self._services.show(place.tab, place.state(), f"Tour: {stop.title}")

    def _show(self, now: Lesson) -> None:
        shown = now.tour_on and 0 <= now.tour_at < len(STOPS)
        if shown:
            stop = STOPS[now.tour_at]
            self.text.setText(f"<b>{now.tour_at + 1} of {len(STOPS)} · {escape(stop.title)}.</b> {escape(stop.text)}")
            self.back.setEnabled(now.tour_at > 0)
            self.skip.setVisible(now.tour_at < len(STOPS) - 1)
            self.next.setText("Done" if now.tour_at == len(STOPS) - 1 else "Next")
        self.setVisible(shown)
