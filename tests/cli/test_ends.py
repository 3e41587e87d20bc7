"""A run that fails before or beneath its command ends in one line, and a poll in its document too."""

import contextlib
import json
import os
import subprocess
import sys

import pytest

from webexhist.cli.ends import BENEATH, end_with

HUNGRY = """
import resource, sys
from importlib.abc import MetaPathFinder

taken = None

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
start()
"""


@pytest.mark.slow
@pytest.mark.parametrize("words", [["licenses"], ["poll"], ["check"]], ids=" ".join)
def test_where_no_memory_is_left_at_all_that_is_one_line(tmp_path, words):
    (tmp_path / "history.db").write_bytes(b"one")
    words = [*words, "--database", "history.db"]
    (tmp_path / "script.py").write_text(HUNGRY.format(words=words))
    settings = {"ACCESS_TOKEN": "a", "BASE_URL": "http://127.0.0.1:1", "STATE_DIR": str(tmp_path)}
    own = {"PATH": os.environ["PATH"]} | {f"WEBEXHIST_{name}": value for name, value in settings.items()}
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, env=own, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stderr == "webexhist: there is not enough memory: free memory, or set fewer workers\n"
    assert (done.returncode, bool(done.stdout)) == ((3, True) if "check" in words else (1, "poll" in words))


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
