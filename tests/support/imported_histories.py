"""Histories as lines of text, which `webexhist import` brings in: the cheapest way to a history of months.

lines = history("2025-10-01", "2026-10-31 18:00", licenses=lambda at: [seats(500, 480)])
imported(lines, run)            # a database with it, by the command itself
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from commands import CommandLine
from sqlalchemy import Engine

from webexhist.export.snapshot_lines import read_lines
from webexhist.importing import counts_of_collectors
from webexhist.store.carrying.bring import Brought, Importer, bring_in
from webexhist.store.carrying.staged import staging

ACME = {"id": "11111111-2222-3333-4444-555555555555", "name": "Acme Example"}
Row = Mapping[str, Any]


def seats(
    purchased: int | None,
    assigned: int | None,
    *,
    code: str = "BCSTD",
    name: str = "Webex Calling - Professional",
    subscription: str | None = "Sub100",
    site: str | None = None,
    id_: str | None = None,
    **others: Any,
) -> Row:
    """A row of a list of licenses; its id follows from code, subscription and site unless one is given."""
    return {
        "id": id_ or "-".join(filter(None, (code, subscription, site))),
        "name": name,
        "code": code,
        "subscription": subscription,
        "site": site,
        "purchased": purchased,
        "assigned": assigned,
        "assigned_to_users": assigned,
        "assigned_to_workspaces": None if assigned is None else 0,
        **others,
    }


def moment(written: str) -> datetime:
    """A day or a time, UTC."""
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def history(
    first: str,
    last: str,
    licenses: Callable[[datetime], Sequence[Row] | None],
    *,
    every: timedelta = timedelta(hours=6),
    organization: Mapping[str, str] = ACME,
    counts: Callable[[datetime], Mapping[str, int | None]] = lambda at: {},
    activity: Callable[[datetime], Mapping[str, int | None]] = lambda at: {},
    without: Callable[[datetime], bool] = lambda at: False,
    **others: Any,
) -> list[str]:
    """A line for each snapshot from the first time to the last, where `without` does not leave it out."""
    at, end, lines = moment(first), moment(last), []
    while at <= end:
        if not without(at):
            lines.append(
                line(at, licenses(at), organization=organization, counts=counts(at), activity=activity(at), **others)
            )
        at += every
    return lines


def line(
    at: datetime | str,
    licenses: Sequence[Row] | None,
    *,
    organization: Mapping[str, str] = ACME,
    counts: Mapping[str, int | None] | None = None,
    activity: Mapping[str, int | None] | None = None,
    **others: Any,
) -> str:
    """One line; `others` are further keys of it."""
    taken_at = at if isinstance(at, str) else f"{at:%Y-%m-%dT%H:%M:%SZ}"
    taken: dict[str, Any] = {
        "taken_at": taken_at,
        "organization": dict(organization),
        "counts": dict(counts or {}),
    }
    if activity:
        taken["activity"] = dict(activity)
    return json.dumps(taken | {"licenses": licenses} | others)


def imported(lines: Iterable[str], run: CommandLine, file: Path | None = None) -> None:
    """Imports the lines by the command, into the database that it goes by."""
    written = file or Path("history.jsonl")
    written.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = run("import", written)
    assert done.code == 0, done.stderr


def brought(engine: Engine, *lines: str) -> tuple[Brought, ...]:
    """Brings the lines into a database that is open."""
    by = Importer("anna", datetime(2026, 11, 25, 12, tzinfo=UTC))
    with staging() as staged:
        staged.add(read_lines(enumerate(lines, 1)))
        return bring_in(engine, staged, counts_of_collectors(), by, lambda each, _: each)
