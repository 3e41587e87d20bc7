"""What more than one room's tests start from: databases with a history, and simulated services."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from histories import Poller, write_year
from polling import NOON, Polled
from sqlalchemy import Engine, event

from webexhist.demo import Faults, SimulatedWebex, VirtualClock, World
from webexhist.store.database import open_database


@pytest.fixture
def poller(tmp_path: Path) -> Iterator[Poller]:
    """Writes into an empty database."""
    engine = open_database(tmp_path / "history.db")
    yield Poller(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An organization from 1 October 2025 to 10 November 2026, polled at 06:00 and 18:00 UTC, with all that happens.

    No polls from 12 to 19 August 2026; the list of licenses was refused from 4 to 6 May 2026.
    """
    engine = open_database(tmp_path_factory.mktemp("year") / "year.db")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    engine.dispose()
    write_year(Poller(engine))
    yield engine
    engine.dispose()


@pytest.fixture
def simulated(tmp_path):
    """Starts simulated services: `simulated(world)` gives a `Polled`; they end with the test."""
    with ExitStack() as running:

        def start(world: World | None = None, faults: Faults | None = None) -> Polled:
            clock = VirtualClock(NOON)
            server = running.enter_context(SimulatedWebex(world or World(), clock, faults))
            return Polled(server, clock, tmp_path)

        yield start


@pytest.fixture
def unused_port() -> int:
    """A port on loopback that nothing listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
