"""What is known of the tokens, and when a person has to log in."""

from dataclasses import replace

import pytest
from authorized import CONFIGURED, Authorized

from webexhist.state.token_file import TokenFile
from webexhist.status.tokens import token_status


@pytest.fixture
def authorized(simulated):
    return Authorized(simulated())


def status_of_tokens(authorized, **options):
    return token_status(authorized.settings(**options), authorized.polled.clock())


def test_renewed_tokens_have_their_ends_and_scopes(authorized):
    authorized.tokens().renewed(CONFIGURED)
    status = status_of_tokens(authorized)
    assert (status.state, status.to_do) == ("lives; polls renew it", "")
    assert f"{status.lives_until:%Y-%m-%d %H:%M}" == "2026-12-07 11:59"
    assert f"{status.login_needed_at:%Y-%m-%d %H:%M}" == "2027-02-21 11:59"
    assert "spark-admin:licenses_read" in status.scopes


def test_tokens_that_ended_are_left_to_the_next_poll(authorized):
    authorized.tokens().renewed(CONFIGURED)
    authorized.polled.later(days=20)
    status = status_of_tokens(authorized)
    assert (status.state, status.to_do) == ("ended; the next poll renews it", "")


def test_a_refresh_token_that_ended_takes_a_login(authorized):
    authorized.tokens().renewed(CONFIGURED)
    authorized.polled.later(days=91)
    status = status_of_tokens(authorized)
    assert (status.state, status.to_do) == ("ended", "webexhist login")


@pytest.mark.parametrize(
    ("days", "state"),
    [(1, "lives, but no client_secret to renew it with"), (20, "ended; no client_secret to renew it with")],
)
def test_what_is_missing_to_renew_them_is_named(authorized, days, state):
    authorized.tokens().renewed(CONFIGURED)
    authorized.polled.later(days=days)
    status = status_of_tokens(authorized, client_secret="")
    assert (status.state, status.to_do) == (state, "webexhist login")


def test_tokens_of_the_configuration_have_no_known_end(authorized):
    status = status_of_tokens(authorized)
    assert (status.state, status.to_do) == ("of the configuration; renewed when it ends", "")
    assert (status.lives_until, status.scopes) == (None, ())
    assert status_of_tokens(authorized, refresh_token="", client_id="").to_do == "webexhist login"


def test_no_token_takes_a_login(authorized):
    status = status_of_tokens(authorized, access_token="", refresh_token="")
    assert (status.state, status.to_do) == ("there is no access token", "webexhist login")


def test_damaged_tokens_are_reported(authorized):
    authorized.file.write_text("{")
    status = status_of_tokens(authorized)
    assert status.state == f"the stored tokens {authorized.file} are damaged"
    assert status.to_do == "authorize again: webexhist login"


def test_a_token_without_a_known_end_lives(authorized):
    authorized.tokens().renewed(CONFIGURED)
    file = TokenFile(authorized.settings())
    file.store(replace(file.read(), expires_at=None, refresh_expires_at=None))
    assert status_of_tokens(authorized).state == "lives; polls renew it"
