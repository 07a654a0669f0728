"""``python -m hw2gui`` is the same program as the ``hw2gui`` command."""


def main() -> int:
    """Run one command. Ctrl+C while the program is still being loaded ends it as quietly as later."""
    try:
        from hw2gui.cli import main as run

        return run()
    except KeyboardInterrupt:
        return 130


# A spawned worker imports this module again under another name and must not start a second program.
if __name__ == "__main__":
    raise SystemExit(main())
