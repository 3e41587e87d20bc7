"""Many organizations saved by one call: as if each had been saved by itself."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from databases import ENGINES
from reading import read
from sqlalchemy import Engine, select

from webexhist.metrics import Metric
from webexhist.snapshot import Collection, CollectionStatus, License, LicenseUsage, Organization, Snapshot
from webexhist.store.entered.changes import Signature
from webexhist.store.entered.organizations import enter_timezone
from webexhist.store.errors import OvertakenError
from webexhist.store.opening.database import open_database
from webexhist.store.rows.latest import latest
from webexhist.store.saving.save import save, save_again, save_all
from webexhist.store.saving.windows import event_windows
from webexhist.store.schema import metadata, public_view
from webexhist.store.seals.damage import find_damage
from webexhist.time_zones import TimeZone

FLEET = tuple(Organization(f"organization {number}", f"Organization {number:02}") for number in range(6))


def usage(webex_id: str, assigned: int) -> LicenseUsage:
    license_ = License(webex_id, f"License {webex_id}", "EE", "Sub1", None, None, counted=True)
    return LicenseUsage(license_, 100, assigned, assigned, 0)


@pytest.fixture
def story(taken, window):
    """Polls of a fleet whose organizations differ: a license comes, a name changes, a list fails, a value is held."""

    def polls() -> list[list[Snapshot]]:
        fleet = []
        for poll in range(4):
            of_poll = []
            for number, organization in enumerate(FLEET):
                if poll == 0 and number == 5:
                    continue  # it joins the fleet later
                licenses = tuple(usage(f"{number}-{which}", 10 + poll * (which == number)) for which in range(3))
                joined = (usage(f"{number}-new", 1),) if poll >= 2 and number == 1 else ()
                status = CollectionStatus.FAILED if poll == number else CollectionStatus.OK
                snapshot = taken(
                    f"2026-11-23 1{poll}:00",
                    organization=replace(organization, name="Renamed") if poll == 3 and number == 2 else organization,
                    people=100 + poll * number,
                    messages_created=None if (poll, number) == (1, 3) else 5,
                    licenses=None if (poll, number) == (2, 4) else licenses + joined,
                    collections=[Collection("people", status, 1, 0.5)],
                    windows=[window("events", f"2026-11-23 {9 + poll:02}:00", f"2026-11-23 {10 + poll}:00")],
                )
                held = frozenset({"people"} if number == 0 and poll == 2 else ())
                of_poll.append(replace(snapshot, held=held))
            fleet.append(of_poll)
        return fleet

    return polls()


def rows_of(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """All that is stored, but for when the views were made."""
    with engine.connect() as connection:
        return {
            table.name: sorted(
                (tuple(row) for row in connection.execute(select(table)) if "public_view" not in row), key=repr
            )
            for table in metadata.sorted_tables
            if table is not public_view
        }


@pytest.mark.parametrize("kind", ENGINES)
def test_what_is_saved_together_is_what_is_saved_one_by_one(request, tmp_path, story, kind):
    make = request.getfixturevalue("postgres").make if kind == "postgres" else lambda: str(tmp_path / "other.db")
    together, single = open_database(request.getfixturevalue(f"{kind}_location")), open_database(make())
    for poll in story:
        assert save_all(together, poll) == [save(single, snapshot) for snapshot in poll]
    assert rows_of(together) == rows_of(single)
    assert find_damage(together) == ()
    names = [organization.webex_id for organization in FLEET]
    of_each = [one for name in names for one in read(single, latest, [name])]
    assert read(together, latest, names) == tuple(sorted(of_each, key=lambda one: one.organization.name))
    together.dispose()
    single.dispose()


@pytest.mark.parametrize("kind", ENGINES)
def test_what_is_over_is_kept_of_all_at_once_as_of_each_alone(request, tmp_path, taken, kind):
    """The days of one end hours later, one is new, and the first changed every half an hour of a whole day."""
    make = request.getfixturevalue("postgres").make if kind == "postgres" else lambda: str(tmp_path / "other.db")
    together, single = open_database(request.getfixturevalue(f"{kind}_location")), open_database(make())
    begin = taken("2026-11-29 12:00").taken_at
    for number in range(76):
        at = begin + timedelta(minutes=30) * number
        poll = [
            replace(
                taken(
                    "2026-11-29 12:00",
                    organization=organization,
                    people=100 + number * (which == 0),
                    messages_created=None if number % 5 == which else which,
                    licenses=None if (number % 7, which) == (0, 1) else [usage(f"{which}-1", 10 + number // 9)],
                ),
                taken_at=at,
            )
            for which, organization in enumerate(FLEET[:4])
            if which == 0 or (number % 6 == 0 and (which < 3 or number >= 30))
        ]
        assert save_all(together, poll) == [save(single, snapshot) for snapshot in poll]
        if number == 0:
            for each in (together, single):
                enter_timezone(each, 3, TimeZone("America/Los_Angeles"), Signature(begin, "Anna"))
    stored = rows_of(together)
    assert stored == rows_of(single)
    kept = {name: {row[:2] for row in stored[name]} for name in ("count_month", "count_day", "product_day")}
    assert kept["count_month"] == {(1, "2026-11"), (2, "2026-11"), (4, "2026-11")}
    assert {(owner, str(day)) for owner, day in kept["count_day"]} == {(1, "2026-11-30")}
    assert {(owner, str(day)) for owner, day in kept["product_day"]} == {
        *((owner, f"2026-11-{day}") for owner in (1, 2) for day in (29, 30)),
        (3, "2026-11-29"),
        (4, "2026-11-30"),
    }
    assert find_damage(together) == ()
    together.dispose()
    single.dispose()


def test_what_a_later_poll_has_overtaken_is_left_out_of_a_fleet(sqlite_engine, taken):
    save(sqlite_engine, taken("2026-11-23 15:05", organization=FLEET[1], people=3))
    fleet = [taken("2026-11-23 15:00", organization=of, seconds=300, people=1) for of in FLEET[:3]]
    first, overtaken, last = save_all(sqlite_engine, fleet)
    assert (first, last) == (1, 1)
    assert isinstance(overtaken, OvertakenError)
    assert [(one.number, one.counts[0].value) for one in read(sqlite_engine, latest)] == [(1, 1), (1, 3), (1, 1)]


def test_a_fleet_of_which_a_part_was_stored_before_the_connection_was_lost_is_stored_once(sqlite_engine, taken):
    fleet = [taken("2026-11-23 15:00", organization=organization, people=1) for organization in FLEET]
    save_all(sqlite_engine, fleet[:3])
    assert save_again(sqlite_engine, fleet) == [1] * len(FLEET)
    assert [one.number for one in read(sqlite_engine, latest)] == [1] * len(FLEET)


def test_two_pollers_of_one_fleet_wait_for_each_other_and_count_each_event_once(engine, taken, window):
    """Each meets the organizations in another order, and all of them are new."""
    opened = taken("2026-11-23 12:00").taken_at

    def poll(direction: int) -> None:
        own = open_database(engine.url.render_as_string(hide_password=False))
        for number in range(6):
            windows = read(own, event_windows)
            fleet = []
            for organization in FLEET[::direction]:
                begins = windows.get((organization.webex_id, "events"), opened)
                ends = opened + timedelta(minutes=5 * number + direction + 1)
                event_window = replace(window("events", "2026-11-23 12:00", "2026-11-23 12:00"), opened_at=begins)
                snapshot = taken(
                    f"2026-11-23 1{number}:00:{30 + direction}",
                    organization=organization,
                    messages_created=max(0, int((ends - begins).total_seconds())),
                    windows=[replace(event_window, counted_until=max(begins, ends))],
                )
                fleet.append(snapshot)
            save_all(own, fleet)
        own.dispose()

    with ThreadPoolExecutor(2) as pollers:
        list(pollers.map(poll, (1, -1)))
    stored = read(engine, latest)
    assert len(stored) == len(FLEET)
    ends = read(engine, event_windows)
    for one in stored:
        (messages,) = [count.value for count in one.counts if count.metric is Metric.MESSAGES_CREATED]
        assert messages == (ends[one.organization.webex_id, "events"] - opened).total_seconds()
    assert find_damage(engine) == ()
