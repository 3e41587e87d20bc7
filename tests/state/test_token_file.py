"""Tokens on a disk that fails: what Webex gave is there, for what it renewed may be spent."""

import errno
import os

import pytest

from webexhist.config import load_settings
from webexhist.state.grant import Grant
from webexhist.state.token_file import TokenFile, TokenFileError


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = TokenFile(load_settings({"state_dir": str(tmp_path)}, None, {}))
    file.store(Grant(access_token="first"))
    return file


@pytest.mark.parametrize("last_that_lasts", [1, 2])
def test_tokens_that_may_not_outlast_a_power_cut_are_there_and_that_is_said(
    file, tmp_path, monkeypatch, last_that_lasts
):
    """Three times it is asked for: for the reserved room, the tokens and their folder."""
    lasting = [os.fsync] * last_that_lasts

    def fsync(descriptor):
        if not lasting:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        lasting.pop()(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(TokenFileError) as status:
        file.store(Grant(access_token="second"))
    assert str(status.value) == (
        f"cannot write tokens into {tmp_path} (Input/output error); what was written is there, but may not outlast "
        "a power cut: see that its disk is well (dmesg)"
    )
    assert file.read().access_token == "second"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("tokens.json")] == ["tokens.json"]


def test_where_there_is_no_room_for_them_at_all_those_of_before_stay(file, monkeypatch):
    def fsync(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(TokenFileError, match=r"\(No space left on device\): free space on its disk \(df, df -i\)$"):
        file.store(Grant(access_token="second"))
    assert file.read().access_token == "first"
