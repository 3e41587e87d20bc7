"""The access token of a run: which one is used, when it is renewed, and what is kept."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from authorized import CONFIGURED, Authorized
from polling import collection_of, value_of

from webexhist.errors import WebexhistError
from webexhist.metrics import Metric
from webexhist.poll import poll
from webexhist.simulator import Faults, Trouble
from webexhist.simulator.auth.integration import Rotation
from webexhist.simulator.faults.switches import Body, Status
from webexhist.webex.api.errors import Disturbed, Unauthorized
from webexhist.webex.auth.tokens import Tokens


@pytest.fixture
def authorized(simulated):
    return Authorized(simulated())


def test_a_token_of_the_configuration_is_used_without_asking_anybody(authorized):
    assert authorized.tokens().access_token() == CONFIGURED
    assert authorized.renewals == 0
    assert not authorized.file.exists()


def test_a_refresh_token_alone_is_enough(authorized):
    assert authorized.accepts(authorized.tokens(access_token="").access_token())
    assert authorized.renewals == 1


def test_a_rejected_token_is_renewed_and_the_new_one_is_on_the_disk_before_it_is_used(authorized):
    renewed = authorized.tokens().renewed(CONFIGURED)

    assert authorized.stored["access_token"] == renewed
    assert authorized.accepts(renewed)
    assert authorized.tokens().access_token() == renewed
    assert authorized.renewals == 1


def test_a_token_is_renewed_on_its_last_day_and_not_before(authorized):
    first = authorized.tokens().renewed(CONFIGURED)

    authorized.polled.later(days=12, hours=23)
    assert authorized.tokens().access_token() == first
    authorized.polled.later(hours=1)
    second = authorized.tokens().access_token()

    assert second != first
    assert authorized.accepts(second)
    assert authorized.renewals == 2


def test_a_token_that_lives_for_minutes_is_not_renewed_at_every_use(authorized):
    authorized.polled.server.grants.access_lifetime = timedelta(minutes=20)
    tokens = authorized.tokens()
    first = tokens.renewed(CONFIGURED)

    authorized.polled.later(minutes=14)
    assert tokens.access_token() == first
    authorized.polled.later(minutes=1)
    assert tokens.access_token() != first


@pytest.mark.parametrize("rotation", Rotation)
def test_tokens_live_for_years_however_webex_rotates_them(authorized, rotation):
    authorized.polled.server.grants.rotation = rotation
    authorized.tokens().renewed(CONFIGURED)
    for _ in range(20):
        authorized.polled.later(days=40)
        assert authorized.accepts(authorized.tokens().access_token())
    assert authorized.renewals == 21


def test_the_refresh_token_before_is_tried_once_when_the_last_one_is_refused(authorized):
    authorized.polled.server.grants.rotation = Rotation.ROTATE_KEEP_OLD
    authorized.tokens().renewed(CONFIGURED)
    last = str(authorized.stored["refresh_token"])
    authorized.file.write_text(authorized.file.read_text().replace(last, "unknown-to-webex"))

    authorized.polled.later(days=14)

    assert authorized.accepts(authorized.tokens().access_token())
    assert authorized.renewals == 3


def test_of_an_access_token_that_stays_the_same_the_newest_refresh_token_is_used(authorized):
    """Two runs that hold the same tokens; Webex lets each refresh token be used once."""
    authorized.tokens().renewed(CONFIGURED)
    same = authorized.stored["access_token"]
    authorized.polled.later(days=14)
    first, second = authorized.tokens(), authorized.tokens()
    assert first.current() == second.current()
    body = {"access_token": same, "refresh_token": "newest", "expires_in": 1_209_600}
    authorized.polled.server.faults.troubles.append(Trouble(Body(json.dumps(body).encode()), "/v1/access_token"))

    assert (first.access_token(), second.access_token()) == (same, same)
    assert (authorized.renewals, second.warnings) == (2, [])
    authorized.polled.later(minutes=2)
    assert second.renewed(same) == same
    assert second.current().previous_refresh_token == ""


def test_new_tokens_in_the_configuration_win_over_stored_ones(authorized):
    authorized.tokens().renewed(CONFIGURED)
    assert authorized.tokens(access_token=authorized.polled.server.access_token).access_token() == (
        authorized.polled.server.access_token
    )
    assert authorized.tokens(refresh_token="another").access_token() == CONFIGURED


def test_tokens_of_one_service_are_not_shown_to_another(authorized):
    authorized.tokens().renewed(CONFIGURED)
    assert authorized.tokens(base_url="https://api-usgov.webex.com").access_token() == CONFIGURED


def test_a_login_serves_until_the_configuration_gets_tokens(authorized):
    stored = authorized.tokens(access_token="").access_token()
    text = authorized.file.read_text()
    no_tokens = {"access_token": "", "refresh_token": ""}
    with pytest.raises(Unauthorized, match="no access token: run webexhist login"):
        authorized.tokens(**no_tokens).access_token()

    origin = authorized.tokens(**no_tokens).file.origin
    authorized.file.write_text(text.replace(str(authorized.stored["origin"]), origin))

    assert authorized.tokens(**no_tokens).access_token() == stored
    assert authorized.tokens().access_token() == CONFIGURED


@pytest.mark.parametrize("lacking", ["refresh_token", "client_id", "client_secret"])
def test_without_the_means_to_renew_webex_is_not_asked(authorized, lacking):
    with pytest.raises(Unauthorized, match=r"takes refresh_token, client_id and client_secret.*webexhist login"):
        authorized.tokens(**{lacking: ""}).renewed(CONFIGURED)
    assert authorized.renewals == 0


@pytest.mark.parametrize("wrong", ["refresh_token", "client_id", "client_secret"])
def test_what_webex_refuses_for_good_asks_for_a_login(authorized, wrong):
    with pytest.raises(Unauthorized, match=r"40[01].*webexhist login"):
        authorized.tokens(**{wrong: "wrong"}).renewed(CONFIGURED)
    assert not authorized.file.exists()


def test_a_token_that_lives_is_used_though_it_can_no_longer_be_renewed(authorized):
    last = authorized.tokens().renewed(CONFIGURED)
    authorized.polled.server.grants.revoke_refresh_tokens()
    authorized.polled.later(days=13, hours=12)
    tokens = authorized.tokens()

    assert tokens.access_token() == last
    assert len(tokens.warnings) == 1
    assert "ends at 2026-12-07 11:59 UTC and could not be renewed" in tokens.warnings[0]
    assert "webexhist login" in tokens.warnings[0]
    authorized.polled.later(hours=12)
    tokens = authorized.tokens()
    assert tokens.access_token() == last
    assert "should have ended at 2026-12-07 11:59 UTC" in tokens.warnings[0]
    with pytest.raises(Unauthorized, match="webexhist login"):
        tokens.renewed(last)


@pytest.mark.slow
@pytest.mark.parametrize("lacking", ["refresh_token", "client_id", "client_secret"])
def test_a_host_whose_clock_is_years_ahead_polls_with_a_token_that_webex_still_accepts(authorized, lacking):
    polled = authorized.polled
    authorized.tokens().renewed(CONFIGURED)
    if lacking == "refresh_token":
        authorized.file.write_text(json.dumps(authorized.stored | {"refresh_token": ""}))
    polled.ahead = timedelta(days=1_000)
    without = authorized.settings(**({lacking: ""} if lacking != "refresh_token" else {}))
    (snapshot,) = poll(without, polled.host_clock, polled.time)
    assert snapshot.taken_at == polled.clock()
    problem = collection_of(snapshot, "tokens").error
    assert "should have ended at 2026-12-07 11:59 UTC and could not be renewed" in problem

    polled.later(days=15)
    with pytest.raises(Unauthorized, match="takes refresh_token, client_id and client_secret"):
        poll(without, polled.host_clock, polled.time)


def test_a_token_endpoint_out_of_order_keeps_no_token_from_use_that_webex_still_accepts(authorized):
    authorized.tokens().renewed(CONFIGURED)
    polled = authorized.polled
    polled.ahead = timedelta(days=30)
    polled.server.faults.troubles.append(Trouble(Status(503), path="/v1/access_token"))
    (snapshot,) = poll(authorized.settings(), polled.host_clock, polled.time)
    assert value_of(snapshot, Metric.PEOPLE) is not None


def test_a_token_just_given_that_is_refused_is_not_renewed_again(authorized):
    renewed = authorized.tokens().renewed(CONFIGURED)
    with pytest.raises(Unauthorized, match="has just given"):
        authorized.tokens().renewed(renewed)
    assert authorized.renewals == 1

    authorized.polled.later(minutes=2)
    assert authorized.accepts(authorized.tokens().renewed(renewed))


def test_a_clock_set_back_does_not_keep_a_token_from_being_renewed(authorized):
    renewed = authorized.tokens().renewed(CONFIGURED)
    authorized.polled.later(days=-30)
    assert authorized.accepts(authorized.tokens().renewed(renewed))


@pytest.mark.parametrize("hours", [-24, -9, 0, 9, 24])
def test_a_token_that_ended_in_the_minute_in_which_it_was_given_is_renewed_once_by_each_run(authorized, hours):
    """It lives for 30 seconds, and this host's clock is set by hours before the next run."""
    authorized.polled.server.grants.access_lifetime = timedelta(seconds=30)
    authorized.tokens().renewed(CONFIGURED)
    authorized.polled.later(seconds=40)
    authorized.polled.ahead = timedelta(hours=hours)
    run = Tokens(authorized.settings(), authorized.polled.host_clock, lambda: 20.0)
    token = run.access_token()
    token = token if authorized.accepts(token) else run.renewed(token)
    assert authorized.accepts(token)
    assert (authorized.renewals, run.warnings) == (2, [])


@pytest.mark.parametrize("lifetime", [5, 30])
def test_a_run_renews_a_token_that_ends_within_a_minute_once_a_minute(authorized, lifetime):
    authorized.polled.server.grants.access_lifetime = timedelta(seconds=lifetime)
    tokens = authorized.tokens(access_token="")
    for _ in range(12):  # twelve requests in two minutes
        tokens.access_token()
        authorized.polled.later(seconds=10)
    assert (authorized.renewals, tokens.warnings) == (2, [])


@pytest.mark.parametrize("minutes", [0, 1])
@pytest.mark.parametrize("ahead", [timedelta(days=-1), timedelta(days=1)])
def test_a_clock_wrong_by_a_day_renews_a_token_of_a_fortnight_once(authorized, ahead, minutes):
    """It ended as or just before this run begins by Webex's clock; by this host's a day later or earlier."""
    authorized.tokens().renewed(CONFIGURED)
    authorized.polled.later(days=14)
    authorized.polled.later(minutes=minutes)
    authorized.polled.ahead = ahead
    for renewals in (2, 2, 2):
        run = Tokens(authorized.settings(), authorized.polled.host_clock, lambda: 20.0)
        token = run.access_token()
        assert authorized.accepts(token if authorized.accepts(token) else run.renewed(token))
        assert (authorized.renewals, run.warnings) == (renewals, [])


def test_eight_threads_with_a_rejected_token_renew_it_once(authorized):
    authorized.polled.server.faults.latency_seconds = 0.1
    tokens = authorized.tokens()
    got = in_threads(8, lambda: tokens.renewed(CONFIGURED))
    assert len(set(got)) == 1
    assert authorized.renewals == 1


def test_what_failed_for_one_thread_is_not_tried_by_the_next(simulated):
    authorized = Authorized(simulated(faults=Faults(troubles=[Trouble(Status(503), path="/v1/access_token")])))
    tokens = authorized.tokens(access_token="")
    got = in_threads(8, lambda: error_of(tokens.access_token))
    assert got == [Disturbed] * 8
    assert authorized.renewals == 1

    authorized.polled.server.faults.troubles.clear()
    authorized.polled.later(minutes=1)
    assert authorized.accepts(tokens.access_token())


def in_threads(count, function):
    """What the function gave to each of so many threads; what it raised in one of them is raised here."""
    begin = threading.Barrier(count)
    with ThreadPoolExecutor(count) as threads:
        return [
            done.result() for done in [threads.submit(lambda: (begin.wait(), function())[1]) for _ in range(count)]
        ]


def error_of(function):
    with pytest.raises(WebexhistError) as raised:
        function()
    return raised.type
