"""Several processes with one tokens.json, and processes that are killed."""

import json
import os
import random
import signal
import time
from dataclasses import replace

import pytest
from authorized import CONFIGURED, Authorized
from forked_processes import ForkedProcesses

from webexhist.simulator.auth.integration import Rotation
from webexhist.simulator.world.times import to_ms
from webexhist.state.token_file import TokenFile
from webexhist.webex.api.errors import Unauthorized


def renewer_of(authorized):
    """Processes that get themselves an access token each."""
    settings = authorized.settings()
    named = ("access_token", "refresh_token", "client_id", "client_secret", "base_url", "state_dir")
    return ForkedProcesses(
        authorized.polled.clock,
        "from webexhist.webex.auth import token_endpoint\nfrom webexhist.webex.auth.tokens import Tokens",
        "Tokens(settings, clock, lambda: 20.0).access_token()[:30]",
        **{name: getattr(settings, name) for name in named},
    )


@pytest.fixture
def authorized(simulated):
    return Authorized(simulated())


@pytest.fixture
def renewers(authorized):
    started = []

    def start(count):
        started.extend(renewer_of(authorized) for _ in range(count))
        return started

    yield start
    for renewer in started:
        renewer.stop()


@pytest.mark.slow
def test_of_two_processes_one_renews_and_the_other_uses_its_result(authorized, renewers):
    authorized.polled.server.grants.rotation = Rotation.ROTATE_AND_REVOKE
    authorized.tokens().renewed(CONFIGURED)
    both = renewers(2)
    for round_ in range(1, 4):
        authorized.polled.later(days=14)
        authorized.polled.server.faults.latency_seconds = 0.1
        for renewer in both:
            renewer.start()
        first, second = (renewer.end().split()[0] for renewer in both)
        assert first == second == str(authorized.stored["access_token"])[:30]
        assert authorized.renewals == 1 + round_


def test_a_process_killed_after_it_stored_the_tokens_leaves_them_for_the_next(authorized, renewers):
    authorized.polled.server.grants.rotation = Rotation.ROTATE_AND_REVOKE
    authorized.tokens().renewed(CONFIGURED)
    before = authorized.file.read_bytes()
    authorized.polled.later(days=14)
    (renewer,) = renewers(1)

    process = renewer.start()
    while authorized.file.read_bytes() == before:
        time.sleep(0.0005)
    os.kill(process, signal.SIGKILL)
    renewer.end()

    assert authorized.accepts(authorized.tokens().access_token())
    assert authorized.renewals == 2


def test_a_process_killed_between_writing_and_renaming_leaves_its_tokens_for_the_next(authorized):
    authorized.polled.server.grants.rotation = Rotation.ROTATE_AND_REVOKE
    authorized.tokens().renewed(CONFIGURED)
    before = authorized.file.read_bytes()
    authorized.polled.later(days=14)
    newest = authorized.tokens().access_token()
    authorized.file.rename(authorized.file.with_name(f"tokens.json.new{7:016}"))
    authorized.file.write_bytes(before)

    assert authorized.tokens().access_token() == newest
    assert authorized.renewals == 2
    assert authorized.stored["access_token"] == newest


@pytest.mark.parametrize("draft_is_of", ["a renewal", "a login"])
def test_tokens_put_there_by_hand_stay_before_those_that_a_killed_process_left(authorized, draft_is_of):
    authorized.tokens().renewed(CONFIGURED)
    old, file = authorized.stored, TokenFile(authorized.settings())
    if draft_is_of == "a renewal":
        authorized.polled.later(days=14)
        authorized.tokens().access_token()
    else:
        file.store(replace(file.read(), access_token="of-a-login", renewed_from=""))
    authorized.file.rename(authorized.file.with_name(f"tokens.json.new{7:016}"))
    authorized.file.write_text(json.dumps(old | {"access_token": "put-there-by-hand"}))

    with file.locked(0):
        pass
    assert authorized.stored["access_token"] == "put-there-by-hand"
    assert [path.name for path in authorized.file.parent.glob("tokens.json*")] == ["tokens.json"]


def test_what_somebody_named_like_such_tokens_is_neither_brought_in_nor_removed(authorized):
    authorized.tokens().renewed(CONFIGURED)
    own_copy = authorized.file.with_name("tokens.json.new.bak")
    own_copy.write_bytes(authorized.file.read_bytes())
    authorized.polled.later(days=14)
    authorized.tokens().access_token()
    assert authorized.renewals == 2
    assert own_copy.exists()


@pytest.mark.parametrize("rounds", [6, pytest.param(100, marks=pytest.mark.slow)])
@pytest.mark.parametrize("rotation", Rotation)
def test_processes_killed_at_any_moment_leave_whole_tokens(authorized, renewers, rotation, rounds):
    """Where Webex revokes the token before, it can be lost only with an answer that nobody has stored yet."""
    chance = random.Random(20261123)
    authorized.polled.server.grants.rotation = rotation
    authorized.tokens().renewed(CONFIGURED)
    (renewer,) = renewers(1)
    authorized.polled.later(days=14)
    renewer.start()
    _, calls = renewer.end().split()
    renewer.start(last_call=1)
    assert renewer.end() == ""  # it was killed
    for _ in range(rounds):
        authorized.polled.later(days=14)
        stored, asked = authorized.stored, authorized.renewals
        renewer.start(last_call=1 + chance.randrange(int(calls)))
        printed = renewer.end()
        is_unread = authorized.renewals > asked and authorized.stored == stored
        assert not (printed and is_unread)

        assert TokenFile(authorized.settings()).read() is not None
        try:
            assert authorized.accepts(authorized.token_of_a_request())
        except Unauthorized:
            assert is_unread
            assert rotation is Rotation.ROTATE_AND_REVOKE
            authorize_again(authorized)


def authorize_again(authorized):
    file = TokenFile(authorized.settings())
    refresh_token = authorized.polled.server.grants.new_refresh_token(to_ms(authorized.polled.clock()))
    file.store(replace(file.read(), refresh_token=refresh_token, previous_refresh_token=""))
