"""What the system has no more of is told as that, whatever library met it."""

import errno
import os
import socket
from contextlib import closing

import pytest
from shortages import largest_file, open_files

from webexhist.errors import WebexhistError
from webexhist.shortages import shortage_at, what_helps
from webexhist.webex.api.connections import NOT_REACHED, Connections, unreachable
from webexhist.webex.api.errors import Unreachable
from webexhist.webex.api.origins import origin, sent_request

OF_ROOM = "free space on its disk (df, df -i)"
OF_FILES = "let this user open more files (ulimit -n)"


def test_only_a_shortage_changes_what_helps():
    assert what_helps(PermissionError(13, "Permission denied"), "name another") == "name another"
    assert what_helps(OSError(24, "Too many open files"), "name another") == OF_FILES
    assert what_helps(ValueError(OSError(28, "No space left on device")), "name another") == OF_ROOM


@pytest.mark.parametrize(
    ("code", "helps"),
    [
        (errno.ENOSPC, OF_ROOM),
        (errno.EDQUOT, "free space on its disk, or let this user have more of it (quota)"),
        (errno.EIO, "see that its disk is well (dmesg)"),
        (errno.EUCLEAN, "let its file system be checked (fsck)"),
        (errno.ESTALE, "mount its file system anew"),
        (errno.EROFS, "name another place, or mount its file system to be written"),
        (errno.EACCES, "let this user write it"),
        (errno.ENOTDIR, "let this user write it"),
    ],
    ids=errno.errorcode.get,
)
def test_rights_are_named_only_where_they_help(code, helps):
    with pytest.raises(WebexhistError) as told:
        try:
            raise OSError(code, os.strerror(code))
        except OSError as error:
            raise WebexhistError(f"cannot write it ({error.strerror})", "let this user write it") from error
    assert str(told.value) == f"cannot write it ({os.strerror(code)}): {helps}"


def test_nothing_is_short_where_a_file_can_be_made(tmp_path):
    (tmp_path / "file").write_bytes(bytes(5_000))
    assert shortage_at(tmp_path / "file") is None
    assert shortage_at(tmp_path / "missing" / "file") is None
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_file_that_may_not_grow_and_one_that_may_not_be_opened_are_found(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(bytes(200_000))
    for size, words in ((150_000, "File too large"), (230_000, "File too large"), (300_000, None)):
        with largest_file(size):
            shortage = shortage_at(file)
        assert (shortage and shortage.strerror) == words, size
    with open_files(0):
        shortage = shortage_at(file)
    assert shortage is not None
    assert shortage.strerror == "Too many open files"


def test_a_log_that_may_not_grow_is_found_too(tmp_path):
    (tmp_path / "file").write_bytes(bytes(5_000))
    (tmp_path / "file-wal").write_bytes(bytes(200_000))
    for size, words in ((230_000, "File too large"), (300_000, None)):  # of 265,536 bytes
        with largest_file(size):
            shortage = shortage_at(tmp_path / "file")
        assert (shortage and shortage.strerror) == words, size


def test_a_request_for_which_no_connection_may_be_opened_is_not_the_networks_fault():
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/v1/roles"
        connections = Connections((url,), 1)
        with open_files(0), pytest.raises(NOT_REACHED) as raised:
            connections.answer(sent_request(url, frozenset({origin(url)})), "token", (5, 5))
        connections.close()
    with pytest.raises(Unreachable) as told:
        raise unreachable("GET /v1/roles", raised.value, url) from raised.value
    assert str(told.value) == f"GET /v1/roles: there can be no connection (Too many open files): {OF_FILES}"
