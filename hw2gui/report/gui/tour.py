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
        "Learning rates: a table, a verdict from the seeds, the program's own figures until there are others",
        lambda: replace(START, selected="2.4"),
    ),
    Stop("beams", "What a beam adds, by its size: a table and a figure that can be taken away", lambda: replace(START, selected="3.1c")),
    Stop("own", "Only what is measured here: what to do where nothing is", lambda: replace(START, source="own", selected="3.1b")),
    Stop("erratum", "A slip with its counterexample", lambda: replace(START, selected="erratum 3")),
)
