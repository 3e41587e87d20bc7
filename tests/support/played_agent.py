"""Plays the Site24x7 Linux agent as far as it is known: what it runs, what it keeps, what it leaves alone."""

import json
import subprocess
from configparser import RawConfigParser
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FAILURES = 12
"""After which it leaves a plugin alone until it is started again."""
NO_ATTRIBUTES = {
    "plugin_version",
    "heartbeat_required",
    "status",
    "msg",
    "units",
    "tabs",
    "s247config",
    "displayname",
}
SHARED = "global_configurations"


@dataclass
class Monitor:
    """What the server knows of one instance of a plugin."""

    version: int
    names: set[str]
    """Of the first document, or of the one in which the version last rose."""
    units: dict[str, Any]
    children: set[str]
    """Rows that are monitors of their own."""
    down: str = ""
    """Why it is Down; empty while it is Up."""
    values: dict[str, Any] = field(default_factory=dict)
    """Of the last poll that was not Down."""


@dataclass
class PlayedAgent:
    """The agent between two starts; `monitors` stay at the server."""

    folder: Path
    monitors: dict[str, Monitor] = field(default_factory=dict)
    """By `NAME.py-INSTANCE`."""
    failures: dict[str, int] = field(default_factory=dict)
    newest: int = 0
    """The newest time of a folder below plugins/ at the last look."""
    runs: int = 0

    def start(self) -> None:
        """Begins anew, and forgets what it left alone."""
        self.failures.clear()
        self.ignored.unlink(missing_ok=True)
        self.newest = self.newest_folder()

    @property
    def ignored(self) -> Path:
        return self.folder / "temp" / "ignored_plugins.txt"

    def newest_folder(self) -> int:
        plugins = self.folder / "plugins"
        return max(path.stat().st_mtime_ns for path in (plugins, *plugins.rglob("*")) if path.is_dir())

    def is_reloaded(self) -> bool:
        """Whether a minute's look finds a change, upon which every plugin would be run at once."""
        before, self.newest = self.newest, self.newest_folder()
        return self.newest != before

    def poll(self) -> None:
        """Runs every instance of every plugin that it does not leave alone, as it does every five minutes."""
        for program in sorted((self.folder / "plugins").glob("*/*.py")):
            if program.stem == program.parent.name and not self.leaves_alone(program):
                for instance, keys in instances(program.with_suffix(".cfg")).items():
                    self.take(f"{program.name}-{instance}", program, keys)

    def leaves_alone(self, program: Path) -> bool:
        return self.ignored.exists() and program.stem in self.ignored.read_text()

    def take(self, key: str, program: Path, keys: dict[str, str]) -> None:
        """Runs one instance, and does with its document what the agent and the server do."""
        self.runs += 1
        given = [f"--{name}={value}" for name, value in keys.items()]
        done = subprocess.run([program, *given], capture_output=True, cwd="/", env={}, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        document = json.loads(done.stdout)
        version = document["plugin_version"]
        assert isinstance(version, int) and 0 < version < 10_000
        values = {name: value for name, value in document.items() if name not in NO_ATTRIBUTES}
        is_down = document.get("status") == 0
        if is_down or not any(isinstance(value, int | float) for value in values.values()):
            self.count_failure(key, program)
            if key in self.monitors:
                self.monitors[key].down = document["msg"]
            return
        self.failures[key] = 0
        known = self.monitors.get(key)
        if known is None or version > known.version:
            self.monitors[key] = known = Monitor(version, set(values), document["units"], set())
        known.down = ""
        known.values = {name: value for name, value in values.items() if name in known.names}
        tables = document.get("s247config", {}).get("childdiscovery", ())
        known.children |= {row["name"] for table in tables for row in document[table]}

    def count_failure(self, key: str, program: Path) -> None:
        self.failures[key] = self.failures.get(key, 0) + 1
        if self.failures[key] >= FAILURES:
            self.ignored.parent.mkdir(exist_ok=True)
            self.ignored.write_text(f"{program.stem}\n")


def instances(cfg: Path) -> dict[str, dict[str, str]]:
    """The sections of a plugin's cfg, the shared keys in each."""
    parser = RawConfigParser()
    parser.read(cfg)
    shared = dict(parser.items(SHARED)) if parser.has_section(SHARED) else {}
    return {name: shared | dict(parser.items(name)) for name in parser.sections() if name != SHARED}
