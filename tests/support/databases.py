"""Databases to test with: a SQLite file, and a real PostgreSQL that lives as long as the test session."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text

from webexhist.metrics import Metric
from webexhist.snapshot import Count, EventWindow, Organization, Snapshot
from webexhist.store.opening.database import open_database

# The quick tests need no server; the slow ones ask PostgreSQL everything.
ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.slow))

ACME = Organization("Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9hY21l", "Acme")


@dataclass
class PostgresServer:
    """A throw-away PostgreSQL that listens on a socket in a folder, and on nothing else."""

    programs: Path
    folder: Path
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def owner(self) -> str | None:
        """initdb refuses to run as root; the package brings a user of its own."""
        return "postgres" if os.geteuid() == 0 else None

    def make(self) -> None:
        if self.owner:
            shutil.chown(self.folder, self.owner)
        options = ["-U", "webexhist", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(
            [self.programs / "initdb", "-D", self.folder / "data", *options],
            user=self.owner,
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def start(self) -> None:
        options = ["-D", self.folder / "data", "-k", self.folder, "-c", "listen_addresses=", "-c", "fsync=off"]
        # In its own folder: what it has elsewhere would stay there when it is thrown away.
        options += ["-c", "dynamic_shared_memory_type=mmap"]
        with open(self.folder / "log", "a") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", *options], user=self.owner, cwd=self.folder, stderr=log
            )
        _wait_until_ready(self.folder, self.process)

    def stop(self) -> None:
        """Ends it without waiting for clients, such as a failed test leaves behind."""
        self.end(signal.SIGINT)

    def throw_away(self) -> None:
        """Ends it without writing anything to the disk first."""
        self.end(signal.SIGQUIT)

    def end(self, by: signal.Signals) -> None:
        if self.process:
            self.process.send_signal(by)
            self.process.wait(60)
            self.process = None

    def restart(self) -> None:
        self.stop()
        self.start()


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A server that is gone afterwards; without the programs for it the test is skipped."""
    programs = _postgres_programs()
    if programs is None:
        missing = "no PostgreSQL server is installed (apt-get install postgresql)"
        if os.environ.get("WEBEXHIST_REQUIRE_POSTGRES") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    folder = Path(tempfile.mkdtemp(prefix="webexhist-postgres-"))  # pytest's own folders are too long for a socket
    server = PostgresServer(programs, folder)
    try:
        server.make()
        try:
            server.start()
            yield server
        finally:
            server.throw_away()
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The folder of the socket on which the server of this session listens."""
    with running_postgres() as server:
        yield str(server.folder)


@pytest.fixture
def postgres_of_its_own() -> Iterator[PostgresServer]:
    """A server that a test may stop and start."""
    with running_postgres() as server:
        yield server


def _postgres_programs() -> Path | None:
    found = shutil.which("postgres")
    on_path = [Path(found).parent] if found else []
    of_debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)  # its package keeps them off the path
    return next((folder for folder in (*on_path, *of_debian) if (folder / "initdb").exists()), None)


def _wait_until_ready(socket_folder: Path, server: "subprocess.Popen[bytes]") -> None:
    while True:
        try:
            psycopg.connect(host=str(socket_folder), user="webexhist", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None:
                raise
            time.sleep(0.05)


@dataclass
class Postgres:
    """Makes databases on the throw-away server."""

    socket_folder: str
    made: int = 0

    def make(self, template: str = "template0") -> str:
        """The URL of a new database: empty, or a copy."""
        self.made += 1
        name = f"history_{self.made}"
        host = {"host": self.socket_folder, "user": "webexhist", "dbname": "postgres"}
        with psycopg.connect(**host, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return f"postgresql+psycopg://webexhist@/{name}?host={self.socket_folder}"


@pytest.fixture(scope="session")
def postgres(postgres_server: str) -> Postgres:
    return Postgres(postgres_server)


@pytest.fixture
def postgres_location(postgres: Postgres) -> str:
    """The URL of an empty PostgreSQL database."""
    return postgres.make()


@pytest.fixture
def sqlite_location(tmp_path: Path) -> str:
    """The path of a SQLite database that does not exist yet."""
    return str(tmp_path / "webexhist.db")


@pytest.fixture(params=ENGINES)
def location(request: pytest.FixtureRequest) -> str:
    """Where a database can be made: each of both kinds."""
    return str(request.getfixturevalue(f"{request.param}_location"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database to be copied, which is faster than to be made."""
    file = tmp_path_factory.mktemp("template") / "webexhist.db"
    open_database(file).dispose()
    return file


@pytest.fixture
def sqlite_engine(sqlite_template: Path, sqlite_location: str) -> Iterator[Engine]:
    """A SQLite database without snapshots."""
    engine = open_database(shutil.copy(sqlite_template, sqlite_location))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    engine = open_database(postgres.make())
    engine.dispose()
    return str(engine.url.database)


@pytest.fixture
def postgres_engine(postgres: Postgres, postgres_template: str) -> Iterator[Engine]:
    """A PostgreSQL database without snapshots."""
    engine = open_database(postgres.make(postgres_template))
    yield engine
    engine.dispose()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """A database of each kind without snapshots."""
    return request.getfixturevalue(f"{request.param}_engine")


@pytest.fixture
def rows() -> Callable[..., list[tuple[object, ...]]]:
    """Runs a query and gives all rows as plain tuples."""

    def run(engine: Engine, query: str) -> list[tuple[object, ...]]:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    return run


@pytest.fixture
def taken() -> Callable[..., Snapshot]:
    """Makes a snapshot of Acme: `taken("2026-11-23 15:05", people=3, messages_created=2, licenses=(…))`."""

    def make(
        moment: str, *, licenses=(), collections=(), windows=(), organization=ACME, seconds=2.5, requests=36, **counts
    ) -> Snapshot:
        return Snapshot(
            organization=organization,
            taken_at=datetime.fromisoformat(moment).replace(tzinfo=UTC),
            seconds=seconds,
            requests=requests,
            counts=tuple(Count(Metric(name), value) for name, value in counts.items()),
            licenses=licenses,
            collections=tuple(collections),
            windows=tuple(windows),
        )

    return make


@pytest.fixture
def window() -> Callable[..., EventWindow]:
    """Makes an event window: `window("events", "2026-11-23 15:00", "2026-11-23 15:05")`."""

    def make(source: str, opened_at: str, counted_until: str, next_part: int | None = None) -> EventWindow:
        opens, ends = (datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (opened_at, counted_until))
        return EventWindow(source, opens, ends, next_part=next_part and timedelta(seconds=next_part))

    return make
