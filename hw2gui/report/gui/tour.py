"""The report tab's interesting states, for the tour."""

from __future__ import annotations

from dataclasses import replace

from hw2gui.report.state import ReportState
from hw2gui.widgets.tour import Stop

START = ReportState()

STOPS = (
    Stop("items", "Every item of the report beside what is computed here", lambda: replace(START, selected="1.1b")),
    Stop(
        "rates",
        "Learning rates: a table, a verdict from the seeds, what to do where runs are missing",
        lambda: replace(START, selected="2.4"),
    ),
    Stop("erratum", "A slip with its counterexample", lambda: replace(START, selected="erratum 3")),
)
