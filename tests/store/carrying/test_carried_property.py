"""A history carried out and in again, in whatever order, gives the rows that it gave before."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_polls import polls, stories
from searching import examples
from sqlalchemy import Engine, text

from webexhist.export.snapshot_lines import read_lines, snapshot_line
from webexhist.importing import counts_of_collectors
from webexhist.seat_counts import AccountPeople, GroupSeats, SeatCounts, SeatSweep
from webexhist.seats import are_seats
from webexhist.snapshot import LicenseUsage, Organization
from webexhist.store.carrying.bring import Importer, bring_in
from webexhist.store.carrying.carry_out import carried_out
from webexhist.store.carrying.staged import staging
from webexhist.store.opening.history import reading
from webexhist.store.saving.save import save
from webexhist.store.seals.damage import find_damage

SAME = (
    "counts",
    "count_deltas",
    "license_usage",
    "license_deltas",
    "daily_counts",
    "monthly_counts",
    "daily_licenses",
    "monthly_licenses",
    "daily_products",
    "monthly_products",
    "daily_activity",
    "latest_counts",
    "latest_licenses",
    "seat_activity",
    "seat_people",
)
ACCOUNTS = ((None, 0, 3), ("EE · Sub1", None, None))
numbers = count(1)


def swept(moment: datetime, listed: Sequence[LicenseUsage]) -> SeatSweep | None:
    """A sweep of every other day: of each license two groups, one of which is small where few hold it."""
    if moment.day % 2:
        return None
    seats = [
        GroupSeats(each.license.webex_id, group, SeatCounts(active=active, idle_30=idle, hidden=1, external=external))
        for each in listed
        for group, active, idle, external in (("Sales & =1+1", 9, moment.day % 5, None), ("others", 2, 3, 4))
    ]
    people = [AccountPeople("Sub1", product, 2, 40 + moment.day, least, most) for product, least, most in ACCOUNTS]
    return SeatSweep(moment, "department", tuple(seats), tuple(people))


def polled(engine: Engine, story: Sequence[Any]) -> list[str]:
    """Saves a story as one of a new organization; returns its lines."""
    organization = Organization(f"organization {next(numbers)}", "Acme")
    moment = datetime(2026, 1, 30, 12, tzinfo=UTC)
    for gap, seen in story:
        moment += gap
        # What a poll says of a list without licenses rests on the lists before: the rule has tests of its own.
        listed = tuple(map(as_listed, seen.licenses)) if seen.licenses else None
        save(
            engine,
            replace(
                seen, organization=organization, taken_at=moment, licenses=listed, seats=swept(moment, listed or ())
            ),
        )
    with reading(engine) as history:
        row = history.connection.scalar(
            text("SELECT id FROM organization WHERE webex_id = :id"), {"id": organization.webex_id}
        )
        return [snapshot_line(each) for each in carried_out(history, counts_of_collectors(), row)]


def as_listed(usage: LicenseUsage) -> LicenseUsage:
    """With what follows from an id and a subscription, as collectors have it."""
    known = usage.license
    code = known.code.upper()
    return replace(usage, license=replace(known, code=code, counted=are_seats(code, known.name)))


def brought_in(engine: Engine, lines: Sequence[str], organization: str) -> None:
    renamed = [line.replace('"id": "organization ', f'"id": "{organization} ', 1) for line in lines]
    with staging() as staged:
        staged.add(read_lines(enumerate(renamed, 1)))
        bring_in(
            engine,
            staged,
            counts_of_collectors(),
            Importer("anna", datetime(2026, 12, 1, tzinfo=UTC)),
            lambda each, _: each,
        )


def rows_of(engine: Engine, prefix: str) -> dict[str, list[str]]:
    """The rows of each view for the organization whose id begins so, without the names of organizations."""
    with engine.connect() as connection:
        own = text("SELECT id FROM organization WHERE webex_id LIKE :prefix ORDER BY id DESC LIMIT 1")
        org_id = connection.scalar(own, {"prefix": f"{prefix} %"})
        found = {
            view: connection.execute(text(f"SELECT * FROM {view} WHERE org_id = {org_id}")).all() for view in SAME
        }
    return {view: sorted(map(without_organization, rows)) for view, rows in found.items()}


def without_organization(row: Any) -> str:
    return repr([value for name, value in row._mapping.items() if name not in ("org", "org_id")])


search = settings(max_examples=examples(3, 4))


@pytest.fixture
def sound_engine(sqlite_engine: Engine) -> Iterator[Engine]:
    """A database in which nothing was changed by anything else, at the end."""
    yield sqlite_engine
    assert find_damage(sqlite_engine) == ()


def check(engine: Engine, story: Sequence[Any], seed: int) -> None:
    lines = polled(engine, story)
    expected = rows_of(engine, "organization")
    brought_in(engine, lines, "whole")
    assert rows_of(engine, "whole") == expected
    shuffled = random.Random(seed).sample(lines, len(lines))
    half = len(lines) // 2
    if any('"as_of"' in line for line in lines):
        # What is held needs the snapshot that counted it.
        shuffled.sort(key=lambda line: line in lines[half:])
    brought_in(engine, shuffled[:half] or lines, "halves")
    brought_in(engine, shuffled[half:], "halves")
    assert rows_of(engine, "halves") == expected
    brought_in(engine, lines, "halves")
    assert rows_of(engine, "halves") == expected


@pytest.mark.slow
@search
@given(stories, st.integers(0, 2**32))
def test_what_is_carried_out_and_in_again_is_the_same(sound_engine: Engine, story, seed) -> None:
    check(sound_engine, story, seed)


@pytest.mark.slow
@settings(search, max_examples=150)
@given(st.lists(polls(), min_size=1, max_size=30), st.integers(0, 2**32))
def test_what_is_carried_out_and_in_again_is_the_same_by_a_long_search(sound_engine: Engine, story, seed) -> None:
    check(sound_engine, story, seed)
