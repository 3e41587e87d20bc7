"""What is left empty, as by a variable that is not set, is not left out; and of two formats none is chosen."""

import pytest
from histories import license_of


@pytest.fixture(autouse=True)
def polled(poller):
    poller.poll("2026-10-01 06:00", {license_of("Webex Suite", subscription="Sub2"): (250, 200)})


@pytest.mark.parametrize(
    "words",
    [
        ["check", "--max-age", "999999999", "--on", ""],
        ["licenses", "--on", ""],
        ["plan", "--on", ""],
        ["plan", ""],
        ["decisions", "--on", ""],
        ["decisions", "--month", ""],
        ["decisions", "--month", "", "--on", "2026-10-01"],
        ["report", "--out", "pages", "--on", ""],
        ["report", "--out", "pages", "--month", ""],
        ["report", "--out", "pages", "--against", ""],
        ["contract", "price", "Sub2", "5", "--currency", ""],
    ],
)
def test_what_is_empty_is_refused(run, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    refused = run(*words)
    assert refused.code == (3 if words[0] == "check" else 2)
    assert not (tmp_path / "pages").exists()


@pytest.mark.parametrize(
    "command", ["licenses", "decisions", "seats", "organization list", "config show", "sql SELECT"]
)
@pytest.mark.parametrize("formats", [("--json", "--csv"), ("--csv", "--json")])
def test_two_formats_at_once_are_refused(run, command, formats):
    refused = run(*command.split(), *formats)
    assert (refused.code, refused.stdout) == (2, "")
    assert "--json and --csv are two forms of one table: ask for one of them" in refused.stderr
