"""The report tab under real keys and mouse; the worker's answers are computed in this process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton

from hw2gui.convolution.state import ConvolutionState
from hw2gui.errors import InputError
from hw2gui.report.gui.tab import ReportTab
from hw2gui.report.plan import Plan
from hw2gui.report.progress import QueueProgress, Reproduced, Working
from hw2gui.report.state import ERRATA, ITEMS, ReportState, check
from hw2gui.session.codec import from_plain, to_plain
from hw2gui.session.store import Store
from tests.report.plans import finished
from tests.services import InlineServices
from tests.widgets.hands import LEFT, press

Key = Qt.Key


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, planned in enumerate(Plan(seeds=(42, 43)).pair_runs(True)):
        value = 0.352 + number / 1000
        finished(tmp_path, planned, {"validation_error_rate": value, "test_error_rate": value + 0.01})
    return tmp_path


@pytest.fixture
def services() -> InlineServices:
    return InlineServices(unanswered=frozenset({"report-work"}))


@pytest.fixture
def tab(qtbot: Any, home: Path, folder: Path, services: InlineServices) -> ReportTab:
    made = ReportTab(Store(ReportState(source="own", folder=str(folder), selected="1.1a"), check), services)
    qtbot.addWidget(made)
    made.resize(1240, 640)
    with qtbot.waitExposed(made):
        made.show()
    return made


def rows(tab: ReportTab) -> list[list[str]]:
    found = (tab.items.topLevelItem(number) for number in range(tab.items.topLevelItemCount()))
    return [[row.text(column) for column in range(4)] for row in found if row is not None]


def test_every_item_and_erratum_has_a_row_with_its_verdict(tab: ReportTab) -> None:
    shown = rows(tab)
    assert len(shown) == len(ITEMS) + len(ERRATA)
    assert [row[0].split()[0] for row in shown[: len(ITEMS)]] == list(ITEMS)
    by_key = {row[0].split()[0]: row for row in shown}
    assert by_key["1.1c"][3] == "✓ holds" and "457 against 113,328" in by_key["1.1c"][2]
    assert by_key["2.4"][3] == "– not measured yet" and by_key["3.1b"][3] == "✓ agrees"
    assert "2 trainings finished" in tab.head.text()


def test_keys_walk_the_items_and_the_detail_follows(tab: ReportTab) -> None:
    tab.items.setFocus()
    press(tab.items, Key.Key_Down)
    assert tab._store.state.selected == "1.1b"
    assert "14 of 360 entries" in tab.detail.text.toPlainText()
    press(tab.items, Key.Key_End)
    assert tab._store.state.selected == "erratum 8" and "407,050" in tab.detail.text.toPlainText()


def test_a_row_without_runs_says_what_to_do(tab: ReportTab) -> None:
    tab._store.move(selected="2.4")
    assert "hw2gui reproduce" in tab.detail.text.toPlainText()


def test_figures_come_with_the_item(tab: ReportTab, services: InlineServices) -> None:
    tab._store.move(selected="3.1b")
    assert services.asked[-1] == "report-pictures" and len(tab.detail._pictures) == 1
    assert "Figure 6" in tab.detail.text.toPlainText()


def test_the_button_opens_the_tab_in_the_state_that_shows_it(tab: ReportTab, services: InlineServices) -> None:
    tab._store.move(selected="1.1b")
    assert tab.detail.button.text() == "Show it in Convolution"
    QTest.mouseClick(tab.detail.button, LEFT)
    (key, state), *_ = services.shown
    assert key == "convolution" and isinstance(state, ConvolutionState)
    assert (state.height, state.width, state.tool) == (4, 6, "formula") and "H'" in state.formula


def test_a_note_belongs_to_its_item_and_can_be_undone(tab: ReportTab) -> None:
    tab.detail.note.setFocus()
    QTest.keyClicks(tab.detail.note, "ask again")
    assert tab._store.state.note("1.1a") == "ask again" and len(tab._store.done) == 1
    tab._store.move(selected="1.2")
    assert tab.detail.note.toPlainText() == ""
    tab._store.move(selected="1.1a")
    assert tab.detail.note.toPlainText() == "ask again"
    tab._store.undo()
    assert tab.detail.note.toPlainText() == "" and tab._store.state.notes == ()


def test_reproduce_shows_how_far_it_is_and_stops(tab: ReportTab, services: InlineServices) -> None:
    QTest.mouseClick(tab.work.button, LEFT)
    assert services.asked[-1] == "report-work" and tab.work.button.text() == "Stop" and not tab.work.version.isEnabled()
    tab._progress(QueueProgress(0.25, 120.0, 3, 12, (Working("CNN, seed 42", 0.5, "epoch 3 of 20"),)))
    assert tab.work.bar.value() == 250 and "3 of 12 done, about 2 min left" in tab.work.words.text()
    tab.work.button.setFocus()
    QTest.mouseClick(tab.work.button, LEFT)
    assert services.asked[-1] == "report-work: Stop" and not tab.work.button.isEnabled()
    assert tab.window().focusWidget() is tab.work  # where the button is, till it can be pressed again
    tab._ended(Reproduced("somewhere", 4, 12, (), True))
    assert tab.work.button.text() == "Reproduce" and tab.work.button.isEnabled() and "goes on from here" in tab.work.words.text()
    assert tab.window().focusWidget() is tab.work.button


def test_what_failed_is_said_in_place(tab: ReportTab) -> None:
    tab.reproduce()
    tab._failed("The disk is full: free some space.")
    assert tab.work.words.text() == "The disk is full: free some space." and tab.work.version.isEnabled()


def test_each_finished_training_is_looked_at_again(tab: ReportTab, services: InlineServices) -> None:
    tab.reproduce()
    before = services.asked.count("report")
    for done in (3, 3, 4, 4, 5):
        tab._progress(QueueProgress(0.1, None, done, 12))
    assert services.asked.count("report") - before == 2


def test_the_version_chosen_has_a_folder_of_its_own(tab: ReportTab, home: Path) -> None:
    QTest.mouseClick(tab.usual, LEFT)
    assert tab._store.state.place == str(home / "runs" / "reproduction") and "nothing is trained yet" in tab.head.text()
    QTest.mouseClick(tab.work.version.button("quick"), LEFT)
    assert tab._store.state.place == str(home / "runs" / "reproduction-quick")
    tab._store.move(selected="2.4")
    assert "reproduce --quick" in tab.detail.text.toPlainText()


def test_the_document_is_written_with_the_notes(tab: ReportTab, services: InlineServices, tmp_path: Path) -> None:
    QTest.keyClicks(tab.detail.note, "mine")
    services.file = tmp_path / "out" / "report.html"
    tab._write("html")
    assert "mine" in services.file.read_text("utf-8") and "Written" in services.messages[-1]


def test_the_table_can_be_copied(tab: ReportTab, services: InlineServices) -> None:
    press(tab.items, Key.Key_C, modifier=Qt.KeyboardModifier.ControlModifier)
    assert services.copied and services.copied[0].count("\n| ") >= len(ITEMS)


@pytest.mark.parametrize("change", [{"seeds": 0}, {"jobs": -1}, {"folder": __file__}, {"notes": (("1.1a", "x" * 5000),)}])
def test_a_damaged_state_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        check(ReportState(**change))


def test_a_state_survives_its_file() -> None:
    state = ReportState("own", "/somewhere", True, "2.4", 2, 3, "auto", (("1.1a", "note"),))
    assert from_plain(ReportState, to_plain(state)) == state
    assert check(ReportState(selected="9.9")).selected == ITEMS[0]


# -- whose figures ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def fresh(qtbot: Any, home: Path, services: InlineServices) -> ReportTab:
    """The tab as it opens for the first time: no run, no data folder."""
    made = ReportTab(Store(ReportState(), check), services)
    qtbot.addWidget(made)
    made.resize(1264, 640)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_a_fresh_start_shows_the_programs_own_figures(fresh: ReportTab) -> None:
    shown = rows(fresh)
    assert [row[0] for row in shown if "not measured" in row[3] or "not measured" in row[2]] == []
    by_key = {row[0].split()[0]: row for row in shown}
    assert by_key["2.4"][2].startswith("◇ ") and by_key["2.4"][3] == "✓ agrees where it can be told"
    assert not by_key["1.1a"][2].startswith("◇")
    assert "The program's own, measured 20" in fresh.head.text() and "Yours take their place" in fresh.head.text()
    fresh._store.move(selected="2.4")
    text = fresh.detail.text.toPlainText()
    assert "Measured by the program's own reproduction" in text and "For figures of your own" in text and "Figure 1" in text


def test_the_choice_between_theirs_and_ones_own_is_a_step_that_can_be_undone(fresh: ReportTab) -> None:
    QTest.mouseClick(fresh.source.button("own"), LEFT)
    assert "– not measured yet" in {row[3] for row in rows(fresh)} and "nothing is trained yet" in fresh.head.text()
    QTest.mouseClick(fresh.source.button("shipped"), LEFT)
    assert "– not measured yet" not in {row[3] for row in rows(fresh)} and fresh.head.text().startswith("The program's own")
    fresh._store.undo()
    assert fresh.source.choice == "own" and "– not measured yet" in {row[3] for row in rows(fresh)}
    fresh._store.undo()
    assert fresh.source.choice == "both"
    fresh._store.redo()
    assert fresh.source.choice == "own"


def test_ones_own_figures_take_the_place_of_theirs(fresh: ReportTab, home: Path) -> None:
    planned = Plan().pair_runs(True)[0]
    finished(home / "runs" / "reproduction", planned, {"validation_error_rate": 0.3456, "test_error_rate": 0.36})
    fresh.look()
    by_key = {row[0].split()[0]: row for row in rows(fresh)}
    assert by_key["3.1b"][2].startswith("validation 0.3456 (1 seed)") and by_key["3.1a"][2].startswith("◇ ")
    assert f"{home / 'runs' / 'reproduction'}, and where nothing is measured there (◇) the program's own" in fresh.head.text()


def test_reproduce_brings_ones_own_into_sight(fresh: ReportTab) -> None:
    QTest.mouseClick(fresh.source.button("shipped"), LEFT)
    QTest.mouseClick(fresh.work.button, LEFT)
    assert fresh._store.state.source == "both"


def test_a_folder_chosen_is_looked_at(fresh: ReportTab, services: InlineServices, folder: Path) -> None:
    services.file = folder
    QTest.mouseClick(fresh.folder, LEFT)
    assert fresh._store.state.place == str(folder) and fresh.source.choice == "own" and "2 trainings finished" in fresh.head.text()
    assert fresh.usual.isVisible()


# -- taking away --------------------------------------------------------------------------------------------------------------------


def entry(menu: QMenu, *path: str) -> QAction:
    """The entry of *menu* that is come to by these names."""
    for name in path[:-1]:
        below = next(action.menu() for action in menu.actions() if action.text().startswith(name))
        assert isinstance(below, QMenu)
        menu = below
    return next(action for action in menu.actions() if action.text().startswith(path[-1]))


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_a_figure_is_saved_in_every_format(fresh: ReportTab, services: InlineServices, tmp_path: Path, suffix: str) -> None:
    assert not fresh.figures.isEnabled()
    fresh._store.move(selected="2.4")
    services.file = tmp_path / f"figure.{suffix}"
    entry(fresh.figures.menu(), "Figure 2", f"Save as {suffix.upper()}").trigger()
    begins = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[suffix]
    assert services.file.read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("form", "suffix", "sign"), [("CSV", "csv", "Learning rate,"), ("Markdown", "md", "| Learning"), ("LaTeX", "tex", "tabular")]
)
def test_tables_are_saved_in_every_form(
    fresh: ReportTab, services: InlineServices, tmp_path: Path, form: str, suffix: str, sign: str
) -> None:
    fresh._store.move(selected="2.4")
    fresh.tables.fill()
    services.file = tmp_path / f"table.{suffix}"
    entry(fresh.tables.menu(), "Accuracy after 20 epochs", f"Save as {form}").trigger()
    assert sign in services.file.read_text("utf-8")
    entry(fresh.tables.menu(), "All items", "Copy as Markdown").trigger()
    assert "3.1c" in services.copied[-1]


# -- by keys ------------------------------------------------------------------------------------------------------------------------


def test_enter_opens_what_the_item_is_about(fresh: ReportTab, services: InlineServices) -> None:
    fresh.items.setFocus()
    press(fresh.items, Key.Key_Down, Key.Key_Return)
    assert [tab for tab, _ in services.shown] == ["convolution"] and fresh._store.state.selected == "1.1b"


def test_tab_goes_through_everything_from_above(fresh: ReportTab) -> None:
    fresh.source.button("both").setFocus()
    order = []
    for _ in range(40):
        focused = fresh.focusWidget()
        order.append(focused)
        press(focused, Key.Key_Tab)
        if fresh.focusWidget() is fresh.source.button("both"):
            break
    wanted = [fresh.source.button("both"), fresh.folder, fresh.save, fresh.items, fresh.detail.text, fresh.detail.button, fresh.detail.note]
    wanted += [fresh.work.version.button("full"), fresh.work.seeds, fresh.work.jobs, fresh.work.cluster, fresh.work.button]
    assert [widget for widget in order if widget in wanted] == wanted
    assert [widget for widget in order if not (widget.accessibleName() or widget.property("text"))] == []


@pytest.mark.parametrize("source", ["both", "own"])
def test_nothing_is_cut_off_in_a_small_window(fresh: ReportTab, source: str) -> None:
    """In a window of 1280×720: every text in its panel, no scrolling sideways, no button cut."""
    fresh._store.change("Whose figures", source=source)
    assert fresh.minimumSizeHint().width() <= 1264 and fresh.minimumSizeHint().height() <= 640
    for key in (*ITEMS, *ERRATA):
        fresh._store.move(selected=key)
        assert fresh.detail.text.horizontalScrollBar().maximum() == 0, key
    assert fresh.items.horizontalScrollBar().maximum() == 0
    for button in (*fresh.findChildren(QPushButton), *fresh.findChildren(QToolButton)):
        if button.isVisible():
            assert button.width() >= button.minimumSizeHint().width(), button.text()
            inside = fresh.rect().contains(button.mapTo(fresh, button.rect().center()))
            assert inside, button.text()
