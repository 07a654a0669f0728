"""``hw2gui params``: parameters, multiply–adds and shapes of the homework's networks or of a stack in a TOML file."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hw2gui.errors import InputError

if TYPE_CHECKING:
    from hw2gui.parameters.analysis import Analysis
    from hw2gui.parameters.architecture import Architecture
    from hw2gui.parameters.layers import Shape
    from hw2gui.parameters.writers import Format

_EPILOG = """\
examples:
  hw2gui params question1 --no-bias              the homework's counts, 457 against 113,328 at 28x28 and 5x5
  hw2gui params question1 --input 1x64x64 --kernel 7x7 --ladder
  hw2gui params cnn --format latex
  hw2gui params cnn --toml > mine.toml           a file to edit; then: hw2gui params mine.toml --verify
  hw2gui params cnn --against side --plot growth.pdf
"""


def register(subparsers: Any) -> None:
    """Add the verb."""
    parser = subparsers.add_parser(
        "params",
        help="parameter counts with their formulas",
        description="Count parameters (weights and biases apart), multiply–adds, activations and receptive fields of a network, layer by layer.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("network", metavar="NETWORK", help="question1, cnn, seq2seq, another preset (see --presets), or a TOML file", nargs="?")
    add("--presets", action="store_true", help="list the presets")
    network = parser.add_argument_group("the network")
    network.add_argument("--input", metavar="CxHxW", help="input size: 1x28x28, 28x28, a length for token inputs (default: the network's own)")
    network.add_argument("--kernel", metavar="MxN", help="question1's filter (default: 5x5)")
    network.add_argument("--classes", metavar="K", help="outputs of question1 (default: 3) or of the cnn (default: 10)")
    attention = network.add_argument
    attention("--attention", action=argparse.BooleanOptionalAction, default=None, help="seq2seq with or without attention (default: with)")
    network.add_argument("--vocabulary", metavar="SxT", help="seq2seq's source and target symbols (default: 34x34)")
    network.add_argument("--hidden", metavar="H", help="seq2seq's hidden size (default: 128)")
    network.add_argument("--target-length", metavar="T", help="seq2seq's target length (default: 20)")
    counting = parser.add_argument_group("counting")
    counting.add_argument("--no-bias", action="store_true", help="count weights only, as the homework does in question 1")
    counting.add_argument("--batch", metavar="B", default="1", help="examples for the activation memory (default: 1)")
    output = parser.add_argument_group("output")
    output.add_argument("--format", choices=("table", "json", "csv", "markdown", "latex"), default="table", help="default: table")
    output.add_argument("--json", dest="format", action="store_const", const="json", help="the same as --format json")
    output.add_argument("--numbers", choices=("grouped", "plain", "spaced", "short"), default="grouped", help="how numbers are written in tables")
    output.add_argument("--formulas", action="store_true", help="open every count into its formula")
    output.add_argument("--ladder", action="store_true", help="from fully connected to convolution, for the first convolution")
    output.add_argument("--against", choices=("side", "channels", "kernel", "hidden"), help="growth instead of the table, beside the twin's")
    output.add_argument("--range", metavar="A-B", help="from where to where --against goes (default: a quarter to four times the network's own)")
    output.add_argument("--quantity", choices=("parameters", "macs", "memory"), default="parameters", help="what --against shows")
    output.add_argument("--plot", metavar="FILE", help="save the growth (with --against) or the parameter bars as .png, .svg or .pdf")
    output.add_argument("--code", action="store_true", help="print the network as a PyTorch module (with --no-bias: without biases)")
    output.add_argument("--toml", action="store_true", help="print the network as a TOML file")
    output.add_argument("--verify", action="store_true", help="build the PyTorch modules and compare every count and shape")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what was asked for; 1 where PyTorch disagrees."""
    if arguments.presets:
        return _list_presets()
    if arguments.network is None:
        raise InputError("name a network: question1, cnn, seq2seq, or a TOML file (see 'hw2gui params --help').")
    architecture = build(arguments)
    if arguments.toml or arguments.code:
        print(_source(architecture, arguments), end="")
        return 0
    if arguments.verify:
        return _verify(architecture, arguments)
    if arguments.against:
        return _growth(architecture, arguments)
    if arguments.ladder:
        return _ladder(architecture, arguments)
    return _counts(architecture, arguments)


# --- which network -------------------------------------------------------------------------------------------------------------

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
        raise InputError(f"there is neither a network nor a file called '{name}'; use one of {', '.join(presets)}, or the path of a TOML file.")
    return read_toml(path)


def _question1(arguments: argparse.Namespace) -> Architecture:
    from hw2gui.parameters.presets import CHARACTER, question1

    kernel = _sizes(arguments.kernel, "--kernel", "5x5", (1, 2)) if arguments.kernel else (5, 5)
    classes = _number(arguments.classes, "--classes") if arguments.classes else 3
    return question1(_image(arguments.input) if arguments.input else CHARACTER, (kernel[0], kernel[-1]), classes)


def _cnn(arguments: argparse.Namespace) -> Architecture:
    from hw2gui.parameters.presets import CHARACTER, cnn

    classes = _number(arguments.classes, "--classes") if arguments.classes else 10
    return cnn(_image(arguments.input) if arguments.input else CHARACTER, classes)


def _seq2seq(arguments: argparse.Namespace) -> Architecture:
    from hw2gui.parameters.presets import seq2seq

    given: dict[str, int] = {}
    if arguments.vocabulary:
        symbols = _sizes(arguments.vocabulary, "--vocabulary", "34x34", (1, 2))
        given |= {"source_symbols": symbols[0], "target_symbols": symbols[-1]}
    if arguments.hidden:
        given["hidden"] = _number(arguments.hidden, "--hidden")
    if arguments.input:
        given["source_length"] = _number(arguments.input, "--input")
    if arguments.target_length:
        given["target_length"] = _number(arguments.target_length, "--target-length")
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
    from hw2gui.parameters.layers import MAX_SIZE, shortened

    parts = re.split(r"[x×X,]", given.strip())
    fit = len(parts) in counts and all(re.fullmatch(r"[0-9]{1,10}", part.strip()) for part in parts)
    sizes = tuple(int(part) for part in parts) if fit else ()
    if not fit or not all(1 <= size <= MAX_SIZE for size in sizes):
        raise InputError(f"{option} is '{shortened(given)}'; give whole numbers from 1 to {MAX_SIZE:,} such as {example}.")
    return sizes


def _number(given: str, option: str) -> int:
    return _sizes(given, option, "10", (1,))[0]


# --- what to print -------------------------------------------------------------------------------------------------------------


def _list_presets() -> int:
    from hw2gui.parameters.analysis import analyse
    from hw2gui.parameters.presets import PRESETS

    for preset in PRESETS.values():
        print(f"{preset.key:15} {analyse(preset.build()).totals.parameters:>9,}  {preset.summary}")
    return 0


def _source(architecture: Architecture, arguments: argparse.Namespace) -> str:
    from hw2gui.parameters.architecture import without_biases
    from hw2gui.parameters.codegen import to_pytorch
    from hw2gui.parameters.toml_io import to_toml

    chosen = without_biases(architecture) if arguments.no_bias else architecture
    return to_toml(chosen) if arguments.toml else to_pytorch(chosen)


def _analysis(architecture: Architecture, arguments: argparse.Namespace) -> Analysis:
    """The counts; a layer that does not fit is an :class:`InputError` with both mends."""
    from hw2gui.parameters.analysis import analyse

    analysis = analyse(architecture, _number(arguments.batch, "--batch"), arguments.no_bias)
    if analysis.error is not None:
        first, second = (mend.label[0].lower() + mend.label[1:] for mend in analysis.error.mends)
        raise InputError(f"{analysis.error.sentence[:-1]}; {first}, or {second}.")
    return analysis


def _twin(architecture: Architecture, arguments: argparse.Namespace) -> Architecture | None:
    """The fully connected network that belongs beside it: same output for question 1, same widths for another CNN."""
    from hw2gui.parameters.layers import Conv2d
    from hw2gui.parameters.twins import same_output_twin, same_widths_twin

    if arguments.network == "question1":
        return same_output_twin(architecture)
    try:
        return same_widths_twin(architecture) if any(isinstance(layer, Conv2d) for layer in architecture.layers) else None
    except InputError:
        return None


def _counts(architecture: Architecture, arguments: argparse.Namespace) -> int:
    from hw2gui.parameters.tables import as_data, parameter_table
    from hw2gui.parameters.twins import compare
    from hw2gui.parameters.writers import write

    analysis = _analysis(architecture, arguments)
    if arguments.plot:
        return _plot_bars(analysis, arguments.plot)
    twin = _twin(architecture, arguments)
    other = _analysis(twin, arguments) if twin is not None else None
    if arguments.format == "json":
        data = as_data(analysis)
        if other is not None:
            data["fully_connected_twin"] = as_data(other)
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return 0
    if arguments.formulas and arguments.format == "table":
        _print_formulas(analysis)
        return 0
    numbers = "plain" if arguments.format == "csv" else arguments.numbers
    shown = [analysis, other] if other is not None and arguments.network == "question1" else [analysis]
    tables = [parameter_table(item, numbers, formulas=arguments.formulas) for item in shown if item is not None]
    print("\n".join(write(table, arguments.format) for table in tables), end="")
    if other is not None and arguments.format == "table":
        print("\n" + compare(analysis, other).sentence("The convolutional network", f"{other.architecture.name}") + _both_ways(arguments))
    return 0


def _both_ways(arguments: argparse.Namespace) -> str:
    if arguments.network != "question1":
        return ""
    return "\n(Biases are ignored.)" if arguments.no_bias else "\n(With biases; --no-bias counts as the homework does.)"


def _print_formulas(analysis: Analysis) -> None:
    for row in analysis.rows:
        print(f"{row.name} ({row.kind}), output {row.output.text}")
        for formula in row.formulas().all:
            for depth, line in formula.lines():
                note = f"   {line.note}" if line.note else ""
                print(f"  {'  ' * depth}{line.title}: {line.text}{note}")
    print(f"total: {analysis.formula().text}")


def _plot_bars(analysis: Analysis, target: str) -> int:
    from hw2gui.parameters.figures import parameter_figure, save_figure

    save_figure(parameter_figure(analysis), Path(target))
    print(target)
    return 0


def _growth(architecture: Architecture, arguments: argparse.Namespace) -> int:
    from hw2gui.parameters.growth import grow, sample_values, step_of, value_of
    from hw2gui.parameters.tables import growth_table

    variable = arguments.against
    own = value_of(architecture, variable)
    low, high = _range(arguments.range) if arguments.range else (max(1, own // 4), 4 * own)
    values = sample_values(low, high, 200 if arguments.plot else 12, step_of(architecture, variable))
    curves = [grow(item, variable, values, _number(arguments.batch, "--batch"), arguments.no_bias) for item in _grown(architecture, arguments)]
    if arguments.plot:
        from hw2gui.parameters.figures import growth_figure, save_figure

        save_figure(growth_figure(curves, arguments.quantity, own), Path(arguments.plot))
        print(arguments.plot)
        return 0
    if arguments.format == "json":
        data = [{"name": c.name, "variable": variable, "values": c.values, arguments.quantity: c.counts(arguments.quantity)} for c in curves]
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return 0
    _write(growth_table(curves, arguments.quantity, "plain" if arguments.format == "csv" else arguments.numbers), arguments.format)
    return 0


def _grown(architecture: Architecture, arguments: argparse.Namespace) -> list[Architecture]:
    """The network, and its twin where that has the same variable; question 1's twin follows the pooled size, so it is built anew by ``growth``."""
    from hw2gui.parameters.growth import value_of

    twin = _twin(architecture, arguments)
    try:
        if twin is not None:
            value_of(twin, arguments.against)
    except InputError:
        twin = None
    return [architecture] if twin is None else [architecture, twin]


def _range(given: str) -> tuple[int, int]:
    low, dash, high = given.partition("-")
    if not dash:
        raise InputError(f"--range is '{given[:40]}'; give two whole numbers such as 8-256.")
    return _number(low, "--range"), _number(high, "--range")


def _ladder(architecture: Architecture, arguments: argparse.Namespace) -> int:
    from hw2gui.parameters.architecture import trace
    from hw2gui.parameters.ladder import Ladder
    from hw2gui.parameters.layers import Conv2d
    from hw2gui.parameters.tables import ladder_table

    _analysis(architecture, arguments)
    steps, _ = trace(architecture)
    found = [(layer, step.at.shape) for layer, step in zip(architecture.layers, steps, strict=True) if isinstance(layer, Conv2d)]
    if not found:
        raise InputError(f"{architecture.name} has no convolution to climb down to; choose question1, cnn, or another network with one.")
    _write(ladder_table(Ladder(*found[0]), "plain" if arguments.format == "csv" else arguments.numbers), arguments.format)
    return 0


def _verify(architecture: Architecture, arguments: argparse.Namespace) -> int:
    from hw2gui.parameters.verify import verify

    verification = verify(architecture, arguments.no_bias)
    if arguments.format == "json":
        from dataclasses import asdict

        print(json.dumps({**asdict(verification), "agrees": verification.agrees}, indent=2))
    else:
        print(verification.sentence)
    return 0 if verification.agrees else 1


def _write(table: Any, form: Format) -> None:
    from hw2gui.parameters.writers import write

    print(write(table, form), end="")
