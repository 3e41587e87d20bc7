"""A run that fails before or beneath its command ends in one line, and a poll in its document too."""

import contextlib
import errno
import json
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE

import pytest

import webexhist as package
from webexhist.agent.failure import failure_document
from webexhist.cli import ends
from webexhist.cli.ends import BENEATH, end_unforeseen, end_with
from webexhist.errors import WebexhistError
from webexhist.simulator import SimulatedWebex, Slow, Trouble, VirtualClock
from webexhist.simulator.world.plans import sized_world
from webexhist.state.last_run import DOCUMENT, POLL, last_run

NO_MEMORY = WebexhistError("there is not enough memory", "free memory, or set fewer workers")
HUNGRY = """
import resource, sys
from importlib.abc import MetaPathFinder
from itertools import repeat
from threading import Thread
from time import sleep

taken = None

def wait():
    for each in repeat(None):
        sleep(0.0001)

class TakingAll(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        global taken
        if name == "sqlalchemy":
            for size in (2**18, 2**14, 2**10, *range(480, 0, -16)):
                try:
                    while True:
                        taken = bytes(size), taken
                except MemoryError:
                    pass

sys.meta_path.insert(0, TakingAll())
sys.argv = ["webexhist", *{words}]
from webexhist.cli.start import start
resource.setrlimit(resource.RLIMIT_AS, (2**28, 2**28))
Thread(target=wait, daemon=True).start()  # as those that ask Webex: the C library takes memory to end it
start()
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code", "printed"),
    [
        (["licenses"], 1, ""),
        (
            ["poll", "--stored"],
            1,
            json.dumps(failure_document(NO_MEMORY)) + "\n",
        ),  # it starts no thread, which could take what is freed
        (["check"], 3, f"WEBEXHIST UNKNOWN - {NO_MEMORY}.\n"),
    ],
    ids=str,
)
def test_where_no_memory_is_left_at_all_that_is_one_line(tmp_path, words, code, printed):
    (tmp_path / "history.db").write_bytes(b"one")
    words = [*words, "--database", "history.db"]
    (tmp_path / "script.py").write_text(HUNGRY.format(words=words))
    settings = {"ACCESS_TOKEN": "a", "BASE_URL": "http://127.0.0.1:1", "STATE_DIR": str(tmp_path)}
    own = {"PATH": os.environ["PATH"]} | {f"WEBEXHIST_{name}": value for name, value in settings.items()}
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, env=own, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr, done.stdout) == (code, f"webexhist: {NO_MEMORY}\n", printed)


@pytest.mark.parametrize("error", [MemoryError(), SystemError("error return without exception set")], ids=repr)
def test_where_the_interpreter_has_no_memory_left_a_poll_says_so_in_a_document(capsys, error):
    with pytest.raises(SystemExit), contextlib.ExitStack() as ended:
        ended.callback(setattr, sys, "stdout", sys.stdout)  # taken away at such an end
        try:
            raise error
        except BENEATH as raised:
            end_with(raised, ["poll"])
    printed = capsys.readouterr()
    assert printed.err == "webexhist: there is not enough memory: free memory, or set fewer workers\n"
    assert json.loads(printed.out)["msg"] == "there is not enough memory: free memory, or set fewer workers"


@pytest.mark.parametrize(
    "error", [ImportError("no module yaml"), SyntaxError("cut off", ("y.py", 4, 1, "x"))], ids=repr
)
def test_what_a_broken_installation_lacks_is_one_line(capsys, error):
    with pytest.raises(SystemExit), contextlib.ExitStack() as ended:
        ended.callback(setattr, sys, "stdout", sys.stdout)
        try:
            raise error
        except BENEATH as raised:
            end_with(raised, ["licenses"])
    printed = capsys.readouterr().err
    assert printed.startswith(f"webexhist: a part of webexhist cannot be loaded ({error}): install webexhist again")


@pytest.mark.parametrize(
    ("code", "helps"),
    [
        (errno.EMFILE, "let this user open more files (ulimit -n)"),
        (errno.EAGAIN, "let this user have more of them (ulimit -u, or TasksMax), or free memory"),
    ],
    ids=errno.errorcode.get,
)
def test_what_the_system_has_no_more_of_is_not_the_outputs_fault(capsys, code, helps):
    with pytest.raises(SystemExit):
        end_with(OSError(code, os.strerror(code)), ["licenses"])
    assert capsys.readouterr().err == f"webexhist: this cannot go on ({os.strerror(code)}): {helps}\n"


@pytest.mark.parametrize(("words", "code"), [(["poll"], 1), (["check"], 3), (["licenses"], 1)], ids=str)
@pytest.mark.parametrize("is_replaced", [False, True])
def test_what_nobody_foresaw_is_told_to_programs_all_the_same(capsys, monkeypatch, words, code, is_replaced):
    monkeypatch.setattr(sys, "argv", ["webexhist", *words])
    if is_replaced:
        monkeypatch.setattr(ends, "BEGAN", 0.0)  # all files are younger
    with pytest.raises(SystemExit) as ended:
        try:
            getattr(ends, "of another version")
        except AttributeError as error:
            end_unforeseen(type(error), error, error.__traceback__)
    printed = capsys.readouterr()
    if is_replaced:
        said = "webexhist was replaced while this ran, and its parts do not fit (AttributeError): run it again"
        assert printed.err == f"webexhist: {said}\n"
    else:
        said = "webexhist has a fault (AttributeError): report it with what it prints to stderr"
        assert printed.err.startswith("Traceback")
    assert ended.value.code == code
    told = {"poll": f'"msg": "{said}", "status": 0}}\n', "check": f"WEBEXHIST UNKNOWN - {said}.\n", "licenses": ""}
    assert printed.out.endswith(told[words[0]])
    assert bool(printed.out) == bool(told[words[0]])


def test_a_poll_that_a_broken_installation_ends_is_known_to_have_failed(webexhist, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "webexhist.poll", None)  # as where the file is missing
    done = webexhist("poll", "--access-token", "x", "--state-dir", tmp_path, "--database", tmp_path / "history.db")
    assert (done.code, done.json["msg"]) == (1, done.line)
    for run in (POLL, DOCUMENT):
        noted = last_run(tmp_path, run)
        assert f"{noted.problem}: {noted.next_step}" == done.line


@pytest.mark.slow
def test_a_poll_whose_program_is_replaced_while_it_waits_prints_a_document(tmp_path):
    """As by an upgrade: the parts that it loads last are of another version, in which a value has another name."""
    own = Path(package.__file__).parent
    shutil.copytree(own, tmp_path / "webexhist")
    (tmp_path / "migrations").symlink_to(own.with_name("migrations"))
    part = tmp_path / "webexhist" / "agent" / "license_table.py"
    now = datetime.now(UTC)
    with SimulatedWebex(sized_world(now, people=20, rooms=1, teams=1, messages=1), VirtualClock(now)) as service:
        service.faults.troubles = [Trouble(Slow(2.0), path="/v1/people")]
        settings = {
            "ACCESS_TOKEN": service.access_token,
            "BASE_URL": service.base_url,
            "IDENTITY_URL": service.base_url,
            "DATABASE": str(tmp_path / "history.db"),
            "STATE_DIR": str(tmp_path / "state"),
        }
        environment = {f"WEBEXHIST_{name}": value for name, value in settings.items()}
        environment |= {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path), "HOME": str(tmp_path)}
        words = [sys.executable, "-P", "-m", "webexhist", "poll"]
        with subprocess.Popen(words, cwd="/", env=environment, stdout=PIPE, stderr=PIPE) as poll:
            while not service.requests.by_path()["/v1/people"] and poll.poll() is None:
                time.sleep(0.01)
            other = part.read_text().replace("purchased", "bought")
            part.unlink()
            part.write_text(other)
            printed, said = poll.communicate(timeout=60)
    reason = json.loads(printed)["msg"]
    assert reason.startswith("webexhist was replaced while this ran, and its parts do not fit (AttributeError in lic")
    assert said.decode() == f"webexhist: {reason}\n"
    assert poll.returncode == 1
