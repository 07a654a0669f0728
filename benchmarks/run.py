"""Run every benchmark, each in a process of its own, and write the table docs/benchmarks.md."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
TABLE = HERE.parent / "docs" / "benchmarks.md"


def main() -> int:
    """Run all, write the table, answer 1 when one failed."""
    lines = [
        "# Benchmarks",
        "",
        f"Made by `make bench` on {os.cpu_count()} cores ({platform.machine()}, {platform.system()}, Python {platform.python_version()}).",
        "Windows are offscreen; times include events and painting. A ratio is the peer's figure over ours, both taken in the same run.",
        "",
        "| what | ours | the peer's | ratio | aim | met |",
        "|---|---|---|---|---|---|",
    ]
    failed = []
    for script in sorted(HERE.glob("[a-z]*.py")):
        if script.name == Path(__file__).name:
            continue
        print(f"== {script.stem}", flush=True)
        done = subprocess.run([sys.executable, str(script), "--json"], cwd=HERE, capture_output=True, text=True, check=False)
        rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        if done.returncode:
            failed.append(script.stem)
            print(done.stderr[-2000:])
        for row in rows:
            met = {True: "yes", False: "no", None: ""}[row["met"]]
            lines.append(f"| {row['what']} | {row['ours']} | {row['peer']} | {row['ratio']} | {row['aim']} | {met} |")
            print("  " + lines[-1])
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"Written: {TABLE.relative_to(HERE.parent)}" + (f"; failed: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
