"""A stored history as it is read through again, to be written anew with lines between its snapshots."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from webexhist.license_lists import EMPTY, limited_units
from webexhist.paces import slot_of
from webexhist.snapshot import LICENSE_LIST, Collection, CollectionStatus, License, ListSize
from webexhist.store.carrying.ledger import Fared, Ledger
from webexhist.store.carrying.lists import ListMemory
from webexhist.store.carrying.series import UNITS, LicenseSeries, Series
from webexhist.store.carrying.tail import TailSnapshot
from webexhist.store.saving.readings import LISTED
from webexhist.store.times import moment_of

NOTHING = (None,) * len(UNITS)


@dataclass(slots=True)
class StoredState:
    """What a stored snapshot says, in its own numbers and running totals: those from before the lines."""

    kept: int
    """The number of the last snapshot that is not written anew."""
    values: dict[int, int | None] = field(default_factory=dict)
    known: dict[int, int] = field(default_factory=dict)
    """The last known values before the one that holds, by metric."""
    asked: dict[int, int | None] = field(default_factory=dict)
    paces: dict[int, int] = field(default_factory=dict)
    """Of those that polls asked for once in each slot."""
    last: tuple[int, int | None] = (0, None)
    """Number and time of the snapshot before."""
    collections: dict[str, Fared] = field(default_factory=dict)
    descriptions: dict[int, License] = field(default_factory=dict)
    name: str | None = None
    """What the organization is called."""
    numbers: list[int] = field(default_factory=list)
    """The new numbers of the snapshots after `kept`, in order."""
    counts: dict[int, Series] = field(default_factory=dict)
    licenses: dict[int, LicenseSeries] = field(default_factory=dict)
    """By their rows' ids."""
    license_of: dict[int, int] = field(default_factory=dict)
    """By metric."""
    changed: set[int] = field(default_factory=set)
    """The metrics with another value than in the snapshot before."""
    described: set[int] = field(default_factory=set)
    """The licenses with another description."""

    @classmethod
    def at(cls, ledger: Ledger) -> "StoredState":
        """What the last snapshot says that is not written anew."""
        state = cls(ledger.number, last=(ledger.number, ledger.taken_at))
        for series in _all_series(ledger):
            if series.key.license_id is not None:
                state.license_of[series.id] = series.key.license_id
            else:
                state.counts[series.id] = series
            if series.first_number is not None:
                state.values[series.id] = series.value
                state.asked[series.id] = series.asked
                if series.pace is not None:
                    state.paces[series.id] = series.pace
                if series.known is not None:
                    state.known[series.id] = series.known
        for known in ledger.licenses.values():
            state.licenses[known.id] = known
            if known.description:
                state.descriptions[known.id] = known.description
        state.collections, state.name = dict(ledger.collections), ledger.name
        return state

    def follow(self, snapshot: TailSnapshot) -> None:
        """Goes on to a stored snapshot."""
        self.changed.clear()
        self.described.clear()
        for metric_id, value in snapshot.rows.get("reading", ()):
            before = self.values.get(metric_id)
            if before is not None:
                self.known[metric_id] = before
            self.values[metric_id] = value
            self.changed.add(metric_id)
        self._follow_holds(snapshot)
        for collector, status, error, requests, seconds in snapshot.rows.get("collection", ()):
            if status is None:
                self.collections.pop(collector, None)
            else:
                self.collections[collector] = (status, error, requests, seconds)
        for (name,) in snapshot.rows.get("organization_version", ()):
            self.name = name
        for license_id, *described, counted in snapshot.rows.get("license_version", ()):
            called, code, subscription, site, site_type = described
            webex_id = self.licenses[license_id].webex_id
            seen = License(webex_id, called, code, subscription, site, site_type, bool(counted))
            self.descriptions[license_id] = seen
            self.described.add(license_id)

    def _follow_holds(self, snapshot: TailSnapshot) -> None:
        number, taken_at = self.last
        for metric_id, pace in self.paces.items():
            if taken_at is None or slot_of(taken_at, pace) != slot_of(snapshot.taken_at, pace):
                self.asked[metric_id] = None
            else:
                self.asked[metric_id] = self.asked[metric_id] or number
        for metric_id, asked, pace in snapshot.rows.get("held", ()):
            self.asked[metric_id] = asked
            self.paces.pop(metric_id, None)
            if pace is not None:
                self.paces[metric_id] = pace
        self.last = (snapshot.number, snapshot.taken_at)

    def amount(self, series: Series) -> int | None:
        """The value of a count as lines hold it: of a counter what happened since it was last known."""
        value = self.values.get(series.id)
        if value is None or not series.is_counter:
            return value
        return value - self.known.get(series.id, 0) if series.id in self.changed else 0

    def listed(self, ledger: Ledger) -> dict[str, tuple[License | None, tuple[int | None, ...]]] | None:
        """Every license listed, with its units, by its id at Webex; None where the list is unknown."""
        if ledger.listed is None or self.values.get(ledger.listed.id) is None:
            return None
        return {
            known.webex_id: (self.descriptions.get(known.id), self._units(known))
            for known in self.licenses.values()
            if known.series and self.values.get(known.listed.id) == 1
        }

    def write(
        self,
        ledger: Ledger,
        snapshot: TailSnapshot,
        memory: ListMemory,
        shifts: dict[str, int],
        *,
        is_whole: bool,
    ) -> bool:
        """Writes the snapshot; returns whether its list of licenses is known.

        Args:
            shifts: by how much running totals differ from before, by counter.
            is_whole: whether a line was written before it, so that not only what changed has to be looked at.
        """
        ledger.begin(snapshot.taken_at, snapshot.milliseconds, snapshot.requests, (snapshot.version, snapshot.source))
        self.numbers.append(ledger.number)
        if self.name is not None:
            ledger.call(self.name)
        is_known = self._judge(ledger, snapshot, memory)
        if ledger.listed and (ledger.listed.value is None) == is_known:
            is_whole = True
        self._write_counts(ledger, shifts, is_whole=is_whole)
        if ledger.listed and ledger.listed.id in self.values:
            ledger.put(ledger.listed, (self.values[ledger.listed.id] or 0) if is_known else None)
        for known in list(self._licenses_to_write(ledger, is_whole=is_whole)):
            self._write_license(ledger, known, is_known=is_known)
        if is_whole or self.paces or "held" in snapshot.rows:
            for series in self.counts.values():
                if series.first_number is not None:
                    ledger.hold(series, self._asked(series))
        collections = self.collections
        if snapshot.source is not None:
            collections = {name: fared for name, fared in collections.items() if name != LICENSE_LIST}
            collections |= entry_of_list(memory)
        ledger.put_collections(collections)
        return is_known

    def _judge(self, ledger: Ledger, snapshot: TailSnapshot, memory: ListMemory) -> bool:
        """Whether the list is known: a poll's as the poll had it, an imported one by what came before it now."""
        at = moment_of(snapshot.taken_at)
        rows = self.values.get(ledger.listed.id) if ledger.listed else None
        entry = self.collections.get(LICENSE_LIST)
        size = None if rows is None else ListSize(rows, limited_units(self._purchased()))
        if snapshot.source is None:
            stands = Collection(LICENSE_LIST, CollectionStatus(entry[0]), 0, 0.0, entry[1]) if entry else None
            memory.follow(at, size, stands)
            return size is not None
        if size is None and entry is not None and entry[1] == EMPTY.error:
            size = ListSize(0, None)
        return memory.judge(at, size)

    def _write_counts(self, ledger: Ledger, shifts: dict[str, int], *, is_whole: bool) -> None:
        for name, series in ledger.counts.items():
            if series.id in self.values:
                value = self.values[series.id]
                if is_whole or series.id in self.changed:
                    ledger.put(series, value if value is None else value + shifts.get(name, 0))
                if series.is_counter and value is not None:
                    series.known_at = ledger.taken_at
            elif is_whole and series.first_number is not None:
                ledger.put(series, None)

    def _licenses_to_write(self, ledger: Ledger, *, is_whole: bool) -> Iterable[LicenseSeries]:
        if is_whole:
            return ledger.licenses.values()
        ids = {self.license_of[id_] for id_ in self.changed if id_ in self.license_of} | self.described
        return [self.licenses[id_] for id_ in sorted(ids)]

    def _write_license(self, ledger: Ledger, known: LicenseSeries, *, is_known: bool) -> None:
        is_stored = bool(known.series) and known.listed.id in self.values
        is_written = bool(known.series) and known.listed.first_number is not None
        if not is_stored and not is_written:
            return
        if not is_known:
            ledger.put_license(known, 0 if known.listed.value == 0 else None, NOTHING)
        elif is_stored and self.values[known.listed.id] == 1:
            if known.id in self.descriptions:
                ledger.license_series(self.descriptions[known.id])
            ledger.put_license(known, 1, self._units(known))
        else:
            ledger.put_license(known, 0, NOTHING)

    def _units(self, known: LicenseSeries) -> tuple[int | None, ...]:
        return tuple(self.values.get(known.series[name].id) for name in UNITS)

    def _purchased(self) -> Iterator[int | None]:
        for known in self.licenses.values():
            if known.series and self.values.get(known.series[LISTED].id) == 1:
                yield self.values.get(known.series["purchased"].id)

    def _asked(self, series: Series) -> int | None:
        asked = self.asked.get(series.id)
        return asked if asked is None or asked <= self.kept else self.numbers[asked - self.kept - 1]


def entry_of_list(memory: ListMemory) -> dict[str, Fared]:
    """What is reported of the list, as the log of collections has it."""
    entry = memory.entry
    return {LICENSE_LIST: (entry.status.value, entry.error, 0, 0.0)} if entry else {}


def _all_series(ledger: Ledger) -> Iterator[Series]:
    yield from ledger.counts.values()
    if ledger.listed:
        yield ledger.listed
    for known in ledger.licenses.values():
        yield from known.series.values()
