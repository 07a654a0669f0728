"""The tab of character models: the pages' buttons, the model, the text, and below them the page in front."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from hw2gui.names import load
from hw2gui.seq2seq.gui.desk import Desk
from hw2gui.seq2seq.gui.model_bar import ModelBar
from hw2gui.seq2seq.gui.reader import Reader
from hw2gui.seq2seq.gui.text_bar import TextBar
from hw2gui.seq2seq.pages import PAGES, PageSpec
from hw2gui.seq2seq.state import Seq2SeqState
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.fields import Choices
from hw2gui.widgets.focus import handing_on
from hw2gui.widgets.services import Services
from hw2gui.widgets.staged import PageStack, Staged


class Seq2SeqTab(Staged):
    """Follows its store; a page is made when it is first shown."""

    def __init__(self, store: Store[Seq2SeqState], services: Services, *, whole: bool = True) -> None:
        super().__init__()
        self._store, self._services = store, services
        self._pages: dict[str, Any] = {}
        self.build(whole=whole)

    def parts(self) -> Iterator[None]:
        """What stands above the pages, and the page that is chosen."""
        self.desk = Desk(self._store, self._services, Reader(self._services))
        self.buttons = Choices("Page", tuple((page.key, page.title, page.hint) for page in PAGES))
        self.buttons.chosen.connect(lambda key: self._store.change("Page", page=key))
        # Where no model is chosen the buttons stay where they are.
        self.buttons.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._stack = PageStack()
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addLayout(top)
        layout.addWidget(self._stack, 1)
        top.addWidget(self.buttons, alignment=Qt.AlignmentFlag.AlignLeft)
        yield
        self.models = ModelBar(self._store, self._services)
        top.addWidget(self.models, 1)
        top.addStrut(self.models.sizeHint().height())  # where no model is chosen the page begins where it does else
        layout.insertWidget(1, self.models.problem)
        yield
        self.text = TextBar(self.desk)
        yield
        layout.insertWidget(2, self.text)
        yield
        self.page(self._store.state.page)

    def live(self) -> None:
        """Follow the store."""
        self._store.changed.connect(self._show)
        self._show(None, self._store.state)

    def ahead(self) -> Iterator[None]:
        """The other pages."""
        from hw2gui.widgets.spare_axes import prepare

        for spec in (spec for spec in PAGES if spec.ahead and spec.key not in self._pages):
            for _ in range(spec.plots):
                prepare(self)
                yield
            self.page(spec.key)
            yield

    def home(self) -> None:
        """Bring the page in front to where it begins."""
        front = self.page(self._store.state.page)
        if hasattr(front, "home"):
            front.home()

    def open_file(self, path: Path) -> None:
        """Look at the pairs of the table in the file *path*."""
        self.page("data").open_table(path)

    def page(self, key: str) -> Any:
        """The widget of the page *key*, made when it is first asked for."""
        if key not in self._pages:
            self._pages[key] = made = load(_spec(key).widget)(self.desk)
            self._stack.addWidget(made)
        return self._pages[key]

    def _show(self, before: Seq2SeqState | None, now: Seq2SeqState) -> None:
        spec = _spec(now.page)
        front = self.page(now.page)
        self.buttons.show_choice(now.page)
        with handing_on(self.buttons.button(now.page)):
            self.models.setVisible(spec.opens)
            self.models.show_state(before, now)
            self.text.setVisible(spec.reads)
            if spec.reads:
                self.text.show_state(now)
                self.desk.reader.ask(now.question)
            front.show_state(before if before is not None and before.page == now.page else None, now)
            self._stack.setCurrentWidget(front)


def _spec(key: str) -> PageSpec:
    return next(page for page in PAGES if page.key == key)
