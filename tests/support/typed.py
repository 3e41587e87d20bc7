"""Commands for a history that many tests share: typed once a module, where fixtures of a single test do not reach.

database = Typed(tmp_path_factory.mktemp("october"))
database.entered(lines, "contract set Sub100 --kind ea")
database("decisions", "--json").json
"""

import os
import shlex
import sys
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
import typer
from commands import TODAY, Done
from handed_time import SkippedTime
from once import command_made_once

from webexhist.cli import beside, clock
from webexhist.cli.main import main


@dataclass(frozen=True)
class Typed:
    """Runs commands on a database of its own, in a folder."""

    folder: Path
    now: datetime = TODAY

    @property
    def database(self) -> Path:
        return self.folder / "history.db"

    def entered(self, lines: Iterable[str], *commands: str) -> "Typed":
        """Imports the lines, then runs the commands, all of which must do."""
        file = self.folder / "history.jsonl"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        for words in (["import", str(file)], *map(shlex.split, commands)):
            done = self(*words)
            assert done.code == 0, done.stderr
        return self

    def __call__(self, *words: object) -> Done:
        printed, complained = StringIO(), StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed), redirect_stderr(complained):
            for name in [name for name in os.environ if name.startswith(("WEBEXHIST_", "XDG_"))]:
                patch.delenv(name)
            patch.setenv("HOME", str(self.folder))
            patch.setenv("WEBEXHIST_STATE_DIR", str(self.folder / "state"))
            patch.setenv("WEBEXHIST_DATABASE", str(self.database))
            patch.setenv("COLUMNS", "80")
            patch.chdir(self.folder)
            patch.setattr(typer.main, "get_command", command_made_once)
            patch.setattr(clock, "host", lambda: self.now)
            patch.setattr(clock, "passing_time", SkippedTime())
            patch.setattr(beside, "start", lambda _words, _environment, _seconds: None)
            patch.setattr(sys, "argv", ["webexhist", *map(str, words)])
            with pytest.raises(SystemExit) as ended:
                main()
        return Done(ended.value.code or 0, printed.getvalue(), complained.getvalue())
