"""The chains of event windows: every event is counted by exactly one poll."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, text

from webexhist.metrics import COUNTERS_OF_SOURCE, Metric
from webexhist.snapshot import Collection, CollectionStatus, EventWindow, TimeSpan
from webexhist.store.by_organization import of_organizations
from webexhist.store.dialects import spelled_out
from webexhist.store.opening.history import History
from webexhist.store.schema import event_window, unplaced_event
from webexhist.store.seals.checksums import of_window
from webexhist.store.seals.sealing import resealed
from webexhist.store.times import milliseconds_in_words as at
from webexhist.store.times import milliseconds_of, moment_of_milliseconds, seconds_of

_ALL_ENDS = text("""
SELECT o.uuid, w.source, w.counted_until FROM event_window w JOIN organization o ON o.id = w.organization_id
""")
_ALL_LENGTHS = text("""
SELECT o.uuid, w.source, w.part_seconds FROM event_window w JOIN organization o ON o.id = w.organization_id
WHERE w.part_seconds IS NOT NULL
""")
_ALL_AHEAD = text("""
SELECT o.uuid, w.source, w.ahead_after, w.ahead_until FROM event_window w
JOIN organization o ON o.id = w.organization_id WHERE w.ahead_after IS NOT NULL AND w.ahead_until IS NOT NULL
""")
_CHAIN = "organization_id, source, checksum, opened_at, counted_until, part_seconds, ahead_after, ahead_until"
_END = text(f"""
SELECT {_CHAIN} FROM event_window WHERE organization_id = :organization_id AND source = :source
""")  # noqa: S608  (the names stand here)
_CHAINS = of_organizations(f"""
SELECT {_CHAIN} FROM event_window WHERE organization_id IN :organizations
""")  # noqa: S608
_MOVED_END = text("""
INSERT INTO event_window (organization_id, source, opened_at, counted_until, checksum, part_seconds, ahead_after,
  ahead_until)
VALUES (:organization_id, :source, :opened_at, :counted_until, :checksum, :part_seconds, :ahead_after, :ahead_until)
ON CONFLICT (organization_id, source) DO UPDATE SET
  counted_until = excluded.counted_until, checksum = excluded.checksum, part_seconds = excluded.part_seconds,
  ahead_after = excluded.ahead_after, ahead_until = excluded.ahead_until
""")
_UNPLACED = text("""
SELECT o.uuid, e.source, e.event FROM unplaced_event e JOIN organization o ON o.id = e.organization_id
""")
_MET = text("""
INSERT INTO unplaced_event (organization_id, source, event, kept_until)
VALUES (:organization_id, :source, :event, :kept_until)
ON CONFLICT (organization_id, source, event) DO UPDATE SET kept_until = excluded.kept_until
""")
_KEPT_SINCE = of_organizations("""
SELECT organization_id, source, min(kept_until) AS first_day FROM unplaced_event
WHERE organization_id IN :organizations GROUP BY organization_id, source
""")
_FORGOTTEN = text("""
DELETE FROM unplaced_event WHERE organization_id = :organization_id AND source = :source AND kept_until < :day
""")
# A total that rose from one poll to the next, both of them after a time. A snapshot of the second after the one
# before may have been put there, whatever its own time was.
_COUNTED_AFTER = """
SELECT 1 FROM metric m
JOIN reading r ON r.organization_id = m.organization_id AND r.metric_id = m.id AND r.number > :first
JOIN snapshot s ON s.organization_id = r.organization_id AND s.number = r.number
JOIN snapshot p ON p.organization_id = r.organization_id AND p.number = r.number - 1
WHERE m.organization_id = :organization_id AND m.license_id IS NULL AND m.name = :metric
  AND s.taken_at > p.taken_at + 1
  AND r.value > (SELECT b.value FROM reading b WHERE b.organization_id = r.organization_id
    AND b.metric_id = r.metric_id AND b.number < r.number ORDER BY b.number DESC LIMIT 1)
LIMIT 1
"""
_FIRST_AFTER = """
SELECT number FROM snapshot WHERE organization_id = :organization_id AND moment(taken_at) > moment(:after)
ORDER BY moment(taken_at) LIMIT 1
"""


LONGEST_PART = 366 * 24 * 3600
"""In seconds: more than any window is long."""


@dataclass(frozen=True, slots=True)
class MovedChains:
    """What came of joining a snapshot's windows to the stored chains."""

    counted_already: frozenset[Metric]
    """Counters whose events another poll counted in the meantime: they stay at the total that holds up to there."""
    reports: tuple[Collection, ...]
    """One for each window that did not begin where its chain ended, or where something else changed that end."""


def event_windows(history: History) -> Mapping[tuple[str, str], datetime]:
    """Until when events are counted, by the organization's UUID and source: the next windows open there."""
    rows = history.connection.execute(_ALL_ENDS)
    return {(uuid, source): moment_of_milliseconds(end) for uuid, source, end in rows}


def part_lengths(history: History) -> Mapping[tuple[str, str], timedelta]:
    """How long a part of a window fitted into the last poll, by organization and source, where not all of it did."""
    rows = history.connection.execute(_ALL_LENGTHS)
    # What no poll has stored is damage, and no length: the next poll then begins with the whole window.
    return {
        (uuid, source): timedelta(seconds=seconds) for uuid, source, seconds in rows if 1 <= seconds <= LONGEST_PART
    }


def ahead_of_windows(history: History) -> Mapping[tuple[str, str], TimeSpan]:
    """What is counted beyond those ends, by organization and source."""
    rows = history.connection.execute(_ALL_AHEAD)
    return {
        (uuid, source): TimeSpan(moment_of_milliseconds(after), moment_of_milliseconds(until))
        for uuid, source, after, until in rows
        if after
    }


def goes_on(connection: Connection, organization_id: int, window: EventWindow) -> bool:
    """Whether a window goes on from where its chain stands, which is where it was left."""
    chain = connection.execute(_END, {"organization_id": organization_id, "source": window.source}).one_or_none()
    if chain is None or _is_changed(chain):
        return False
    return chain.counted_until == milliseconds_of(window.opened_at) and _found(chain, window)


def _is_changed(chain: Row[Any]) -> bool:
    """Whether something else changed where a chain stands."""
    return bool(chain.checksum != of_window(chain.organization_id, chain.source, chain[3:]))


def _found(chain: Row[Any], window: EventWindow) -> bool:
    """Whether beyond the chain's end no more and no less is counted than the window was counted by."""
    found = window.found_ahead
    return bool(chain.ahead_after == (milliseconds_of(found.after) if found else None))


def unplaced_events(history: History) -> Mapping[tuple[str, str], frozenset[str]]:
    """Fingerprints of the unplaced events that were counted, by the organization's UUID and source."""
    found: dict[tuple[str, str], set[str]] = {}
    for uuid, source, event in history.connection.execute(_UNPLACED):
        found.setdefault((uuid, source), set()).add(event)
    return {key: frozenset(events) for key, events in found.items()}


def move_chains(connection: Connection, windows: Mapping[int, Iterable[EventWindow]]) -> Mapping[int, MovedChains]:
    """Stores the ends of windows, by organization.

    One that opens before its chain's end is left out, and one that opens after it leaves a gap, unless it is empty.
    """
    rows = connection.execute(_CHAINS, {"organizations": list(windows)})
    chains = {(row.organization_id, row.source): row for row in rows}
    moved: list[_MovedWindow] = []
    joined = {
        organization_id: _join(connection, organization_id, of_organization, chains, moved)
        for organization_id, of_organization in windows.items()
    }
    _move_ends(connection, moved)
    _remember(connection, moved)
    return joined


@dataclass(frozen=True, slots=True)
class _MovedWindow:
    """A window by which a chain becomes longer."""

    organization_id: int
    window: EventWindow
    begins_at: int
    """Where its chain opened."""
    is_first: bool
    """Whether the chain opens with it."""


def _join(
    connection: Connection,
    organization_id: int,
    windows: Iterable[EventWindow],
    chains: Mapping[tuple[int, str], Row[Any]],
    moved: list[_MovedWindow],
) -> MovedChains:
    """Adds those of an organization's windows that join their chains to `moved`, and names the others."""
    counted_already: set[Metric] = set()
    reports: list[Collection] = []
    for window in windows:
        opened_at = milliseconds_of(window.opened_at)
        chain = chains.get((organization_id, window.source))
        chain_end = chain.counted_until if chain else opened_at
        if window.future_end and chain_end == milliseconds_of(window.future_end):
            if _is_counted_after(connection, organization_id, window):
                counted_already.update(COUNTERS_OF_SOURCE[window.source])
                reason = (
                    f"the clocks show {at(opened_at)}, but events of later are counted: what happened after"
                    f" {at(chain_end)} is counted when they are right"
                )
                reports.append(_report(window, CollectionStatus.NOTICE, reason))
                continue
            reason = (
                f"the events up to {at(opened_at)} are not counted:"
                f" the last window ended in the future, {at(chain_end)}"
            )
            reports.append(_report(window, CollectionStatus.GAP, reason))
        elif opened_at < chain_end or (chain and not _found(chain, window)):
            counted_already.update(COUNTERS_OF_SOURCE[window.source])
            reason = f"another poll has counted the events from {at(opened_at)} to {at(chain_end)}"
            reports.append(_report(window, CollectionStatus.NOT_USED, reason))
            continue
        elif opened_at > chain_end and milliseconds_of(window.counted_until) == opened_at:
            counted_already.update(COUNTERS_OF_SOURCE[window.source])
            continue  # of a first poll beside another one, which opened the chain: it counted nothing
        elif opened_at > chain_end:
            reason = f"the events from {at(chain_end)} to {at(opened_at)} can no longer be counted"
            reports.append(_report(window, CollectionStatus.GAP, reason))
        elif chain and _is_changed(chain):
            reason = (
                f"something else than webexhist changed until when events are counted, {at(chain_end)} now:"
                " some may be counted twice, or not at all"
            )
            reports.append(_report(window, CollectionStatus.NOTICE, reason))
        moved.append(_MovedWindow(organization_id, window, chain.opened_at if chain else opened_at, chain is None))
    return MovedChains(frozenset(counted_already), tuple(reports))


def _is_counted_after(connection: Connection, organization_id: int, window: EventWindow) -> bool:
    """Whether polls found events of after the time at which a window opens, which then is not the present.

    Where clocks were ahead nothing had happened yet at the times which they showed. So a chain that goes back there
    has nothing to count twice.
    """
    of_organization = {"organization_id": organization_id}
    after = of_organization | {"after": seconds_of(window.opened_at)}
    first = connection.scalar(spelled_out(connection, _FIRST_AFTER), after)
    return first is not None and any(
        connection.scalar(text(_COUNTED_AFTER), of_organization | {"first": first, "metric": metric.value})
        for metric in COUNTERS_OF_SOURCE[window.source]
    )


def _move_ends(connection: Connection, moved: Sequence[_MovedWindow]) -> None:
    """Stores the ends of windows; a chain that is not there yet opens with its window."""
    if not moved:
        return
    opening = sorted({each.organization_id for each in moved if each.is_first})
    # Which chains there are is sealed when one opens: a poll that moves ends has nothing more to write.
    with resealed(connection, opening, event_window) if opening else nullcontext():
        connection.execute(_MOVED_END, [_moved_end(each) for each in moved])


def _moved_end(moved: _MovedWindow) -> dict[str, int | str | None]:
    window = moved.window
    # Never back: what is counted would be counted again.
    counted_until = max(milliseconds_of(window.opened_at), milliseconds_of(window.counted_until))
    row: dict[str, int | str | None] = {
        "opened_at": moved.begins_at,
        "counted_until": counted_until,
        "part_seconds": max(1, round(window.next_part.total_seconds())) if window.next_part else None,
        "ahead_after": milliseconds_of(window.ahead.after) if window.ahead else None,
        "ahead_until": milliseconds_of(window.ahead.until) if window.ahead else None,
    }
    checksum = of_window(moved.organization_id, window.source, row.values())
    return row | {"organization_id": moved.organization_id, "source": window.source, "checksum": checksum}


def _remember(connection: Connection, moved: Sequence[_MovedWindow]) -> None:
    """Keeps which unplaced events were met, and forgets those that no window can meet any more."""
    ids = sorted({each.organization_id for each in moved})
    kept_since = {
        (row.organization_id, row.source): row.first_day
        for row in connection.execute(_KEPT_SINCE, {"organizations": ids})
    }
    met: list[dict[str, int | str]] = []
    forgotten: list[dict[str, int | str]] = []
    for each in moved:
        of_source: dict[str, int | str] = {"organization_id": each.organization_id, "source": each.window.source}
        unplaced = sorted(each.window.unplaced.items())
        met += [of_source | {"event": event, "kept_until": until.isoformat()} for event, until in unplaced]
        day = each.window.counted_until.date().isoformat()
        if unplaced or kept_since.get((each.organization_id, each.window.source), day) < day:
            forgotten.append(of_source | {"day": day})
    if forgotten:
        concerned = sorted({int(each["organization_id"]) for each in forgotten})
        with resealed(connection, concerned, unplaced_event):
            if met:
                connection.execute(_MET, met)
            connection.execute(_FORGOTTEN, forgotten)


def _report(window: EventWindow, status: CollectionStatus, reason: str) -> Collection:
    return Collection(f"{window.source} window", status, requests=0, seconds=0.0, error=reason)
