"""The errors a user can mend: one sentence that says what is wrong and what to do.

Everything else that is raised is a fault of the program and goes to the log with its traceback.
"""


class UserError(Exception):
    """Base of the errors shown to the user as they are, in place, without a traceback."""

    exit_code = 1


class InputError(UserError):
    """What the user typed or chose cannot be used. Nothing was changed. Exit code 2 on the command line."""

    exit_code = 2


class UnavailableError(UserError):
    """Something needed is missing, damaged or out of reach (a file, the network, memory). Exit code 1."""


class CancelledError(UserError):
    """The user cancelled the work. Exit code 1."""


def shortened(text: object, limit: int = 40) -> str:
    """*text* on one line, at most *limit* characters, to be quoted in a sentence."""
    line = " ".join("".join(c if c.isprintable() else "�" for c in str(text)).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
