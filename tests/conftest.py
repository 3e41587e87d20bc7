"""What more than one room's tests start from: databases with a history, and simulated services."""

import gc
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest
from commands import CommandLine
from histories import Poller, quick_database, write_year
from once import compile_statements_once
from polling import NOON, Polled
from searching import LONG, QUICK
from sqlalchemy import Engine

from webexhist.simulator import Faults, SimulatedWebex, VirtualClock, World
from webexhist.timer import installing, jobs

pytest_plugins = ("databases", "visitor")
SERVERS = {"postgres_server", "postgres_of_its_own"}
"""The fixtures that start a PostgreSQL server: the quick suite needs none to be installed."""

# Started in the background of a shell, this ignores Ctrl-C, and so would all that is started here.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Hundreds of processes are started here: each would compile the program anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def has_room_in_memory(folder: Path) -> bool:
    """Whether a folder is there to write in, to run programs from, and has room for what the tests write."""
    if not os.access(folder, os.W_OK) or os.statvfs(folder).f_flag & os.ST_NOEXEC:
        return False
    return shutil.disk_usage(folder).free > 2 * 1024**3


# Databases wait for their disk, and nothing here has to outlive a power cut: memory serves as well.
MEMORY = Path("/dev/shm")
if "TMPDIR" not in os.environ and has_room_in_memory(MEMORY):
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def pytest_configure(config: pytest.Config) -> None:
    """Lets searches be quick or long, with the same examples at every run unless another profile is asked for."""
    compile_statements_once()
    if not config.getoption("--hypothesis-profile"):
        hypothesis.settings.load_profile(QUICK if is_quick(config) else LONG)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Counts as slow what needs a database server, and every search where searches are long; gives each its time."""
    for item in items:
        is_long = not is_quick(config) and is_search(item)
        if is_long or not SERVERS.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.timeout(1_200))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Lets a report travel between processes whatever was logged: a half of a character would end the whole run."""
    report = yield
    report.sections = [(name, text.encode(errors="backslashreplace").decode()) for name, text in report.sections]
    return report


def pytest_collection_finish() -> None:
    """Lets the collections of garbage pass over thousands of tests and modules, which stay anyway."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def garbage_waits() -> Iterator[None]:
    """Lets no garbage be collected in the midst of a deeply nested text, where what it would end cannot be called."""
    gc.disable()
    yield
    gc.enable()


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: while one waits for a server, a process or a browser, another works."""
    return len(os.sched_getaffinity(0)) + 1


def is_search(item: pytest.Item) -> bool:
    is_function = isinstance(item, pytest.Function)
    return bool(item.get_closest_marker("search")) or (is_function and hypothesis.is_hypothesis_test(item.obj))


def is_quick(config: pytest.Config) -> bool:
    return bool(config.getoption("markexpr") == "not slow")


@pytest.fixture
def poller(sqlite_template: Path, tmp_path: Path) -> Iterator[Poller]:
    """Writes into an empty database."""
    engine = quick_database(sqlite_template, tmp_path / "history.db")
    yield Poller(engine)
    engine.dispose()


@pytest.fixture(scope="module")
def shared_poller(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Poller]:
    """Writes into an empty database of a module's own, for a history that its tests only read or copy."""
    engine = quick_database(sqlite_template, tmp_path_factory.mktemp("shared") / "history.db")
    yield Poller(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def year(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The database of `histories.write_year`; only to be read."""
    engine = quick_database(sqlite_template, tmp_path_factory.mktemp("year") / "year.db")
    write_year(Poller(engine))
    yield engine
    engine.dispose()


@pytest.fixture
def simulated(sqlite_template, tmp_path):
    """Starts simulated services: `simulated(world)` gives a `Polled`; they end with the test."""
    with ExitStack() as running:

        def start(world: World | None = None, faults: Faults | None = None) -> Polled:
            clock = VirtualClock(NOON)
            server = running.enter_context(SimulatedWebex(world or World(), clock, faults))
            return Polled(server, clock, tmp_path, sqlite_template)

        yield start


@pytest.fixture
def webexhist(monkeypatch, capsys, tmp_path):
    """Runs a command as `webexhist("poll", "--quiet")`, in an empty home and without settings in the environment."""
    for name in [name for name in os.environ if name.startswith(("WEBEXHIST_", "XDG_"))]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("WEBEXHIST_STATE_DIR", str(home / "state"))
    monkeypatch.chdir(home)
    keep_from_the_host(monkeypatch, tmp_path / "host")
    return CommandLine(monkeypatch, capsys)


def keep_from_the_host(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Lets commands put timers of the host into a folder, and find none of its own: root may run the tests."""
    monkeypatch.setattr(jobs, "HOSTS_STATE", folder / "state")
    monkeypatch.setattr(installing, "BOOTED", folder / "no-systemd")
    monkeypatch.setattr(installing, "HOSTS_TABLE", folder / "cron.d" / "webexhist")
    for name in ("units_folder", "stamps_folder"):
        monkeypatch.setattr(installing, name, lambda *, for_this_user, name=name: folder / name)


@pytest.fixture
def unused_port() -> Iterator[int]:
    """A port on loopback that nothing listens on, kept from being given to anybody else while the test runs."""
    with socket.socket() as keeper:
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # then a server may listen there all the same
        keeper.bind(("127.0.0.1", 0))
        yield int(keeper.getsockname()[1])
