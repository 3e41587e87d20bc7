"""Gives the snapshots of a database as they travel: whole, one after the other, never all at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, text

from webexhist.carried import CarriedCollection, CarriedLicense, CarriedSnapshot
from webexhist.snapshot import LICENSES_HELD, CollectionStatus
from webexhist.store.carrying.ledger import Ledger
from webexhist.store.carrying.stored_state import StoredState
from webexhist.store.carrying.sweeps import StoredSweeps
from webexhist.store.carrying.tail import TailSnapshot, stored_snapshots
from webexhist.store.opening.history import History
from webexhist.store.times import LAST_SECOND, moment_of, seconds_of

_ORGANIZATIONS = text("SELECT id, webex_id FROM organization ORDER BY id")
_TIME = text("SELECT taken_at FROM snapshot WHERE organization_id = :organization_id AND number = :number")


def carried_out(
    history: History,
    counts_of: Mapping[str, tuple[str, ...]],
    organization: int | None = None,
    from_: datetime | None = None,
    to: datetime | None = None,
) -> Iterator[CarriedSnapshot]:
    """The snapshots of one organization or of all, by organization and time, from one moment to another.

    `counts_of` says what each collector counts.
    """
    first = seconds_of(from_) if from_ else 0
    last = seconds_of(to) if to else LAST_SECOND
    for row in history.connection.execute(_ORGANIZATIONS).all():
        if organization in (None, row.id):
            reader = _SnapshotReader(history.connection, row.id, row.webex_id, counts_of)
            yield from reader.snapshots(first, last)


@dataclass(slots=True)
class _SnapshotReader:
    """Reads the snapshots of one organization, one after the other."""

    connection: Connection
    organization_id: int
    webex_id: str
    counts_of: Mapping[str, tuple[str, ...]]
    times: dict[int, datetime] = field(default_factory=dict)
    """Of the snapshots that counted what is held now, by number."""
    sweeps: StoredSweeps = field(init=False)

    def __post_init__(self) -> None:
        self.sweeps = StoredSweeps(self.connection, self.organization_id)

    def snapshots(self, first: int, last: int) -> Iterator[CarriedSnapshot]:
        catalog = Ledger.opened(self.connection, self.organization_id, 0, None)
        state = StoredState.at(catalog)
        for stored in stored_snapshots(self.connection, self.organization_id):
            if stored.taken_at > last:
                break
            state.follow(stored)
            if stored.taken_at >= first:
                yield self._carried(catalog, state, stored, first)

    def _carried(self, catalog: Ledger, state: StoredState, stored: TailSnapshot, first: int) -> CarriedSnapshot:
        held = dict(self._held(catalog, state))
        # What was counted before the first snapshot that is carried out has no beginning: it is unknown.
        beyond = {
            name for collector, at in held.items() if seconds_of(at) < first for name in self.counts_of[collector]
        }
        listed = None if LICENSES_HELD in beyond else state.listed(catalog)
        return CarriedSnapshot(
            organization_id=self.webex_id,
            organization_name=state.name,
            taken_at=moment_of(stored.taken_at),
            counts={
                name: None if name in beyond else state.amount(series)
                for name, series in catalog.counts.items()
                if series.id in state.values
            },
            licenses=None
            if listed is None
            else tuple(CarriedLicense(known, *units) for known, units in listed.values() if known),
            collections=tuple(
                each._replace(as_of=None) if each.as_of and seconds_of(each.as_of) < first else each
                for each in self._collections(state, held)
            ),
            source=stored.source,
            seats=self.sweeps.at(stored.taken_at),
        )

    def _collections(self, state: StoredState, held: Mapping[str, datetime]) -> Iterable[CarriedCollection]:
        for collector in [*state.collections, *(name for name in held if name not in state.collections)]:
            status, error, *_ = state.collections.get(collector, (CollectionStatus.OK.value, None))
            yield CarriedCollection(collector, CollectionStatus(status), error, held.get(collector))

    def _held(self, catalog: Ledger, state: StoredState) -> Iterator[tuple[str, datetime]]:
        """The collectors whose values are held, with the times at which they were counted."""
        if not any(state.asked.values()):
            return
        for collector, names in self.counts_of.items():
            for name in names:
                series = catalog.listed if name == LICENSES_HELD else catalog.counts.get(name)
                asked = state.asked.get(series.id) if series else None
                if asked is not None:
                    yield collector, self._time(asked)
                    break

    def _time(self, number: int) -> datetime:
        if number not in self.times:
            of_number = {"organization_id": self.organization_id, "number": number}
            self.times[number] = moment_of(self.connection.scalars(_TIME, of_number).one())
        return self.times[number]
