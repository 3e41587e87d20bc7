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
        ["contract", "set", "Sub2", "--name", " "],
        ["metrics", "--database", ""],
        ["metrics", "--database="],
        ["metrics", "--config", ""],
        ["licenses", "--org= "],
        ["export", "counts", "--out", ""],
        ["seats", "--out", ""],
        ["seats", "--by", ""],
        ["timer", "print", "--report", ""],
        ["note", "add", ""],
        ["poll", "--only", ""],
    ],
)
def test_what_is_empty_is_refused(run, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    refused = run(*words)
    assert refused.code == (3 if words[0] == "check" else 2)
    assert not (tmp_path / "pages").exists()


def test_settings_of_a_poll_may_be_empty_as_the_agent_hands_them_over(run):
    assert "there is no access token" in run("poll", "--orgids", "", "--messages_source=").line
