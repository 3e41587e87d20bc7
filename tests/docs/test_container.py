"""The recipe for containers runs commands that there are, as a user who is not root."""

import re
import shlex
from pathlib import Path

import typer

from webexhist.cli.app import app
from webexhist.cli.main import register_commands

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "compose.yaml").read_text()
COMMAND = re.compile(r"webexhist ((?:poll|report|check|status|login|licenses|db)\b[^;`'\n\"]*)")
PAGE = (ROOT / "docs" / "container.md").read_text()


def test_every_command_in_it_is_understood():
    register_commands(())
    commands = typer.main.get_command(app).commands
    found = COMMAND.findall(DOCKERFILE + COMPOSE + PAGE)
    assert {line.split()[0] for line in found} >= {"poll", "report", "check", "status", "login", "db"}
    for line in found:
        name, *arguments = shlex.split(line)
        command = commands[name]
        while arguments and arguments[0] in getattr(command, "commands", {}):
            command = command.commands[arguments.pop(0)]
        command.make_context(name, arguments)


def test_it_is_nobody_s_root_and_keeps_one_volume():
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)
    assert users == ["10001"]
    assert re.findall(r"^VOLUME (\S+)$", DOCKERFILE, re.MULTILINE) == ["/var/lib/webexhist"]
    ours = COMPOSE.partition("  web:")[0]
    assert ours.count("    read_only: true\n") == ours.count("build: .") == 2


def test_what_is_written_lies_in_volumes_that_belong_to_the_one_who_writes():
    written = set(re.findall(r"^ +- \w+:(/\S+)$", COMPOSE, re.MULTILINE))
    assert written == {"/var/lib/webexhist", "/srv/report"}
    (makes,) = re.findall(r"^RUN useradd (.*)\\\n(.*)$", DOCKERFILE, re.MULTILINE)
    assert "--home-dir /var/lib/webexhist --create-home" in makes[0]
    assert "install --directory --owner=webexhist --mode=755 /srv/report" in makes[1]


def test_everything_that_the_wheel_is_made_of_goes_into_the_image():
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {"!webexhist", "!migrations", "!reports", "!docs", "!pyproject.toml", "!README.md", "!LICENSE"} <= set(
        ignored
    )
