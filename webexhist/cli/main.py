"""The entry point: every command, and the one place where errors become a line and an exit code."""

import sys

from webexhist.cli import backfill, demo, login, plugin, poll, report  # noqa: F401  importing a module registers its commands
from webexhist.cli.app import app
from webexhist.errors import UsageError, WebexhistError


def main() -> None:
    """Runs the command line. Exits 0 when done, 1 when failed, 2 on wrong usage."""
    try:
        app()
    except UsageError as error:
        print(f"webexhist: {error}", file=sys.stderr)
        sys.exit(2)
    except WebexhistError as error:
        print(f"webexhist: {error}", file=sys.stderr)
        sys.exit(1)
