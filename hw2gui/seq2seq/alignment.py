"""Edit distances: many at once in numpy, and one pair in full with what was inserted, left out and replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hw2gui.arrays import Ints

Operation = Literal["match", "substitute", "insert", "delete"]
"""What becomes of a reference's character in the output: kept, replaced, or missing ("delete"); "insert": the output has one too many."""

_CELLS = 1 << 24
"""Cells of all rows together that are worked on at once."""


def distances(outputs: Sequence[str], references: Sequence[str]) -> Ints:
    """Levenshtein distance of each pair (N,): the fewest characters inserted, deleted and replaced.

    The usual dynamic programme, a whole row at a time over all pairs: D[i, j] from deletion and replacement first, and insertions
    along the row as a running minimum of D[i, j] − j. ValueError where there are not as many *outputs* as *references*.
    """
    if len(outputs) != len(references):
        raise ValueError(f"{len(outputs)} outputs for {len(references)} references")
    found = np.zeros(len(outputs), dtype=np.int64)
    order = np.argsort([len(reference) for reference in references], kind="stable")
    start = 0
    while start < len(order):
        # Neighbours in length share an array: short ones do not pay for long ones.
        longest = max(1, len(references[order[min(start + 255, len(order) - 1)]]))
        batch = order[start : start + max(1, min(256, _CELLS // longest))]
        found[batch] = _distances([outputs[i] for i in batch], [references[i] for i in batch])
        start += len(batch)
    return found


def _distances(outputs: Sequence[str], references: Sequence[str]) -> Ints:
    rows, ends = _codes(outputs, fill=-1)  # (N, n), (N,)
    columns, width = _codes(references, fill=-2)  # (N, m), (N,)
    along = np.arange(columns.shape[1] + 1)
    row = np.broadcast_to(along, (len(outputs), len(along))).copy()  # (N, m + 1): distances from nothing
    found = np.where(ends == 0, width, 0)
    pairs = np.arange(len(outputs))
    for number, codes in enumerate(rows.T, start=1):
        replaced = row[:, :-1] + (columns != codes[:, None])
        row = row + 1
        np.minimum(row[:, 1:], replaced, out=row[:, 1:])
        row = np.minimum.accumulate(row - along, axis=1) + along
        np.copyto(found, row[pairs, width], where=ends == number)
    return found


def _codes(texts: Sequence[str], fill: int) -> tuple[Ints, Ints]:
    """Code points (N, longest), *fill* behind the end, and the lengths (N,)."""
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    codes = np.full((len(texts), int(lengths.max(initial=0))), fill, dtype=np.int64)
    codes[np.arange(codes.shape[1]) < lengths[:, None]] = [ord(character) for text in texts for character in text]
    return codes, lengths


@dataclass(frozen=True)
class Edit:
    """One step of an alignment: the reference's character (None: an insertion) and the output's (None: a deletion).

    ``position``: how many characters of the reference lie before it.
    """

    operation: Operation
    reference: str | None
    output: str | None
    position: int


def align(output: str, reference: str) -> tuple[Edit, ...]:
    """A shortest way from *reference* to *output*. Where several are as short: matches and replacements first, seen from the end."""
    above = np.zeros((len(output) + 1, len(reference) + 1), dtype=np.int64)
    above[0] = np.arange(len(reference) + 1)
    codes = np.array([ord(character) for character in reference], dtype=np.int64)
    for i, character in enumerate(output, start=1):
        row = above[i - 1] + 1
        np.minimum(row[1:], above[i - 1, :-1] + (codes != ord(character)), out=row[1:])
        above[i] = np.minimum.accumulate(row - above[0]) + above[0]
    edits: list[Edit] = []
    i, j = len(output), len(reference)
    while i or j:
        here = above[i, j]
        if i and j and here == above[i - 1, j - 1] + (output[i - 1] != reference[j - 1]):
            i, j = i - 1, j - 1
            edits.append(Edit("match" if output[i] == reference[j] else "substitute", reference[j], output[i], j))
        elif j and here == above[i, j - 1] + 1:
            j -= 1
            edits.append(Edit("delete", reference[j], None, j))
        else:
            i -= 1
            edits.append(Edit("insert", None, output[i], j))
    return tuple(reversed(edits))
