"""Joins lines to what is stored of an organization: before it, between it and after it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from webexhist import __version__
from webexhist.carried import IMPORTED, CarriedLicense, CarriedLine, CarriedSnapshot, RefusedLineError
from webexhist.license_lists import EMPTY, limited_units
from webexhist.seat_counts import SeatSweep
from webexhist.snapshot import LICENSE_LIST, LICENSES_HELD, ListSize
from webexhist.store.carrying.agreement import Spans, require_agreement
from webexhist.store.carrying.counted import CountedAlready
from webexhist.store.carrying.ledger import Fared, Ledger
from webexhist.store.carrying.lists import ListMemory
from webexhist.store.carrying.stored_state import NOTHING, StoredState, entry_of_list
from webexhist.store.carrying.sweeps import StoredSweeps, is_same
from webexhist.store.carrying.tail import TailSnapshot
from webexhist.store.times import in_words, seconds_of

CountsOf = Mapping[str, tuple[str, ...]]
"""What each collector counts, by its name."""


@dataclass(slots=True)
class Joining:
    """Goes through the stored snapshots and the lines by time, and writes both."""

    ledger: Ledger
    memory: ListMemory
    counts_of: CountsOf
    counted: CountedAlready
    sweeps: StoredSweeps
    set_aside: Spans
    called: str
    """What the organization is called before a line says so."""
    note_licenses: Callable[[int, int, frozenset[int]], None]
    """Is called for each snapshot whose list of licenses holds others than the list before, with these."""
    note_shifts: Callable[[int, Mapping[str, int]], None]
    """Is called for each stored snapshot, with by how much its running totals differ from before."""
    shifts: dict[str, int] = field(default_factory=dict)
    """By how much the running totals of counters are larger for the lines so far, by name."""
    swept: list[tuple[int, SeatSweep]] = field(default_factory=list)
    """The sweeps of all people that were not stored, with their times."""
    added: list[int] = field(default_factory=list)
    """The first and the last time that was not stored."""
    new: int = 0
    there_already: int = 0
    as_of_held: dict[str, tuple[int, int]] = field(default_factory=dict)
    """When held values were counted, as the lines have it, and in which snapshot, by name."""
    size: tuple[tuple[int | None, ...], ListSize] = ((), ListSize(0, None))
    """The size of the last list, and the purchased units that it is made of."""

    def join(self, stored: Iterable[TailSnapshot], lines: Iterator[tuple[int, CarriedLine]]) -> None:
        """Writes all of them. Raises RefusedLineError where a line contradicts what is stored."""
        state = StoredState.at(self.ledger)
        waiting = next(lines, None)
        is_continued = True
        for snapshot in stored:
            while waiting and waiting[0] < snapshot.taken_at:
                self._add(*waiting)
                is_continued = False
                waiting = next(lines, None)
            state.follow(snapshot)
            if waiting and waiting[0] == snapshot.taken_at:
                is_set_aside = self.set_aside.around(snapshot.taken_at) is not None
                require_agreement(self.ledger, state, waiting[1], snapshot.taken_at, is_set_aside=is_set_aside)
                if not is_set_aside:
                    self._require_same_seats(waiting[1], snapshot.taken_at)
                self.there_already += 1
                waiting = next(lines, None)
            is_known = state.write(self.ledger, snapshot, self.memory, self.shifts, is_whole=not is_continued)
            self.note_shifts(snapshot.taken_at, self.shifts)
            self._note_licenses(is_known=is_known)
            is_continued = True
        while waiting:
            self._add(*waiting)
            waiting = next(lines, None)

    def _add(self, taken_at: int, line: CarriedLine) -> None:
        """Writes the snapshot of a line."""
        self.set_aside.require_outside(taken_at, line.number)
        ledger, snapshot = self.ledger, line.snapshot
        before_at = ledger.taken_at
        ledger.begin(taken_at, None, None, (__version__, snapshot.source or IMPORTED))
        self.new += 1
        self.added[1:] = [taken_at]
        ledger.call(snapshot.organization_name or ledger.name or self.called)
        held = self._held(taken_at, before_at, line) if snapshot.collections or ledger.held else {}
        self._add_counts(taken_at, line)
        if snapshot.seats is not None:
            self.swept.append((taken_at, snapshot.seats))
        is_known = self._add_licenses(line)
        for series in [each for each in ledger.held if each.key.name not in held]:
            ledger.hold(series, None)
        for name, asked in held.items():
            series = ledger.list_series() if name == LICENSES_HELD else ledger.count_series(name)
            ledger.hold(series, asked if series.value is not None else None)
        if snapshot.collections or ledger.collections or self.memory.entry:
            collections: dict[str, Fared] = {
                each.collector: (each.status.value, each.error, None, None)
                for each in snapshot.collections
                if each.collector != LICENSE_LIST
            }
            ledger.put_collections(collections | entry_of_list(self.memory))
        self._note_licenses(is_known=is_known)

    def _require_same_seats(self, line: CarriedLine, taken_at: int) -> None:
        """Raises RefusedLineError where a line has another use of seats than is stored of its time."""
        brought = line.snapshot.seats
        if brought is not None and not is_same(brought, self.sweeps.at(taken_at), self.ledger.licenses):
            raise RefusedLineError(
                line.number,
                f"it contradicts what is stored of {in_words(taken_at)} UTC: seats are used in another way",
                "correct or leave out the line",
            )

    def _add_counts(self, taken_at: int, line: CarriedLine) -> None:
        ledger = self.ledger
        for name, value in line.snapshot.counts.items():
            series = ledger.counts.get(name) or ledger.count_series(name)
            if series.is_counter and value is not None:
                self.counted.require_uncounted(name, series.known_at, taken_at, line.number)
                self.shifts[name] = self.shifts.get(name, 0) + value
                value += series.known or 0
                series.known_at = taken_at
            ledger.put(series, value)
        number = ledger.number
        for series in ledger.counts.values():
            if series.number != number and series.value is not None:
                ledger.put(series, None)

    def _add_licenses(self, line: CarriedLine) -> bool:
        """Writes the list of licenses; returns whether it is known."""
        ledger, listed = self.ledger, line.snapshot.licenses
        is_known = self._judge(line.snapshot)
        if not is_known:
            ledger.put(ledger.list_series(), None)
            for known in ledger.licenses.values():
                if known.series and (known.units is not None or known.listed.value):
                    ledger.put_license(known, None, NOTHING)
            return False
        rows = listed or ()
        ledger.put(ledger.list_series(), len(rows))
        for row in rows:
            self._add_license(row)
        number = ledger.number
        for known in ledger.licenses.values():
            if known.number != number and known.series and known.listed.first_number and known.listed.value != 0:
                ledger.put_license(known, 0, NOTHING)
        return True

    def _judge(self, snapshot: CarriedSnapshot) -> bool:
        """Whether the list is known; a line that was carried out tells of one not believed to be empty."""
        if snapshot.licenses is not None:
            return self.memory.judge(snapshot.taken_at, self._size(snapshot.licenses))
        if any((each.collector, each.error) == (LICENSE_LIST, EMPTY.error) for each in snapshot.collections):
            self.memory.follow(snapshot.taken_at, None, EMPTY)
            return False
        return self.memory.judge(snapshot.taken_at, None)

    def _add_license(self, row: CarriedLicense) -> None:
        known = self.ledger.licenses.get(row.license.webex_id)
        units = row[1:]
        if known is None or known.units != units or known.description is not row.license:
            known = self.ledger.license_series(row.license)
            self.ledger.put_license(known, 1, units)
        known.number = self.ledger.number

    def _size(self, rows: tuple[CarriedLicense, ...]) -> ListSize:
        purchased = tuple([row.purchased for row in rows])
        if self.size[0] != purchased:
            self.size = (purchased, ListSize(len(purchased), limited_units(purchased)))
        return self.size[1]

    def _held(self, taken_at: int, before_at: int | None, line: CarriedLine) -> dict[str, int]:
        """Which snapshots counted what is held, by the names of counts. Raises RefusedLineError without one."""
        held: dict[str, int] = {}
        for each in line.snapshot.collections:
            as_of = seconds_of(each.as_of) if each.as_of else taken_at
            if as_of >= taken_at:
                continue
            for name in self.counts_of.get(each.collector, ()):
                if name != LICENSES_HELD and name not in line.snapshot.counts:
                    continue
                known = self.as_of_held.get(name)
                if known is None or known[0] != as_of:
                    asked = self.ledger.number - 1 if as_of == before_at else self.ledger.number_at(as_of)
                    if asked is None:
                        raise RefusedLineError(
                            line.number,
                            f"{each.collector} is as of {in_words(as_of)} UTC, where no snapshot is",
                            "import the line of that time before or with it",
                        )
                    known = self.as_of_held[name] = (as_of, asked)
                held[name] = known[1]
        return held

    def _note_licenses(self, *, is_known: bool) -> None:
        if is_known and self.ledger.came_or_went and self.ledger.taken_at:
            self.ledger.flush()
            self.note_licenses(self.ledger.number, self.ledger.taken_at, frozenset(self.ledger.came_or_went))
