"""What is not there: half of a file, a home to write into, a GPU, fonts, the network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.soak.fault_place import ROOT, TRAIN, Outcome, Place, one_sentence


def data_cut_short() -> Outcome:
    """A published file whose last bytes are missing."""
    place = Place()
    published = os.environ.get("HW2GUI_DATA")
    if not published:
        return Outcome("a data file cut short", "skipped: HW2GUI_DATA is not set", True)
    copy = place.home / "published" / "kmnist"
    shutil.copytree(Path(published) / "kmnist", copy, copy_function=shutil.copyfile)
    file = copy / "t10k-images-idx3-ubyte.gz"
    file.write_bytes(file.read_bytes()[:-1000])
    code, _, errors = place.run("evaluate", "shipped", "--data", "kmnist", "--split", "test", HW2GUI_DATA=str(copy.parent))
    return Outcome("a data file cut short", errors.strip()[:250], code != 0 and one_sentence(errors) and "t10k-images" in errors)


def home_unwritable() -> Outcome:
    """A home that cannot be made: it lies below a file."""
    place = Place()
    (place.home / "file").write_text("")
    home = str(place.home / "file" / "home")
    code, _, errors = place.run(
        "train", "cnn", "--recipe", "fast", "--data", "strokes", "--limit", "100", "--epochs", "1", HW2GUI_HOME=home
    )
    shown, _, window_errors = place.run("tour", "--out", str(place.home / "tour"), "--tab", "parameters", HW2GUI_HOME=home)
    ok = code != 0 and one_sentence(errors) and shown == 0
    seen = f"training: {errors.strip()[:160]}; the window's views: {'drawn' if shown == 0 else window_errors[-200:]}"
    return Outcome("a home that cannot be written", seen, ok)


def no_gpu() -> Outcome:
    """A GPU was chosen and is not there."""
    place = Place()
    code, _, errors = place.run(*TRAIN, "--device", "cuda", "--out", str(place.home / "run"))
    if code == 0:
        return Outcome("no GPU where one was chosen", "skipped: there is one", True)
    return Outcome("no GPU where one was chosen", errors.strip()[:200], one_sentence(errors))


def no_fonts() -> Outcome:
    """A machine without any font."""
    place = Place()
    empty = place.home / "fonts.conf"
    empty.write_text('<?xml version="1.0"?><fontconfig><dir>/nowhere</dir></fontconfig>')
    code, _, errors = place.run("tour", "--out", str(place.home / "tour"), "--tab", "convolution", FONTCONFIG_FILE=str(empty))
    return Outcome("no fonts", f"{len(list((place.home / 'tour').glob('*.png')))} pictures drawn", code == 0 and "Traceback" not in errors)


def no_network() -> Outcome:
    """Fetching data without a network (a proxy that refuses)."""
    place = Place()
    refused = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    environment = {name: value for name, value in os.environ.items() if name != "HW2GUI_DATA"}
    process = subprocess.run(
        [sys.executable, "-m", "hw2gui", "data", "fetch", "kmnist"],
        cwd=ROOT,
        env={**environment, "HW2GUI_HOME": str(place.home), **refused},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    last = (process.stderr.strip().splitlines() or [""])[-1]
    return Outcome("no network", last[:250], process.returncode == 1 and "Traceback" not in process.stderr)
