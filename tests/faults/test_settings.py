"""Configurations, environments and options of every kind: read as meant, or reported in one line."""

import json
import os
import tempfile
from pathlib import Path

import pytest
from commands import CommandLine
from hypothesis import example, given, settings
from hypothesis import strategies as st
from searching import examples

from webexhist.config import SETTINGS, load_settings
from webexhist.errors import WebexhistError
from webexhist.simulator import SimulatedWebex, World

SIGNS = (*"[]=:#;%'~ \"\\", "\n", "\n  ", "\r", "\0", "\x85", "\u2028", "\ufeff", "%(x)s", "//")
MEANT = (
    "true",
    "None",
    "1e9",
    "-1",
    "~root/x",
    "../x",
    "https://webexapis.com",
    "http://127.0.0.1:1",
    "postgresql://",
)
WORDS = st.sampled_from(("[CONFIGURATIONS]", "[configurations]", "[a]", "[DEFAULT]\n", *SIGNS, *MEANT, *SETTINGS))
TEXT = st.text(max_size=12)
CFG = st.lists(WORDS | TEXT, max_size=25).map("".join)
VALUE = st.lists(WORDS | TEXT, max_size=3).map("".join)
STRUCTURED = st.dictionaries(st.sampled_from(list(SETTINGS)), VALUE, max_size=6).map(
    lambda keys: "[CONFIGURATIONS]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
)


def read(options, content, environment):
    """The settings, or the one line that says why there are none."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "webexhist.cfg")
        file.write_bytes(content)
        try:
            found = load_settings(options, file, environment)
        except WebexhistError as error:
            assert str(error).isprintable()
            assert ": " in str(error), "the next step"
            return None
    assert found.file == file
    assert found.base_url.startswith(("https://", "http://127.0.0.1", "http://localhost"))
    assert 1 <= found.workers <= 64
    assert 1 <= found.budget_seconds <= 86_400
    assert found.access_token.isascii()
    return found


@given(st.one_of(CFG, STRUCTURED).map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=60))
@pytest.mark.timeout(1800)
@settings(max_examples=examples(60, 4_000))
@example(b"[CONFIGURATIONS]\nstate_dir = ~nobody-of-that-name\n")
@example(b"[CONFIGURATIONS]\ndatabase = \x00\n")
@example(b"[CONFIGURATIONS]\naccess_token = a\n b\n")
@example(b"[CONFIGURATIONS]\nno value\n")
def test_a_configuration_is_read_or_reported(content):
    read({}, content, {})


@given(
    st.dictionaries(st.sampled_from(list(SETTINGS)), VALUE | st.none()),
    st.dictionaries(st.sampled_from([f"WEBEXHIST_{key.upper()}" for key in SETTINGS]), VALUE),
)
@pytest.mark.timeout(1800)
@settings(max_examples=examples(50, 3_000))
def test_options_and_environment_are_read_or_reported(options, environment):
    read(options, b"[CONFIGURATIONS]\n", environment)


@pytest.fixture(scope="module")
def server():
    with SimulatedWebex(World()) as running:
        yield running


ARGUMENT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
OPTION = st.builds(
    "--{}={}".format,
    st.sampled_from(
        [
            name
            for name in SETTINGS
            if name not in ("base_url", "identity_url", "analytics_url", "state_dir", "database")
        ]
        + ["config", "max-age", "quiet", "stored", "help"]
    ),
    ARGUMENT | st.sampled_from(["1", "2", "true", "false", "off", "rooms", "a,b"]),
)
SWITCH = st.sampled_from(["--quiet", "--stored", "--max-age", "--workers", "--", "-x", "--teams", "poll"])


@given(st.lists(OPTION | SWITCH | ARGUMENT, max_size=4))
@pytest.mark.timeout(1800)
@settings(max_examples=examples(15, 800))
@example(["--quiet", "--stored"])
@example(["--use_custom_fields=true", "--orgids=a", "--teams=\ud7ff"])
def test_every_call_prints_one_document_or_its_usage(webexhist: CommandLine, monkeypatch, server, arguments):
    monkeypatch.setenv("WEBEXHIST_BASE_URL", server.base_url)
    monkeypatch.setenv("WEBEXHIST_ACCESS_TOKEN", server.access_token)
    done = webexhist("poll", *arguments)
    assert done.code in (0, 1, 2)
    assert "Traceback" not in done.stderr
    if done.stdout and "--help" not in done.stdout:
        assert isinstance(json.loads(done.stdout), dict)
    if done.code:
        assert done.stderr.startswith(("webexhist: ", "Usage: ", "╭─ Error "))
    assert not [name for name in os.listdir() if name != "state"], "nothing is written where it was not asked for"
