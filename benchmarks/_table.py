"""What every benchmark reports: a row with our figure, the peer's, their ratio and the aim."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter


@dataclass(frozen=True)
class Row:
    """One line of the table. *ratio* is the peer's figure over ours where both measure the same, else empty."""

    what: str
    ours: str
    peer: str = ""
    ratio: str = ""
    aim: str = ""
    met: bool | None = None


def report(rows: Iterable[Row]) -> None:
    """Print the rows: as a table for people, or with ``--json`` one JSON object a line for the collector."""
    for row in rows:
        if "--json" in sys.argv:
            print(json.dumps(asdict(row), ensure_ascii=False))
        else:
            verdict = "" if row.met is None else "  ✓" if row.met else "  ✗ missed"
            print(
                f"{row.what}: {row.ours}"
                + (f" | {row.peer} | {row.ratio}" if row.peer else "")
                + (f" | aim {row.aim}" if row.aim else "")
                + verdict
            )


def milliseconds(call: Callable[[], object], repeats: int) -> list[float]:
    """How long each of *repeats* calls takes."""
    taken = []
    for _ in range(repeats):
        start = perf_counter()
        call()
        taken.append((perf_counter() - start) * 1000)
    return taken


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which *share* (0 to 1) of *values* lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(values: Sequence[float]) -> str:
    """Median and 95th percentile in words."""
    return f"p50 {statistics.median(values):.1f} ms, p95 {percentile(values, 0.95):.1f} ms"
