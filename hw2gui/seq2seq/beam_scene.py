"""A beam search as a picture: its hypotheses as nodes, column by column or as a tree. Plain data the window may import.

Column 0 is the start, column t + 1 what was there after step t (from 0). A lane is where a node stands across its column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hw2gui.seq2seq.trace import Place, Trace

Layout = Literal["columns", "tree"]
Kind = Literal["start", "open", "complete", "stays", "pruned"]

Key = tuple[int, int, bool]
"""(step, place from 0, whether it is one of the pruned)."""

START: Key = (-1, 0, False)
GAP = 0.6
"""Between the survivors and the pruned, in lanes."""


@dataclass(frozen=True)
class Node:
    """A hypothesis after a step; ``parent`` is the node it continues (None of the start), ``place`` None of the start."""

    key: Key
    parent: Key | None
    column: int
    lane: float
    kind: Kind
    place: Place | None


@dataclass(frozen=True)
class Scene:
    """All nodes of a search, parents first; ``lanes`` is how many lanes they take, ``border`` the lane below the survivors, if any."""

    layout: Layout
    nodes: tuple[Node, ...]
    columns: int
    lanes: float
    border: float | None = None

    def upto(self, step: int) -> tuple[Node, ...]:
        """The nodes there are after *step*."""
        return tuple(node for node in self.nodes if node.key[0] <= step)

    def find(self, key: Key) -> Node | None:
        """The node *key*, if it is in the picture."""
        return next((node for node in self.nodes if node.key == key), None)


def place_of(trace: Trace, key: Key) -> Place | None:
    """The hypothesis *key* stands for; None for the start and for what is not there."""
    step, rank, pruned = key
    if not 0 <= step < len(trace.steps):
        return None
    places = trace.steps[step].pruned if pruned else trace.steps[step].survivors
    return places[rank] if 0 <= rank < len(places) else None


def ancestry(trace: Trace, key: Key) -> tuple[Key, ...]:
    """*key* and all it comes from, the start first."""
    step, rank, pruned = key
    found = [key]
    while step > 0 and (place := place_of(trace, (step, rank, pruned))) is not None:
        step, rank, pruned = step - 1, place.parent, False
        found.append((step, rank, pruned))
    return (*((START,) if key != START else ()), *reversed(found))


def living(trace: Trace, step: int) -> frozenset[Key]:
    """The survivors of *step* and all they come from: the branches that are not dead."""
    ranks = range(len(trace.steps[step].survivors))
    return frozenset(key for rank in ranks for key in ancestry(trace, (step, rank, False)))


def winner(trace: Trace, step: int) -> tuple[Key, ...]:
    """The best hypothesis after *step* and all it comes from."""
    return ancestry(trace, (step, 0, False))


def scene(trace: Trace, layout: Layout, pruned: int = 3) -> Scene:
    """The whole search as *layout* says; as columns with the best *pruned* of each step below the survivors."""
    return _tree(trace) if layout == "tree" else _columns(trace, pruned)


def _columns(trace: Trace, pruned: int) -> Scene:
    most = max(len(step.survivors) for step in trace.steps)
    nodes = [Node(START, None, 0, 0.0, "start", None)]
    dropped = 0
    for step in trace.steps:
        shown = step.pruned[:pruned]
        dropped = max(dropped, len(shown))
        nodes += [_node(step.number, place, float(place.place)) for place in step.survivors]
        nodes += [_node(step.number, place, most + GAP + place.place, dropped=True) for place in shown]
    lanes = most + (GAP + dropped if dropped else 0.0)
    return Scene("columns", tuple(nodes), len(trace.steps) + 1, lanes, most if dropped else None)


def _node(step: int, place: Place, lane: float, *, dropped: bool = False) -> Node:
    kind: Kind = "pruned" if dropped else "stays" if place.stays else "complete" if place.complete else "open"
    parent = (step - 1, place.parent, False) if step else START
    return Node((step, place.place, dropped), parent, step + 1, lane, kind, place)


def _tree(trace: Trace) -> Scene:
    """Every beginning that was ever in the beam once, in its last symbol's column; leaves a lane each, parents beside their first child."""
    parents: dict[Key, Key] = {}
    places: dict[Key, Place] = {}
    before: list[Key] = [START]  # the node of each place
    for step in trace.steps:
        now = []
        for place in step.survivors:
            key: Key = (step.number, place.place, False)
            if place.stays:
                key = before[place.parent]
            else:
                parents[key], places[key] = before[place.parent], place
            now.append(key)
        before = now
    lanes = _lanes(parents)
    nodes = [Node(START, None, 0, lanes[START], "start", None)]
    for key, place in places.items():
        nodes.append(Node(key, parents[key], key[0] + 1, lanes[key], "complete" if place.complete else "open", place))
    return Scene("tree", tuple(nodes), max(node.column for node in nodes) + 1, max(lanes.values()) + 1)


def _lanes(parents: dict[Key, Key]) -> dict[Key, float]:
    """A lane for every node of a tree given by each node's parent, parents before children."""
    children: dict[Key, list[Key]] = {START: []}
    for key, parent in parents.items():
        children[key] = []
        children[parent].append(key)
    lanes: dict[Key, float] = {}
    waiting = [START]
    while waiting:
        key = waiting.pop()
        if not children[key]:
            lanes[key] = float(len(lanes))
        waiting += reversed(children[key])
    for key in (*reversed(parents), START):
        if children[key]:
            lanes[key] = lanes[children[key][0]]
    return lanes
