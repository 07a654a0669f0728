"""Help in place, the glossary, and the code of what is on screen."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hw2gui.app.code_view import NONE, CodeView
from hw2gui.app.help.formulas import as_svg
from hw2gui.app.help.glossary import BY_NAME, TERMS
from hw2gui.app.main_window import MainWindow
from hw2gui.app.tabs import TABS
from hw2gui.app.tour import settle
from hw2gui.errors import UserError
from hw2gui.names import load
from hw2gui.widgets.help_card import Help, HelpCard
from hw2gui.widgets.panel import Panel
from tests.app.conftest import Open
from tests.app.test_window import CONTROL, page
from tests.app.whole import KEYS, open_whole, stops, walk
from tests.widgets.hands import LEFT, press

HELPED = [spec for spec in TABS if spec.help]
CODED = [spec for spec in TABS if spec.programs]


def helps(spec: Any) -> dict[str, Help]:
    found: dict[str, Help] = load(spec.help)
    return found


def test_every_tab_has_help_and_code() -> None:
    assert [spec.key for spec in TABS if not spec.help or not spec.programs] == []


@pytest.mark.parametrize("spec", HELPED, ids=lambda spec: spec.key)
def test_every_panel_says_what_it_shows(qtbot: Any, qapp: QApplication, spec: Any) -> None:
    window = open_whole(qtbot, qapp)
    without = set()
    for stop in walk(window, spec.key):
        for panel in window.page(spec.key).findChildren(Panel):
            if panel.isVisible() and panel.title.parentWidget().isVisible() and panel.help_button is None:
                without.add(f"{stop.name}: {panel.help_key}")
    assert sorted(without) == []
    window.close()


@pytest.mark.parametrize("spec", HELPED, ids=lambda spec: spec.key)
def test_help_is_short_and_its_terms_are_in_the_glossary(spec: Any) -> None:
    for key, found in helps(spec).items():
        assert 20 < len(found.text) < 400, key
        assert [term for term in found.terms if term.casefold() not in BY_NAME] == [], key


def test_the_glossary_is_in_order_and_says_something() -> None:
    names = [term.name.casefold() for term in TERMS]
    assert names == sorted(names) and len(BY_NAME) == len(TERMS) > 40
    assert all(len(term.meaning) > 20 for term in TERMS)


def test_every_formula_is_drawn_on_nothing() -> None:
    formulas = [term.formula for term in TERMS if term.formula]
    formulas += list({found.formula: None for spec in HELPED for found in helps(spec).values() if found.formula})
    for formula, picture in zip(formulas, as_svg(tuple(formulas), "#123456"), strict=True):
        root = ElementTree.fromstring(picture)
        assert float(root.get("width", "0").removesuffix("pt")) > 10, formula
        assert b"#123456" in picture and b"#ffffff" not in picture, formula


def test_a_panels_button_pops_up_what_it_shows_with_its_formula_and_terms(qtbot: Any, qapp: QApplication) -> None:
    window = open_whole(qtbot, qapp)
    (panel,) = (panel for panel in window.page("convolution").findChildren(Panel) if panel.help_key == "M")
    assert panel.help_button is not None
    QTest.mouseClick(panel.help_button, LEFT)
    (card,) = window.findChildren(HelpCard)
    assert "does the same work" in card.text.toPlainText() and "mathrm" not in card.text.toPlainText()
    assert "…" in card.text.toPlainText().splitlines()
    card.text.anchorClicked.emit(QUrl("term:Jacobian"))
    settle(window)
    assert "A convolution is linear" in card.text.toPlainText() and "mathrm" not in card.text.toPlainText()
    assert card.text.html.count("<img") == 2
    press(card, Qt.Key.Key_Escape)
    assert not card.isVisible()
    settle(window)
    window.close()


def test_the_glossary_finds_a_term_by_a_part_of_it(open_window: Open) -> None:
    window = open_window(show=True)
    press(window, Qt.Key.Key_F1)
    glossary = window.help._glossary
    assert glossary is not None and "Toeplitz" in glossary.text.toPlainText()
    QTest.keyClicks(glossary.query, "beam")
    assert glossary.text.toPlainText().startswith("Beam search")
    glossary.query.clear()
    QTest.keyClicks(glossary.query, "zzz")
    assert "No term" in glossary.text.toPlainText()
    settle(window)
    glossary.close()


# -- code -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [spec.key for spec in CODED])
def test_every_state_has_programs_that_are_python_or_says_why_not(key: str) -> None:
    spec = next(spec for spec in TABS if spec.key == key)
    written = 0
    for stop in stops(key):
        try:
            programs = load(spec.programs)(stop.state())
        except UserError:
            continue
        assert programs, stop.name
        for title, source in programs:
            compile(source, title, "exec")
            written += 1
    assert written, "no state has a program"


def shown(window: MainWindow) -> CodeView:
    press(window, Qt.Key.Key_E, modifier=CONTROL)
    settle(window)
    return window.code


def test_the_code_of_the_tab_in_front_is_shown_copied_and_follows(qtbot: Any, qapp: QApplication) -> None:
    window = open_whole(qtbot, qapp)
    window.show_tab("parameters")
    view = shown(window)
    assert view.isVisible() and "nn.Module" in view.text.toPlainText() and view.which.count() == 2
    QTest.mouseClick(view.copy, LEFT)
    assert "nn.Module" in qapp.clipboard().text()
    window.show_tab("convolution")
    settle(window)
    assert "M and z" in view.which.currentText()
    view.close()
    window.close()


def test_a_tab_without_code_says_so(open_window: Open) -> None:
    window = open_window(show=True)
    assert page(window) and shown(window).text.toPlainText() == NONE and not window.code.copy.isEnabled()
    window.code.close()


def test_the_keys_of_the_tabs_are_known() -> None:
    assert len(set(KEYS)) == len(KEYS)
