from __future__ import annotations

from pathlib import Path

import pytest

from hw2gui.seq2seq.answers import Stepping
from hw2gui.seq2seq.beam_figure import LARGEST, beam_search_figure
from hw2gui.seq2seq.beam_scene import Layout, scene
from hw2gui.seq2seq.results import Options, Query
from hw2gui.seq2seq.step_choice import StepChoice
from hw2gui.seq2seq.step_tasks import save_picture
from hw2gui.seq2seq.stepping import trace
from hw2gui.seq2seq.vocabulary import SPECIALS
from tests.seq2seq import tiny

SYMBOLS = (*SPECIALS, "a", "ب")
FOUND = trace(tiny.model(seed=3, ends=-0.5), Query((4, 5, 4)), Options(3, 3, 0.6, 6))


@pytest.mark.parametrize("layout", ["columns", "tree"])
@pytest.mark.parametrize("step", [0, 2, None, 99])
def test_the_picture_has_every_node_there_is_by_then(layout: Layout, step: int | None) -> None:
    figure = beam_search_figure(FOUND, SYMBOLS, layout, step, "A search.")
    last = len(FOUND.steps) - 1 if step in (None, 99) else step
    nodes = scene(FOUND, layout).upto(last)
    (axes,) = figure.axes
    assert len(axes.patches) == 2 * len(nodes) - 1  # a box each, and a curve for all but the start
    texts = [text.get_text() for text in axes.texts]
    assert sum(text in ("ﺏ", "a", "∎") for text in texts) == len(nodes) - 1
    assert any(f"After step {last + 1} of {len(FOUND.steps)}" in text for text in texts)


def test_a_long_wide_search_stays_within_bounds() -> None:
    long = trace(tiny.model(seed=3, ends=-20.0), Query((4,)), Options(20, 20, 0.0, 90))
    width, height = beam_search_figure(long, SYMBOLS, "columns").get_size_inches()
    assert max(width, height) <= LARGEST + 0.01


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_it_is_written_as_its_suffix_says(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"beam.{suffix}"
    save_picture(str(path), Stepping(FOUND, SYMBOLS, ("a", "ب")), StepChoice(step=1, layout="tree"), "A search.")
    assert path.stat().st_size > 1000
