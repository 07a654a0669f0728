"""The data page with real events."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from hw2gui.datasets import pairs, registry
from hw2gui.datasets.pairs import open_corpus
from hw2gui.seq2seq.data_choice import DataChoice
from hw2gui.seq2seq.gui.data_page import DataPage
from hw2gui.session.store import Store
from tests.seq2seq.gui.bench import Chosen, Given, check, click, on_screen, silent_controls
from tests.seq2seq.test_data_view import LINES
from tests.services import InlineServices

LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def store() -> Store[Chosen]:
    return Store(Chosen(page="data", data=DataChoice("starter-ar-en")), check)


@pytest.fixture
def page(qtbot: QtBot, store: Store[Chosen], services: InlineServices, monkeypatch: pytest.MonkeyPatch) -> Iterator[DataPage]:
    monkeypatch.delenv("HW2GUI_DATA", raising=False)
    yield from on_screen(DataPage(Given(store, services)), store, qtbot)


def choose(page: DataPage, name: str) -> None:
    row = pairs.names().index(name) if name in pairs.names() else len(pairs.names())
    QTest.mouseClick(page.sets.view.viewport(), LEFT, NO_KEY, page.sets.row_point(row).center())


def opened(page: DataPage, services: InlineServices, tmp_path: Path, text: str = LINES) -> Path:
    path = tmp_path / "names.tsv"
    path.write_text(text, "utf-8")
    services.file = path
    click(page.open)
    return path


def test_a_built_in_set_with_its_thanks(page: DataPage, store: Store[Chosen]) -> None:
    corpus = open_corpus("starter-ar-en")
    assert page.table.text(0, 1) == corpus.train[0].source and page.table.text(0, 2) == corpus.train[0].target
    assert "CC0 1.0" in page.about.text() and f"{len(corpus.train):,} train" in page.about.text()
    assert not page.fetch.isVisible() and not page.check.isVisible() and page.train.isEnabled() and not page.reading.isVisible()
    click(page.part.button("test"))
    assert store.state.data.part == "test" and page.table.text(0, 1) == corpus.test[0].source
    QTest.keyClicks(page.text, corpus.test[3].target)
    assert corpus.test[3].target in page.table.text(0, 2)


def test_the_lengths_are_taken_away_as_a_picture(page: DataPage, services: InlineServices, tmp_path: Path) -> None:
    services.file = tmp_path / "lengths.svg"
    page.about_panel.export_requested.emit("svg")
    assert services.file.read_text("utf-8").count("<svg") == 1


def test_the_names_of_the_sets_that_come_along_are_read_whole(page: DataPage) -> None:
    room, letters = page.sets.view.columnWidth(0), page.sets.view.fontMetrics()
    assert all(letters.horizontalAdvance(registry.find(name).title) < room for name in pairs.names())


def test_another_set_is_chosen_and_undone(page: DataPage, store: Store[Chosen]) -> None:
    choose(page, "toy-double")
    assert store.state.data.name == "toy-double"
    source, target = page.table.text(0, 1), page.table.text(0, 2)
    assert target == "".join(2 * letter for letter in source)
    store.undo()
    assert store.state.data.name == "starter-ar-en" and "CC0" in page.about.text()


def test_what_is_missing_is_explained_and_fetched(page: DataPage, services: InlineServices) -> None:
    services.unanswered = frozenset({"pairs fetched"})
    choose(page, "anetac-ar-en")
    assert "is not on this computer" in page.problem.text() and "data fetch anetac-ar-en" in page.problem.text()
    assert page.table.source is not None and page.table.source.count == 0 and not page.train.isEnabled()
    assert page.fetch.isVisible() and page.fetch.text() == "Download"
    assert "none stated" in page.about.text() and "arXiv:1907.03110" in page.about.text()
    click(page.fetch)
    assert services.asked[-1] == "pairs fetched" and page.fetch.text() == "Cancel"
    click(page.fetch)
    assert page.fetch.text() == "Download" and "cancelled" in services.messages[-1]
    choose(page, "spa-eng")
    assert not page.fetch.isVisible() and "homework" in page.problem.text()


def test_files_that_are_there_are_checked(
    page: DataPage, services: InlineServices, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dataset = registry.find("spa-eng")
    for file in dataset.files:
        (tmp_path / file.name).write_bytes(bytes(file.size))
    monkeypatch.setenv("HW2GUI_DATA", str(tmp_path))
    choose(page, "spa-eng")
    assert "is not the published file" in page.problem.text()
    click(page.check)
    assert "train-eng-spa.txt is damaged" in services.messages[-1]


def test_a_table_is_opened_read_and_its_faults_shown(
    page: DataPage, store: Store[Chosen], services: InlineServices, tmp_path: Path
) -> None:
    path = opened(page, services, tmp_path)
    assert store.state.data.name == f"table:{path}" and page.reading.isVisible() and page.look.isVisible()
    assert "5 pairs of 8 rows are used" in page.about.text()
    click(page.look.button("dropped"))
    assert [page.table.text(row, 0) for row in range(3)] == ["5", "6", "7"]
    assert page.table.text(1, 1) == "number of columns" and page.table.text(1, 2) == "3 instead of 2"
    click(page.look.button("rows"))
    assert page.table.text(0, 0) == "محمد" and page.table.text(0, 1) == "Mohamed"
    page.reading.source.activated.emit(1)
    assert store.state.data.reading.source_column == 0 and "two different columns" in page.problem.text()
    page.reading.header.activated.emit(2)
    assert store.state.data.reading.header is False and page.table.text(0, 0) == "arabic"
    page.reading.seed.setValue(7)
    assert store.state.data.reading.seed == 7
    store.undo()
    assert store.state.data.reading.seed == 42


def test_what_is_no_table_leaves_a_sentence(page: DataPage, services: InlineServices, tmp_path: Path) -> None:
    opened(page, services, tmp_path, "only one column\nhere\n")
    assert "one column only" in page.problem.text() and not page.train.isEnabled()
    choose(page, "starter-ar-en")
    assert page.problem.text() == "" and page.train.isEnabled()


def test_too_few_pairs_are_said(page: DataPage, services: InlineServices, tmp_path: Path) -> None:
    opened(page, services, tmp_path, "a\tb\nc\td\n")
    assert "at least 3" in page.problem.text() and not page.train.isEnabled()
    click(page.look.button("rows"))
    assert page.table.text(1, 1) == "d"


def test_a_pair_is_opened_in_the_playground(page: DataPage, store: Store[Chosen]) -> None:
    corpus = open_corpus("starter-ar-en")
    page.table.view.setFocus()
    QTest.mouseClick(page.table.view.viewport(), LEFT, NO_KEY, page.table.row_point(2, 1).center())
    QTest.keyClick(page.table.view, Qt.Key.Key_Return)
    now = store.state
    assert (now.page, now.text, now.reference) == ("type", corpus.train[2].source, corpus.train[2].target)


def test_a_set_is_trained_on(page: DataPage, store: Store[Chosen], services: InlineServices, tmp_path: Path) -> None:
    click(page.train)
    assert store.state.page == "train" and store.state.setup.data == "starter-ar-en"
    path = opened(page, services, tmp_path)
    page.reading.seed.setValue(5)
    click(page.train)
    assert store.state.setup.data == f"table:{path}" and store.state.setup.table == store.state.data.reading
    assert store.state.setup.table is not None and store.state.setup.table.seed == 5


def test_every_control_says_what_it_is(page: DataPage, services: InlineServices, tmp_path: Path) -> None:
    opened(page, services, tmp_path)
    assert silent_controls(page) == []
