"""Decoding 1,000 sentences: greedy and beams in batches, beside a plain script and JoeyNMT, and how the cost grows.

On one thread; beside the script also on all: the ratio is of each side's better time.

JoeyNMT needs an environment of its own: ``--joeynmt [FOLDER]`` makes it once, by default in the cache folder, and finds it from then on.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import _seq2seq_script as script
import torch
from _joeynmt_environment import python
from _seq2seq_data import corpus, translator
from _table import Row, report

from hw2gui.seq2seq import search
from hw2gui.seq2seq.results import Options
from hw2gui.seq2seq.translator import Translator

COUNT = 1000
SCRIPT_COUNT = 200  # of the script's sentences, which take so long; its time is told for 1,000
EXACT_COUNT, LONG_COUNT = 200, 128
SYMBOLS = 16  # of every output when JoeyNMT, which is not trained, is compared
REPEATS = 5


def seconds(call: Callable[[], object], repeats: int = REPEATS) -> float:
    """The median time of a call, after one that does not count."""
    call()
    taken = []
    for _ in range(repeats):
        begun = perf_counter()
        call()
        taken.append(perf_counter() - begun)
    return statistics.median(taken)


def by_turns(*calls: Callable[[], object]) -> list[float]:
    """The median time of each call, all taken in turn, so that what else the machine does falls on each alike."""
    for call in calls:
        call()
    taken: list[list[float]] = [[] for _ in calls]
    for _ in range(REPEATS):
        for times, call in zip(taken, calls, strict=True):
            begun = perf_counter()
            call()
            times.append(perf_counter() - begun)
    return [statistics.median(times) for times in taken]


def main() -> None:
    """Print all tables."""
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    made, sources = translator(), [pair.source for pair in corpus().test[:COUNT]]
    report(beside_the_script(made, sources))
    report(beside_joeynmt(made, sources))
    report(growth(made, sources))


def beside_the_script(made: Translator, sources: list[str]) -> list[Row]:
    """The same weights, the same outputs (checked), one sentence at a time and all in batches."""
    queries = [made.query(source) for source in sources]
    plain = script.Script(made.model.network.source_symbols, made.model.network.target_symbols, made.model.network.hidden).eval()
    plain.load_state_dict(made.model.state_dict())
    sample = queries[:: max(1, len(queries) // SCRIPT_COUNT)]
    few = [list(query.source) for query in sample]
    scale = len(queries) / len(few)
    taken = []
    for threads in sorted({1, os.cpu_count() or 1}):
        torch.set_num_threads(threads)
        taken.append(
            by_turns(
                lambda: made.greedy(queries, attention=False),
                lambda: made.beam(queries, Options(5), attention=False),
                lambda: [script.greedy(plain, source) for source in few],
                lambda: [script.beam(plain, source) for source in few],
            )
        )
    torch.set_num_threads(1)
    greedy, beam, script_greedy, script_beam = (list(column) for column in zip(*taken, strict=True))
    script_greedy, script_beam = ([scale * time for time in column] for column in (script_greedy, script_beam))
    narrow, wide = made.greedy(sample), [found[0] for found in made.beam(sample, Options(5))]
    for one, other, source in zip(narrow, wide, few, strict=True):
        same = list(one.hypothesis.numbers) == script.greedy(plain, source) and list(other.hypothesis.numbers) == script.beam(plain, source)
        assert same, f"the plain script finds another output for {source}"
    rows = []
    for name, ours, peers, aim in (("greedy", greedy, script_greedy, 25), ("beam 5", beam, script_beam, 20)):
        ratio = min(peers) / min(ours)
        what = f"{len(queries):,} sentences, {name}, on one thread and on all"
        rows.append(
            Row(what, _times(ours, 2), f"plain script, one at a time {_times(peers, 1)}", f"{ratio:.1f}×", f"≥ {aim}×", ratio >= aim)
        )
    slower = beam[0] / greedy[0]
    rows.append(Row("Beam 5 beside batched greedy, on one thread", f"{slower:.1f} times its time", aim="≤ 5", met=slower <= 5))
    return rows


def _times(column: list[float], digits: int) -> str:
    return ", ".join(f"{time:.{digits}f} s" for time in column)


def beside_joeynmt(made: Translator, sources: list[str]) -> list[Row]:
    """Networks of the same sizes writing the same number of symbols."""
    joeynmt = python()
    if joeynmt is None:
        return [Row("JoeyNMT", "not compared: `seq2seq_decoding.py --joeynmt` makes an environment for it")]
    queries = [made.query(source) for source in sources]
    given = {"sources": [list(query.source) for query in queries], "symbols": SYMBOLS, "vocabulary": made.model.network.source_symbols}
    helper = Path(__file__).with_name("_seq2seq_joeynmt.py")
    done = subprocess.run([joeynmt, str(helper)], input=json.dumps(given), capture_output=True, text=True, check=True)
    theirs = json.loads(done.stdout.splitlines()[-1])
    with torch.no_grad():
        bias = made.model.decoder.output.bias[2].item()
        made.model.decoder.output.bias[2] = -1e4  # never ends: every output has all symbols, as JoeyNMT's
    ours = {
        "greedy": seconds(lambda: made.greedy(queries, SYMBOLS, attention=False)),
        "beam 5": seconds(lambda: made.beam(queries, Options(5, max_length=SYMBOLS), attention=False)),
    }
    with torch.no_grad():
        made.model.decoder.output.bias[2] = bias
    rows = []
    for name, time in ours.items():
        rates = len(queries) / time, len(queries) / theirs[name]
        rows.append(
            Row(
                f"{name}, every output {SYMBOLS} symbols long",
                f"{rates[0]:,.0f} sentences/s",
                f"JoeyNMT {theirs['version']} {rates[1]:,.0f} sentences/s",
                f"{rates[0] / rates[1]:.1f}×",
                "≥ 2×",
                rates[0] / rates[1] >= 2,
            )
        )
    return rows


def growth(made: Translator, sources: list[str]) -> list[Row]:
    """Against the beam size, the number of sentences, how many lie side by side, and the source's length; then exact search."""
    queries = [made.query(source) for source in sources]
    by_count = {}
    for count in (1, 10, 100, len(queries)):
        each = {k: seconds(lambda k=k, count=count: made.beam(queries[:count], Options(k), attention=False), 3) / count for k in (1, 5)}
        by_count[count] = " and ".join(f"{1000 * time:.2f}" for time in each.values())
    by_beam = {k: seconds(lambda k=k: made.beam(queries, Options(k), attention=False), 3) for k in (1, 2, 3, 5, 10, 20)}
    rows = [Row("Milliseconds a sentence, beam 1 and 5, by how many are decoded", ", ".join(f"{n:,}: {ms}" for n, ms in by_count.items()))]
    rows.append(Row("Seconds by beam size", ", ".join(f"{k}: {time:.2f}" for k, time in by_beam.items())))
    kept, by_rows = search.ROWS, {}
    for rows_ in (16, 64, 256, 1024, 4096):
        search.ROWS = rows_
        by_rows[rows_] = seconds(lambda: made.beam(queries, Options(5), attention=False), 3)
    search.ROWS = kept
    rows.append(Row("Seconds, beam 5, by hypotheses side by side", ", ".join(f"{k}: {time:.2f}" for k, time in by_rows.items())))
    alphabet = made.source.characters
    by_length = {}
    for length in (5, 10, 20, 40, 80):
        texts = [("".join(alphabet[(i * 7 + j * j) % len(alphabet)] for j in range(length))) for i in range(LONG_COUNT)]
        long = [made.query(text) for text in texts]
        by_length[length] = 1000 * seconds(lambda long=long: made.beam(long, Options(5), attention=False), 3) / LONG_COUNT
    rows.append(Row("Milliseconds a sentence, beam 5, by source length", ", ".join(f"{k}: {time:.2f}" for k, time in by_length.items())))
    few = queries[:EXACT_COUNT]
    found = made.exact(few)
    exact = seconds(lambda: made.exact(few), 1)
    proven, prefixes = sum(one.proven for one in found), sum(one.expanded for one in found) / len(few)
    rows.append(Row(f"Exact search, {len(few)} sentences", f"{exact:.2f} s, {proven} proven, {prefixes:.0f} prefixes each"))
    return rows


if __name__ == "__main__":
    main()
