"""Files that a person names: each command that writes one replaces a file whole, and nothing that is no such file."""

import json
import os
import shutil
import stat
import threading
from uuid import UUID

import pytest

from webexhist.state.private_files import DRAFT


@pytest.fixture
def database(sqlite_template, tmp_path):
    return shutil.copy(sqlite_template, tmp_path / "history.db")


COMMANDS = ["export counts --out", "export snapshots --out", "metrics --out", "contract export"]


@pytest.mark.parametrize("words", COMMANDS)
def test_what_is_not_to_be_replaced_is_left_and_reported_in_one_line(webexhist, database, tmp_path, words):
    os.mkfifo(tmp_path / "pipe")
    shutil.copy(database, tmp_path / "other.sqlite")
    (tmp_path / "other.sqlite-wal").write_bytes(b"what was stored last")
    (tmp_path / "shared").mkdir()
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    for name, why in {
        "history.db": "belongs to a database",
        "other.sqlite": "belongs to a database",
        "other.sqlite-wal": "belongs to a database",
        "pipe": "is no regular file",
        "shared": "is no regular file",
        "missing/file": "cannot write",
        "n" * 300: "cannot write",
    }.items():
        done = webexhist(*words.split(), tmp_path / name, "--database", database)
        assert (done.code, done.stdout) == (1, ""), name
        assert why in done.line, name
    assert {path: path.read_bytes() for path in before} == before
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(DRAFT)]


@pytest.mark.parametrize("words", COMMANDS)
def test_a_link_is_replaced_and_what_it_leads_to_is_left(webexhist, database, tmp_path, words):
    led_to = tmp_path / "precious"
    led_to.write_text("as it was")
    named = tmp_path / "out"
    named.symlink_to(led_to)
    assert webexhist(*words.split(), named, "--database", database).code == 0
    assert (led_to.read_text(), named.is_symlink()) == ("as it was", False)


@pytest.mark.parametrize("words", ["export counts --out", "export snapshots --out", "contract export"])
def test_a_new_file_has_what_the_umask_leaves_and_another_keeps_its_rights(webexhist, database, tmp_path, words):
    before = os.umask(0o077)
    try:
        for given in (None, 0o640, 0o644):
            if given:
                (tmp_path / "out").chmod(given)
            assert webexhist(*words.split(), tmp_path / "out", "--database", database).code == 0
            assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == (given or 0o600)
    finally:
        os.umask(before)


def test_metrics_are_for_another_user_to_read_whatever_the_umask(webexhist, database, tmp_path):
    before = os.umask(0o077)
    try:
        assert webexhist("metrics", "--out", tmp_path / "out", "--database", database).code == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o644


@pytest.mark.parametrize("words", ["import", "import --csv", "contract import"])
def test_a_pipe_into_which_nobody_writes_is_read_as_an_empty_file(webexhist, database, tmp_path, words):
    (tmp_path / "empty").touch()
    os.mkfifo(tmp_path / "pipe")
    of_pipe, of_file = (
        webexhist(*words.split(), tmp_path / name, "--database", database) for name in ("pipe", "empty")
    )
    assert (of_pipe.code, of_pipe.stderr) == (of_file.code, of_file.stderr)
    assert of_file.code != 0


def test_what_is_written_into_a_pipe_is_read_to_its_end(webexhist, database, tmp_path):
    line = {"taken_at": "2026-01-01T06:00:00Z", "organization": {"id": str(UUID(int=5)), "name": "Acme"}}
    read, written = os.pipe()
    os.write(written, f"{json.dumps(line)}\n".encode())
    writer = threading.Timer(0.2, os.close, [written])  # its end comes later than the reader asks for it
    writer.start()
    done = webexhist("import", f"/dev/fd/{read}", "--database", database)
    writer.join()
    os.close(read)
    assert done.stdout == "Acme: 1 snapshot imported, 2026-01-01 06:00 to 2026-01-01 06:00 UTC; 0 stored already.\n"
