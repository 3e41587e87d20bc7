"""The command line, run inside the test's own process: as its user sees it, without the time a process takes."""

import sys
from dataclasses import dataclass

import pytest

from webexhist.cli.main import main


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def line(self) -> str:
        """The one line on stderr, without the program's name."""
        line, end = self.stderr.split("\n", 1)
        assert end == ""
        assert line.startswith("webexhist: ")
        return line.removeprefix("webexhist: ")


class CommandLine:
    """Runs commands in an empty home."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch = monkeypatch
        self.capsys = capsys

    def __call__(self, *words: object) -> Done:
        self.monkeypatch.setattr(sys, "argv", ["webexhist", *map(str, words)])
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = self.capsys.readouterr()
        return Done(ended.value.code or 0, printed.out, printed.err)
