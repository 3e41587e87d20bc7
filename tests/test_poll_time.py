"""A poll's time is Webex's: a host whose clock is wrong loses no poll, no event, and spoils no history."""

import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from polling import NOON, change_of, collection_of, value_of

from webexhist.metrics import Metric
from webexhist.simulator import Faults, LicensePlan, OrganizationPlan, Steps, Trouble, World
from webexhist.simulator.faults.switches import Body
from webexhist.snapshot import CollectionStatus
from webexhist.state.clock_file import Uptime, known_correction, note_correction
from webexhist.stored import stored_snapshots
from webexhist.webex.poll_time import poll_time

WRONG = {
    "nine hours ahead": timedelta(hours=9),
    "nine hours behind": timedelta(hours=-9),
    "six minutes ahead": timedelta(minutes=6),
    "1970": datetime(1970, 1, 1, tzinfo=UTC) - NOON,
    "2099": datetime(2099, 1, 1, tzinfo=UTC) - NOON,
    "9999": datetime(9999, 12, 31, 23, 30, tzinfo=UTC) - NOON,
}


def clock_of(snapshot):
    return next((run for run in snapshot.collections if run.collector == "clock"), None)


@pytest.mark.parametrize("ahead", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("source", ["events", pytest.param("rooms", marks=pytest.mark.slow)])
def test_one_poll_by_a_wrong_clock_changes_nothing_but_is_reported(simulated, ahead, source):
    polled = simulated()
    for number in range(1, 6):
        polled.ahead = ahead if number in (1, 3) else timedelta()
        polled.server.scripted.post_message(polled.clock() - timedelta(minutes=4))
        snapshot = polled.poll(messages_source=source)
        assert (snapshot.number, snapshot.taken_at) == (number, polled.clock())
        assert (clock_of(snapshot) is not None) == (number in (1, 3))
        polled.later(minutes=5)
    counted = Metric.MESSAGES_CREATED if source == "events" else Metric.ROOM_MESSAGES_CREATED
    assert value_of(snapshot, counted) == 4, "the first window only opens the chain"


def test_the_difference_is_a_notice_in_words(simulated):
    polled = simulated()
    polled.ahead = timedelta(hours=9, seconds=20)
    notice = clock_of(polled.poll())
    assert notice.status is CollectionStatus.NOTICE
    assert notice.error == "this host's clock is 9 h ahead of Webex's, whose time is taken"
    polled.later(minutes=5)
    polled.ahead = timedelta(minutes=-95)
    assert clock_of(polled.poll()).error == "this host's clock is 1 h 35 min behind Webex's, whose time is taken"
    polled.later(minutes=5)
    polled.ahead = timedelta(minutes=5)
    assert clock_of(polled.poll()) is None


@pytest.mark.parametrize("ahead", [timedelta(hours=9), timedelta(hours=-9)])
def test_a_host_without_webexs_time_goes_by_its_own_and_polls_go_on_once_it_is_right(simulated, ahead):
    polled = simulated(World(), Faults(date_header=False))
    polled.poll(messages_source="rooms")
    for number in range(2, 6):
        polled.later(minutes=5)
        polled.ahead = ahead if number == 3 else timedelta()
        snapshot = polled.poll(messages_source="rooms")
        assert snapshot.number == number


@pytest.mark.slow
@pytest.mark.parametrize("ahead", [timedelta(hours=9), timedelta(hours=-9), timedelta(days=20_000)])
@pytest.mark.parametrize("wrong", [(1,), (3,), (1, 2, 3, 4)])
def test_messages_in_rooms_are_counted_once_without_any_clock_that_is_right(simulated, ahead, wrong):
    polled = simulated(World(), Faults(date_header=False))
    for number in range(1, 6):
        polled.ahead = ahead if number in wrong else timedelta()
        for seconds in (200, 1):
            polled.server.scripted.post_message(polled.clock() - timedelta(seconds=seconds))
        snapshot = polled.poll(messages_source="rooms")
        polled.later(minutes=5)
    assert value_of(snapshot, Metric.ROOM_MESSAGES_CREATED) == 8, "all but the two before the first window"
    polled.server.faults.date_header = True
    assert value_of(polled.poll(messages_source="rooms"), Metric.ROOM_MESSAGES_CREATED) == 8


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ahead", "wrong", "first"),
    [
        (timedelta(hours=9), 1, 1),
        (timedelta(hours=9), 3, 1),
        (timedelta(seconds=100), 1, 1),
        (timedelta(seconds=100), 3, 1),
        (timedelta(days=-20_000), 3, 1),
        (timedelta(days=-20_000), 1, 2),
    ],
)
def test_audit_events_are_counted_once_without_any_clock_that_is_right(simulated, ahead, wrong, first):
    """Each poll sees one more event; the first window opens at the one of the first poll that looks at its day."""
    polled = simulated(World(), Faults(date_header=False))
    for number in range(1, 8):
        polled.ahead = ahead if number == wrong else timedelta()
        at = polled.clock() - timedelta(seconds=150)
        polled.server.faults.troubles[:] = [audit_events(number, at)]
        snapshot = polled.poll()
        polled.later(minutes=5)
    polled.server.faults.date_header = True
    snapshot = polled.poll()
    assert value_of(snapshot, Metric.ADMIN_AUDIT_EVENTS) == 7 - first


def audit_events(number, at):
    """The list of audit events when the last of so many has happened, five minutes after the one before."""
    times = [at - timedelta(minutes=5 * ago) for ago in range(number)]
    items = [{"id": f"audit-{number - ago}", "created": time.isoformat()} for ago, time in enumerate(times)]
    return Trouble(Body(json.dumps({"items": items}).encode()), path="/v1/adminAudit/events")


def test_a_webex_hours_ahead_of_this_host_loses_no_message_in_rooms(simulated):
    """One of the two clocks is wrong, and nobody knows which."""
    polled = simulated()
    polled.server.faults.clock_skew = timedelta(hours=9)
    polled.poll(messages_source="rooms")
    polled.server.scripted.post_message(polled.clock())
    polled.server.faults.clock_skew = timedelta()
    polled.later(minutes=5)
    assert value_of(polled.poll(messages_source="rooms"), Metric.ROOM_MESSAGES_CREATED) == 1


def test_no_room_was_used_as_far_as_anybody_knows(simulated):
    polled = simulated(World(), Faults(date_header=False))
    polled.server.faults.troubles.append(Trouble(Body(b'{"items": [{"id": "a"}]}'), path="/v1/rooms"))
    run = collection_of(polled.poll(messages_source="rooms"), "room messages")
    assert run.error.startswith("GET /v1/rooms reported neither the time nor when any room was used")
    polled.later(minutes=5)
    polled.server.faults.troubles[:] = [Trouble(Body(b'{"items": []}'), path="/v1/rooms")]
    assert value_of(polled.poll(messages_source="rooms"), Metric.ROOM_MESSAGES_CREATED) == 0


def test_a_date_that_a_proxy_made_up_is_not_believed_against_host_and_history(simulated):
    polled = simulated()
    polled.poll()
    polled.server.scripted.post_message(NOON + timedelta(minutes=1))
    polled.later(minutes=5)
    for skew in (timedelta(days=-20_000), timedelta(days=4_000)):
        polled.server.faults.clock_skew = skew
        snapshot = polled.poll()
        assert snapshot.taken_at >= NOON + timedelta(minutes=5)
        assert snapshot.taken_at < NOON + timedelta(minutes=6)
        assert "whose time is taken as the more likely one" in clock_of(snapshot).error
        assert value_of(snapshot, Metric.MESSAGES_CREATED) is None
        assert "Webex's clock shows" in collection_of(snapshot, "events").error
    polled.server.faults.clock_skew = timedelta()
    polled.later(minutes=5)
    snapshot = polled.poll()
    assert (snapshot.number, value_of(snapshot, Metric.MESSAGES_CREATED)) == (4, 1)


@pytest.mark.parametrize(
    ("webex", "host", "last", "taken"),
    [
        (None, 5, None, 5),
        (7, 5, None, 7),
        (7, 29, 500, 7),
        (7, 32, None, 7),
        (7, 32, 6, 7),
        (7, 32, 31, 32),
        (1000, 5, 4, 5),
    ],
)
def test_which_clock_is_taken(webex, host, last, taken):
    """Hours since noon; the clocks may differ by a day before the last snapshot decides between them."""

    def at(hours):
        return None if hours is None else NOON + timedelta(hours=hours)

    assert poll_time(at(webex), at(host), at(last)).taken_at == at(taken)


def test_all_organizations_of_a_poll_have_one_time(simulated):
    from webexhist.simulator import partner_world

    polled = simulated(partner_world(NOON))
    polled.ahead = timedelta(days=3)
    assert {snapshot.taken_at for snapshot in polled.polls()} == {NOON}


def test_readers_take_for_now_what_webex_would_say(simulated):
    polled = simulated()
    polled.ahead = timedelta(hours=9)
    (given,) = polled.polls()
    settings = polled.settings()
    later = polled.host_clock() + timedelta(minutes=14)
    assert known_correction(polled.folder, later) == timedelta(hours=-9)
    assert stored_snapshots(settings, lambda: later, timedelta(minutes=15)).fresh == (given,)
    assert known_correction(polled.folder, later + timedelta(days=1)) == timedelta(), "it may have been set right"
    polled.ahead = timedelta()
    assert known_correction(polled.folder, polled.host_clock()) == timedelta(), "it was set right"
    polled.later(minutes=5)
    polled.poll()
    assert known_correction(polled.folder, polled.host_clock()) == timedelta()


@pytest.mark.skipif(not Uptime.now(), reason="the system does not say for how long it runs")
@pytest.mark.parametrize(
    ("before", "shows", "still_known"),
    [
        (timedelta(hours=2), timedelta(hours=-7), True),
        (timedelta(hours=2), timedelta(hours=2), False),
        (timedelta(hours=2), timedelta(hours=2, minutes=4), False),
        (timedelta(hours=2), timedelta(hours=2, minutes=-6), True),
        (timedelta(hours=25), timedelta(hours=16), False),
    ],
)
def test_a_clock_that_was_set_right_since_the_poll_is_believed(tmp_path, before, shows, still_known):
    """A poll, so long ago, found it nine hours behind; it shows now what Webex's showed then, and `shows`."""
    note_correction(tmp_path, NOON - timedelta(hours=9), timedelta(hours=9))
    file = tmp_path / "clock_difference"
    *noted, seconds = json.loads(file.read_bytes())
    file.write_text(json.dumps([*noted, seconds - before.total_seconds()]))
    assert known_correction(tmp_path, NOON + shows) == (timedelta(hours=9) if still_known else timedelta())
    file.write_text(json.dumps([*noted[:2], "another boot", 0]))
    still_known = shows <= timedelta(hours=15)
    assert known_correction(tmp_path, NOON + shows) == (timedelta(hours=9) if still_known else timedelta())


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"[]", b"{}", b'["x", 1]', b"[1, 2]", b'["2026-11-23T12:00:00+00:00", 1e300]', b"\xff", b"[" * 9_000),
        *(b'["2026-11-23T12:00:00+00:00", 900, %b]' % since for since in (b"1", b'"boot", []', b'"boot", 1, 2')),
        b'["2026-11-23T12:00:00+00:00", 900, "boot", 1%b]' % (b"0" * 400),
    ],
)
@pytest.mark.usefixtures("garbage_waits")
def test_a_difference_that_cannot_be_read_is_none(tmp_path, content):
    (tmp_path / "clock_difference").write_bytes(content)
    assert known_correction(tmp_path, NOON) == timedelta()


def test_status_names_the_clock_and_what_to_do(webexhist, simulated):
    polled = simulated()
    polled.ahead = timedelta(hours=9)
    webexhist.go_by(polled.host_clock)
    options = (f"--base-url={polled.server.base_url}", f"--access-token={polled.server.access_token}")
    document = json.loads(webexhist("poll", *options).stdout)
    assert "clock: this host's clock is 9 h ahead of Webex's, whose time is taken" in document["msg"]
    assert document["Collection Errors"] == 0
    found = webexhist("status", "--json").json
    (clock,) = [standing for standing in found["collectors"] if standing["collector"] == "clock"]
    assert (clock["state"], clock["to_do"]) == ("notice", "set the clock right, for instance by NTP")
    assert found["polls"]["state"] == "done"


def test_messages_go_on_being_counted_by_webexs_clock(simulated):
    polled = simulated()
    polled.poll()
    polled.later(minutes=5)
    polled.server.scripted.post_message(polled.clock() - timedelta(minutes=3))
    polled.ahead = timedelta(days=-9_000)
    assert change_of(polled.poll(), Metric.MESSAGES_CREATED) == 1


@pytest.fixture
def polled_by_a_wrong_clock(webexhist, simulated):
    """Two minutes after a poll by a clock that is nine hours ahead."""
    polled = simulated()
    polled.ahead = timedelta(hours=9)
    webexhist.go_by(polled.host_clock)
    options = (f"--base-url={polled.server.base_url}", f"--access-token={polled.server.access_token}")
    assert webexhist("poll", *options).code == 0
    polled.later(minutes=2)
    return polled


@pytest.mark.usefixtures("polled_by_a_wrong_clock")
def test_what_is_entered_after_a_poll_by_a_wrong_clock_is_of_webexs_time(webexhist, tmp_path):
    """What is set aside, brought in, joined and kept as a backup."""
    lines = tmp_path / "lines.jsonl"
    licenses = [{"id": name, "name": name, "purchased": 5, "assigned": 1} for name in ("one", "two")]
    organization = {"id": "11111111-2222-3333-4444-555555555555", "name": "Brought in"}
    taken = {"taken_at": "2026-11-20T06:00:00Z", "organization": organization, "licenses": licenses}
    lines.write_text(json.dumps(taken) + "\n" + json.dumps(taken | {"taken_at": "2026-11-21T06:00:00Z"}) + "\n")
    for words in (
        ("import", lines),
        ("succession", "link", "one", "two"),
        ("db", "void", "--snapshot", "2026-11-20 06:00", "--note", "wrong"),
        ("db", "trim", "--after", "2026-11-20", "--org", "Brought in"),
    ):
        done = webexhist(*words)
        assert done.code == 0, done.stderr
    assert "before-trim-20261123-120200" in done.stdout
    (correction,) = webexhist("db", "void", "--list", "--json").json
    assert correction["made_at"] == "2026-11-23 12:02:00+00:00"
    file = next(tmp_path.rglob("webexhist.db"))
    query = "SELECT imported_at FROM imported_span UNION ALL SELECT decided_at FROM succession"
    with closing(sqlite3.connect(file)) as database:
        assert database.execute(query).fetchall() == [(round((NOON + timedelta(minutes=2)).timestamp()),)] * 2


def test_status_says_of_runs_when_webexs_clock_showed_them(webexhist, polled_by_a_wrong_clock, tmp_path):
    for name in ("last_poll", "last_outlook"):
        file = next(tmp_path.rglob(name))
        by_the_host = polled_by_a_wrong_clock.host_clock().timestamp()
        os.utime(file, (by_the_host,) * 2)  # by this host's clock, as the system notes it
    found = webexhist("status", "--json").json
    shown = [found[part][key] for part, key in (("polls", "last_at"), ("outlook", "last_at"))]
    assert shown == ["2026-11-23 12:02:00+00:00"] * 2


@pytest.mark.parametrize(
    ("words", "stored"),
    [
        (("note", "add", "Bought"), "Note 1 on 2230-01-01."),
        (("organization", "retire", "Acme Example"), "retired on 2230-01-01"),
    ],
)
def test_a_day_that_nobody_typed_is_doubted_where_the_last_poll_was_long_ago(webexhist, simulated, words, stored):
    polled = simulated()
    options = (f"--base-url={polled.server.base_url}", f"--access-token={polled.server.access_token}")
    webexhist.go_by(polled.host_clock)
    assert webexhist("poll", *options).code == 0
    assert webexhist("note", "add", "Today").stderr == ""
    assert webexhist("note", "remove", "1").code == 0
    webexhist.go_by(lambda: datetime(2230, 1, 1, 12, tzinfo=UTC))
    assert webexhist("note", "add", "Bought", "--on", "2026-11-20").stderr == ""
    assert webexhist("note", "remove", "1").code == 0
    done = webexhist(*words)
    assert stored in done.stdout
    assert "this host's clock, which shows 2230-01-01 12:00 UTC; the last poll was on 2026-11-23" in done.stderr


@pytest.mark.parametrize("behind", [timedelta(seconds=2), timedelta(minutes=4, seconds=50)])
def test_a_host_that_is_a_little_behind_shows_the_last_poll_at_once(webexhist, simulated, behind):
    """Ten more units are bought between two polls; the clocks differ too little for a word of it."""
    suite = LicensePlan(
        "Suite", "EE", Steps(10, (NOON + timedelta(minutes=5),), (20,)), by_users=8, subscription="Sub1"
    )
    polled = simulated(World(organizations=(OrganizationPlan(licenses=(suite,)),)))
    polled.ahead = -behind
    webexhist.go_by(polled.host_clock)
    options = (f"--base-url={polled.server.base_url}", f"--access-token={polled.server.access_token}")
    for purchased in (10, 20):
        assert webexhist("poll", *options).code == 0
        (shown,) = webexhist("licenses", "--json").json
        assert shown["purchased"] == purchased
        assert f"'EE'={8 * 100 / purchased:.1f}%" in webexhist("check").stdout
        polled.later(minutes=5)
    before = webexhist("licenses", "--json", "--on", "2026-11-23 12:04").json
    assert [each["purchased"] for each in before] == [10]
