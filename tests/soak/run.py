"""``make soak``: monkey, fuzz, faults and a long training, one after another; the table goes to docs/reliability.md.

``--quick`` does a tenth of it. What is printed and written is what was seen, good or bad.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

from hw2gui.app.tabs import TABS

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "reliability.md"


def _lines(module: str, *words: str) -> list[dict[str, Any]]:
    """The JSON lines of a part; what it wrote to stderr, where there are none."""
    print(f"== {module} {' '.join(words)}", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", f"tests.soak.{module}", *words, "--json"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    print(done.stdout[-1500:] if rows else f"exit code {done.returncode}: {done.stderr[-1500:]}", flush=True)
    return rows or [{"crashed": f"exit code {done.returncode}", "stderr": done.stderr.strip()[-300:]}]


def _monkey(events: int, seeds: int) -> list[str]:
    lines = [
        f"## A monkey at every tab ({events:,} random real events each)",
        "",
        f"`python -m tests.soak.monkey --tab TAB --events {events} --seed SEED`. A gap is the time between two ticks of a 5 ms timer in",
        "the window's thread; computing is what of a gap that thread computed itself (the rest is waiting for a core). Growth is from",
        "after the warm-up to the end.",
        "",
        "| tab | seed | exceptions | Qt warnings | gaps > 100 ms | computing > 100 ms | longest gap | memory | threads | files | timers |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for spec in TABS:
        for seed in range(1, seeds + 1):
            (row,) = _lines("monkey", "--tab", spec.key, "--events", str(events), "--seed", str(seed))
            if "crashed" in row:
                lines.append(f"| {spec.key} | {seed} | **{row['crashed']}** | | | | | | | | |")
                continue
            first, last = row["after_warm_up"], row["at_the_end"]
            own = sum(hang[1] > 100 for hang in row["hangs"])
            lines.append(
                f"| {spec.key} | {seed} | {sum(row['exceptions'].values())} | {sum(row['warnings'].values())} | {row['hang_count']} | "
                f"{own} | "
                f"{row['longest_ms']:.0f} ms | {first['resident_mb']:.0f} → {last['resident_mb']:.0f} MB | {first['threads']} → "
                f"{last['threads']} | {first['files']} → {last['files']} | {first['timers']} → {last['timers']} |"
            )
    return lines


def _fuzz(cases: int) -> list[str]:
    lines = [
        f"## Every reader fed with damage ({cases:,} cases each)",
        "",
        f"`python -m tests.soak.fuzz --cases {cases}`",
        "",
        "| reader | read all the same | refused with a sentence | worse | longest |",
        "|---|---|---|---|---|",
    ]
    for row in _lines("fuzz", "--cases", str(cases)):
        if "crashed" in row:
            lines.append(f"| **{row['crashed']}** | | | | |")
            continue
        lines.append(
            f"| {row['target']} | {row.get('read', 0):,} | {row.get('refused', 0):,} | {row.get('worse', 0)} | {row['longest_s']:.2f} s |"
        )
    return lines


def _faults() -> list[str]:
    lines = [
        "## Faults injected",
        "",
        "`python -m tests.soak.faults`",
        "",
        "| fault | what was seen | nothing lost |",
        "|---|---|---|",
    ]
    for row in _lines("faults"):
        seen = str(row.get("seen", row.get("crashed"))).replace("|", "\\|").replace("\n", " ")
        lines.append(f"| {row.get('fault', '?')} | {seen} | {'yes' if row.get('ok') else '**no**'} |")
    return lines


def _long(seconds: int) -> list[str]:
    (row,) = _lines("long", "--seconds", str(seconds))
    lines = [
        f"## {seconds / 60:.0f} minutes of training with the window in use",
        "",
        f"`python -m tests.soak.long --seconds {seconds}`",
        "",
    ]
    if "crashed" in row:
        return [*lines, f"**{row['crashed']}**"]
    sizes = row["sizes"]
    return [
        *lines,
        f"{row['steps']:,} training steps while {row['events']:,} events went through all tabs; the training "
        f"{'went on to the end' if row['training went on to the end'] else 'ended early'}. Exceptions {sum(row['exceptions'].values())}, "
        f"Qt warnings {sum(row['warnings'].values())}, gaps over 100 ms {row['gaps over 100 ms']} (computing that long: "
        f"{row['of which computing over 100 ms']}), longest {row['longest_ms']:.0f} ms. Memory by time: "
        f"{', '.join(format(one['resident_mb'], '.0f') for one in sizes)} MB; threads {sizes[0]['threads']} → {sizes[-1]['threads']}, "
        f"processes {sizes[0]['processes']} → {sizes[-1]['processes']}, files {sizes[0]['files']} → {sizes[-1]['files']}, timers "
        f"{sizes[0]['timers']} → {sizes[-1]['timers']}. The run's folder: {row['run_bytes'] / 1e6:.1f} MB.",
    ]


def main() -> int:
    """Run all and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the events and cases, three minutes of training")
    parser.add_argument("--minutes", type=int, help="how long the training with the window in use takes (default: 60)")
    arguments = parser.parse_args()
    share = 10 if arguments.quick else 1
    seconds = 60 * arguments.minutes if arguments.minutes else 3600 // share // (2 if arguments.quick else 1)
    form = " in its quick form" if arguments.quick else ""
    head = [
        "# Reliability",
        "",
        f"Made by `make soak`{form} on {os.cpu_count()} cores ({platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}), offscreen.",
        "",
    ]
    parts = [_monkey(10_000 // share, 1), _fuzz(2000 // share), _faults(), _long(seconds)]
    TABLE.write_text("\n".join([*head, *(line for part in parts for line in [*part, ""])]), encoding="utf-8")
    print(f"Written: {TABLE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
