"""Real pixels: what stands where, whichever way the text runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from hw2gui.errors import InputError, UnavailableError
from hw2gui.figures import save
from hw2gui.seq2seq.alignment import align
from hw2gui.seq2seq.evaluation import BeamScores
from hw2gui.seq2seq.figures import attention_figure, beam_figure, confusion_figure, length_figure
from hw2gui.seq2seq.metrics import by_length, confusion, judge
from hw2gui.seq2seq.symbols import symbol_label

ATTENTION = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])


def pixels(figure: Figure) -> NDArray[np.uint8]:
    """(height, width, 3)."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3]


def ink(text: str) -> NDArray[np.bool_]:
    """The dark pixels of *text* written on white, cropped."""
    figure = Figure(figsize=(2, 1), dpi=100)
    figure.text(0.5, 0.5, text, fontsize=30, ha="center", va="center")
    dark = pixels(figure).max(axis=2) < 128
    rows, columns = np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))
    return dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def brightest(figure: Figure) -> tuple[int, int]:
    """The column in which each of the two rows of the heatmap is yellow: viridis' colour for 1."""
    image = pixels(figure).astype(int)
    box = figure.axes[0].get_window_extent()
    inside = image[round(image.shape[0] - box.y1) : round(image.shape[0] - box.y0), round(box.x0) : round(box.x1)]
    yellow = np.abs(inside - (253, 231, 37)).max(axis=2) < 40
    cell = yellow.shape[1] / ATTENTION.shape[1]
    upper, lower = (
        np.flatnonzero(part.all(axis=0)).mean() for part in (yellow[5 : len(yellow) // 2 - 5], yellow[len(yellow) // 2 + 5 : -5])
    )
    return int(upper // cell), int(lower // cell)


def test_the_attention_stands_where_it_belongs() -> None:
    assert brightest(attention_figure(ATTENTION, ["a", "b", "c"], ["x", "</s>"])) == (2, 0)


def line_ends(figure: Figure) -> list[tuple[float, float]]:
    """From where above to where below each line goes, 0..1."""
    return [tuple(np.asarray(line.get_xdata(), dtype=float).round(3).tolist()) for line in figure.axes[0].lines]


def test_lines_go_from_letters_to_symbols_and_weak_shares_have_none() -> None:
    shares = np.array([[0.02, 0.0, 0.98], [0.6, 0.4, 0.0]])
    figure = attention_figure(shares, ["a", "b", "c"], ["x", "</s>"], lines=True)
    assert line_ends(figure) == [(0.833, 0.25), (0.167, 0.75), (0.5, 0.75)]
    widths = [line.get_linewidth() for line in figure.axes[0].lines]
    assert widths[0] > widths[1] > widths[2]
    arabic = attention_figure(ATTENTION, ["ش", "م", "س"], ["x", "y"], lines=True)
    assert line_ends(arabic) == [(0.167, 0.25), (0.833, 0.75)]
    assert line_ends(attention_figure(ATTENTION, ["ش", "م", "س"], ["x", "y"], visual=False, lines=True)) == [(0.833, 0.25), (0.167, 0.75)]
    with pytest.raises(InputError, match="no attention to draw"):
        attention_figure(ATTENTION, ["a"], ["x"], lines=True)


def test_a_source_from_right_to_left_is_turned_or_not_as_asked() -> None:
    source = ["ش", "م", "س"]
    assert brightest(attention_figure(ATTENTION, source, ["x", "y"])) == (0, 2)
    figure = attention_figure(ATTENTION, source, ["x", "y"], visual=False)
    assert brightest(figure) == (2, 0)
    assert [tick.get_text() for tick in figure.axes[0].get_xticklabels()] == [symbol_label(symbol) for symbol in source]
    turned = attention_figure(ATTENTION, source, ["x", "y"], hints=True).axes[0].get_xticklabels()
    assert [tick.get_text() for tick in turned] == [
        f"{symbol_label(symbol)}\n{hint}" for symbol, hint in (("س", "s"), ("م", "m"), ("ش", "sh"))
    ]


@pytest.mark.parametrize(("letter", "isolated"), [("ع", "\ufec9"), ("ش", "\ufeb5"), ("ه", "\ufee9")])
def test_letters_on_the_axes_are_isolated_forms(letter: str, isolated: str) -> None:
    assert np.array_equal(ink(symbol_label(letter)), ink(isolated))
    assert np.array_equal(ink(letter), ink(isolated))  # alone, matplotlib shapes it so itself


def test_matplotlib_shapes_arabic_words_from_right_to_left() -> None:
    """What the axes rely on: from 3.11 on it does so itself, and a workaround would turn the words round again."""
    word = ink("ابب")  # alef, a tall stroke that joins nothing, then two letters that join
    tall = np.flatnonzero(word[: word.shape[0] // 3].any(axis=0))
    assert tall.min() > word.shape[1] / 2
    assert ink("لا").shape[1] < ink("ل").shape[1] + ink("ا").shape[1]  # one ligature


@pytest.mark.parametrize(("shape", "source"), [((0, 3), "abc"), ((2, 3), "ab"), ((2,), "ab")])
def test_no_attention_is_said(shape: tuple[int, ...], source: str) -> None:
    with pytest.raises(InputError, match="no attention"):
        attention_figure(np.zeros(shape), list(source), ["x", "y"][: shape[0]])


def beam_scores(beam: int) -> BeamScores:
    outputs, references = ("ab", "b"), [["ab"], ["bc"]]
    judged = judge(outputs, references)
    scores = judged.scores(outputs)
    texts = tuple((output,) for output in outputs)
    return BeamScores(beam, 0.0, scores, scores, scores, 1, 0.1 * beam, "", -1.0, 0, outputs, texts, (-1.0, -1.0), judged, judged)


def test_curves_carry_their_numbers() -> None:
    axes = beam_figure([beam_scores(1), beam_scores(5)]).axes
    assert [part.get_ylabel() for part in axes] == ["error rate", "mean log P of the output", "seconds", "mean length"]
    assert axes[0].lines[0].get_ydata().tolist() == [0.25, 0.25] and axes[2].lines[0].get_ydata().tolist() == [0.1, 0.5]
    bins = by_length(np.array([0.0, 0.5, 1.0]), [2, 2, 4], at_least=1)
    lines = length_figure({"with": bins, "without": bins[:1]}).axes[0].lines
    assert lines[0].get_xdata().tolist() == [2, 4] and lines[0].get_ydata().tolist() == [0.25, 1.0]


def test_the_confusion_matrix_is_drawn_by_row() -> None:
    figure = confusion_figure(confusion([align("ab", "aa"), align("a", "ab")]))
    shares = figure.axes[0].images[0].get_array()
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == ["a", "b", "∅"]
    np.testing.assert_allclose(shares, [[2 / 3, 1 / 3, 0], [0, 0, 1], [0, 0, 0]])


def test_nothing_to_draw_is_said() -> None:
    for draw in (lambda: beam_figure([]), lambda: length_figure({"a": ()})):
        with pytest.raises(InputError, match="nothing to draw"):
            draw()


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_files_are_the_same_every_time(tmp_path: Path, suffix: str) -> None:
    paths = [tmp_path / f"{name}{suffix}" for name in "ab"]
    for path in paths:
        save(attention_figure(ATTENTION, ["ش", " ", "س"], ["x", "</s>"], "A title with $ and _"), path)
    assert paths[0].stat().st_size > 1000
    assert suffix == ".svg" or paths[0].read_bytes() == paths[1].read_bytes()


def test_what_cannot_be_saved_is_said(tmp_path: Path) -> None:
    figure = attention_figure(ATTENTION, ["a", "b", "c"], ["x", "y"])
    with pytest.raises(InputError, match="ends in none"):
        save(figure, tmp_path / "x.gif")
    (tmp_path / "file").touch()
    with pytest.raises(UnavailableError, match="cannot be written"):
        save(figure, tmp_path / "file" / "x.png")
