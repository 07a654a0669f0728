"""``python -m hw2gui`` is the same program as the ``hw2gui`` command."""

from hw2gui.cli import main

# A spawned worker imports this module again under another name and must not start a second program.
if __name__ == "__main__":
    raise SystemExit(main())
