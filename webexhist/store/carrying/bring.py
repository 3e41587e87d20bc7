"""Brings staged lines into the database: every organization's rows in one transaction, or nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, text

from webexhist.carried import CarriedLine
from webexhist.errors import UsageError
from webexhist.license_lists import limited_units
from webexhist.snapshot import LICENSE_LIST, Collection, CollectionStatus, ListSize
from webexhist.store import schema
from webexhist.store.carrying.agreement import Spans
from webexhist.store.carrying.counted import CountedAlready
from webexhist.store.carrying.join import CountsOf, Joining
from webexhist.store.carrying.ledger import Ledger
from webexhist.store.carrying.lists import ListMemory
from webexhist.store.carrying.staged import Staged, StagedOrganization
from webexhist.store.carrying.sweeps import StoredSweeps
from webexhist.store.carrying.tail import Cut, cut_before, tail
from webexhist.store.carrying.voided_totals import VoidedTotals
from webexhist.store.engine import place_of
from webexhist.store.errors import driver_errors_explained
from webexhist.store.lineages import renew_lineages
from webexhist.store.locked_organizations import StoredOrganization, locked_organization
from webexhist.store.many_rows import count_rows
from webexhist.store.rows.last_polls import list_sizes
from webexhist.store.saving.seats import add_sweeps
from webexhist.store.saving.successions import note_successions
from webexhist.store.seals.closed_periods import open_periods
from webexhist.store.seals.days import rebuild_days
from webexhist.store.seals.sealing import seal_days, seal_tables, sealed_days
from webexhist.store.seals.undamaged import require_undamaged_days, require_undamaged_tables
from webexhist.store.seals.writing import writing_explained
from webexhist.store.set_aside import times_set_aside
from webexhist.store.times import in_words, moment_of, seconds_of

TimedLine = tuple[int, CarriedLine]
Track = Callable[[Iterator[TimedLine], int], Iterable[TimedLine]]
"""Given what is gone through and how much it is; it may show how far the work is."""

_CHANGED = (
    schema.organization,
    schema.organization_version,
    schema.origin,
    schema.imported_span,
    schema.metric,
    schema.license_,
    schema.license_version,
    schema.voided_reading,
    schema.outlook,
    schema.product_outlook,
    schema.product_outlook_license,
    schema.succession,
)
"""What is sealed anew; contracts and prices that are handed on are sealed where that is done."""
_PRUNED_UNTIL = text("""
SELECT s.taken_at FROM organization o JOIN snapshot s ON s.organization_id = o.id AND s.number = o.first_number + 1
WHERE o.id = :organization_id AND o.first_number > 1
""")
_NEW_ORGANIZATION = text("INSERT INTO organization (uuid, webex_id, name) VALUES (:uuid, :webex_id, :name)")
_LAST_SPAN = text("SELECT max(number) FROM imported_span WHERE organization_id = :organization_id")
_RENAMED = text("UPDATE organization SET name = :name WHERE id = :organization_id")
_UNDONE = tuple(
    text(statement)
    for statement in (
        "DELETE FROM outlook WHERE organization_id = :organization_id",
        "DELETE FROM product_outlook_license WHERE organization_id = :organization_id",
        "DELETE FROM product_outlook WHERE organization_id = :organization_id",
        """
        DELETE FROM succession
        WHERE organization_id = :organization_id AND decided_at IS NULL AND seen_at >= :first_at
        """,
    )
)
"""What was worked out of the snapshots that are written anew, and is worked out anew too."""
_LIST_SEEN = text("""
SELECT c.number, s.taken_at FROM collection c
JOIN snapshot s ON s.organization_id = c.organization_id AND s.number = c.number
WHERE c.organization_id = :organization_id AND c.collector = :collector
  AND c.number > coalesce((SELECT max(e.number) FROM collection e WHERE e.organization_id = :organization_id
    AND e.collector = :collector AND e.status IS NULL), 0)
ORDER BY c.number
""")
"""The snapshots in a row, up to the last one, from which on something new was reported of the list of licenses."""


@dataclass(frozen=True, slots=True)
class Importer:
    """Who brings a history in, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of the lines of an organization."""

    organization: str
    new: int
    there_already: int
    first_at: datetime | None
    """The first and the last snapshot that were not stored before; None where all were."""
    last_at: datetime | None
    newest_at: datetime
    """The newest snapshot that is stored now."""


def bring_in(
    engine: Engine, staged: Staged, counts_of: CountsOf, signed: Importer, track: Track
) -> tuple[Brought, ...]:
    """Stores the lines; those that are stored already are passed over.

    `counts_of` says what each collector counts. Raises RefusedLineError where a line contradicts what is stored; then
    nothing is changed.
    """
    with writing_explained(engine) as connection:
        require_undamaged_tables(connection)
        brought = tuple(
            _bring_in(connection, staged, each, counts_of, signed, track) for each in staged.organizations.values()
        )
    with driver_errors_explained(place_of(engine)):
        count_rows(engine)
    return brought


def _bring_in(
    connection: Connection,
    staged: Staged,
    waiting: StagedOrganization,
    counts_of: CountsOf,
    signed: Importer,
    track: Track,
) -> Brought:
    """Stores the lines of one organization; where all are stored already, the database stays as it was."""
    own = _own_organization(connection, waiting)
    _require_kept(connection, own.name, own.id, waiting.first_at)
    before = connection.begin_nested()
    cut = cut_before(connection, own.id, waiting.first_at)
    written_anew = sealed_days(connection, own.id, cut.kept + 1) if cut.last_number else []
    require_undamaged_days(connection, own.id, written_anew)
    open_periods(connection, own.id, 0)
    joining = _joined(connection, own, waiting.first_at, cut, counts_of, track(staged.of(waiting), waiting.snapshots))
    if not joining.new:
        before.rollback()
        return Brought(own.name, 0, joining.there_already, None, None, moment_of(cut.last_at or waiting.first_at))
    ledger = joining.ledger
    renew_lineages(connection, own.id)
    connection.execute(_RENAMED, {"organization_id": own.id, "name": ledger.name})
    _keep_span(connection, own.id, cut, joining, signed)
    seal_days(connection, own.id, cut.kept + 1)
    rebuild_days(connection, own.id, own.zone)
    seal_tables(connection, own.id, *_CHANGED)
    before.commit()
    return Brought(
        organization=ledger.name or own.name,
        new=joining.new,
        there_already=joining.there_already,
        first_at=moment_of(joining.added[0]),
        last_at=moment_of(joining.added[-1]),
        newest_at=moment_of(ledger.taken_at or waiting.first_at),
    )


def _joined(
    connection: Connection,
    own: StoredOrganization,
    first_at: int,
    cut: Cut,
    counts_of: CountsOf,
    lines: Iterable[TimedLine],
) -> Joining:
    """Writes the history anew from `first_at` (epoch seconds) on, out of the lines and of what was stored since."""
    aside = Spans(times_set_aside(connection, own.id))
    with tail() as stored:
        if cut.last_number > cut.kept:
            stored.take(connection, own.id, cut)
        for statement in _UNDONE:
            connection.execute(statement, {"organization_id": own.id, "first_at": first_at})
        ledger = Ledger.opened(connection, own.id, cut.kept, cut.kept_at)
        joining = Joining(
            ledger=ledger,
            memory=_list_memory(connection, ledger),
            counts_of=counts_of,
            counted=CountedAlready.read(connection, own.id),
            sweeps=StoredSweeps(connection, own.id),
            set_aside=aside,
            called=own.name,
            note_licenses=lambda number, at, ids: note_successions(connection, own.id, number, at, ids),
            note_shifts=VoidedTotals.read(connection, own.id, first_at).shift,
        )
        joining.join(stored.snapshots(), iter(lines))
        ledger.flush()
    add_sweeps(
        connection,
        [(own.id, at, sweep) for at, sweep in joining.swept],
        {own.id: {webex_id: known.id for webex_id, known in ledger.licenses.items()}},
    )
    return joining


def _keep_span(connection: Connection, organization_id: int, cut: Cut, joining: Joining, signed: Importer) -> None:
    """Stores who brought what in, and when: a finished month then says that it was rebuilt."""
    of_organization = {"organization_id": organization_id}
    span = {
        "number": (connection.scalar(_LAST_SPAN, of_organization) or 0) + 1,
        "first_at": joining.added[0],
        "last_at": joining.added[-1],
        "snapshots": joining.new,
        "stored_until": cut.last_at,
        "imported_at": seconds_of(signed.at),
        "imported_by": signed.by,
    }
    connection.execute(insert(schema.imported_span).values(**of_organization, **span))


def _own_organization(connection: Connection, waiting: StagedOrganization) -> StoredOrganization:
    """The organization's row, locked."""
    known = locked_organization(connection, waiting.webex_id)
    if known is None:
        new = {"uuid": waiting.uuid, "webex_id": waiting.webex_id, "name": waiting.name or waiting.uuid}
        connection.execute(_NEW_ORGANIZATION, new)
        known = locked_organization(connection, waiting.webex_id)
        assert known, "it was made"
    return known


def _require_kept(connection: Connection, name: str, organization_id: int, first_at: int) -> None:
    """Raises `UsageError` where lines are of a time whose history was dropped: totals go on from its end."""
    begins_at = connection.scalar(_PRUNED_UNTIL, {"organization_id": organization_id})
    if begins_at is not None and first_at < begins_at:
        raise UsageError(
            f"what was stored of {name} before {in_words(begins_at)} UTC was dropped (webexhist db prune)",
            "leave the lines before that time away",
        )


def _list_memory(connection: Connection, ledger: Ledger) -> ListMemory:
    """What was reported of the lists up to the last snapshot that stays as it is."""
    memory = ListMemory()
    if ledger.listed and ledger.listed.known is not None:
        listed = [known for known in ledger.licenses.values() if known.last_listed == 1]
        units = limited_units(known.series["purchased"].known for known in listed)
        memory.last = ListSize(ledger.listed.known, units)
    of_list = {"organization_id": ledger.organization_id, "collector": LICENSE_LIST}
    if (entry := ledger.collections.get(LICENSE_LIST)) and (rows := connection.execute(_LIST_SEEN, of_list).all()):
        memory.entry = Collection(LICENSE_LIST, CollectionStatus(entry[0]), 0, 0.0, entry[1])
        memory.began_at, memory.said_at = moment_of(rows[0].taken_at), moment_of(rows[-1].taken_at)
        sizes = list_sizes(connection, [ledger.organization_id], rows[0].number)
        memory.before = sizes.get(ledger.organization_id)
    return memory
