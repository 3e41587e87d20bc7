"""The command line, run inside the test's own process: as its user sees it, without the time a process takes."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import typer
from handed_time import SkippedTime
from once import command_made_once

from webexhist.cli import beside, clock
from webexhist.cli.main import main
from webexhist.webex.api.passing_time import PassingTime


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """What it printed for programs."""
        return json.loads(self.stdout)

    @property
    def line(self) -> str:
        """The one line on stderr, without the program's name."""
        line, end = self.stderr.split("\n", 1)
        assert end == ""
        assert line.startswith("webexhist: ")
        return line.removeprefix("webexhist: ")


TODAY = datetime(2026, 11, 25, 12, tzinfo=UTC)
"""When the commands run, whatever day it is: what is said of a history depends on how old it is."""


class CommandLine:
    """Runs commands in an empty home."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch = monkeypatch
        self.capsys = capsys
        self.today: Callable[[], datetime] = lambda: TODAY
        self.go_by(self.today)
        monkeypatch.setattr(typer.main, "get_command", command_made_once)
        monkeypatch.setenv("COLUMNS", "200")  # no text is wrapped that a test looks for
        self.beside: list[list[str]] = []
        """The processes that were to be started beside a command, by their words; none is."""
        monkeypatch.setattr(beside, "start", lambda words, _environment, _seconds: self.beside.append(list(words)))

    def go_by(self, now: Callable[[], datetime], passing_time: PassingTime | None = None) -> None:
        """Lets the commands from here on take the time from elsewhere; their pauses are not sat out."""
        self.monkeypatch.setattr(clock, "host", now)
        self.monkeypatch.setattr(clock, "passing_time", passing_time or SkippedTime())

    def go_by_the_host(self) -> None:
        """Lets the commands from here on run now, as the files say that they write."""
        self.today = lambda: datetime.now(UTC)
        self.go_by(self.today)

    def later(self, **span: float) -> None:
        """Lets the commands from here on run so much later than now."""
        self.go_by(lambda: self.today() + timedelta(**span))

    def __call__(self, *words: object) -> Done:
        self.monkeypatch.setattr(sys, "argv", ["webexhist", *map(str, words)])
        self.capsys.readouterr()
        stdout = sys.stdout
        with pytest.raises(SystemExit) as ended:
            main()
        sys.stdout = stdout  # taken away behind a document, and where something could not be written
        printed = self.capsys.readouterr()
        return Done(ended.value.code or 0, printed.out, printed.err)
