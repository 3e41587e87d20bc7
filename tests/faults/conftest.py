"""A host on which `webexhist poll` meets a fault, and what must hold after every one of them."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from commands import CommandLine
from handed_time import SkippedTime
from limited import DelaysBy
from polling import NOON

from webexhist.simulator import SimulatedWebex, VirtualClock, sized_world

WORLD = sized_world(NOON, people=120, devices=130)
"""More of something than fits on its page."""
TRUTH = {
    "Admin - Org Count": 1,
    "Admin - Teams Count": 4,
    "Admin - Devices Count": 130,
    "People Count": 120,
    "Hybrid - Clusters Count": 2,
    "Hybrid - Connectors Count": 3,
    "Admin - Rooms Count": 20,
    "Places Count": 9,
    "Admin - Roles Count": 6,
    "Room - Memberships Count": 40,
    "Resource Group Membership Active": 11,
    "Resource Group Membership Pending": 4,
    "Resource Group Membership Error": 1,
    "Admin Audit Events": 0,
    "Total Messages Exchanged": 0,
    "License Total Units": 132 + 80 + 30 + 60 + 20,
    "License Consumed Units": 120 + 60 + 24 + 60 + 12,
}


@pytest.fixture
def truth() -> dict[str, int]:
    """What a document says of this world when nothing fails."""
    return TRUTH


@dataclass(frozen=True)
class Polled:
    """How a poll ended."""

    code: int
    document: dict[str, Any]

    @property
    def message(self) -> str:
        return str(self.document["msg"])

    @property
    def unknown(self) -> set[str]:
        """The figures that the document leaves out."""
        return TRUTH.keys() - self.document.keys()


@dataclass(frozen=True)
class Host:
    """Where the command is run, with its configuration."""

    server: SimulatedWebex
    clock: VirtualClock
    """The host's and the server's."""
    folder: Path
    command: CommandLine

    @property
    def state(self) -> Path:
        return self.folder / "home" / "state"

    @property
    def database(self) -> Path:
        return self.state / "webexhist.db"

    def later(self, **span: float) -> None:
        """Moves the clock that host and server share."""
        self.clock.advance(timedelta(**span))

    def configure(self, **changes: object) -> Path:
        keys = {
            "access_token": self.server.access_token,
            "base_url": self.server.base_url,
            "budget_seconds": 20,
        } | changes
        file = self.folder / "webexhist.cfg"
        text = "[CONFIGURATIONS]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
        if not file.exists() or file.read_text() != text:
            file.write_text(text)
        return file

    def poll(self, *options: object, **settings: object) -> Polled:
        """Polls as the agent does, and checks what holds whatever happens.

        There is one valid document and no more on stdout, a failure is one line with a next step, and every figure
        is true or left out.
        """
        done = self.command("poll", "--config", self.configure(**settings), *options)
        document = json.loads(done.stdout)
        assert (done.code, "status" in document) in ((0, False), (1, True))
        if done.code:
            assert document["status"] == 0
            assert done.line == document["msg"]
            assert ": " in done.line, "the next step"
        else:
            assert done.stderr == ""
        counted = {name: document[name] for name in TRUTH if name in document}
        assert counted == {name: TRUTH[name] for name in counted}
        return Polled(done.code, document)

    def snapshots(self) -> int:
        """How many snapshots are stored, in a database that is whole."""
        with closing(sqlite3.connect(self.database)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            (count,) = connection.execute("SELECT count(*) FROM snapshot").fetchone()
        return int(count)

    def outcomes(self) -> dict[str, tuple[str, str | None]]:
        """How each collector fared in the last poll, and why."""
        with closing(sqlite3.connect(self.database)) as connection:
            rows = connection.execute("SELECT collector, status, error FROM collection_log").fetchall()
        return {collector: (status, error) for collector, status, error in rows}

    def unknown_values(self) -> set[str]:
        """The metrics that the database holds as unknown."""
        with closing(sqlite3.connect(self.database)) as connection:
            return {name for (name,) in connection.execute("SELECT metric FROM counts WHERE value IS NULL")}


@pytest.fixture
def host(webexhist, tmp_path):
    clock, time = VirtualClock(NOON), SkippedTime()
    webexhist.go_by(clock, time)
    with SimulatedWebex(WORLD, clock, delays=DelaysBy(time)) as server:
        yield Host(server, clock, tmp_path, webexhist)
