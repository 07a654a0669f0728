"""Make a reproduction the one that comes with the program: ``python -m hw2gui.report.ship DIR``, in a checkout.

Settings, measurements and where they were made go into ``resources/reproduction``; no data and no weights, but for the first convolution
of the run whose activation maps the report shows. ``hw2gui report --out docs/reproduction/report.html`` then writes its document.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from hw2gui import files, paths
from hw2gui.errors import InputError
from hw2gui.report.evidence import Evidence
from hw2gui.report.records import RESOURCE, of_folder, write_text
from hw2gui.vision.report_reference import BEST_RATE


def ship(folder: Path) -> Path:
    """Write the reproduction in *folder* among the program's resources. InputError for one that is not whole."""
    records = of_folder(folder)
    left = [planned.title for planned in records.plan.runs() if records.find(planned.config) is None]
    if records.plan.quick or left:
        raise InputError(f"{folder} lacks {left[0] if left else 'the full version'}: finish it first ('hw2gui reproduce --out {folder}')")
    path = paths.resource(*RESOURCE)
    files.write_text(path, write_text(records, Evidence(records).rates[BEST_RATE][0]))
    return path


def main(arguments: Sequence[str]) -> int:
    """``DIR``."""
    if len(arguments) != 1:
        raise InputError("give the folder of a reproduction: python -m hw2gui.report.ship DIR")
    sys.stdout.write(f"{ship(Path(arguments[0]))}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
