"""``hw2gui params``: parameters, multiply–adds and shapes of the homework's networks or of a stack in a TOML file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from hw2gui.errors import InputError, shortened
from hw2gui.parameters.chosen import build, number

if TYPE_CHECKING:
    from hw2gui.parameters.analysis import Analysis
    from hw2gui.parameters.architecture import Architecture
    from hw2gui.parameters.growth import Twin
    from hw2gui.parameters.tables import Numbers
    from hw2gui.writers import Format

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
        description="Parameters (weights and biases apart), multiply–adds, activations and receptive fields of a network, layer by layer.",
        epilog=_EPILOG,
    )
    parser.add_argument(
        "network", metavar="NETWORK", help="question1, cnn, seq2seq, another preset (see --presets), or a TOML file", nargs="?"
    )
    parser.add_argument("--presets", action="store_true", help="list the presets")
    network = parser.add_argument_group("the network")
    network.add_argument(
        "--input", metavar="CxHxW", help="input size: 1x28x28, 28x28, a length for token inputs (default: the network's own)"
    )
    network.add_argument("--kernel", metavar="MxN", help="question1's filter (default: 5x5)")
    network.add_argument("--classes", metavar="K", help="outputs of question1 (default: 3) or of the cnn (default: 10)")
    network.add_argument("--attention", action=argparse.BooleanOptionalAction, help="seq2seq with or without attention (default: with)")
    network.add_argument("--vocabulary", metavar="SxT", help="seq2seq's source and target symbols (default: 34x34)")
    network.add_argument("--hidden", metavar="H", help="seq2seq's hidden size (default: 128)")
    network.add_argument("--target-length", metavar="T", help="seq2seq's target length (default: 20)")
    counting = parser.add_argument_group("counting")
    counting.add_argument("--no-bias", action="store_true", help="count weights only, as the homework does in question 1")
    counting.add_argument("--batch", metavar="B", default="1", help="examples for the activation memory (default: 1)")
    output = parser.add_argument_group("output")
    output.add_argument("--format", choices=("table", "json", "csv", "markdown", "latex"), help="default: table")
    output.add_argument("--json", action="store_true", help="the same as --format json")
    output.add_argument(
        "--numbers", choices=("grouped", "plain", "spaced", "short"), default="grouped", help="how numbers are written in tables"
    )
    output.add_argument("--formulas", action="store_true", help="open every count into its formula")
    instead = output.add_mutually_exclusive_group()
    instead.add_argument("--ladder", action="store_true", help="from fully connected to convolution, for the first convolution")
    instead.add_argument("--against", choices=("side", "channels", "kernel", "hidden"), help="growth, beside the twin's")
    output.add_argument(
        "--range", metavar="A-B", help="from where to where --against goes (default: a quarter to four times the network's own)"
    )
    output.add_argument("--quantity", choices=("parameters", "macs", "memory"), help="what --against shows (default: parameters)")
    output.add_argument("--plot", metavar="FILE", help="save the growth (with --against) or the parameter bars as .png, .svg or .pdf")
    instead.add_argument("--code", action="store_true", help="print the network as a PyTorch module (with --no-bias: without biases)")
    instead.add_argument("--toml", action="store_true", help="print the network as a TOML file")
    instead.add_argument("--verify", action="store_true", help="build the PyTorch modules and compare every count and shape")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what was asked for; 1 where PyTorch disagrees."""
    if arguments.presets:
        return _list_presets()
    if not arguments.network:
        raise InputError("name a network: question1, cnn, seq2seq, or a TOML file (see 'hw2gui params --help').")
    _settle(arguments)
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


def _settle(arguments: argparse.Namespace) -> None:
    """Put the defaults in. Raises InputError for options that contradict each other or would do nothing."""
    if arguments.json and arguments.format not in (None, "json"):
        raise InputError(f"--json and --format {arguments.format} contradict each other; give one of them.")
    if (arguments.code or arguments.toml) and (arguments.json or arguments.format):
        raise InputError("--code and --toml print a program or a file, which --format and --json do not change; leave those out.")
    if arguments.plot == "":
        raise InputError("--plot names no file; give one that ends in .png, .svg or .pdf.")
    for option in ("range", "quantity"):
        if getattr(arguments, option) is not None and not arguments.against:
            raise InputError(f"--{option} says what --against shows; give --against side, channels, kernel or hidden with it.")
    arguments.format = "json" if arguments.json else arguments.format or "table"
    arguments.quantity = arguments.quantity or "parameters"


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

    analysis = analyse(architecture, number(arguments.batch, "--batch"), arguments.no_bias)
    if analysis.error is not None:
        first, second = (mend.label[0].lower() + mend.label[1:] for mend in analysis.error.mends)
        raise InputError(f"{analysis.error.sentence[:-1]}; {first}, or {second}.")
    return analysis


def _twin_maker(architecture: Architecture, arguments: argparse.Namespace) -> Twin | None:
    """What makes the fully connected network that belongs beside it: same output for question 1, same widths for another CNN."""
    from hw2gui.parameters.layers import Conv2d
    from hw2gui.parameters.twins import same_output_twin, same_widths_twin

    if arguments.network == "question1":
        return same_output_twin
    try:
        same_widths_twin(architecture)
    except InputError:
        return None
    return same_widths_twin if any(isinstance(layer, Conv2d) for layer in architecture.layers) else None


def _counts(architecture: Architecture, arguments: argparse.Namespace) -> int:
    from hw2gui.parameters.tables import as_data, joined_table, parameter_table
    from hw2gui.parameters.twins import compare
    from hw2gui.writers import write

    analysis = _analysis(architecture, arguments)
    if arguments.plot:
        return _plot_bars(analysis, arguments.plot)
    twin = _twin_maker(architecture, arguments)
    other = _analysis(twin(architecture), arguments) if twin is not None else None
    if arguments.format == "json":
        data = as_data(analysis)
        if other is not None:
            data["fully_connected_twin"] = as_data(other)
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return 0
    if arguments.formulas and arguments.format == "table":
        _print_formulas(analysis)
        return 0
    shown = [analysis] if other is None or arguments.network != "question1" else [analysis, other]
    tables = [parameter_table(item, _numbers(arguments), formulas=arguments.formulas) for item in shown]
    if arguments.format == "csv":
        tables = [joined_table(tables, [item.architecture.name for item in shown])]
    print("\n".join(write(table, arguments.format) for table in tables), end="")
    if other is not None and arguments.format == "table":
        print("\n" + compare(analysis, other).sentence(analysis.architecture.name, other.architecture.name))
        if arguments.network == "question1":
            print("Biases are ignored." if arguments.no_bias else _as_the_homework_counts(architecture, other.architecture))
    return 0


def _as_the_homework_counts(network: Architecture, twin: Architecture) -> str:
    from hw2gui.parameters.analysis import analyse

    few, many = (analyse(each, ignore_biases=True).totals.parameters for each in (network, twin))
    return f"With biases. Without them, as the homework counts (--no-bias): {many:,} against {few:,}."


def _numbers(arguments: argparse.Namespace) -> Numbers:
    return "plain" if arguments.format == "csv" else cast("Numbers", arguments.numbers)


def _print_formulas(analysis: Analysis) -> None:
    for row in analysis.rows:
        print(f"{row.name} ({row.kind}), output {row.output.text}")
        for formula in row.formulas().all:
            for depth, line in formula.lines():
                note = f"   {line.note}" if line.note else ""
                print(f"  {'  ' * depth}{line.title}: {line.text}{note}")
    print(f"total: {analysis.formula().text}")


def _plot_bars(analysis: Analysis, target: str) -> int:
    from hw2gui.figures import save
    from hw2gui.parameters.figures import parameter_figure

    save(parameter_figure(analysis), Path(target))
    print(target)
    return 0


def _growth(architecture: Architecture, arguments: argparse.Namespace) -> int:
    from dataclasses import replace

    from hw2gui.parameters.growth import grow, sample_values, step_of, value_of
    from hw2gui.parameters.tables import growth_table

    variable = arguments.against
    own = value_of(architecture, variable)
    low, high = _range(arguments.range) if arguments.range else (max(1, own // 4), 4 * own)
    values = sample_values(low, high, 200 if arguments.plot else 12, step_of(architecture, variable))
    grown = (architecture, variable, values, number(arguments.batch, "--batch"), arguments.no_bias)
    twin = _twin_maker(architecture, arguments)
    curves = [grow(*grown), grow(*grown, twin)] if twin is not None else [grow(*grown)]
    if arguments.plot:
        from hw2gui.figures import save
        from hw2gui.parameters.figures import growth_figure

        save(growth_figure(curves, arguments.quantity, own), Path(arguments.plot))
        print(arguments.plot)
        return 0
    if arguments.format == "json":
        data = [
            {"name": c.name, "variable": variable, "values": c.values, arguments.quantity: c.counts(arguments.quantity)} for c in curves
        ]
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return 0
    notes = _crossings(architecture, arguments, values, twin) if twin is not None else ()
    table = growth_table(curves, arguments.quantity, _numbers(arguments))
    _write(replace(table, notes=(*table.notes, *notes)), arguments.format)
    return 0


def _crossings(architecture: Architecture, arguments: argparse.Namespace, values: tuple[int, ...], twin: Twin) -> tuple[str, ...]:
    """Where network and twin break even, in words."""
    from hw2gui.parameters.growth import break_even, family

    families = family(architecture, arguments.against), family(architecture, arguments.against, twin)
    found = break_even(*families, values, arguments.quantity, arguments.no_bias)
    if not found:
        return ("The two do not break even between these values.",)
    return tuple(f"Break-even between {crossing.before:,} and {crossing.after:,}." for crossing in found)


def _range(given: str) -> tuple[int, int]:
    low, dash, high = given.partition("-")
    if not dash:
        raise InputError(f"--range is '{shortened(given)}'; give two whole numbers such as 8-256.")
    return number(low, "--range"), number(high, "--range")


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
    _write(ladder_table(Ladder(*found[0]), _numbers(arguments)), arguments.format)
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
    from hw2gui.writers import write

    print(write(table, form), end="")
