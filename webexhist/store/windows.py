"""The chains of event windows: every event is counted by exactly one poll."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select, update

from webexhist.snapshot import COUNTERS_OF_SOURCE, CollectorRun, CollectorStatus, EventWindow, Metric
from webexhist.store.database import place_of
from webexhist.store.errors import driver_errors_explained
from webexhist.store.moments import read_moment, to_the_millisecond
from webexhist.store.schema import event_window, organization


@dataclass(frozen=True, slots=True)
class MovedChains:
    """What came of joining a snapshot's windows to the stored chains."""

    uncountable: frozenset[Metric]
    """Counters whose events another poll counted in the meantime: what this one counted must not be added."""
    reports: tuple[CollectorRun, ...]
    """One for each window that did not begin where its chain ended."""


def event_windows(engine: Engine) -> Mapping[tuple[str, str], datetime]:
    """Until when events are counted, by the organization's id at Webex and source: the next windows open there."""
    ends = select(organization.c.webex_id, event_window.c.source, event_window.c.counted_until).join(organization)
    with driver_errors_explained(place_of(engine)), engine.connect() as connection:
        return {(webex_id, source): read_moment(until) for webex_id, source, until in connection.execute(ends)}


def move_chains(connection: Connection, organization_id: int, windows: tuple[EventWindow, ...]) -> MovedChains:
    """Stores the windows' ends. One that opens before its chain's end is left out, after it is a gap."""
    uncountable: set[Metric] = set()
    reports: list[CollectorRun] = []
    for window in windows:
        opened_at, counted_until = to_the_millisecond(window.opened_at), to_the_millisecond(window.counted_until)
        chain = (event_window.c.organization_id == organization_id) & (event_window.c.source == window.source)
        chain_ends = connection.scalar(select(event_window.c.counted_until).where(chain))
        if chain_ends is None:
            connection.execute(
                insert(event_window).values(
                    organization_id=organization_id,
                    source=window.source,
                    opened_at=opened_at,
                    counted_until=counted_until,
                )
            )
            continue
        if opened_at < chain_ends:
            uncountable |= COUNTERS_OF_SOURCE[window.source]
            reports.append(_report(window, f"another poll has counted the events from {opened_at} to {chain_ends}"))
            continue
        if opened_at > chain_ends:
            reports.append(_report(window, f"the events from {chain_ends} to {opened_at} can no longer be counted"))
        connection.execute(update(event_window).where(chain).values(counted_until=counted_until))
    return MovedChains(frozenset(uncountable), tuple(reports))


def _report(window: EventWindow, error: str) -> CollectorRun:
    return CollectorRun(f"{window.source} window", CollectorStatus.FAILED, requests=0, seconds=0.0, error=error)
