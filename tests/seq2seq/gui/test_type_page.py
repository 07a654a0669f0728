"""Type and see, as its user meets it: real key events and mouse events on the shipped models."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from hw2gui.errors import UnavailableError
from hw2gui.seq2seq.gui.reader import EMPTY
from hw2gui.seq2seq.gui.text_bar import NOTHING_KNOWN
from hw2gui.seq2seq.results import AttentionOverride
from hw2gui.seq2seq.state import Seq2SeqState
from hw2gui.session.codec import from_plain, to_plain
from tests.seq2seq.gui.conftest import Playground
from tests.widgets.hands import press

Open = Callable[..., Playground]


def test_an_arabic_name_is_typed_and_every_keystroke_is_read(playground: Open) -> None:
    opened = playground(text="", reference="")
    assert EMPTY in opened.tab.text.notes.text()
    opened.type("راقية")
    assert opened.store.state.text == "راقية"
    assert opened.services.asked.count("seq2seq reading") == 5
    page = opened.page
    assert page.source.text == "راقية"
    assert page.beam.text.text == page.best.outputs[0].text != ""
    assert "r·a·q·y·h" in opened.tab.text.notes.text()


def test_greedy_and_beam_part_where_it_is_marked_and_the_cost_is_said(playground: Open) -> None:
    page = playground(text="راقية", reference="Raqia").page
    greedy, beam = page.beside, page.beam
    assert (greedy.text.text, beam.text.text) == ("Ragia", "Raqia")
    assert greedy.symbols.parting == beam.symbols.parting == 2
    words = page.words.toPlainText()
    assert "part at symbol 3: greedy takes g" in words
    assert "search error" in words
    assert "as probable" in words
    assert "Σ log p / |y|" in words


def test_a_click_on_a_symbol_forces_the_beginning_and_undo_frees_it(playground: Open) -> None:
    opened = playground()
    symbols = opened.page.beside.symbols
    QTest.mouseClick(symbols, Qt.MouseButton.LeftButton, pos=symbols.letter_rect(2).center().toPoint())
    assert opened.store.state.prefix == "Rag"
    assert all(output.text.startswith("Rag") for output in opened.page.best.outputs)
    assert opened.tab.text.prefix.isVisible()
    opened.store.undo()
    assert opened.store.state.prefix == ""
    assert opened.page.beam.text.text == "Raqia"


def test_the_keyboard_forces_too(playground: Open) -> None:
    opened = playground()
    symbols = opened.page.beam.symbols
    symbols.setFocus()
    QTest.keyClick(symbols, Qt.Key.Key_Right)
    QTest.keyClick(symbols, Qt.Key.Key_Return)
    assert opened.store.state.prefix == "Ra"


def test_another_text_frees_what_was_forced_and_replaced(playground: Open) -> None:
    opened = playground(prefix="Ra", override=AttentionOverride(weights=((1, (0.0, 0.0, 0.0, 1.0, 0.0)),)))
    opened.type("م")
    assert (opened.store.state.prefix, opened.store.state.override) == ("", AttentionOverride())
    assert opened.page.beam.text.text


@pytest.mark.parametrize("visual", [True, False])
def test_probability_dragged_to_another_letter_is_decoded_with(playground: Open, visual: bool) -> None:
    opened = playground(visual=visual)
    cells = opened.page.beam.map.cells
    order = opened.page.beam.map.order
    before = opened.page.beam.output
    assert before is not None and before.hypothesis.attention is not None
    row = before.hypothesis.attention[2]
    start, end = (cells.cell_rect((2, order.index(at))).center().toPoint() for at in (2, 4))
    QTest.mousePress(cells, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(cells, end)
    QTest.mouseRelease(cells, Qt.MouseButton.LeftButton, pos=end)
    weights = opened.store.state.override.at(2)
    assert weights is not None
    assert weights[2] == 0
    assert weights[4] == pytest.approx(row[2] + row[4])
    after = opened.page.beam.output
    assert after is not None and after.hypothesis.attention is not None
    assert after.hypothesis.attention[2] == pytest.approx(weights, abs=1e-6)


def test_a_click_on_a_cell_pins_it_and_partners_light_up(playground: Open) -> None:
    opened = playground()
    view = opened.page.beam.map
    at = view.cells.cell_rect((2, view.order.index(2))).center().toPoint()
    QTest.mouseClick(view.cells, Qt.MouseButton.LeftButton, pos=at)
    assert opened.store.state.pinned == ("beam", 2, 2)
    QTest.mouseMove(view.output, QPoint(5, int(view.output.letter_rect(2).center().y())))
    assert max(view.source.light, key=view.source.light.__getitem__) == view.order.index(2)
    assert opened.page.beam.text.light == {2: 1.0}
    assert max(opened.page.source.light, key=opened.page.source.light.__getitem__) == 2


def test_letters_of_the_source_light_the_symbols_they_were_written_from(playground: Open) -> None:
    opened = playground()
    source = opened.page.source
    QTest.mouseMove(source, source.letter_rect(2).center().toPoint())
    lit = opened.page.beam.symbols.light
    assert max(lit, key=lit.__getitem__) == 2


def test_the_same_input_without_attention_and_with_uniform_attention(playground: Open) -> None:
    opened = playground()
    QTest.mouseClick(opened.page.besides.button("plain"), Qt.MouseButton.LeftButton)
    assert opened.page.beside.output is not None
    assert opened.page.beside.output.hypothesis.attention is None
    assert "no attention" in opened.page.beside.words.text()
    QTest.mouseClick(opened.page.besides.button("uniform"), Qt.MouseButton.LeftButton)
    attention = opened.page.beside.output.hypothesis.attention
    assert attention is not None
    assert attention == pytest.approx(0.2, abs=1e-6)


def test_unknown_characters_mixed_scripts_and_what_is_tidied_are_said(playground: Open) -> None:
    notes = playground(text="رَاقِيَـة ☂ X", reference="").tab.text.notes.text()
    assert "diacritics removed" in notes
    assert "tatweel" in notes
    assert "☂" in notes
    assert "mixed scripts: Arabic, Latin" in notes


def test_a_text_of_which_nothing_is_known_says_what_to_do(playground: Open) -> None:
    notes = playground(text="mo hamed", reference="").tab.text.notes.text()
    assert NOTHING_KNOWN in notes and "read as unknown" not in notes
    assert NOTHING_KNOWN not in playground(text="محمدx", reference="").tab.text.notes.text()
    assert NOTHING_KNOWN not in playground(text="", reference="").tab.text.notes.text()


def test_ten_thousand_characters_are_bounded_and_said(playground: Open) -> None:
    opened = playground(text="", reference="")
    opened.tab.text.type_in("م" * 12_000)
    assert len(opened.store.state.text) == 10_000
    notes = opened.tab.text.notes.text()
    assert "2,000 characters beyond the first 10,000" in notes
    assert "cut after 200 characters" in notes
    assert opened.page.beam.text.text


def test_the_keyboard_on_screen_types_and_deletes(playground: Open) -> None:
    opened = playground(text="", reference="")
    QTest.mouseClick(opened.tab.text.keys, Qt.MouseButton.LeftButton)
    keyboard = opened.tab.text.keyboard
    assert keyboard.isVisible()
    for letter in "محمد":
        QTest.mouseClick(keyboard.key(letter), Qt.MouseButton.LeftButton)
    assert opened.store.state.text == "محمد"
    assert opened.page.beam.text.text.startswith("Moh")
    keyboard.show_layout("spanish")
    QTest.mouseClick(keyboard.key("ñ"), Qt.MouseButton.LeftButton)
    assert opened.store.state.text == "محمدñ"
    keyboard.deleted.emit()
    assert opened.store.state.text == "محمد"


def test_exact_search_follows_once_the_typing_rests(playground: Open) -> None:
    opened = playground()
    opened.tab.home()
    assert "Exact search: the most probable output of all is Raqia" in opened.page.words.toPlainText()
    opened.type("mohamed")  # nothing of which the model knows: to write nothing is the most probable
    opened.tab.home()
    assert "the most probable output of all is the empty one, log P" in opened.page.words.toPlainText()


def test_why_exact_search_has_no_answer_is_said_where_the_answer_would_be(playground: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = playground()

    def fails(*_: object) -> None:
        raise UnavailableError("exact search <came> to nothing: try again")

    monkeypatch.setattr("hw2gui.seq2seq.translator.Translator.exact", fails)
    opened.tab.home()
    assert "exact search <came> to nothing: try again" in opened.page.words.toPlainText()
    monkeypatch.undo()
    opened.type("sami")
    assert "came" not in opened.page.words.toPlainText()


def test_without_a_shipped_model_it_says_what_to_do(playground: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hw2gui.seq2seq.provenance.shipped", lambda: ())
    opened = playground()
    assert "hw2gui train seq2seq" in opened.tab.models.problem.text()
    assert opened.tab.models.problem.isVisible()


def test_the_state_survives_its_plain_form() -> None:
    state = Seq2SeqState(override=AttentionOverride("uniform", ((1, (0.5, 0.5)),)), pinned=("beam", 1, 2), beside="plain")
    assert from_plain(Seq2SeqState, to_plain(state)) == state


def test_whose_error_it_is_cannot_be_told_while_something_is_forced(playground: Open) -> None:
    words = playground(text="راقية", reference="Raqia", prefix="Rag").page.words.toPlainText()
    assert "search error" not in words
    assert "only while nothing is forced" in words


def test_examples_come_with_the_right_answer(playground: Open) -> None:
    opened = playground(text="", reference="")
    QTest.mouseClick(opened.tab.text.example, Qt.MouseButton.LeftButton)
    assert (opened.store.state.text, opened.store.state.reference) == ("راقية", "Raqia")
    QTest.mouseClick(opened.tab.text.example, Qt.MouseButton.LeftButton)
    assert opened.store.state.text != "راقية"
    assert opened.store.state.reference


def test_errors_by_length_are_measured_beside_the_model_without_attention(playground: Open) -> None:
    opened = playground()
    opened.services.unanswered = frozenset({"measurement kept", "measurement"})
    QTest.mouseClick(opened.page.lengths, Qt.MouseButton.LeftButton)
    now = opened.store.state
    assert (now.page, now.measure.view) == ("measure", "places")
    assert [one.model for one in now.measure.asked] == ["ar-en", "ar-en-plain"]


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_the_attention_is_saved_as_a_picture(playground: Open, tmp_path: Path, suffix: str) -> None:
    opened = playground()
    opened.services.file = tmp_path / f"attention.{suffix}"
    opened.page.beam.export_requested.emit(suffix)
    assert opened.services.file.stat().st_size > 1000
    assert f"Saved {opened.services.file}" in opened.services.messages


def test_what_is_saved_is_what_is_shown_map_or_lines(playground: Open, tmp_path: Path) -> None:
    opened = playground()
    sizes = []
    for key in ("map", "lines"):
        QTest.mouseClick(opened.page.views.button(key), Qt.MouseButton.LeftButton)
        opened.services.file = tmp_path / f"{key}.svg"
        opened.page.beam.export_requested.emit("svg")
        sizes.append(opened.services.file.read_text().count("<image"))
    assert sizes[0] > 0 == sizes[1]  # a map's cells are an image, lines are none


def test_arrows_walk_the_letters_of_attention_shown_as_lines(playground: Open) -> None:
    opened = playground(lines=True)
    lines, panel = opened.page.beam.lines, opened.page.beam
    lines.setFocus()
    press(lines, Qt.Key.Key_Down)
    assert panel.symbols.light == {0: 1.0}
    press(lines, Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert panel.symbols.light == {2: 1.0} and lines.accessibleDescription().startswith("q, most with ")
    press(lines, Qt.Key.Key_Up, *[Qt.Key.Key_Right] * 9)
    source = panel.map.cells.source
    assert source is not None and len(panel.symbols.light) > 0
    rightmost = panel.map.order[-1]
    assert opened.page._spot == (None, rightmost)  # as it stands on screen
    press(lines, Qt.Key.Key_Escape)
    assert opened.page._spot is None


def test_before_a_text_is_typed_every_panel_says_what_will_be_there(playground: Open) -> None:
    opened = playground(text="", reference="")
    for panel in (opened.page.beside, opened.page.beam):
        assert panel._filler.isVisible() and "letter by letter" in panel._filler.text()


def test_the_outputs_are_saved_as_a_table(playground: Open, tmp_path: Path) -> None:
    opened = playground()
    opened.services.file = tmp_path / "outputs.csv"
    name, make = opened.page._offers()[0]
    opened.page.tables.save(name, make, "csv", "csv")
    lines = opened.services.file.read_text("utf-8").splitlines()
    assert [line.split(",")[:2] for line in lines[1:3]] == [["greedy", "Ragia"], ["beam 1", "Raqia"]]


def test_one_way_of_reading_is_never_shown_as_another(playground: Open) -> None:
    opened = playground(beside="uniform")
    assert opened.page.beside.output is not None
    opened.services.unanswered = frozenset({"seq2seq beside"})
    QTest.mouseClick(opened.page.besides.button("plain"), Qt.MouseButton.LeftButton)
    assert opened.page.beside.title.text() == "Beam, model without attention"
    assert opened.page.beside.output is None


def test_a_model_of_another_language_brings_a_text_it_can_read(playground: Open) -> None:
    opened = playground(text="راقية", reference="Raqia", prefix="Rag")
    opened.tab.models.choose("es-en")
    now = opened.store.state
    assert (now.model, now.text, now.reference, now.prefix) == ("es-en", "¿Quién lo pintó?", "who painted it ?", "")
    assert "Nothing of what was typed" not in opened.tab.text.notes.text()
    opened.type("tengo")
    opened.tab.models.choose("es-en-plain")
    assert opened.store.state.text.endswith("tengo")  # what the other reads as well stays
    opened.store.undo()
    opened.tab.models.choose("ar-en")
    assert (opened.store.state.text, opened.store.state.reference) == ("راقية", "Raqia")
