"""One redactor for every address that is shown: whatever is wrong with it, its password is not repeated."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from webexhist.config import parse_value
from webexhist.errors import UsageError, WebexhistError
from webexhist.export.line_values import CannotBeMeantError, refuse, shortened
from webexhist.export.snapshot_columns import lines_of_rows
from webexhist.redact import shown_address, without_secrets
from webexhist.state.last_run import POLL, last_run, note_run
from webexhist.store.entered.typed_texts import require_readable

ADDRESSES = {
    "https://webexapis.com/v1": "https://webexapis.com/v1",
    "https://user:planted@webexapis.com": "https://***@webexapis.com",
    "https://planted@webexapis.com": "https://***@webexapis.com",
    "https://:planted@webexapis.com": "https://***@webexapis.com",
    "HTTPS://user:planted@webexapis.com": "HTTPS://***@webexapis.com",
    "https:/user:planted@webexapis.com": "https:/***@webexapis.com",
    "https://user:pl@nted/planted?planted#planted@webexapis.com": "https://***@webexapis.com",
    "https://h/v1?access_token=planted&max=5": "https://h/v1?access_token=***&max=5",
    "https://h/redirect?code=planted&state=s": "https://h/redirect?code=***&state=s",
    "https://h/redirect#access_token=planted": "https://h/redirect#access_token=***",
    "http://user:planted@proxy.example:3128": "http://***@proxy.example:3128",
    "postgresql://webexhist@h/db": "postgresql://webexhist@h/db",
    "postgresql://webexhist:planted@h:5432/db": "postgresql://webexhist:***@h:5432/db",
    "postgresql://webexhist:pl@nted@h/db": "postgresql://webexhist:***@h/db",
    "postgresql://h/db?password=planted&sslmode=require": "postgresql://h/db?password=***&sslmode=require",
    "postgresql://h/db?%70assword=planted": "postgresql://h/db?%70assword=***",
    "postgresql://h/db?a=1;sslpassword=planted;sslkey=planted&b=2": "postgresql://h/db?a=1;sslpassword=***&b=2",
    "postgresql://h/db?password=planted;pla#nted pla?nt=ed&user=u": "postgresql://h/db?password=***&user=u",
    "postgresql://h/db?user=webexhist&PASSWORD=planted": "postgresql://h/db?user=webexhist&PASSWORD=***",
    "host=h dbname=db password=planted user=u": "host=h dbname=db password=*** user=u",
    "host=h password=pla;nt,ed user=u": "host=h password=*** user=u",
    "host=h password='planted \\' planted' user=u": "host=h password=*** user=u",
    "/var/lib/webexhist/webexhist.db": "/var/lib/webexhist/webexhist.db",
    "user:planted@webexapis.com": "user:***@webexapis.com",
    "postgresql:u:planted@h/db": "postgresql:***@h/db",
    "//user:planted@webexapis.com": "//user:***@webexapis.com",
    "/home/a@b/webexhist.db": "/home/a@b/webexhist.db",
    "": "",
}
TEXTS = {
    'connection to "postgresql://u:planted@h/db" failed': 'connection to "postgresql://u:***@h/db" failed',
    "bad conninfo: host=h password=planted port=x": "bad conninfo: host=h password=*** port=x",
    '{"client_secret": "planted", "max": 5}': '{"client_secret": ***, "max": 5}',
    "/etc/postgresql:/u:planted@h/db": "/etc/postgresql:/u:***@h/db",
    'FATAL: password authentication failed for user "u"': 'FATAL: password authentication failed for user "u"',
    "the database /var/lib/webexhist.db is locked": "the database /var/lib/webexhist.db is locked",
}


@pytest.mark.parametrize(("address", "shown"), ADDRESSES.items())
def test_an_address_is_shown_without_its_secrets(address, shown):
    assert shown_address(address) == shown


@pytest.mark.parametrize(("text", "shown"), TEXTS.items())
def test_what_others_say_of_an_address_is_shown_without_its_secrets(text, shown):
    assert without_secrets(text) == shown


@pytest.mark.parametrize(
    ("problem", "shown"),
    [
        ("'postgresql+psycopg://u:planted@h/db' is not a time", "'postgresql+psycopg://u:***@h/db' is not a time"),
        ("no file 'postgresql:/h/db?password=planted&x=1'", "no file 'postgresql:/h/db?password=***&x=1'"),
        (
            "smtp_from is 'host=h password=planted', not an address",
            "smtp_from is 'host=h password=***', not an address",
        ),
        ("workers is '1http://u:planted@h', not a number", "workers is '1http://u:***@h', not a number"),
        ("cannot write tokens: the disk is full", "cannot write tokens: the disk is full"),
    ],
)
def test_an_address_that_was_typed_in_the_wrong_place_is_repeated_without_its_secrets(problem, shown):
    assert str(UsageError(problem, "correct it")) == f"{shown}: correct it"


def test_what_is_remembered_of_a_failed_run_holds_no_password(tmp_path):
    address = "https://kim:horse@127.0.0.1"
    note_run(tmp_path, POLL, UsageError(f"there is no collector {address}", f"name one, not {address}"))
    last = last_run(tmp_path, POLL)
    assert last
    assert last.problem == "there is no collector https://***@127.0.0.1"
    assert last.next_step == "name one, not https://***@127.0.0.1"
    assert "horse" not in (tmp_path / POLL).read_text()


def test_a_usage_error_of_the_command_line_repeats_no_password(webexhist):
    done = webexhist("check", "--max-age", "postgresql://u:planted@h/db")
    assert (done.code, "planted" in done.stdout + done.stderr) == (3, False)
    assert "postgresql://u:***@h/db" in done.stderr


LONG = f"postgresql://reader:planted{'d' * 60}@host/db"


@pytest.mark.parametrize(
    "repeated",
    [
        lambda: parse_value("every", "https://reader:planted@host", None),
        lambda: parse_value("every", "people:60, https://reader:3600,planted@host", None),
        lambda: refuse(f"there is no {shortened(LONG)!r}", ""),
        lambda: list(lines_of_rows([(1, f"taken_at,{LONG}")])),
        lambda: list(lines_of_rows([(1, "taken_at,organization_id,people"), (2, f"2026-01-01,a,{LONG}")])),
        lambda: require_readable(f"{LONG}{' ' * 1_000}"),
    ],
)
def test_a_piece_or_a_beginning_of_what_was_typed_shows_no_password(repeated):
    with pytest.raises((WebexhistError, CannotBeMeantError)) as caught:
        repeated()
    assert "planted" not in str(caught.value)


def test_a_long_text_is_looked_through_at_once():
    assert len(str(UsageError("x" * 1_000_000, "shorten it"))) == 1_000_012


PASSWORD = st.text(st.characters(exclude_characters="@"), min_size=1, max_size=12).map(lambda text: f"plan{text}ted")


@given(st.sampled_from(["https", "postgresql+psycopg", "mysql", ""]), st.text(max_size=5), PASSWORD)
@example("https", "", "a b\nc")
def test_no_password_before_an_at_sign_is_ever_shown(scheme, user, password):
    name = "".join(character for character in user if character not in ":@")
    assert password not in shown_address(f"{scheme}://{name}:{password}@host/db")


@given(st.text())
def test_every_text_can_be_shown(text):
    assert shown_address(shown_address(text)) == shown_address(text)
    without_secrets(text)
