from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest

import hw2gui
from hw2gui import cli
from hw2gui.errors import CancelledError, InputError, UnavailableError

ROOT = Path(__file__).parents[1]


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], int]], None]:
    """Make ``hw2gui try`` call a function of the test's."""

    def install(function: Callable[[], int]) -> None:
        module = ModuleType("tests.verb")

        def register(subparsers: argparse._SubParsersAction) -> None:
            parser = subparsers.add_parser("try")
            parser.add_argument("--size", type=int)
            parser.set_defaults(run=lambda arguments: function())

        vars(module)["register"] = register
        monkeypatch.setitem(sys.modules, "tests.verb", module)
        monkeypatch.setattr(cli, "COMMAND_MODULES", ("tests.verb",))

    return install


def raising(error: BaseException) -> Callable[[], NoReturn]:
    def run() -> NoReturn:
        raise error

    return run


def leaves(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """The parsers of all verbs that do something."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return [leaf for action in below for child in action.choices.values() for leaf in leaves(child)] or [parser]


VERBS = [cli.build_parser(), *leaves(cli.build_parser())]


@pytest.mark.parametrize("parser", VERBS, ids=[parser.prog for parser in VERBS])
def test_every_help_says_what_it_does_and_gives_examples_that_are_right(parser: argparse.ArgumentParser) -> None:
    assert parser.description and parser.description.endswith(".")
    title, *lines = (parser.epilog or "").splitlines()
    assert title == "examples:" and lines
    for line in lines:
        command = re.split(r"\s{2,}|>", line.strip())[0]
        assert line.startswith("  hw2gui") and line.strip() in " ".join(parser.format_help().split("\n")), line
        program, *words = shlex.split(command)
        assert " ".join([program, *words]).startswith(parser.prog)
        cli.build_parser().parse_args(words)
    for action in parser._actions:
        assert action.help or isinstance(action, argparse._SubParsersAction), f"{parser.prog} {action.dest} is not explained"


@pytest.mark.parametrize(
    ("error", "code"),
    [(InputError("Wrong size."), 2), (UnavailableError("No network."), 1), (CancelledError("Cancelled."), 1)],
)
def test_user_errors_are_one_line_and_an_exit_code(verb, capsys: pytest.CaptureFixture[str], error: Exception, code: int) -> None:
    verb(raising(error))
    assert cli.main(["try"]) == code
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"hw2gui: {error}\n")


def test_exit_code_of_the_verb_is_the_programs(verb) -> None:
    verb(lambda: 0)
    assert cli.main(["try"]) == 0
    verb(lambda: 3)
    assert cli.main(["try"]) == 3


def test_interrupt(verb) -> None:
    verb(raising(KeyboardInterrupt()))
    assert cli.main(["try"]) == 130


def test_faults_of_the_program_are_not_hidden(verb) -> None:
    verb(raising(RuntimeError("a fault")))
    with pytest.raises(RuntimeError, match="a fault"):
        cli.main(["try"])


@pytest.mark.parametrize("arguments", [["nonsense"], ["try", "--size", "large"], ["try", "--sise", "3"], ["--tab"], ["try", "extra"]])
def test_wrong_use_is_one_line_that_names_the_help(verb, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    verb(lambda: 0)
    assert cli.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("hw2gui: ")
    assert captured.err.count("\n") == 1
    assert "--help" in captured.err


@pytest.mark.parametrize("typed", ["--\n\nsize", "--" + "[" * 3000, "--\x1b[2Jx", "--size\r"])
def test_what_is_quoted_of_wrong_use_is_short_and_moves_no_cursor(verb, capsys: pytest.CaptureFixture[str], typed: str) -> None:
    verb(lambda: 0)
    assert cli.main(["try", typed, "1"]) == 2
    said = capsys.readouterr().err
    assert said.endswith("--help')\n") and said[:-1].isprintable() and len(said) < 600


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"hw2gui {hw2gui.__version__}\n"


def test_every_verb_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    parser = cli.build_parser()
    (verbs,) = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    assert set(verbs.choices) >= {"data", "tour", "doctor"}
    assert {choice.dest for choice in verbs._choices_actions if choice.help} == set(verbs.choices)
    for name in verbs.choices:
        with pytest.raises(SystemExit) as end:
            cli.main([name, "--help"])
        assert end.value.code == 0
        assert f"hw2gui {name}" in capsys.readouterr().out


def test_help_loads_nothing_heavy() -> None:
    watched = ["numpy", "scipy", "matplotlib", "PIL", "torch", "PySide6", "multiprocessing"]
    script = f"import json, sys, hw2gui.cli as cli; cli.build_parser(); print(json.dumps([m for m in {watched} if m in sys.modules]))"
    answer = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout) == []


@pytest.mark.skipif(os.name != "posix", reason="pipes end differently elsewhere")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["data", "list"]])
def test_a_reader_who_has_seen_enough_is_no_error(arguments: list[str], unbuffered: str) -> None:
    """Whether the pipe is found closed at the first line or, buffered, only at the end."""
    reader, writer = os.pipe()
    os.close(reader)
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    command = [sys.executable, "-m", "hw2gui", *arguments]
    with os.fdopen(writer, "wb") as out:
        answer = subprocess.run(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_under_what_is_printed_is_one_line() -> None:
    with open("/dev/full", "wb") as out:
        answer = subprocess.run(
            [sys.executable, "-m", "hw2gui", "data", "list"],
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": ""},
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert answer.returncode == 1
    assert re.fullmatch(r"hw2gui: What was to be printed could not be written \(.+\): free some room, .+\.\n", answer.stderr)


def test_an_error_of_the_system_elsewhere_is_not_taken_for_one_of_printing(verb) -> None:
    verb(raising(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        cli.main(["try"])


@pytest.mark.skipif(os.name != "posix", reason="descriptors are closed differently elsewhere")
def test_without_a_standard_error_nothing_is_said_on_the_standard_output() -> None:
    command = f"exec {shlex.quote(sys.executable)} -m hw2gui nosuch 2>&-"
    answer = subprocess.run(["sh", "-c", command], cwd=ROOT, stdout=subprocess.PIPE, check=False)
    assert (answer.returncode, answer.stdout) == (2, b"")


def test_ctrl_c_while_the_program_is_being_loaded_is_quiet() -> None:
    code = (
        "import sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'hw2gui.cli':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Finder())\n"
        "from hw2gui.__main__ import main\n"
        "sys.exit(main())"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")
