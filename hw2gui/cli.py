"""The command line: the same program without a window.

Light on purpose: torch, Qt and numpy are imported only by the command that needs them.
Each subject brings its own verbs in ``commands.py``; this module lists them and turns errors into one line and an exit code.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from hw2gui import __version__
from hw2gui.errors import InputError, UserError, shortened
from hw2gui.files import reason

COMMAND_MODULES = (
    "hw2gui.convolution.commands",
    "hw2gui.parameters.commands",
    "hw2gui.vision.commands",
    "hw2gui.seq2seq.commands",
    "hw2gui.report.commands",
    "hw2gui.training.commands",
    "hw2gui.datasets.commands",
    "hw2gui.app.commands",
)
"""Modules with ``register(subparsers)``: each adds its verbs and sets ``run=function(arguments) -> exit code``."""


_EXAMPLES = """\
examples:
  hw2gui                                    the window
  hw2gui --tab seq2seq                      at a tab
  hw2gui --session mine.hw2                 with what was on screen when it was saved
  hw2gui translate "محمد" --nbest 3
  hw2gui doctor                             what is installed, and what to do about what is missing
"""

LONGEST_MESSAGE = 400
"""In characters: the longest list of choices fits."""


class _Help(argparse.HelpFormatter):
    """Examples stay on lines of their own."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text.rstrip() if text.startswith("examples:") else super()._fill_text(text, width, indent)


class _Parser(argparse.ArgumentParser):
    """argparse with one line on stderr: what is wrong, and where the help is."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        options.setdefault("formatter_class", _Help)
        super().__init__(*arguments, **options)

    def error(self, message: str) -> NoReturn:
        # What was typed is quoted in it, whatever it was.
        raise InputError(f"{shortened(message, LONGEST_MESSAGE)} (see '{self.prog} --help')")


def build_parser() -> argparse.ArgumentParser:
    """The whole command line, every verb registered."""
    parser = _Parser(
        prog="hw2gui",
        description="A laboratory for convolution as a matrix, parameter counts, character recognition and transliteration. "
        "Without a command the window opens. HW2GUI_HOME: the folder of settings, cache and runs (default: your platform's folders). "
        "HW2GUI_DATA: a folder of data sets as published.",
        epilog=_EXAMPLES,
    )
    parser.add_argument("--version", action="version", version=f"hw2gui {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    for name in COMMAND_MODULES:
        importlib.import_module(name).register(subparsers)
    window = importlib.import_module("hw2gui.app.commands")
    window.add_window_arguments(parser)
    parser.set_defaults(run=window.open_window)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; answer the exit code: 0 done, 1 failed, 2 wrong use, 130 interrupted."""
    try:
        try:
            arguments = build_parser().parse_args(_named(sys.argv[1:] if argv is None else argv))
            return int(arguments.run(arguments))
        finally:
            # Here, not at the interpreter's end, where a reader that has gone could no longer be met with an answer.
            if sys.stdout is not None:
                sys.stdout.flush()
    except UserError as error:
        _complain(str(error))
        return error.exit_code
    except BrokenPipeError:
        # The reader (head, less) has seen enough.
        _forget_output()
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if not _output_fails():
            raise
        _forget_output()
        _complain(f"What was to be printed could not be written ({reason(error)}): free some room, or print it elsewhere.")
        return 1


def _named(argv: Sequence[str]) -> Sequence[str]:
    """A session alone, as file managers and people give it, is the one to open."""
    return ["--session", *argv] if argv and argv[0].lower().endswith(".hw2") else argv


def _complain(sentence: str) -> None:
    if sys.stderr is not None:  # print() takes None for the standard output
        print(f"hw2gui: {sentence}", file=sys.stderr)


def _output_fails() -> bool:
    """Whether the standard output still holds what cannot be written."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        return True
    return False


def _forget_output() -> None:
    """Keep the interpreter from complaining at its end of what cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
