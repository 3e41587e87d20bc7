"""Whatever was saved, the views and `latest` give back: compared with a plain memory over any sequence of polls."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_polls import polls, stories
from plain_memory import Memory
from reading import read
from searching import examples
from sqlalchemy import Engine, Row, text

from webexhist.months import Month
from webexhist.snapshot import (
    Organization,
    Snapshot,
)
from webexhist.store.opening.history import reading
from webexhist.store.rows.latest import latest
from webexhist.store.rows.organization_units import units_as_stored, units_in_views
from webexhist.store.rows.polls import polled_organizations
from webexhist.store.saving.save import save


def without_organization(row: Row[Any]) -> tuple[Any, ...]:
    return tuple(value for name, value in row._mapping.items() if name not in ("org", "org_id"))


def check_views(engine: Engine, memory: Memory, organization: Organization) -> None:
    with engine.connect() as connection:
        own = text("SELECT id FROM organization WHERE webex_id = :webex_id")
        org_id = connection.scalar(own, {"webex_id": organization.webex_id})
        for view, expected in memory.all_rows().items():
            found = connection.execute(text(f"SELECT * FROM {view} WHERE org_id = {org_id}")).all()
            assert {row.org for row in found} <= {organization.name}
            assert sorted(map(without_organization, found), key=repr) == sorted(expected, key=repr), view


def check_latest(engine: Engine, memory: Memory, organization: Organization) -> None:
    (found,) = read(engine, latest, [organization.webex_id])
    taken = memory.snapshots[-1]
    assert (found.organization, found.number, found.taken_at) == (organization, len(memory.snapshots), taken.taken_at)
    assert found.previous_at == (memory.snapshots[-2].taken_at if found.number > 1 else None)
    assert (found.seconds, found.requests) == (taken.seconds, taken.requests)
    assert set(found.counts) == set(memory.latest_counts())
    expected = memory.latest_licenses()
    # What is judged of them is held where sums are compared.
    as_stored = found.licenses and {replace(each, not_judged=None) for each in found.licenses}
    assert as_stored == (expected and set(expected))
    assert (found.licenses is None) == (memory.listed[-1][0] is None)
    appeared, vanished = memory.appeared_and_vanished()
    assert {seen.webex_id for seen in found.appeared} == appeared
    assert {seen.webex_id for seen in found.vanished} == vanished
    assert {(run.collector, run.status, run.error) for run in found.collections} == {
        (run.collector, run.status, run.error) for run in taken.collections
    }


def check_units(engine: Engine, story: list[datetime]) -> None:
    """What is read as it is stored gives the same days and months as the views do, from whatever day on."""
    with reading(engine) as history:
        organization = max(each.id for each in polled_organizations(history))
        for first in {story[0].date(), story[len(story) // 2].date()}:
            days, months = (first, story[-1].date()), (Month.of(first), Month.of(story[-1].date()))
            viewed = units_in_views(history, organization, days, months)
            stored = units_as_stored(history, organization, days, months)
            by_day = viewed.by_day()
            assert stored.by_day() == by_day
            is_whole = first.day == 1 or first == story[0].date()  # a month that is begun with a later day has fewer
            for licenses in {tuple(by_day)[:1], tuple(by_day)} - {()}:
                of_views, as_stored = viewed.sums_of(licenses), stored.sums_of(licenses)
                assert as_stored.days == of_views.days
                assert not is_whole or as_stored.months == of_views.months


organization_numbers = count(1)


def check_history(engine: Engine, story: list[tuple[timedelta, Snapshot]]) -> None:
    """Saves the story as one of a new organization among those that the database holds already."""
    number = next(organization_numbers)
    organization = Organization(f"organization {number}", f"Acme {number}")
    memory = Memory()
    moment = datetime(2026, 1, 30, 12, tzinfo=UTC)
    for gap, seen in story:
        moment += gap
        taken = replace(seen, organization=organization, taken_at=moment)
        memory.remember(taken)
        assert save(engine, taken) == len(memory.snapshots)
        check_latest(engine, memory, organization)
    check_views(engine, memory, organization)
    check_units(engine, [snapshot.taken_at for snapshot in memory.snapshots])


# Every example is an organization of its own, so that examples can share the database.
@settings(max_examples=examples(4, 60))
@given(stories)
def test_whatever_was_saved_comes_back(sqlite_engine: Engine, story: list[tuple[timedelta, Snapshot]]) -> None:
    check_history(sqlite_engine, story)


@pytest.mark.slow
@settings(max_examples=examples(1, 15))
@given(stories)
def test_whatever_was_saved_comes_back_from_postgres(
    postgres_engine: Engine, story: list[tuple[timedelta, Snapshot]]
) -> None:
    check_history(postgres_engine, story)


@pytest.mark.slow
@settings(max_examples=400)
@given(st.lists(polls(), min_size=1, max_size=30))
def test_whatever_was_saved_comes_back_from_a_long_search(
    sqlite_engine: Engine, story: list[tuple[timedelta, Snapshot]]
) -> None:
    check_history(sqlite_engine, story)
