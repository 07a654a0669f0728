"""The network that the arguments of ``hw2gui params`` name. Light to import: presets and files are loaded when asked for."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from hw2gui.errors import InputError, shortened

if TYPE_CHECKING:
    from hw2gui.parameters.architecture import Architecture
    from hw2gui.parameters.layers import Shape

_OPTIONS = {
    "question1": ("kernel", "classes"),
    "cnn": ("classes",),
    "seq2seq": ("attention", "vocabulary", "hidden", "target_length"),
    "seq2seq-plain": ("vocabulary", "hidden", "target_length"),
}


def build(arguments: argparse.Namespace) -> Architecture:
    """The network the arguments name. Raises :class:`InputError` for options it does not have."""
    name = arguments.network
    for option in ("kernel", "classes", "attention", "vocabulary", "hidden", "target_length"):
        if getattr(arguments, option) is not None and option not in _OPTIONS.get(name, ()):
            owners = " and ".join(key for key, options in _OPTIONS.items() if option in options)
            raise InputError(f"--{option.replace('_', '-')} is for {owners}; leave it out for {name}, or edit the network as a TOML file.")
    from hw2gui.parameters.presets import PRESETS

    builder = {"question1": _question1, "cnn": _cnn, "seq2seq": _seq2seq, "seq2seq-plain": _seq2seq}.get(name)
    if builder is not None:
        return builder(arguments)
    if name in PRESETS:
        return _with_input(PRESETS[name].build(), arguments.input)
    return _with_input(_from_file(name, list(PRESETS)), arguments.input)


def _from_file(name: str, presets: list[str]) -> Architecture:
    from hw2gui.parameters.toml_io import read_toml

    path = Path(name).expanduser()
    if not path.exists():
        raise InputError(
            f"there is neither a network nor a file called '{name}'; use one of {', '.join(presets)}, or the path of a TOML file."
        )
    if path.is_dir():
        raise InputError(f"{name} is a folder; give the TOML file of a network.")
    return read_toml(path)


def _question1(arguments: argparse.Namespace) -> Architecture:
    from hw2gui.parameters.presets import CHARACTER, question1

    kernel = _sizes(arguments.kernel, "--kernel", "5x5", (1, 2)) if arguments.kernel else (5, 5)
    classes = number(arguments.classes, "--classes") if arguments.classes else 3
    return question1(_image(arguments.input) if arguments.input else CHARACTER, (kernel[0], kernel[-1]), classes)


def _cnn(arguments: argparse.Namespace) -> Architecture:
    from hw2gui.parameters.presets import CHARACTER, cnn

    classes = number(arguments.classes, "--classes") if arguments.classes else 10
    return cnn(_image(arguments.input) if arguments.input else CHARACTER, classes)


def _seq2seq(arguments: argparse.Namespace) -> Architecture:
    from hw2gui.parameters.presets import seq2seq

    given: dict[str, int] = {}
    if arguments.vocabulary:
        symbols = _sizes(arguments.vocabulary, "--vocabulary", "34x34", (1, 2))
        given |= {"source_symbols": symbols[0], "target_symbols": symbols[-1]}
    if arguments.hidden:
        given["hidden"] = _even(arguments.hidden, "--hidden", "half for each direction of the encoder")
    if arguments.input:
        given["source_length"] = number(arguments.input, "--input")
    if arguments.target_length:
        given["target_length"] = number(arguments.target_length, "--target-length")
    attention = arguments.network == "seq2seq" and arguments.attention is not False
    return seq2seq(attention, **given)


def _with_input(architecture: Architecture, given: str | None) -> Architecture:
    from dataclasses import replace

    from hw2gui.parameters.layers import Shape

    if given is None:
        return architecture
    if architecture.input.form == "image":
        return replace(architecture, input=_image(given))
    sizes = _sizes(given, "--input", "20" if architecture.input.tokens else "20x128", (1,) if architecture.input.tokens else (1, 2, 3))
    return replace(architecture, input=Shape(sizes, architecture.input.tokens))


def _image(given: str) -> Shape:
    """``1x28x28``, or ``28x28`` with one channel."""
    from hw2gui.parameters.layers import Shape

    sizes = _sizes(given, "--input", "1x28x28", (2, 3))
    return Shape(sizes if len(sizes) == 3 else (1, *sizes))


def _sizes(given: str, option: str, example: str, counts: tuple[int, ...]) -> tuple[int, ...]:
    """Whole numbers from 1, joined by x (or × or ,)."""
    from hw2gui.parameters.layers import MAX_SIZE

    parts = re.split(r"[x×X,]", given.strip())
    fit = len(parts) in counts and all(re.fullmatch(r"[0-9]{1,10}", part.strip()) for part in parts)
    sizes = tuple(int(part) for part in parts) if fit else ()
    if not fit or not all(1 <= size <= MAX_SIZE for size in sizes):
        raise InputError(f"{option} is '{shortened(given)}'; give whole numbers from 1 to {MAX_SIZE:,} such as {example}.")
    return sizes


def _even(given: str, option: str, why: str) -> int:
    found = number(given, option)
    if found % 2:
        raise InputError(f"{option} is {found:,}: give an even number, {why}.")
    return found


def number(given: str, option: str) -> int:
    """A whole number from 1 given to *option*. Raises :class:`InputError`."""
    return _sizes(given, option, "10", (1,))[0]
