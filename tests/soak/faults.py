"""Faults injected into the running program: what is lost? ``python -m tests.soak.faults [--only NAME] [--json]``, from the checkout.

Each fault is a real one where that is possible: processes are killed with SIGKILL at random moments, files are cut, limits are set by the
system. A fault passes when what the user had is still there (or comes back bit for bit) and what was said is one clear sentence.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable

from tests.soak.fault_place import Outcome
from tests.soak.missing_faults import data_cut_short, home_unwritable, no_fonts, no_gpu, no_network
from tests.soak.progress import Progress
from tests.soak.run_faults import clock_jump, disk_full, training_killed, two_on_one_run
from tests.soak.window_faults import window_killed, worker_killed
from tests.soak.write_faults import download_cut_and_tampered, killed_in_each_write

FAULTS: dict[str, Callable[[], Outcome]] = {
    function.__name__: function
    for function in (
        training_killed, two_on_one_run, disk_full, data_cut_short, home_unwritable, no_gpu, no_fonts, no_network, clock_jump,
        window_killed, worker_killed, killed_in_each_write, download_cut_and_tampered,
    )
}  # fmt: skip


def main() -> int:
    """All faults, one after another."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=FAULTS)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    bad = 0
    chosen = {name: inject for name, inject in FAULTS.items() if arguments.only in (None, name)}
    progress = Progress(len(chosen))
    for number, (name, inject) in enumerate(chosen.items()):
        progress.at(number)
        try:
            outcome = inject()
        except Exception as error:
            outcome = Outcome(name, f"{type(error).__name__}: {error}", False)
        bad += not outcome.ok
        told = {"fault": outcome.fault, "seen": re.sub(r"/[\w./-]*hw2gui-fault-\w+", "…", outcome.seen), "ok": outcome.ok}
        print(
            json.dumps(told, ensure_ascii=False)
            if arguments.json
            else f"{'ok  ' if outcome.ok else 'BAD '} {told['fault']}: {told['seen']}",
            flush=True,
        )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
