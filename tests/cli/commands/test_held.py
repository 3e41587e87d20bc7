"""What a poll did not ask for carries the time at which it was counted, wherever it is shown."""

from dataclasses import replace
from datetime import timedelta

import pytest
from imported_histories import imported, line, seats
from polling import NOON

from webexhist.agent.message import message
from webexhist.simulator import LicensePlan, OrganizationPlan, World

NOT_ASKED = str(NOON)


@pytest.fixture
def held(simulated):
    """A database of two polls, of which the second one asked for people alone; and what that one stored."""
    messaging = LicensePlan("Advanced Messaging", "MS", 100, 90, 0, "Sub7")
    polled = simulated(World(organizations=(OrganizationPlan(people=40, devices=4, licenses=(messaging,)),)))
    polled.poll()
    polled.later(minutes=10)
    snapshot = polled.poll("people")
    return polled, snapshot


def read(webexhist, polled, *words):
    return webexhist(*words, "--json", "--database", str(polled.folder / "webexhist.db")).json


def test_commands_and_the_message_say_when_a_held_value_was_counted(webexhist, held):
    polled, snapshot = held
    assert {change.as_of for change in snapshot.licenses} == {NOON}
    assert "as of 2026-11-23 12:00 UTC: " in message([snapshot])
    assert "licenses" in message([snapshot]).partition("as of 2026-11-23 12:00 UTC: ")[2]

    assert {row["as_of"] for row in read(webexhist, polled, "licenses")} == {NOT_ASKED}
    ten_later = str(NOON + timedelta(minutes=10))
    names = read(webexhist, polled, "history")
    assert {row["as_of"] for row in names if "license" in row} == {NOT_ASKED}
    counted = {row["count"]: row["as_of"] for row in names if "count" in row}
    assert (counted["people"], counted["devices"]) == (ten_later, NOT_ASKED)
    trends = {name: read(webexhist, polled, "history", name)[0]["as_of"] for name in ("people", "devices")}
    assert trends == {"people": ten_later, "devices": NOT_ASKED}

    standings = {one["collector"]: one for one in read(webexhist, polled, "status")["collectors"]}
    assert {name: standings[name]["as_of"] for name in ("people", "devices", "licenses")} == {
        "people": None,
        "devices": NOT_ASKED,
        "licenses": NOT_ASKED,
    }


def test_the_pages_say_it_too(webexhist, held, tmp_path):
    polled, _ = held
    folder = tmp_path / "pages"
    database = str(polled.folder / "webexhist.db")
    assert webexhist("report", "--month", "2026-11", "--out", str(folder), "--database", database).code == 0
    page = (folder / "index.html").read_text()
    as_of = "Figures as of 23 Nov 2026 12:10 UTC, the last poll of the month so far"
    assert f"{as_of}; licenses, messages, devices, places, rooms as of 23 Nov 2026 12:00 UTC." in page


def test_units_that_are_unknown_by_now_are_of_the_day_on_which_they_were_counted(run):
    as_of = "2026-11-20T06:00:00Z"
    kept = [{"collector": "licenses", "status": "ok", "as_of": as_of}]
    imported(
        [
            line(as_of, [seats(500, 430)]),
            line("2026-11-21T06:00:00Z", [seats(500, 430)], collections=kept),
            line("2026-11-22T06:00:00Z", None),
        ],
        run,
    )
    run.go_by(lambda: NOON)
    (row,) = run("licenses", "--json").json
    assert (row["assigned"], row["as_of"], row["figures_of"]) == (430, "2026-11-20 06:00:00+00:00", "2026-11-20")


def test_organizations_that_keep_the_same_of_one_minute_are_named_together(held):
    _, snapshot = held
    counts = tuple(
        replace(one, as_of=one.as_of and one.as_of + timedelta(seconds=5)) for one in snapshot.counts[::-1]
    )
    other = replace(
        snapshot, organization=replace(snapshot.organization, name="Beta Example", webex_id="beta"), counts=counts
    )
    assert message([snapshot, other]).count("as of 2026-11-23 12:00 UTC (2 of 2 organizations): ") == 1
