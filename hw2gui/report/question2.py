"""Question 2 of the report beside the finished trainings."""

from __future__ import annotations

from hw2gui.report.claims import parameters, permutation, transformations
from hw2gui.report.evidence import Evidence
from hw2gui.report.items import Item
from hw2gui.report.learning_rates import learning_rates
from hw2gui.report.maps import maps


def items(evidence: Evidence) -> tuple[Item, ...]:
    """2.1 to 2.5."""
    return (parameters(evidence), transformations(evidence), permutation(evidence), learning_rates(evidence), maps(evidence))
