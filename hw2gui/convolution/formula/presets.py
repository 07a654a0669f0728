"""Formulas to start from: the right one, and instructive wrong ones."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preset:
    """A formula with the name it is offered under and what there is to learn from it."""

    key: str
    title: str
    text: str
    lesson: str


PRESETS = (
    Preset(
        "general",
        "Right, any stride",
        "α = floor((i-1) / W') + 1\n"
        "β = (i-1) mod W' + 1\n"
        "γ = floor((j-1) / W) + 1\n"
        "δ = (j-1) mod W + 1\n"
        "m = γ - s*(α-1)\n"
        "n = δ - s*(β-1)\n"
        "M(i,j) = w(m, n) if 1 ≤ m ≤ M and 1 ≤ n ≤ N else 0",
        "Row i of M is output pixel (α, β), column j is input pixel (γ, δ); m and n say where in the window that input pixel lies.",
    ),
    Preset(
        "stride1",
        "Right at stride 1",
        "α = floor((i-1) / W') + 1\n"
        "β = (i-1) mod W' + 1\n"
        "γ = floor((j-1) / W) + 1\n"
        "δ = (j-1) mod W + 1\n"
        "M(i,j) = w(γ-α+1, δ-β+1) if 0 ≤ γ-α ≤ M-1 and 0 ≤ δ-β ≤ N-1 else 0",
        "The homework's case. With stride s the window moves s pixels at a time: s has to multiply α-1 and β-1.",
    ),
    Preset(
        "report",
        "Dividing by H′ and H",
        "α = floor((i-1) / H') + 1\n"
        "β = (i-1) mod W' + 1\n"
        "γ = floor((j-1) / H) + 1\n"
        "δ = (j-1) mod W + 1\n"
        "M(i,j) = w(γ-α+1, δ-β+1) if 0 ≤ γ-α ≤ M-1 and 0 ≤ δ-β ≤ N-1 else 0",
        "Rows are stacked, so a row of z takes W′ places and a row of x takes W: divide by the number of columns. Squares hide the slip.",
    ),
    Preset(
        "difference",
        "Depending on j-i alone",
        "M(i,j) = w(floor((j-i) / W) + 1, (j-i) mod W + 1)",
        "M would then be Toeplitz. It is only block by block: where the window starts a new row of z, j-i jumps by more than one.",
    ),
)
"""Offered in this order; the first is right for every size and stride."""
