"""What is common to all commands: whatever becomes of the output, nobody reads a traceback."""

import array
import fcntl
import json
import os
import signal
import stat
import subprocess
import sys
import termios
import time

import pytest

CLIENT = {"WEBEXHIST_CLIENT_ID": "C1", "WEBEXHIST_CLIENT_SECRET": "S1"}

NO_ROOM = "webexhist: cannot read or write the output (No space left on device): free space on its disk (df, df -i)\n"


def run(tmp_path, script, **environment):
    words = ["sh", "-c", script.format(webexhist=f"'{sys.executable}' -m webexhist")]
    own = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "WEBEXHIST_STATE_DIR": str(tmp_path)}
    return subprocess.run(
        words, cwd=tmp_path, env=own | environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_output_without_room_is_reported_in_one_line(tmp_path, unbuffered):
    done = run(tmp_path, "{webexhist} status >/dev/full", PYTHONUNBUFFERED=unbuffered)
    assert (done.returncode, done.stderr) == (1, NO_ROOM)


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has /dev/full")
def test_what_is_stored_is_told_where_the_output_has_no_room_for_it(tmp_path):
    (tmp_path / "lines").write_text(json.dumps(LINE))
    script = "{webexhist} import lines >/dev/null && {webexhist} note add Moved --on 2026-11-02 >/dev/full"
    done = run(tmp_path, script)
    assert (done.returncode, done.stderr) == (1, "Note 1 on 2026-11-02.\n" + NO_ROOM)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has /dev/full")
@pytest.mark.parametrize("streams", ["2>&-", "2>/dev/full", ">/dev/full 2>/dev/full"])
def test_where_not_even_the_failure_can_be_said_the_exit_code_says_it(tmp_path, streams):
    read, write = os.pipe()
    os.close(read)
    script = f"'{sys.executable}' -m webexhist config init --out new.cfg {streams}"
    with open(write, "wb") as read_by_nobody:
        done = subprocess.run(
            ["sh", "-c", script], cwd=tmp_path, env={"HOME": str(tmp_path)}, stdout=read_by_nobody, check=False
        )
    assert done.returncode == 1


@pytest.mark.slow
@pytest.mark.parametrize("command", ["seats delete <&-", "organization delete Acme 2>&-", "login --code >&-"])
def test_where_nobody_can_be_asked_nothing_is_done(tmp_path, command):
    (tmp_path / "lines").write_text(json.dumps(LINE))
    done = run(tmp_path, "{webexhist} import lines 2>&1 && {webexhist} " + command, **CLIENT)
    assert done.returncode == 1
    assert done.stderr in ("", "webexhist: stopped: nothing was entered\n")
    assert "Acme" in run(tmp_path, "{webexhist} organization list").stdout


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has /dev/full")
def test_a_history_that_is_not_read_to_its_end_is_one_line_too(tmp_path):
    lines = [
        {
            "taken_at": f"2026-11-0{day}T06:00:00Z",
            "organization": {"id": "00000001-1111-2222-3333-444444444441", "name": "Acme"},
            "counts": {"people": day},
            "licenses": [{"id": "1", "name": "Suite", "purchased": 100, "assigned": day}],
        }
        for day in (1, 2, 3)
    ]
    (tmp_path / "lines").write_text("\n".join(map(json.dumps, lines)))
    script = "{webexhist} import lines >/dev/null && {webexhist} export snapshots >/dev/full"
    done = run(tmp_path, script, PYTHONUNBUFFERED="1")
    assert (done.returncode, done.stderr) == (1, NO_ROOM)


@pytest.mark.slow
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_who_went_away_is_sent_nothing(tmp_path, unbuffered):
    done = run(tmp_path, "{webexhist} poll 2>errors | true; cat errors", PYTHONUNBUFFERED=unbuffered)
    assert done.stdout in (
        "",
        "webexhist: there is no access token: run webexhist login, or set access_token in the configuration\n",
    )


@pytest.mark.slow
def test_without_an_output_nothing_is_printed(tmp_path):
    done = run(tmp_path, "{webexhist} status >&-")
    assert (done.returncode, done.stderr) == (1, "")
    (tmp_path / "lines").write_text(json.dumps(LINE))
    for command in ("licenses --csv", "decisions --csv", "organization list --csv", "licenses", "licenses --json"):
        done = run(tmp_path, "{webexhist} import lines >/dev/null && {webexhist} " + command + " >&-")
        assert (done.returncode, done.stderr) == (0, ""), command


@pytest.mark.slow
def test_without_a_place_for_errors_a_document_stands_alone(tmp_path):
    (tmp_path / "webexhist.cfg").mkdir()
    done = run(tmp_path, "{webexhist} poll --config webexhist.cfg/none 2>&-")
    assert (done.returncode, json.loads(done.stdout)["status"]) == (1, 0)
    done = run(tmp_path, 'mkdir gone; cd gone; rmdir "$PWD"; {webexhist} report --database history.db 2>&-')
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


HEARD = "signal.default_int_handler"
INTERRUPTED_WHEN = """
import os, signal, sys
from importlib.abc import MetaPathFinder

class Interrupting(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == {part!r}:
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, {handler})  # whoever runs the tests may not want to hear it
sys.meta_path.insert(0, Interrupting())
sys.argv = ["webexhist", "licenses", "--database", "history.db"]
from webexhist.cli.start import start
start()
"""


@pytest.mark.slow
@pytest.mark.parametrize("part", ["webexhist.cli.main", "typer", "webexhist.cli.commands.licenses"])
def test_ctrl_c_before_a_command_runs_ends_it_without_a_word(tmp_path, part):
    (tmp_path / "script.py").write_text(INTERRUPTED_WHEN.format(part=part, handler=HEARD))
    done = run(tmp_path, f"exec '{sys.executable}' script.py")
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


@pytest.mark.slow
def test_ctrl_c_while_a_command_runs_is_130_and_without_a_word(tmp_path):
    (tmp_path / "script.py").write_text(INTERRUPTED_WHEN.format(part="sqlalchemy", handler=HEARD))
    done = run(tmp_path, f"exec '{sys.executable}' script.py")
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


INTERRUPTED_BEFORE_IT_RUNS = """
import os, signal, sys
import typer.main

def interrupted(app):
    os.kill(os.getpid(), signal.SIGINT)
    return put_together(app)

signal.signal(signal.SIGINT, signal.default_int_handler)
put_together, typer.main.get_command = typer.main.get_command, interrupted
sys.argv = ["webexhist", "licenses", "--database", "history.db"]
from webexhist.cli.start import start
start()
"""


def test_ctrl_c_while_a_command_is_put_together_is_130_and_without_a_word(tmp_path):
    (tmp_path / "script.py").write_text(INTERRUPTED_BEFORE_IT_RUNS)
    done = run(tmp_path, f"exec '{sys.executable}' script.py")
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@pytest.mark.slow
def test_who_starts_it_where_ctrl_c_is_not_heard_is_not_interrupted(tmp_path):
    (tmp_path / "script.py").write_text(INTERRUPTED_WHEN.format(part="typer", handler="signal.SIG_IGN"))
    done = run(tmp_path, f"exec '{sys.executable}' script.py")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "there is no database" in done.stderr


@pytest.mark.slow
def test_what_is_made_can_be_used_by_who_made_it_whatever_the_umask(tmp_path):
    (tmp_path / "lines").write_text(json.dumps(LINE))
    script = "umask 777; {webexhist} import lines && {webexhist} report --out pages && {webexhist} db copy copy.db"
    done = run(tmp_path, script)
    assert done.returncode == 0, done.stderr
    made = [path for path in tmp_path.rglob("*") if path.name != "lines"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600, 0o700}


LOGGING = """
import logging, sys, warnings
from webexhist.cli.start import start

sys.argv = ["webexhist", "--version"]
try:
    start()
finally:
    logging.getLogger("sqlalchemy.pool").error("Exception closing connection")
    warnings.warn("urllib3 or chardet does not match a supported version")
"""


@pytest.mark.slow
def test_what_libraries_log_or_warn_of_is_not_printed(tmp_path):
    (tmp_path / "script.py").write_text(LOGGING)
    done = run(tmp_path, f"'{sys.executable}' script.py")
    assert (done.returncode, done.stderr) == (0, "")


LINE = {
    "taken_at": "2026-10-05T06:00:00Z",
    "organization": {"id": "00000001-1111-2222-3333-444444444441", "name": "Acme"},
    "licenses": [{"id": "1", "name": "Suite", "purchased": 100, "assigned": 9}],
}
MANY_ROWS = """
WITH RECURSIVE each(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM each WHERE number < 20000)
SELECT number, 'some words to fill a line with' AS words FROM each
"""


def waiting_in(pipe):
    """How many bytes nobody has read yet."""
    number = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, number)
    return number[0]


@pytest.mark.slow
def test_a_pipe_that_does_not_wait_is_waited_for(tmp_path):
    own = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "WEBEXHIST_STATE_DIR": str(tmp_path)}

    def started(*words, **streams):
        return subprocess.Popen([sys.executable, "-m", "webexhist", *words], cwd=tmp_path, env=own, **streams)

    source, sink = os.pipe()
    os.set_blocking(source, False)
    importing = started("import", "-", stdin=source, stdout=subprocess.DEVNULL)
    os.write(sink, json.dumps(LINE).encode()[:50])
    while importing.poll() is None and waiting_in(source):
        time.sleep(0.01)
    os.write(sink, json.dumps(LINE).encode()[50:])
    os.close(sink)
    assert importing.wait(120) == 0
    source, sink = os.pipe()
    os.set_blocking(sink, False)
    asked = started("sql", MANY_ROWS, "--csv", "--max-rows", "20000", stdout=sink)
    os.close(sink)
    with open(source, "rb") as reader:
        while asked.poll() is None and waiting_in(source) < 2**15:
            time.sleep(0.01)
        assert len(reader.read().splitlines()) == 20_001
    assert asked.wait(120) == 0


@pytest.mark.slow
def test_a_terminal_without_room_for_words_is_told_all_the_same(tmp_path):
    told = [run(tmp_path, "{webexhist} status", COLUMNS=columns).stdout for columns in ("0", "1", "19", "20", "80")]
    assert told[0] == told[4]
    assert told[1] == told[2] == told[3]
    assert "".join(told[3].split()).count("thereisnoaccesstoken") == 1


@pytest.mark.slow
def test_a_current_folder_that_is_gone_is_reported_where_it_matters(tmp_path):
    script = 'mkdir gone; cd gone; rmdir "$PWD"; {webexhist} '
    done = run(tmp_path, script + "report --database history.db")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "webexhist: the current folder is gone: change into another one\n"
    done = run(tmp_path, script + f"licenses --database '{tmp_path}/history.db'")
    assert done.stderr.startswith(f"webexhist: there is no database {tmp_path}/history.db yet: ")


@pytest.mark.slow
def test_an_output_that_knows_few_letters_gets_those(tmp_path):
    done = run(tmp_path, "{webexhist} status", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (1, "")
    assert "there is no access token" in done.stdout
