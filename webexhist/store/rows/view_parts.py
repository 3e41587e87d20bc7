"""The rows of a view in parts, by organization and by the months of its time zone, as they come."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import text

from webexhist.errors import UsageError
from webexhist.store.dictionary import DICTIONARY, Column
from webexhist.store.opening.history import History
from webexhist.store.rows.view_rows import BOUNDED_BY, Asked, selected
from webexhist.store.times import read_written
from webexhist.time_zones import TimeZone, zone_called

KEYS = ("org_id", "month")
"""The columns that name a part: no row of a part holds them."""
_ORGANIZATIONS = text("SELECT id, timezone FROM organization ORDER BY id")
_DAYS = text("SELECT day, first_number, last_number FROM day WHERE organization_id = :organization ORDER BY day")


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of an organization's month."""

    organization_id: int
    month: str
    rows: Iterator[tuple[Any, ...]]


def part_columns(view: str) -> tuple[Column, ...]:
    """Returns the columns of a part's rows.

    Raises UsageError where the view has no organization or no time.
    """
    columns = DICTIONARY[view].columns
    names = {column.name for column in columns}
    if not names & BOUNDED_BY.keys() or "org_id" not in names:
        raise UsageError(f"the rows of {view} are not of a month", "leave --partition away")
    return tuple(column for column in columns if column.name not in KEYS)


@dataclass(frozen=True, slots=True)
class AskedMonths:
    """Which months of which organizations are asked for: whole ones, so that a part is never less than a month."""

    organizations: Mapping[int, tuple[TimeZone, str, str]]
    """Those that are stored and asked for, with their time zones, the first month and the last."""
    all_organizations: bool

    @classmethod
    def of(cls, history: History, asked: Asked) -> "AskedMonths":
        """Reads the organizations that are asked for, and finds their months in their own time zones."""
        begins = [moment for moment in (asked.first, asked.since) if moment]
        organizations = {}
        for organization_id, name in history.connection.execute(_ORGANIZATIONS):
            if asked.organization in (None, organization_id):
                zone = zone_called(name)
                first = _month(zone.day_of(max(begins))) if begins else ""
                last = _month(zone.day_of(asked.last)) if asked.last else "9999-99"
                organizations[organization_id] = (zone, first, last)
        return cls(organizations, asked.organization is None)

    def has(self, organization_id: int, month: str) -> bool:
        """Whether a month is asked for; of organizations that are not stored any more all are, where all are."""
        if organization_id not in self.organizations:
            return self.all_organizations
        _, first, last = self.organizations[organization_id]
        return first <= month <= last


def view_parts(history: History, view: str, asked: AskedMonths) -> Iterator[Part]:
    """Reads the parts that are asked for, each to be read before the next; a part may have no rows."""
    names = [column.name for column in part_columns(view)]
    has_numbers = any(column.name == "snapshot" for column in DICTIONARY[view].columns)
    parts = _by_numbers if has_numbers else _by_periods
    for organization_id, (zone, _, _) in asked.organizations.items():
        for month, rows in parts(history, view, names, organization_id, zone):
            if asked.has(organization_id, month):
                yield Part(organization_id, month, rows)


Months = Iterable[tuple[str, Iterator[tuple[Any, ...]]]]


def _by_numbers(history: History, view: str, names: Sequence[str], organization_id: int, _: TimeZone) -> Months:
    """A query a month: what a view has of all snapshots is more than is to be sorted."""
    days = history.connection.execute(_DAYS, {"organization": organization_id}).all()
    for month, group in groupby(days, key=lambda row: _month(row.day)):
        of_month = list(group)
        values = {
            "organization": organization_id,
            "first": of_month[0].first_number,
            "last": of_month[-1].last_number,
        }
        yield (
            month,
            selected(history, view, names, ["org_id = :organization", "snapshot BETWEEN :first AND :last"], values),
        )


def _by_periods(history: History, view: str, names: Sequence[str], organization_id: int, zone: TimeZone) -> Months:
    """One query of all months: a view of sums works them out together."""
    by = next(column.name for column in DICTIONARY[view].columns if column.name in BOUNDED_BY)
    rows = selected(
        history, view, [by, *names], ["org_id = :organization"], {"organization": organization_id}, order=by
    )
    for month, group in groupby(rows, key=lambda row: _month_of(row[0], zone)):
        yield month, (row[1:] for row in group)


def _month_of(cell: Any, zone: TimeZone) -> str:
    """The month of a time, a day or a month, as either database gives it."""
    if isinstance(cell, str) and len(cell) > len("2026-11-23"):
        cell = read_written(cell)
    return _month(zone.day_of(cell) if isinstance(cell, datetime) else cell)


def _month(day: date | str) -> str:
    return str(day)[: len("2026-11")]
