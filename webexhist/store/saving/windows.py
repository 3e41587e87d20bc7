"""The chains of event windows: every event is counted by exactly one poll."""

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from webexhist.metrics import COUNTERS_OF_SOURCE, Metric
from webexhist.snapshot import Collection, CollectionStatus, EventWindow
from webexhist.store.opening.history import History
from webexhist.store.schema import event_window, unplaced_event
from webexhist.store.seals.checksums import of_window
from webexhist.store.seals.sealing import resealed
from webexhist.store.times import read_moment, to_the_millisecond

_ALL_ENDS = text("""
SELECT o.uuid, w.source, w.counted_until FROM event_window w JOIN organization o ON o.id = w.organization_id
""")
_ALL_LENGTHS = text("""
SELECT o.uuid, w.source, w.part_seconds FROM event_window w JOIN organization o ON o.id = w.organization_id
WHERE w.part_seconds IS NOT NULL
""")
_END = text("""
SELECT counted_until FROM event_window WHERE organization_id = :organization_id AND source = :source
""")
_CHAINS = text("SELECT source, opened_at, counted_until FROM event_window WHERE organization_id = :organization_id")
_MOVED_END = text("""
INSERT INTO event_window (organization_id, source, opened_at, counted_until, checksum, part_seconds)
VALUES (:organization_id, :source, :opened_at, :counted_until, :checksum, :part_seconds)
ON CONFLICT (organization_id, source) DO UPDATE SET
  counted_until = excluded.counted_until, checksum = excluded.checksum, part_seconds = excluded.part_seconds
""")
_UNPLACED = text("""
SELECT o.uuid, e.source, e.event FROM unplaced_event e JOIN organization o ON o.id = e.organization_id
""")
_MET = text("""
INSERT INTO unplaced_event (organization_id, source, event, kept_until)
VALUES (:organization_id, :source, :event, :kept_until)
ON CONFLICT (organization_id, source, event) DO UPDATE SET kept_until = excluded.kept_until
""")
_TO_FORGET = text("""
SELECT 1 FROM unplaced_event
WHERE organization_id = :organization_id AND source = :source AND kept_until < :day LIMIT 1
""")
_FORGOTTEN = text("""
DELETE FROM unplaced_event WHERE organization_id = :organization_id AND source = :source AND kept_until < :day
""")


LONGEST_PART = 366 * 24 * 3600
"""In seconds: more than any window is long."""


@dataclass(frozen=True, slots=True)
class MovedChains:
    """What came of joining a snapshot's windows to the stored chains."""

    counted_already: frozenset[Metric]
    """Counters whose events another poll counted in the meantime: they stay at the total that holds up to there."""
    reports: tuple[Collection, ...]
    """One for each window that did not begin where its chain ended."""


def event_windows(history: History) -> Mapping[tuple[str, str], datetime]:
    """Until when events are counted, by the organization's UUID and source: the next windows open there."""
    rows = history.connection.execute(_ALL_ENDS)
    return {(uuid, source): read_moment(end) for uuid, source, end in rows}


def part_lengths(history: History) -> Mapping[tuple[str, str], timedelta]:
    """How long a part of a window fitted into the last poll, by organization and source, where not all of it did."""
    rows = history.connection.execute(_ALL_LENGTHS)
    # What no poll has stored is damage, and no length: the next poll then begins with the whole window.
    return {
        (uuid, source): timedelta(seconds=seconds) for uuid, source, seconds in rows if 1 <= seconds <= LONGEST_PART
    }


def chain_end(connection: Connection, organization_id: int, source: str) -> str | None:
    """Until when events are counted, as it is stored; None before the first window."""
    end: str | None = connection.scalar(_END, {"organization_id": organization_id, "source": source})
    return end


def unplaced_events(history: History) -> Mapping[tuple[str, str], frozenset[str]]:
    """Fingerprints of the unplaced events that were counted, by the organization's UUID and source."""
    found: dict[tuple[str, str], set[str]] = {}
    for uuid, source, event in history.connection.execute(_UNPLACED):
        found.setdefault((uuid, source), set()).add(event)
    return {key: frozenset(events) for key, events in found.items()}


def move_chains(connection: Connection, organization_id: int, windows: Iterable[EventWindow]) -> MovedChains:
    """Stores the windows' ends. One that opens before its chain's end is left out, after it is a gap."""
    of_organization = {"organization_id": organization_id}
    chains = {row.source: row for row in connection.execute(_CHAINS, of_organization)}
    counted_already: set[Metric] = set()
    reports: list[Collection] = []
    for window in windows:
        opened_at = to_the_millisecond(window.opened_at)
        chain = chains.get(window.source)
        chain_end = chain.counted_until if chain else opened_at
        if window.gives_up and chain_end == to_the_millisecond(window.gives_up):
            reason = f"the events up to {opened_at} are not counted: the last window ended in the future, {chain_end}"
            reports.append(_report(window, CollectionStatus.GAP, reason))
        elif opened_at < chain_end:
            counted_already.update(COUNTERS_OF_SOURCE[window.source])
            reason = f"another poll has counted the events from {opened_at} to {chain_end}"
            reports.append(_report(window, CollectionStatus.NOT_USED, reason))
            continue
        elif opened_at > chain_end:
            reason = f"the events from {chain_end} to {opened_at} can no longer be counted"
            reports.append(_report(window, CollectionStatus.GAP, reason))
        _move_end(connection, organization_id, window, chain.opened_at if chain else None)
        _remember(connection, organization_id, window)
    return MovedChains(frozenset(counted_already), tuple(reports))


def _move_end(connection: Connection, organization_id: int, window: EventWindow, chain_opened_at: str | None) -> None:
    """Stores the end of a window; a chain that is not there yet opens with it."""
    opened_at = to_the_millisecond(window.opened_at)
    begins_at = chain_opened_at or opened_at
    # Never back: what is counted would be counted again.
    counted_until = max(opened_at, to_the_millisecond(window.counted_until))
    length = max(1, round(window.next_part.total_seconds())) if window.next_part else None
    moved = {
        "organization_id": organization_id,
        "source": window.source,
        "opened_at": begins_at,
        "counted_until": counted_until,
        "checksum": of_window(organization_id, window.source, begins_at, counted_until, length),
        "part_seconds": length,
    }
    # Which chains there are is sealed when one opens: a poll that moves an end has nothing more to write.
    with nullcontext() if chain_opened_at else resealed(connection, organization_id, event_window):
        connection.execute(_MOVED_END, moved)


def _remember(connection: Connection, organization_id: int, window: EventWindow) -> None:
    """Keeps which unplaced events were met, and forgets those that no window can meet any more."""
    of_source = {"organization_id": organization_id, "source": window.source}
    met = [
        of_source | {"event": event, "kept_until": until.isoformat()}
        for event, until in sorted(window.unplaced.items())
    ]
    until_then = of_source | {"day": window.counted_until.date().isoformat()}
    if met or connection.scalar(_TO_FORGET, until_then):
        with resealed(connection, organization_id, unplaced_event):
            if met:
                connection.execute(_MET, met)
            connection.execute(_FORGOTTEN, until_then)


def _report(window: EventWindow, status: CollectionStatus, reason: str) -> Collection:
    return Collection(f"{window.source} window", status, requests=0, seconds=0.0, error=reason)
