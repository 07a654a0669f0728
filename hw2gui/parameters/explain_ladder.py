"""The ladder from a dense layer to a convolution, as HTML: what each rung shares and costs, and what an entry of its matrix is."""

from __future__ import annotations

from html import escape

from hw2gui.parameters.formula_html import formula_html, note_html
from hw2gui.parameters.ladder import Ladder, RungName
from hw2gui.parameters.scene import LadderScene


def explain_rung(scene: LadderScene, name: RungName) -> str:
    """What this rung shares and what it costs, for the real sizes and for the picture."""
    rung, ladder = scene.counted.rung(name), scene.counted
    note = note_html(rung.weights.note)
    drawn = scene.drawn.rung(name).weights
    return (
        f"<p><b>{escape(name[0].upper() + name[1:])}</b><br><i>{escape(rung.meaning)}</i></p>"
        f"<p>{escape(scene.name)}: {escape(ladder.image.text)} → {escape(ladder.output.text)}<br>"
        f"{formula_html(rung.weights)}<br>{formula_html(rung.biases)}</p>{note}"
        f"<p>In the picture ({escape(scene.drawn.image.text)} → {escape(scene.drawn.output.text)}):<br>{formula_html(drawn)}</p>"
        "<p><i>Entries of one colour are one parameter. Point at an entry: all its twins light up; click to pin it.</i></p>"
    )


def explain_entry(scene: LadderScene, name: RungName, entry: tuple[int, int], number: int, times: int) -> str:
    """One entry of the picture: which output cell and pixel it joins, and which parameter it is (from 1; 0: none)."""
    ladder: Ladder = scene.drawn
    i, j = entry
    columns, width = ladder.output.sizes[2], ladder.image.sizes[2]
    head = (
        f"<p><b>Entry ({i + 1},&nbsp;{j + 1})</b> joins output cell ({i // columns + 1},&nbsp;{i % columns + 1}) "
        f"with pixel ({j // width + 1},&nbsp;{j % width + 1}).</p>"
    )
    if number == 0:
        return head + f"<p>There is <b>no parameter</b> here: the pixel lies outside the cell's window.</p>{explain_rung(scene, name)}"
    total = scene.parameters_drawn(name)
    shared = "stands nowhere else" if times == 1 else f"stands <b>{times:,}</b> times in the matrix"
    return head + f"<p>It is parameter <b>{number:,}</b> of {total:,}; it {shared}.</p>{explain_rung(scene, name)}"
