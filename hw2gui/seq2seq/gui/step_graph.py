"""A search's picture as the graph that is drawn: words on nodes, looks, titles."""

from __future__ import annotations

from hw2gui.seq2seq.answers import Stepping
from hw2gui.seq2seq.beam_scene import Node, Scene, living
from hw2gui.seq2seq.beam_words import label_of, minus, spoken
from hw2gui.widgets.graph_canvas import Graph, GraphNode, Look

LOOKS: dict[str, Look] = {"start": "plain", "open": "plain", "complete": "done", "stays": "quiet", "pruned": "out"}
BEGIN = "start"
NOTE = "pruned, and by how much they fell"


def graph_of(picture: Scene, found: Stepping, step: int) -> Graph:
    """The part of *picture* there is after *step*; branches that are dead by then are faint."""
    alive = living(found.trace, step)
    nodes = tuple(_node(node, found, faint=node.key not in alive) for node in picture.upto(step))
    titles = ("", *(str(column) for column in range(1, picture.columns)))
    return Graph(nodes, picture.columns, picture.lanes, titles, picture.border, NOTE if picture.border is not None else "")


def _node(node: Node, found: Stepping, *, faint: bool) -> GraphNode:
    place = node.place
    if place is None:
        return GraphNode(
            node.key, None, node.column, node.lane, BEGIN, name="The start: nothing is written. A click lets the output begin freely."
        )
    pruned = node.kind == "pruned"
    number = place.margin if pruned and place.margin is not None else place.score
    return GraphNode(
        key=node.key,
        parent=node.parent,
        column=node.column,
        lane=node.lane,
        text=label_of(place, found.symbols),
        below=minus(number, 2 if abs(number) < 10 else 1),
        look=LOOKS[node.kind],
        name=spoken(place, found.symbols, pruned=pruned),
        faint=faint,
    )
