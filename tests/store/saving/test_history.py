"""What goes into the history and what comes out of it, worked out by hand; the search is in test_history_property."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from reading import read
from sqlalchemy import text

from webexhist.metrics import Metric
from webexhist.snapshot import (
    Collection,
    CollectionStatus,
    License,
    LicenseUsage,
    Organization,
    Snapshot,
)
from webexhist.store.errors import NoLaterMomentError, OvertakenError
from webexhist.store.mending.trim import trim as drop_newest
from webexhist.store.rows.latest import latest
from webexhist.store.saving.save import save
from webexhist.store.saving.windows import event_windows
from webexhist.stored_snapshot import CountChange, LicenseChange, Renamed

SUITE = License("id-suite", "Webex Suite", "EE", "Sub1", None, None, counted=True)
CALLING = License("id-calling", "Webex Calling", "BC", "Sub1", None, None, counted=True)


def usage(seen: License, total: int | None = 250, assigned: int | None = 231) -> LicenseUsage:
    return LicenseUsage(seen, total, assigned, assigned, 0)


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=UTC)


def rows_in_tables(engine) -> dict[str, int]:
    tables = ("organization", "snapshot", "day", "license", "license_version", "metric", "reading", "collection")
    with engine.connect() as connection:
        return {table: connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in tables}


def test_the_first_snapshot_has_no_changes(engine, taken):
    number = save(engine, taken("2026-11-23 15:05", people=2500, messages_created=412, licenses=(usage(SUITE),)))
    (stored,) = read(engine, latest)
    assert number == stored.number == 1
    assert (stored.taken_at, stored.previous_at) == (at(15, 5), None)
    assert (stored.seconds, stored.requests) == (2.5, 36)
    assert stored.counts == (
        CountChange(Metric.PEOPLE, 2500, None, None),
        CountChange(Metric.MESSAGES_CREATED, 412, None, None),
    )
    assert stored.licenses == (LicenseChange(usage(SUITE), None, None, None),)
    assert (stored.appeared, stored.vanished) == ((), ())


def test_changes_are_against_the_last_snapshot_in_which_the_value_was_known(engine, taken):
    save(engine, taken("2026-11-23 15:00", people=2500, messages_created=400, licenses=(usage(SUITE),)))
    save(engine, taken("2026-11-23 15:05", people=None, messages_created=None, licenses=None))
    save(engine, taken("2026-11-23 15:10", people=2503, messages_created=12, licenses=(usage(SUITE, 300, 230),)))
    (stored,) = read(engine, latest)
    assert stored.previous_at == at(15, 5)
    assert stored.counts == (
        CountChange(Metric.PEOPLE, 2503, 3, at(15, 0)),
        CountChange(Metric.MESSAGES_CREATED, 412, 12, at(15, 0)),
    )
    assert stored.licenses == (LicenseChange(usage(SUITE, 300, 230), 50, -1, at(15, 0)),)


def test_what_a_later_snapshot_does_not_carry_is_unknown_there(engine, taken):
    save(engine, taken("2026-11-23 15:00", people=2500, rooms=200))
    save(engine, taken("2026-11-23 15:05", people=2500))
    (stored,) = read(engine, latest)
    assert stored.counts[1] == CountChange(Metric.ROOMS, None, None, at(15, 0))


def test_a_license_that_had_vanished_stays_vanished_while_the_list_is_unknown(engine, taken, rows):
    save(engine, taken("2026-11-23 15:00", licenses=(usage(SUITE), usage(CALLING))))
    save(engine, taken("2026-11-23 15:05", licenses=(usage(SUITE),)))
    save(engine, taken("2026-11-23 15:10", licenses=None))
    save(engine, taken("2026-11-23 15:15", licenses=(usage(SUITE),)))
    listed = "SELECT m.license_id, r.number, r.value FROM reading r JOIN metric m ON m.id = r.metric_id"
    assert rows(engine, f"{listed} WHERE m.field = 'listed' AND m.license_id IS NOT NULL ORDER BY 1, 2") == [
        (1, 1, 1),
        (1, 3, None),
        (1, 4, 1),
        (2, 1, 1),
        (2, 2, 0),
    ]


def test_a_snapshot_that_changed_nothing_costs_one_row(engine, taken):
    ran = (Collection("people", CollectionStatus.OK, 3, 0.5),)
    same = {"people": 2500, "messages_created": 0, "licenses": (usage(SUITE), usage(CALLING)), "collections": ran}
    save(engine, taken("2026-11-23 15:00", **same))
    before = rows_in_tables(engine)
    save(engine, taken("2026-11-23 15:05", **same))
    assert rows_in_tables(engine) == before | {"snapshot": 2}


def test_numbers_count_each_organization_by_itself(engine, taken):
    other = Organization("other", "Another")
    assert save(engine, taken("2026-11-23 15:00", people=1)) == 1
    assert save(engine, taken("2026-11-23 15:00", people=2, organization=other)) == 1
    assert save(engine, taken("2026-11-23 15:05", people=3)) == 2
    assert [(stored.organization.name, stored.number) for stored in read(engine, latest)] == [
        ("Acme", 2),
        ("Another", 1),
    ]
    assert [stored.organization.name for stored in read(engine, latest, ["other"])] == ["Another"]
    assert read(engine, latest, []) == ()


def test_a_renamed_organization_stays_the_same(engine, taken):
    save(engine, taken("2026-11-23 15:00"))
    acme = read(engine, latest)[0].organization
    assert save(engine, taken("2026-11-23 15:05", organization=Organization(acme.webex_id, "Acme Corp"))) == 2
    assert [stored.organization.name for stored in read(engine, latest)] == ["Acme Corp"]


@pytest.mark.parametrize("moment", ["2026-11-23 15:05", "2026-11-23 15:04:59", "2026-11-23 15:04:01"])
def test_a_snapshot_of_the_same_minute_is_stored_a_second_after_the_last(engine, taken, rows, moment):
    save(engine, taken("2026-11-23 15:05", people=3))
    assert save(engine, taken(moment, people=4)) == 2
    (stored,) = read(engine, latest)
    assert (stored.taken_at, stored.previous_at) == (at(15, 5).replace(second=1), at(15, 5))
    assert [(count.value, count.change) for count in stored.counts] == [(4, 1)]
    assert stored.collections == ()
    assert rows(engine, "SELECT first_number, last_number FROM day") == [(1, 2)]


def test_a_snapshot_that_a_later_poll_has_overtaken_leaves_no_trace(engine, taken):
    save(engine, taken("2026-11-23 15:05", people=3))
    before = rows_in_tables(engine)
    with pytest.raises(OvertakenError, match="2026-11-23 15:05:00 UTC"):
        save(engine, taken("2026-11-23 15:03", seconds=90, people=4, rooms=5, licenses=(usage(SUITE),)))
    assert rows_in_tables(engine) == before
    assert [stored.number for stored in read(engine, latest)] == [1]


@pytest.mark.parametrize("future", ["2026-11-23 15:10", "2026-11-24 00:05", "2099-06-01 12:00"])
def test_a_snapshot_of_the_future_is_followed_by_later_polls_and_named(engine, taken, rows, future):
    save(engine, taken("2026-11-23 15:00", people=3))
    save(engine, taken(future, people=4))
    for minute in (5, 6, 7):
        save(engine, taken(f"2026-11-23 15:0{minute}", people=minute))
    (stored,) = read(engine, latest)
    assert [(count.value, count.change) for count in stored.counts] == [(7, 1)]
    (notice,) = stored.collections
    assert (notice.collector, notice.status) == ("order", CollectionStatus.NOTICE)
    assert notice.error == (
        f"a snapshot of {future[:10]} is stored, in the future, and this one right after it;"
        " see first that the clock is right, which shows 2026-11-23;"
        " only if it is, drop them: webexhist db trim --after '2026-11-23 15:00:00'"
    )
    people = rows(engine, "SELECT snapshot, value FROM counts WHERE metric = 'people' ORDER BY snapshot")
    assert people == [(1, 3), (2, 4), (3, 5), (4, 6), (5, 7)]
    assert rows(engine, "SELECT count(DISTINCT taken_at), min(number), max(number) FROM snapshot") == [(5, 1, 5)]


def test_clocks_that_went_back_are_named_before_good_snapshots_are_said_to_be_of_the_future(engine, taken):
    for day in (1, 2, 3):
        save(engine, taken(f"2026-11-0{day} 15:00", people=day))
    save(engine, taken("2025-10-19 15:00", people=4))
    (stored,) = read(engine, latest)
    assert [notice.error for notice in stored.collections] == [
        "a snapshot of 2026-11-03 is stored, in the future, and this one right after it;"
        " see first that the clock is right, which shows 2025-10-19;"
        " only if it is, drop them: webexhist db trim --after '2025-10-19 15:00:00'"
    ]
    save(engine, taken("2026-11-04 15:00", people=5))
    (stored,) = read(engine, latest)
    assert (stored.number, stored.collections) == (5, ())


def test_after_the_last_second_of_all_time_none_can_be_stored_until_it_is_dropped(engine, taken):
    save(engine, taken("2026-11-23 15:00", people=3))
    save(engine, taken("9999-12-31 23:59:59", people=4))
    for minute in ("2026-11-23 15:05", "9999-12-31 23:59:59"):
        with pytest.raises(NoLaterMomentError, match="9999-12-31 23:59:59 UTC, and no moment is later: drop it"):
            save(engine, taken(minute, people=5))
    drop_newest(engine, datetime(2026, 11, 24, tzinfo=UTC), None, None, datetime(2026, 11, 24, tzinfo=UTC))
    assert save(engine, taken("2026-11-23 15:05", people=5)) == 2


def test_polls_go_on_by_themselves_once_the_future_has_come(engine, taken):
    save(engine, taken("2026-11-23 15:20", people=4))
    save(engine, taken("2026-11-23 15:05", people=5))
    save(engine, taken("2026-11-23 15:25", people=6))
    (stored,) = read(engine, latest)
    assert (stored.taken_at, stored.previous_at) == (at(15, 25), at(15, 20).replace(second=1))
    assert stored.collections == ()


FORMS = (
    "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8zZTdjMGYxMi05YTRiLTRjZDUtODVlNi1mMDEyMzQ1Njc4OWE",
    "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8zZTdjMGYxMi05YTRiLTRjZDUtODVlNi1mMDEyMzQ1Njc4OWE=",
    "Y2lzY29zcGFyazovL3VybjpURUFNOnVzLWVhc3QtMl9hL09SR0FOSVpBVElPTi8zRTdDMEYxMi05QTRCLTRDRDUtODVFNi1GMDEyMzQ1Njc4OUE",
    "ciscospark://us/ORGANIZATION/3e7c0f12-9a4b-4cd5-85e6-f0123456789a",
    "M2U3YzBmMTItOWE0Yi00Y2Q1LTg1ZTYtZjAxMjM0NTY3ODlh",
    "3e7c0f12-9a4b-4cd5-85e6-f0123456789a",
    "3E7C0F12-9A4B-4CD5-85E6-F0123456789A",
    "urn:uuid:3e7c0f12-9a4b-4cd5-85e6-f0123456789a",
)


def test_one_uuid_is_one_organization_however_its_id_is_written(engine, taken):
    for minute, form in enumerate(FORMS):
        seen = taken(f"2026-11-23 15:{minute:02}", organization=Organization(form, "Acme"))
        assert save(engine, seen) == minute + 1
    for form in FORMS:
        assert [stored.organization.webex_id for stored in read(engine, latest, [form])] == [FORMS[0]]
    other = "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8zZTdjMGYxMi05YTRiLTRjZDUtODVlNi1mMDEyMzQ1Njc4OWI"
    assert save(engine, taken("2026-11-23 15:30", organization=Organization(other, "Acme"))) == 1


def test_licenses_that_appear_and_vanish_are_reported(engine, taken):
    save(engine, taken("2026-11-23 15:00", licenses=(usage(SUITE),)))
    save(engine, taken("2026-11-23 15:05", licenses=(usage(SUITE), usage(CALLING))))
    assert [(stored.appeared, stored.vanished) for stored in read(engine, latest)] == [((CALLING,), ())]
    save(engine, taken("2026-11-23 15:10", licenses=(usage(CALLING),)))
    (stored,) = read(engine, latest)
    assert (stored.appeared, stored.vanished) == ((), (SUITE,))
    assert [change.usage.license for change in stored.licenses or ()] == [CALLING]


def test_an_unknown_list_lets_no_license_vanish(engine, taken):
    save(engine, taken("2026-11-23 15:00", licenses=(usage(SUITE), usage(CALLING))))
    save(engine, taken("2026-11-23 15:05", licenses=None))
    (stored,) = read(engine, latest)
    assert (stored.licenses, stored.appeared, stored.vanished) == (None, (), ())
    save(engine, taken("2026-11-23 15:10", licenses=(usage(SUITE),)))
    assert read(engine, latest)[0].vanished == (CALLING,)


def test_an_empty_list_is_not_an_unknown_one(engine, taken):
    save(engine, taken("2026-11-23 15:00", licenses=()))
    assert read(engine, latest)[0].licenses == ()
    save(engine, taken("2026-11-23 15:05", licenses=(usage(SUITE),)))
    assert read(engine, latest)[0].appeared == (SUITE,)


def test_a_renamed_license_keeps_its_history_and_its_old_names(engine, taken, rows):
    renamed = License("id-suite", "Webex Suite 2", "EE", "Sub2", None, None, counted=True)
    save(engine, taken("2026-10-31 23:55", licenses=(usage(SUITE, assigned=230),)))
    save(engine, taken("2026-11-01 00:00", licenses=(usage(renamed, assigned=231),)))
    (stored,) = read(engine, latest)
    before = datetime(2026, 10, 31, 23, 55, tzinfo=UTC)
    assert stored.licenses == (LicenseChange(usage(renamed), 0, 1, before, first_name="Webex Suite"),)
    assert (stored.appeared, stored.vanished) == ((), ())
    assert stored.renamed == (Renamed(renamed, "Webex Suite"),)
    save(engine, taken("2026-11-01 00:05", licenses=(usage(replace(renamed, subscription_id="Sub3"), assigned=231),)))
    assert read(engine, latest)[0].renamed == (), "shown once, and of a name alone"
    assert rows(engine, "SELECT month, license, assigned_last FROM monthly_licenses ORDER BY month") == [
        ("2026-10", "Webex Suite 2", 230),
        ("2026-11", "Webex Suite 2", 231),
    ]
    assert rows(engine, "SELECT number, name, subscription_id FROM license_version ORDER BY number") == [
        (1, "Webex Suite", "Sub1"),
        (2, "Webex Suite 2", "Sub2"),
        (3, "Webex Suite 2", "Sub3"),
    ]


@pytest.mark.parametrize(
    "name", ["'; DROP TABLE license; --", '<script>alert("x")</script>', "a\nb\tc", "=1+1", "", "🙂 ✓"]
)
def test_names_come_back_as_others_wrote_them(engine, taken, rows, name):
    odd = License("id-odd", name, "", None, "acme.example/'", None, counted=False)
    save(engine, taken("2026-11-23 15:00", licenses=(usage(odd),), organization=Organization("o", name)))
    (stored,) = read(engine, latest)
    assert stored.organization.name == name
    assert [change.usage.license for change in stored.licenses or ()] == [odd]
    assert rows(engine, "SELECT org, license FROM latest_licenses") == [(name, name)]


def test_characters_that_no_database_holds_are_replaced(engine, taken):
    odd = License("id\0odd", "half \ud83d of a pair", "EE", None, None, None, counted=True)
    failed = Collection("people", CollectionStatus.FAILED, 1, 0.5, "NUL \0")
    for minute in ("00", "05"):
        save(engine, taken(f"2026-11-23 15:{minute}", licenses=(usage(odd),), collections=(failed,)))
    (stored,) = read(engine, latest)
    assert [(change.usage.license.webex_id, change.usage.license.name) for change in stored.licenses or ()] == [
        ("id\ufffdodd", "half \ufffd of a pair")
    ]
    assert stored.collections[0].error == "NUL \ufffd"


def test_equal_collections_in_a_row_are_one_row(engine, taken, rows):
    ok = Collection("people", CollectionStatus.OK, 3, 0.5)
    refused = Collection("people", CollectionStatus.NOT_PERMITTED, 1, 0.25, "403: a scope is missing")
    for minute, collection in ((0, ok), (5, ok), (10, refused), (15, refused), (20, refused), (25, ok)):
        save(engine, taken(f"2026-11-23 15:{minute:02}", collections=(collection,)))
    save(engine, taken("2026-11-23 15:30"))
    assert read(engine, latest)[0].collections == ()
    columns = "snapshot, status, error, polls, last_taken_at"
    assert rows(engine, f"SELECT {columns} FROM collection_log ORDER BY snapshot") == [
        (1, "ok", None, 2, "2026-11-23 15:05:00"),
        (3, "not permitted", "403: a scope is missing", 3, "2026-11-23 15:20:00"),
        (6, "ok", None, 1, "2026-11-23 15:25:00"),
    ]


def test_times_are_stored_in_utc_to_the_second(engine, rows):
    moment = datetime.fromisoformat("2026-11-23T23:59:59.999+02:00")
    save(engine, Snapshot(Organization("o", "Acme"), moment, 1.0, 1, (), None, ()))
    assert rows(engine, "SELECT taken_at, taken_epoch FROM snapshots") == [("2026-11-23 21:59:59", 1_795_471_199)]
    assert rows(engine, "SELECT day, first_number, last_number FROM day") == [("2026-11-23", 1, 1)]


SAVER = """
import sys
from datetime import UTC, datetime, timedelta
from webexhist.metrics import Kind, Metric
from webexhist.snapshot import Count, EventWindow, Organization, Snapshot
from webexhist.store.opening.database import open_database
from webexhist.store.errors import NoLaterMomentError, OvertakenError
from webexhist.store.mending.trim import trim as drop_newest
from webexhist.store.opening.history import reading
from webexhist.store.rows.latest import latest
from webexhist.store.saving.save import save
from webexhist.store.saving.windows import event_windows

engine = open_database(sys.argv[1])
begin = datetime(2026, 11, 23, tzinfo=UTC)
saved = 0
while saved < 40:
    with reading(engine) as history:
        last, windows = latest(history), event_windows(history)
    taken_at = last[0].taken_at + timedelta(seconds=1) if last else begin
    # One event a second: a window holds as many events as it has seconds.
    opened_at = windows.get(("acme", "events"), begin)
    until = max(opened_at, taken_at)  # the other process may have stored one between the two reads
    window = EventWindow("events", opened_at, until)
    held = Count(Metric.MESSAGES_CREATED, int((until - opened_at).total_seconds()))
    try:
        save(engine, Snapshot(Organization("acme", "Acme"), taken_at, 1.0, 1, (held,), None, (), (window,)))
    except OvertakenError:
        continue  # the other process was faster
    saved += 1
print(saved)
"""


@pytest.mark.slow
def test_two_savers_lose_no_snapshot_and_count_no_event_twice(engine, rows):
    location = engine.url.render_as_string(hide_password=False)
    savers = [
        subprocess.Popen([sys.executable, "-c", SAVER, location], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    assert [saver.communicate(timeout=120)[0] for saver in savers] == ["40\n", "40\n"]
    assert rows(engine, "SELECT count(*), min(number), max(number) FROM snapshot") == [(80, 1, 80)]
    (until,) = read(engine, event_windows).values()
    seconds = int((until - datetime(2026, 11, 23, tzinfo=UTC)).total_seconds())
    assert rows(engine, "SELECT value FROM latest_counts") == [(seconds,)]
    assert seconds > 40
