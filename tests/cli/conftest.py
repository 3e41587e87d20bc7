"""Commands as they are typed, run within the test's own process."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from histories import Poller

from webexhist.cli.main import main


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(poller: Poller, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """`run("price", "list")` on the database of `poller`."""

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        monkeypatch.setenv("WEBEXHIST_DATABASE", str(poller.engine.url.database))
        monkeypatch.setattr(sys, "argv", ["webexhist", *arguments])
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return run
