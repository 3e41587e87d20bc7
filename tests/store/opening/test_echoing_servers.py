"""A server, or a pooler before it, may repeat the password that it was sent: this program does not."""

from urllib.parse import quote

import pytest
from echoing_database import failing, refusing
from raw_server import listening

PASSWORD = "DbA5Ui@/:#9;'DbB5Ui0"
IN_A_URL = quote(PASSWORD, safe="")
ESCAPED = PASSWORD.replace(":", r"\:")
"""As libpq's file of passwords has it."""
WORDINGS = {
    "as it is": str,
    "cut": lambda sent: sent[3:-4],
    "in capitals": str.upper,
    "in hex": lambda sent: sent.encode().hex(),
    "quoted": repr,
}


@pytest.fixture
def asked(webexhist, tmp_path, monkeypatch):
    """What is said where the history lies on a server on a port."""
    monkeypatch.setenv("WEBEXHIST_STATE_DIR", str(tmp_path / "state"))

    def ask(port, *words, password=f":{IN_A_URL}"):
        return webexhist(
            *words, "--database", f"postgresql://anna{password}@127.0.0.1:{port}/history?sslmode=disable"
        )

    return ask


@pytest.mark.parametrize("worded", WORDINGS.values(), ids=WORDINGS)
def test_a_refusal_is_told_without_the_password_that_it_repeats(asked, worded):
    with listening(refusing(lambda sent: f"anna, not by {worded(sent)} anyway")) as port:
        done = asked(port, "licenses")
    assert (done.code, done.stdout) == (1, "")
    assert done.line.endswith(
        f'at "127.0.0.1", port {port} failed: ERROR: anna, not by *** anyway)'
        ": see that the server runs and lets this user in"
    )


@pytest.mark.parametrize("words", [("licenses",), ("note", "add", "hello"), ("db", "check")])
def test_a_failing_statement_is_told_without_the_password_that_it_repeats(asked, words):
    with listening(failing(lambda sent: f"not with {sent} anyway")) as port:
        done = asked(port, *words)
    assert done.code == 1 and "(not with *** anyway)" in done.line


def test_a_password_of_the_environment_is_not_repeated_either(asked, monkeypatch, tmp_path):
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    with listening(refusing(lambda sent: f"not by {sent} anyway")) as port:
        assert "ERROR: not by *** anyway)" in asked(port, "licenses", password="").line
        monkeypatch.delenv("PGPASSWORD")
        file = tmp_path / "pgpass"
        file.write_text(f"*:{port}:*:anna:{ESCAPED}\n")
        file.chmod(0o600)
        monkeypatch.setenv("PGPASSFILE", str(file))
        assert "ERROR: not by *** anyway)" in asked(port, "licenses", password="").line
