"""The simulator's README is true: its blocks run and print what it says, and its tables are complete."""

import errno
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple

import pytest

from webexhist.simulator.__main__ import SIZES
from webexhist.simulator.auth import access
from webexhist.simulator.auth.access import INVENTORY_ADMINS
from webexhist.simulator.endpoints.routes import ROUTES, Route
from webexhist.simulator.faults import switches

README = (Path(switches.__file__).parents[1] / "README.md").read_text(encoding="utf-8")
PORT = "8089"
ROLE_WORDS = {
    access.FULL_ADMIN: "full",
    access.READ_ONLY_ADMIN: "read-only",
    access.USER_ADMIN: "user",
    access.DEVICE_ADMIN: "device",
    access.COMPLIANCE_OFFICER: "compliance officer",
}


class Block(NamedTuple):
    """A block of code, and what it prints."""

    language: str
    code: str
    printed: str


BLOCKS = [
    Block(*match) for match in re.findall(r"^```(python|sh)\n(.*?)^```\n\n```text\n(.*?)^```$", README, re.M | re.S)
]
PYTHON = [block for block in BLOCKS if block.language == "python"]
SERVE, ASK = (block for block in BLOCKS if block.language == "sh")


def test_every_block_has_what_it_prints_below_it():
    assert len(BLOCKS) == README.count("```") // 4


@pytest.mark.parametrize("block", PYTHON, ids=[f"block {number}" for number, _ in enumerate(PYTHON, 1)])
def test_a_python_block_prints_what_the_readme_says(block, tmp_path):
    script = tmp_path / "block.py"
    script.write_text(block.code)
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60)
    assert (run.stderr, run.stdout) == ("", block.printed)


def commands(text: str, port: str) -> str:
    """A block for a shell with the Python of the tests and another port."""
    return text.replace("python ", f"{sys.executable} ").replace(PORT, port)


@pytest.fixture
def serving() -> Iterator[subprocess.Popen[str]]:
    """The service of the README's first shell, on a free port."""
    with subprocess.Popen(
        commands(f"exec {SERVE.code}", "0"),
        shell=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background has ctrl-c ignored, and so would have what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        yield process
        process.kill()


def test_a_shell_starts_it_and_another_asks_it_until_ctrl_c(serving):
    printed = "".join(serving.stdout.readline() for _ in SERVE.printed.splitlines())
    port = re.search(r":(\d+)\n", printed)[1]
    assert printed == SERVE.printed.replace(PORT, port)
    asked = subprocess.run(commands(ASK.code, port), shell=True, capture_output=True, text=True, timeout=120)
    assert (asked.stderr, asked.stdout) == ("", ASK.printed)
    serving.send_signal(signal.SIGINT)
    assert (serving.wait(timeout=120), serving.stderr.read()) == (0, "")


def test_a_port_that_is_taken_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "webexhist.simulator", "--port", str(port)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert run.returncode == 1
    assert run.stderr == f"cannot listen on port {port} ({os.strerror(errno.EADDRINUSE)}), choose another --port\n"


@pytest.mark.parametrize("wrong", [("--port", "65536"), ("--people", "-1"), ("--rooms", "many")])
def test_a_number_that_makes_no_sense_is_refused(wrong):
    command = [sys.executable, "-m", "webexhist.simulator", *wrong]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert run.returncode == 2
    assert f"argument {wrong[0]}: invalid" in run.stderr


def table(heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, without its own heading."""
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def row_of(route: Route) -> list[str]:
    """A route as the README should show it."""
    demand = route.demand
    admins = ["admins"] if demand.roles == INVENTORY_ADMINS else None
    conditions = admins or [word for role, word in ROLE_WORDS.items() if role in demand.roles]
    conditions += ["no service app"] * demand.person + ["with Pro Pack"] * demand.pro_pack
    scopes = ", ".join(f"`{scope}`" for scope in sorted(demand.scopes))
    return ["GET", f"`{route.path}`", scopes, ", ".join(conditions)]


def test_the_table_of_endpoints_is_complete():
    rows = table("Endpoints")
    assert rows[:-4] == [row_of(route) for route in ROUTES]
    assert [row[:2] for row in rows[-4:]] == [
        ["GET", "`/v1/authorize`"],
        ["POST", "`/v1/access_token`"],
        ["POST", "`/v1/device/authorize`"],
        ["POST", "`/v1/device/token`"],
    ]


def test_the_table_of_switches_is_complete():
    cells = table("Turn faults on")
    named = {name for row in cells for name in re.findall(r"`(\w+)`", row[0])}
    assert named == {field.name for field in fields(switches.Faults)}
    effects = next(row[1] for row in cells if row[0] == "… effects")
    assert re.findall(r"`(\w+)`", effects) == [effect.__name__ for effect in switches.Effect.__args__]


def test_the_sizes_of_the_command_are_named():
    assert re.findall(r"`--(\w+)`", README.split("The sizes are options:")[1].split(". ")[0]) == list(SIZES)
