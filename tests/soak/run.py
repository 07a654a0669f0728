"""``make soak``: monkey, fuzz, faults and a long training; the tables go to docs/reliability.md.

``--quick`` does a tenth of it. With ``--keep DIR`` the result of each part is kept in DIR, a part that is there already is not run
again, and ``--assemble`` makes the document from what is there, so a soak can be cut up (``--only monkey --tab vision``) and run at
different times. What is printed and written is what was seen, good or bad; the exit code is 1 if any of it was bad.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hw2gui.app.tabs import TABS
from tests.soak import parts
from tests.soak.document import document, missing
from tests.soak.parts import KINDS, ROOT, Part, Result

TABLE = ROOT / "docs" / "reliability.md"
TELL_EVERY_S = 60.0


class Soak:
    """Carries parts out, a few at once, and tells how long it will still take."""

    def __init__(self, chosen: Sequence[Part], folder: Path, at_once: int) -> None:
        self.folder, self.at_once = folder, at_once
        kept = {result.name: result for result in parts.read(folder)} if folder.exists() else {}
        self._left = [part for part in chosen if not _there(kept.get(part.name), part)]
        self._shares = dict.fromkeys((part.name for part in self._left), 0.0)
        self._began: dict[str, float] = {}
        self._running: list[subprocess.Popen[str]] = []
        self._lock = threading.Lock()
        self._told = time.monotonic()
        for part in chosen:
            if part not in self._left:
                print(f"{part.name}: is there already", flush=True)

    def run(self) -> None:
        """All parts; ended with what they started when interrupted."""
        pool = ThreadPoolExecutor(self.at_once)
        try:
            for _ in pool.map(self._one, sorted(self._left, key=lambda part: -part.expected_s)):
                pass
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            with self._lock:
                for process in self._running:
                    parts.end(process)
            raise
        pool.shutdown()

    def _one(self, part: Part) -> None:
        self._began[part.name] = time.monotonic()
        print(f"{part.name}: begins ({self._time_left()})", flush=True)
        result = parts.carry_out(part, lambda share: self._tell(part, share), self._started)
        parts.write(result, self.folder)
        self._shares[part.name] = 1.0
        said = parts.trouble(result) or "whole"
        print(f"{part.name}: {said}, {result.seconds:.0f} s ({self._time_left()})", flush=True)

    def _started(self, process: subprocess.Popen[str]) -> None:
        with self._lock:
            self._running.append(process)

    def _tell(self, part: Part, share: float) -> None:
        self._shares[part.name] = share
        with self._lock:
            if time.monotonic() - self._told < TELL_EVERY_S:
                return
            self._told = time.monotonic()
        going = ", ".join(f"{name} {share:.0%}" for name, share in self._shares.items() if name in self._began and share < 1)
        print(f"   {going} ({self._time_left()})", flush=True)

    def _time_left(self) -> str:
        """From how long parts take as foreseen, and, once they tell how far they are, as they do."""
        left = longest = 0.0
        for part in self._left:
            share = self._shares[part.name]
            whole = part.expected_s
            if share > 0.05 and share < 1:
                whole = (time.monotonic() - self._began[part.name]) / share
            left += whole * (1 - share)
            longest = max(longest, whole * (1 - share))
        minutes = max(left / self.at_once, longest) / 60
        return f"about {minutes:.0f} min left" if minutes >= 1 else "less than a minute left" if left else "done"


def _there(result: Result | None, part: Part) -> bool:
    return result is not None and result.words == part.words and not parts.trouble(result)


def _chosen(arguments: argparse.Namespace) -> list[Part]:
    share = 10 if arguments.quick else 1
    seconds = round(60 * arguments.minutes) if arguments.minutes else 180 if arguments.quick else 3600
    tabs = tuple(arguments.tab or (spec.key for spec in TABS))
    made = {
        "monkey": lambda: parts.monkeys(tabs, (arguments.events or 10_000) // share, arguments.seeds),
        "fuzz": lambda: [parts.fuzz((arguments.cases or 2000) // share)],
        "faults": lambda: [parts.faults()],
        "long": lambda: [parts.long(seconds)],
    }
    return [part for kind in KINDS if kind in arguments.only for part in made[kind]()]


def _kinds(text: str) -> tuple[str, ...]:
    kinds = tuple(word.strip() for word in text.split(","))
    for kind in kinds:
        if kind not in KINDS:
            raise argparse.ArgumentTypeError(f"there is no part {kind!r}: name some of {', '.join(KINDS)}")
    return kinds


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the events and cases, three minutes of training")
    parser.add_argument("--only", type=_kinds, default=KINDS, metavar="PARTS", help=f"some of {','.join(KINDS)}")
    parser.add_argument("--tab", action="append", choices=[spec.key for spec in TABS], help="a tab for the monkey (give it again for more)")
    parser.add_argument("--events", type=int, help="random events on each tab (default: 10,000)")
    parser.add_argument("--seeds", type=int, default=1, help="monkeys that share a tab's events, each with its own seed and process")
    parser.add_argument("--cases", type=int, help="damaged examples for each reader (default: 2,000)")
    parser.add_argument("--minutes", type=float, help="how long the training with the window in use takes (default: 60)")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="parts that run at once; more gaps are then waits for a core")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep results there; what is there is not run again")
    parser.add_argument("--assemble", action="store_true", help="run nothing: make the document from the results in --keep")
    parser.add_argument("--out", type=Path, help=f"the document (default: {TABLE.relative_to(ROOT)}, for a whole soak)")
    return parser


def main() -> int:
    """Run what was chosen and write the document."""
    parser = _parser()
    arguments = parser.parse_args()
    if arguments.assemble and not arguments.keep:
        parser.error("--assemble needs --keep DIR, the folder with the results")
    if min(arguments.seeds, arguments.jobs) < 1:
        parser.error("--seeds and --jobs begin at 1")
    with tempfile.TemporaryDirectory(prefix="hw2gui-soak-", ignore_cleanup_errors=True) as temporary:
        os.environ["TMPDIR"] = temporary  # what a killed program leaves behind goes with it
        folder = arguments.keep or Path(temporary) / "results"
        if not arguments.assemble:
            try:
                Soak(_chosen(arguments), folder, arguments.jobs).run()
            except KeyboardInterrupt:
                print("Interrupted." + (f" What was done is kept in {folder}." if arguments.keep else ""), flush=True)
                return 130
        results = parts.read(folder)
    # Where the results lie says nothing of what was done.
    given = ["DIR" if word in (str(arguments.keep), str(arguments.out)) else word for word in sys.argv[1:]]
    text = document(results, f" ({' '.join(given)})" if given and not arguments.assemble else "")
    return _deliver(text, results, arguments.out or (TABLE if arguments.assemble or not missing(results) else None))


def _deliver(text: str, results: Sequence[Result], path: Path | None) -> int:
    bad = [result.name for result in results if parts.trouble(result)]
    if path is None:
        print(f"\n{text}\nNot all of the soak was run (missing: {', '.join(missing(results))}), so no document was written.")
    else:
        path.write_text(text, encoding="utf-8")
        print(f"Written: {path}")
    if bad:
        print(f"Ended early or failed: {', '.join(bad)}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
