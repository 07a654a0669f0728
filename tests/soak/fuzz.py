"""Every reader of files and texts fed with damage: nothing worse than one clear sentence may come of it.

``python -m tests.soak.fuzz [--cases 2000] [--seed 1] [--only NAME] [--json]``. A case takes a sound example, cuts, flips, repeats and
mixes its bytes (or, for JSON, its values), and reads it. What comes back must be a value or a `UserError`, within `LIMIT_S` seconds.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.soak.home import folder as own_folder
from tests.soak.home import own_home
from tests.soak.progress import Progress

os.environ["HW2GUI_HOME"] = own_home("fuzz")

import numpy as np

from hw2gui import paths
from hw2gui.errors import InputError, UserError

LIMIT_S = 10
"""A reader that takes longer than this on a damaged small file hangs."""

INTERESTING = (
    b"",
    b"\x00",
    b"\xff\xfe",
    b"NaN",
    b"1e999",
    b"-1",
    b"9" * 30,
    b"[" * 2000,
    b'"',
    b"\\",
    b"\n\n",
    b"../../x",
    "ء".encode(),
    b"{}",
    b"null",
)
VALUES: tuple[Any, ...] = (None, True, -1, 0, 1e308, 2**70, "", "x" * 5000, [], {}, [[[]]], {"a": 1}, "NaN", "\ud800", float("1e-320"))


@dataclass(frozen=True)
class Target:
    """A reader, and a sound example of what it reads."""

    name: str
    example: bytes
    read: Callable[[bytes], object]


def damaged(example: bytes, drawn: random.Random) -> bytes:
    """*example* with one to four changes."""
    content = bytearray(example)
    if drawn.random() < 0.35:
        with suppress(ValueError, RecursionError):
            return json.dumps(_other_values(json.loads(example), drawn)).encode("utf-8", "surrogatepass")
    for _ in range(drawn.randint(1, 4)):
        at = drawn.randrange(len(content) + 1)
        kind = drawn.randrange(6)
        if kind == 0:
            content = content[:at]
        elif kind == 1 and content:
            content[at % len(content)] ^= 1 << drawn.randrange(8)
        elif kind == 2:
            content[at:at] = drawn.choice(INTERESTING)
        elif kind == 3:
            end = min(len(content), at + drawn.randint(1, 64))
            content[at:at] = content[at:end] * drawn.randint(1, 20)
        elif kind == 4:
            del content[at : at + drawn.randint(1, 64)]
        else:
            content[at : at + 8] = drawn.randbytes(8)
    return bytes(content)


def _other_values(value: Any, drawn: random.Random) -> Any:
    """*value* with one of its parts, however deep, replaced, taken out or doubled."""
    if isinstance(value, dict) and value and drawn.random() < 0.85:
        key = drawn.choice(list(value))
        kind = drawn.randrange(6)
        if kind == 0:
            return {name: part for name, part in value.items() if name != key}
        if kind == 1:
            return {**value, key + "x": value[key]}
        return {**value, key: _other_values(value[key], drawn)}
    if isinstance(value, list) and value and drawn.random() < 0.85:
        at = drawn.randrange(len(value))
        return [*value[:at], _other_values(value[at], drawn), *value[at + 1 :]] if drawn.random() < 0.7 else value[:at] + value[at:] * 2
    return drawn.choice(VALUES)


def targets() -> list[Target]:
    """All readers."""
    folder = own_folder("fuzzed")

    def through_file(name: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
        def run(content: bytes) -> object:
            path = folder / name
            path.write_bytes(content)
            return read(path)

        return run

    return [*_states(folder, through_file), *_texts(), *_files(folder, through_file)]


def _states(folder: Path, through_file: Callable[..., Callable[[bytes], object]]) -> list[Target]:
    from hw2gui.app.tabs import TABS
    from hw2gui.names import load
    from hw2gui.session.document import Document
    from hw2gui.session.store import Store

    def document() -> Document:
        return Document({spec.key: Store(load(spec.state)(), load(spec.check)) for spec in TABS})

    document().save(folder / "sound.hw2", TABS[0].key)
    sound = (folder / "sound.hw2").read_bytes()
    return [Target("session file", sound, through_file("session.hw2", lambda path: document().open(path)))]


def _texts() -> list[Target]:
    from hw2gui import cli
    from hw2gui.convolution import inputs, kernels
    from hw2gui.convolution.formula import PRESETS, check
    from hw2gui.parameters.presets import cnn
    from hw2gui.parameters.toml_io import from_toml, to_toml

    def text(read: Callable[[str], object]) -> Callable[[bytes], object]:
        return lambda content: read(content.decode("utf-8", "replace"))

    def command(line: str) -> None:
        """What `hw2gui` does with the words of *line*; the sentence it refuses them with is raised."""
        code: object
        words = [word for word in line.split("\x00") if not word.startswith(("--out", "--save"))]
        if not words or words[0] not in ("conv", "attention", "params", "translate", "classify", "evaluate"):
            words = ["conv", *words]
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as errors:
            try:
                code = cli.main(words)
            except SystemExit as end:
                code = end.code
        assert "Traceback" not in errors.getvalue(), errors.getvalue()[-800:]
        assert code in (0, 1, 2), f"exit code {code}"
        if code != 0:
            raise InputError(refusal(errors.getvalue()))

    return [
        Target("formula", next(iter(PRESETS.values() if isinstance(PRESETS, dict) else PRESETS)).text.encode(), text(check)),
        Target("kernel", b"1,2,3;4,-5.5,6e-3;7,8,9", text(kernels.parse_kernel)),
        Target("image as numbers", b"1,2,3;4,5,6", text(inputs.parse_image)),
        Target("layer stack (TOML)", to_toml(cnn()).encode(), text(from_toml)),
        Target(
            "command line",
            b"conv\x00--image\x004x6\x00--kernel\x001,2;3,4\x00--stride\x001\x00--entry\x007,9\x00--json",
            text(command),
        ),
    ]


def refusal(errors: str) -> str:
    """What stands in *errors* but for the usage that argparse sets before it, line breaks kept."""
    lines = errors.strip().splitlines()
    last = max((at for at, line in enumerate(lines) if line.startswith("hw2gui")), default=0)
    return "\n".join(lines[last:])


def _files(folder: Path, through_file: Callable[..., Callable[[bytes], object]]) -> list[Target]:
    from PIL import Image

    from hw2gui.datasets.idx import read_idx
    from hw2gui.datasets.pictures import read_picture
    from hw2gui.datasets.tsv import read_table
    from hw2gui.training.json_lines import read_rows
    from hw2gui.training.run_folder import RunFolder
    from hw2gui.training.weights import read_weights
    from hw2gui.vision import collection
    from hw2gui.vision.pen import Drawing, Stroke

    picture = io.BytesIO()
    Image.fromarray(np.arange(256, dtype=np.uint8).reshape(16, 16)).save(picture, "PNG")
    idx = bytes([0, 0, 8, 3]) + np.array([2, 3, 4], dtype=">i4").tobytes() + bytes(range(24))
    whole = paths.resource("models", "seq2seq", "es-en-plain.safetensors").read_bytes()
    table = "first\tsecond\none\tuno\nname\tاسم\nbroken line\nx\ty\tz\n".encode()
    lines = (
        b'{"kind":"batches","step":1,"epoch":1,"losses":[2.3],"learning_rate":0.001,"gradient_norms":[],"dead_shares":[],"seconds":0.1}\n'
        b'{"kind":"epoch","epoch":1,"step":1,"metrics":{"validation_loss":1.0},"seconds":0.2,"best":true}\n'
    )

    run = RunFolder.create(folder / "run", "cnn", _run_config())
    header = (run.path / "config.json").read_bytes()
    state = (run.path / "state.json").read_bytes() if (run.path / "state.json").exists() else b"{}"

    def open_run(name: str) -> Callable[[bytes], object]:
        def read(content: bytes) -> object:
            from hw2gui.vision.finished import config_of

            (run.path / "config.json").write_bytes(header)
            (run.path / "state.json").write_bytes(state)
            (run.path / "metrics.jsonl").write_bytes(lines)
            (run.path / name).write_bytes(content)
            opened = RunFolder.open(run.path)
            return config_of(opened), opened.state, opened.metrics()

        return read

    kept = collection.keep(Drawing((Stroke(((0.1, 0.1), (0.5, 0.6)), 0.07),)), 3)
    kept_path = collection.path_of(kept)

    def read_collection(content: bytes) -> object:
        kept_path.write_bytes(content)
        return collection.everything()

    return [
        Target("idx file", idx, through_file("any-idx3-ubyte", lambda path: read_idx(path, 3))),
        Target("picture", picture.getvalue(), through_file("any.png", read_picture)),
        Target("table of pairs", table, through_file("any.tsv", read_table)),
        Target("weights", whole, through_file("any.safetensors", read_weights)),
        Target("log of a run", lines, through_file("any.jsonl", read_rows)),
        Target("run: config.json", header, open_run("config.json")),
        Target("run: state.json", state, open_run("state.json")),
        Target("run: metrics.jsonl", lines, open_run("metrics.jsonl")),
        Target("labelled drawing", kept_path.read_bytes(), read_collection),
    ]


def _run_config() -> Any:
    from hw2gui.session.codec import to_plain
    from hw2gui.vision.config import VisionConfig

    return to_plain(VisionConfig())


class TooSlowError(Exception):
    """A reader did not come to an end."""


def _too_slow(*_: object) -> None:
    raise TooSlowError


def fuzz(target: Target, cases: int, seed: int, tell: Callable[[int], None] = lambda _: None) -> dict[str, object]:
    """Read *cases* damaged examples and tell what came of it."""
    drawn = random.Random(f"{target.name}/{seed}")
    outcomes: Counter[str] = Counter()
    worse: dict[str, str] = {}
    longest, sentences = 0.0, Counter[str]()
    signal.signal(signal.SIGALRM, _too_slow)
    target.read(target.example)
    for number in range(cases):
        tell(number)
        content = damaged(target.example, drawn)
        began = time.perf_counter()
        signal.alarm(LIMIT_S)
        try:
            target.read(content)
            outcomes["read"] += 1
        except UserError as error:
            outcomes["refused"] += 1
            text = str(error)
            if "\n" in text or len(text) > 600 or not text.strip():
                worse.setdefault(f"no clear sentence: {text[:200]!r}", repr(content[:200]))
            sentences[text[:60]] += 1
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            outcomes["worse"] += 1
            where = traceback.extract_tb(error.__traceback__)[-1]
            worse.setdefault(
                f"{type(error).__name__}: {str(error)[:200]} at {Path(where.filename).name}:{where.lineno}", repr(content[:300])
            )
        finally:
            signal.alarm(0)
        longest = max(longest, time.perf_counter() - began)
    return {
        "target": target.name,
        "cases": cases,
        **outcomes,
        "longest_s": round(longest, 2),
        "sentences": len(sentences),
        "worse_ones": worse,
    }


def main() -> int:
    """Fuzz all readers; the exit code says whether anything worse than a sentence came."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="the readers whose name has this in it")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    bad = 0
    chosen = [target for target in targets() if not arguments.only or arguments.only in target.name]
    progress = Progress(len(chosen) * arguments.cases)
    for number, target in enumerate(chosen):

        def tell(done: int, before: int = number * arguments.cases) -> None:
            progress.at(before + done)

        found = {**fuzz(target, arguments.cases, arguments.seed, tell), "readers": len(chosen)}
        bad += bool(found["worse_ones"])
        print(json.dumps(found, ensure_ascii=False, indent=None if arguments.json else 1), flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
