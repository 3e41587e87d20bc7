"""Every command with any arguments: done, failed or wrongly used, and that in one line."""

import os
import shutil
from pathlib import Path

import pytest
import typer
from commands import CommandLine, Done
from histories import AFTER_THE_YEAR
from hypothesis import example, given, settings
from hypothesis import strategies as st
from searching import examples

from webexhist.cli.app import app
from webexhist.cli.main import register_commands
from webexhist.texts import shown

LEFT_OUT = {"demo"}
"""A demonstration polls thirteen months."""
ODD = (
    *("", " ", "-", "--", "0", "-1", "1", "7", "99999999999", "9" * 30, "1e9", "nan", "-inf", "0x10", "\u0663"),
    *(
        "9999-99-99",
        "9999-12-31",
        "0001-01-01",
        "2026-02-30",
        "2026-11",
        "2026-11-23",
        "all",
        "today",
        "EUR",
        "people",
    ),
    *(
        "Webex Room Kit",
        "Sub100001",
        "x" * 5000,
        "a\nb",
        "\x1b[2J",
        "\x9b31m",
        "\u202e003",
        "[red]x[/red]",
        "[/",
        "%s",
    ),
    *("{}", "=1+1", "'; DROP TABLE note; --", "\udcff", "\ud7ff", "sqlite://", "postgresql://..", "webexhist.cfg"),
)
WORD = st.sampled_from(ODD) | st.text(
    # Nothing that leads out of the current folder.
    st.characters(exclude_categories=["Cs"], exclude_characters="\0/~"),
    max_size=8,
)


def commands(group: object, words: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], list[str]]]:
    """The words of every command, with the names of its options."""
    found = []
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            found += commands(command, (*words, name))
        elif name not in LEFT_OUT:
            options = [spelling for param in command.params for spelling in param.opts if spelling.startswith("-")]
            found.append(((*words, name), [*options, "--help", "--nonsense"]))
    return found


register_commands([])
COMMANDS = commands(typer.main.get_command(app))
CALLS = st.sampled_from(COMMANDS).flatmap(
    lambda command: st.lists(
        st.one_of(
            WORD.map(lambda word: [word]),
            st.tuples(st.sampled_from(command[1]), WORD).map(list),
            st.tuples(st.sampled_from(command[1]), WORD).map(lambda pair: ["=".join(pair)]),
        ),
        max_size=3,
    ).map(lambda parts: [*command[0], *(word for part in parts for word in part)])
)


@pytest.fixture(scope="module")
def history(tmp_path_factory, request):
    engine = request.getfixturevalue("year")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(shutil.copy(engine.url.database, tmp_path_factory.mktemp("history") / "history.db"))


def require_honest_end(done: Done, words: list[str]) -> None:
    assert done.code in ((0, 1, 2, 3) if words[:1] == ["check"] else (0, 1, 2))
    if done.code == 2 and done.stderr.startswith("Usage: webexhist "):
        assert len(words) <= 1, "the help of what is called without a command"
        return
    lines = done.stderr.splitlines()
    assert all(line.startswith("webexhist: ") for line in lines)
    assert len(lines) <= 1
    if done.code == 1 and not done.stdout:
        assert ": " in done.line, "the next step"
    if done.code == 0:
        assert all("is not polled any more since" in line for line in lines), "of a later day nothing is known"
    printed = done.stdout + done.stderr
    assert shown(printed) == printed


@pytest.mark.timeout(1800)
@given(CALLS)
@settings(
    max_examples=examples(5, 1_500),
)
@example(["check", "--runs-out-within", "99999999999"])
@example(["check", "--over", "nan"])
@example(["history", "people", "--months", "9" * 30])
@example(["history", ""])
@example(["history", "\udcff"])
@example(["history", "x" * 100_000])
@example(["note", "add", "\udcff"])
@example(["note", "add", "x", "--on", "9999-99-99"])
@example(["note", "remove", "9" * 30])
@example(["db", "void", "--undo", "9" * 30])
@example(["db", "restore", "x" * 5000])
@example(["contract", "remove", "\udcff"])
@example(["status", "--database", "x" * 5000])
@example(["licenses", "--\u202e"])
@example(["report", "--out", "\udcff"])
@example(["plugin", "install", "--agent-dir", "x" * 5000])
@example(["\x1b[2J"])
@example([])
def test_whatever_a_command_is_called_with_it_ends_in_one_line(
    webexhist: CommandLine, monkeypatch, tmp_path, history, words
):
    webexhist.go_by(lambda: AFTER_THE_YEAR)
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(history))
    monkeypatch.setenv("WEBEXHIST_BASE_URL", "http://127.0.0.1:9")
    require_honest_end(webexhist(*words), words)


SCHEMES = ("postgresql", "postgresql+psycopg", "postgresql+asyncpg", "sqlite", "sqlite+pysqlite", "mysql", "file", "")
HOSTS = ("", "127.0.0.1:1", "127.0.0.1:port", "127.0.0.1:99999", "[::1]:1", "[::1", "..", "a" * 70, "\udcff", "u:p@")
PATHS = ("", "/", "/x", "//x%00.db", "/:memory:", "/x@y", "/%", "/\x1b[2J", "/../..", "/" + "x" * 300)
QUERIES = (
    "timeout=abc",
    "mode=ro",
    "host=/nowhere",
    "host=..",
    "port=x",
    "sslmode=x",
    "nonsense=1",
    "connect_timeout=x",
)
PART = st.text(
    # Of the surrogates only those that stand for bytes that are no text can be on a command line.
    st.characters(exclude_categories=["Cs"], exclude_characters="\0~")
    | st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF),
    max_size=4,
)
URLS = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(SCHEMES) | PART,
    st.sampled_from(["://", ":///", ":/", ":"]),
    st.sampled_from(HOSTS) | PART,
    st.sampled_from(PATHS) | PART,
    st.lists(st.sampled_from(QUERIES) | PART, max_size=2).map(lambda parts: "?" + "&".join(parts) if parts else ""),
)


@pytest.mark.timeout(1800)
@given(st.sampled_from(["licenses", "note remove 1", "status --json"]), URLS)
@settings(
    max_examples=examples(5, 1_500),
)
@example("licenses", "sqlite:////x.db?timeout=abc")
@example("licenses", "sqlite:////x%00.db")
@example("licenses", "sqlite://")
@example("licenses", "postgresql://..")
@example("note remove 1", "postgresql://..")
@example("licenses", "postgresql://h:notaport/x")
@example("licenses", "postgresql:///x?host=\udcff")
@example("licenses", f"postgresql://{'a' * 70}.example/x")
@example("licenses", "postgresql://127.0.0.1:1/x?nonsense=1")
def test_whatever_address_a_database_has_it_is_read_or_reported(webexhist: CommandLine, monkeypatch, command, url):
    words = command.split()
    monkeypatch.setenv("WEBEXHIST_DATABASE", url.encode(errors="surrogateescape").decode(errors="replace"))
    require_honest_end(webexhist(*words), words)
    require_honest_end(webexhist(*words, "--database", url), words)


@pytest.mark.parametrize("place", ["/dev/zero", "/dev/null", "pipe", "folder", "text", "empty"])
@pytest.mark.parametrize("command", ["licenses", "history people", "note remove 1", "poll --stored", "db check"])
def test_what_is_no_database_is_one_line_at_once(webexhist, tmp_path, command, place):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "text").write_text("licenses,2026\n" * 400)
    (tmp_path / "empty").touch()
    done = webexhist(*command.split(), "--database", tmp_path / place)
    assert done.code == 1
    assert str(tmp_path / place) in done.line
    assert (tmp_path / "empty").stat().st_size == 0, "nobody made it"
