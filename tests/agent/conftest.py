"""An agent's folder, and an interpreter that has webexhist installed."""

import configparser
import json
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from histories import Poller, quick_database
from polling import NOON

import webexhist
from webexhist.metrics import Metric
from webexhist.simulator import organization_id
from webexhist.snapshot import Organization
from webexhist.state.last_run import OUTLOOK, note_run

NAME = "webex_licensing_monitoring"
IMPORTER = """
import json, sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

loader = SourceFileLoader("plugin", sys.argv[1])
plugin = module_from_spec(spec_from_loader("plugin", loader))
loader.exec_module(plugin)
print(json.dumps(plugin.run(json.loads(sys.argv[2]))))
"""


@dataclass
class Agent:
    """A Site24x7 agent, as far as plugins see one."""

    folder: Path
    python: Path
    """The interpreter in which webexhist is installed."""

    @property
    def plugins(self) -> Path:
        return self.folder / "plugins"

    @property
    def program(self) -> Path:
        return self.plugins / NAME / f"{NAME}.py"

    @property
    def cfg(self) -> Path:
        return self.plugins / NAME / f"{NAME}.cfg"

    def set_time_limit(self, line: str) -> None:
        (self.folder / "conf").mkdir(exist_ok=True)
        (self.folder / "conf" / "monagent.cfg").write_text(f"[AGENT_INFO]\nagent_version = 1\n{line}\n")

    def command(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Runs a command of webexhist as its administrator."""
        own = [str(self.python), "-m", "webexhist", *map(str, arguments)]
        return subprocess.run(own, capture_output=True, text=True, cwd=self.folder, timeout=120, check=False)

    def install(self, *options: object) -> str:
        """Installs the plugin; what was printed."""
        done = self.command("plugin", "install", "--agent-dir", self.folder, *options)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def sections(self) -> dict[str, dict[str, str]]:
        parser = configparser.RawConfigParser()
        parser.read(self.cfg)
        return {section: dict(parser.items(section)) for section in parser.sections()}

    def change_program(self, old: str, new: str) -> None:
        """Changes what the installation fixed in the program."""
        text = self.program.read_text()
        assert old in text
        self.program.write_text(text.replace(old, new))

    def run(self, *options: str) -> dict[str, object]:
        """Runs the plugin as a program: every key of its cfg as an option, nothing in the environment."""
        keys = next(iter(self.sections().values()), {})
        given = [f"--{key}={value}" for key, value in keys.items()]
        return document_of(subprocess.Popen([str(self.program), *given, *options], **self.surroundings))

    def run_imported(self, **keys: str) -> dict[str, object]:
        """Imports the plugin into the agent's own Python, which has nothing but the standard library."""
        own_python = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
        params = next(iter(self.sections().values()), {}) | keys
        words = [own_python, "-I", "-S", "-c", IMPORTER, self.program, json.dumps(params)]
        return document_of(subprocess.Popen(list(map(str, words)), **self.surroundings))

    @property
    def surroundings(self) -> dict[str, object]:
        return {"cwd": self.folder, "env": {}, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}

    def state_of_plugins(self) -> dict[str, int]:
        """Every file and folder under plugins/ with the time of its last change."""
        paths = [self.plugins, *self.plugins.rglob("*")]
        return {str(path): path.stat().st_mtime_ns for path in paths}


def document_of(process) -> dict[str, object]:
    """The only document that a run of the plugin may print."""
    printed, errors = process.communicate(timeout=120)
    assert process.returncode == 0
    assert errors == ""
    document = json.loads(printed)
    assert isinstance(document, dict)
    return document


@pytest.fixture(scope="session")
def installed_python(tmp_path_factory):
    """An interpreter of its own that finds webexhist and what it needs without any environment."""
    folder = tmp_path_factory.mktemp("virtual environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    site_packages = folder / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    paths = [sysconfig.get_path("purelib"), str(Path(webexhist.__file__).parents[1])]
    (site_packages / "webexhist.pth").write_text("\n".join(paths))
    return folder / "bin" / "python"


@pytest.fixture(scope="session")
def polled_twice(tmp_path_factory, sqlite_template):
    """A database after two polls of the simulated organization, hours ago; to be copied."""
    file = tmp_path_factory.mktemp("polled twice") / "webexhist.db"
    engine = quick_database(sqlite_template, file)
    hand = Poller(engine, Organization(organization_id(0), "Acme Example"))
    for hours in (3, 2):
        hand.poll(NOON - timedelta(hours=hours), {}, {Metric.PEOPLE: 100})
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def installed_once(tmp_path_factory, installed_python, polled_twice):
    """An agent whose plugin is installed, with twenty seconds for it; to be copied."""
    folder = tmp_path_factory.mktemp("monagent")
    (folder / "plugins").mkdir()
    (folder / "webexhist.cfg").write_text(f"[CONFIGURATIONS]\ndatabase = {polled_twice}\n")
    agent = Agent(folder, installed_python)
    agent.set_time_limit("plugin_time_out = 20")
    agent.install("--config", folder / "webexhist.cfg")
    return agent


@pytest.fixture
def installed(agent, installed_once, configuration):
    """The agent with the plugin installed."""
    agent.cfg.parent.mkdir()
    own = str(installed_once.folder / "webexhist.cfg")
    for source, target in ((installed_once.cfg, agent.cfg), (installed_once.program, agent.program)):
        target.write_text(source.read_text().replace(own, str(configuration)))
        target.chmod(source.stat().st_mode)
    return agent


@pytest.fixture
def polled(simulated):
    return simulated()


@pytest.fixture
def configuration(polled, polled_twice):
    """The settings of a poll that neither makes its database nor starts what works out days to run out beside it."""
    state = polled.folder / "state"
    note_run(state, OUTLOOK, None)
    shutil.copy(polled_twice, state / "webexhist.db")
    file = polled.folder / "webexhist.cfg"
    file.write_text(
        f"[CONFIGURATIONS]\naccess_token = {polled.server.access_token}\nbase_url = {polled.server.base_url}\n"
        f"state_dir = {state}\n"
    )
    return file


@pytest.fixture
def agent(tmp_path, installed_python):
    """An agent without plugins, which kills them after the usual thirty seconds."""
    folder = tmp_path / "site24x7" / "monagent"
    (folder / "plugins").mkdir(parents=True)
    return Agent(folder, installed_python)
