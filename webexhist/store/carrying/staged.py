"""Lines that wait to be stored: sorted by organization and time on the disk, so that a file of any size will do."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from webexhist.carried import CarriedCollection, CarriedLicense, CarriedLine, CarriedSnapshot, RefusedLineError
from webexhist.snapshot import CollectionStatus, License
from webexhist.store.carrying.scratch import scratch
from webexhist.store.carrying.sweeps import packed, unpacked
from webexhist.store.times import in_words, moment_of, seconds_of
from webexhist.webex_ids import uuid_of

AT_ONCE = 1_000
_WRITTEN = json.JSONEncoder(separators=(",", ":")).encode
_MADE = """
CREATE TABLE line (organization INTEGER, taken_at INTEGER, number INTEGER, content TEXT)
"""
_ADDED = "INSERT INTO line VALUES (?, ?, ?, ?)"
_SORTED = "CREATE INDEX line_by_time ON line (organization, taken_at, number)"
_OF_ORGANIZATION = """
SELECT taken_at, number, content FROM line WHERE organization = ? ORDER BY organization, taken_at, number
"""
_TWICE = """
SELECT a.taken_at, a.number, b.number FROM line a
JOIN line b ON b.organization = a.organization AND b.taken_at = a.taken_at AND b.number > a.number
WHERE a.content <> b.content ORDER BY b.number LIMIT 1
"""
_SPAN = "SELECT min(taken_at), count(DISTINCT taken_at) FROM line WHERE organization = ?"


@dataclass(slots=True)
class StagedOrganization:
    """An organization of which lines wait."""

    number: int
    """Within the file, in the order of its first lines."""
    uuid: str
    webex_id: str
    name: str | None
    """As its first line with a name has it."""
    first_at: int = 0
    """The time of its earliest line."""
    snapshots: int = 0
    """How many there are, each counted once."""


class Staged:
    """Lines on the disk."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.organizations: dict[str, StagedOrganization] = {}
        self.called: dict[str, StagedOrganization] = {}
        """By their ids at Webex, in the forms in which lines have them."""
        self.licenses: list[License] = []
        self.license_numbers: dict[License, int] = {}

    def add(self, lines: Iterable[CarriedLine]) -> None:
        """Adds all lines, and sorts them. Raises RefusedLineError where two of one time contradict each other."""
        rows = []
        for line in lines:
            rows.append(self._row(line))
            if len(rows) == AT_ONCE:
                self.connection.executemany(_ADDED, rows)
                rows.clear()
        self.connection.executemany(_ADDED, rows)
        self.connection.execute(_SORTED)
        if found := self.connection.execute(_TWICE).fetchone():
            taken_at, first, second = found
            raise RefusedLineError(
                second,
                f"it contradicts line {first}, of {in_words(taken_at)} UTC too",
                "leave one of them out",
            )
        for each in self.organizations.values():
            each.first_at, each.snapshots = self.connection.execute(_SPAN, [each.number]).fetchone()

    def of(self, organization: StagedOrganization) -> Iterator[tuple[int, CarriedLine]]:
        """The lines of an organization by time, with their times as the database has them; each time once."""
        last = None
        for taken_at, number, content in self.connection.execute(_OF_ORGANIZATION, [organization.number]):
            if taken_at != last:
                yield taken_at, CarriedLine(number, self._snapshot(organization, taken_at, content))
                last = taken_at

    def _row(self, line: CarriedLine) -> tuple[int, int, int, str]:
        taken = line.snapshot
        organization = self._organization(taken)
        licenses: list[list[int | None]] | None = None
        if taken.licenses is not None:
            licenses = sorted([self._license_number(each.license), *each[1:]] for each in taken.licenses)
        content = [
            dict(sorted(taken.counts.items())),
            licenses,
            [[*each[:3], each.as_of and seconds_of(each.as_of)] for each in taken.collections],
            taken.source,
            taken.organization_name,
            taken.seats and packed(taken.seats),
        ]
        return organization.number, seconds_of(taken.taken_at), line.number, _WRITTEN(content)

    def _organization(self, taken: CarriedSnapshot) -> StagedOrganization:
        known = self.called.get(taken.organization_id)
        if known is not None and (known.name or not taken.organization_name):
            return known
        uuid = uuid_of(taken.organization_id)
        known = self.organizations.get(uuid)
        if known is None:
            known = StagedOrganization(len(self.organizations), uuid, taken.organization_id, taken.organization_name)
            self.organizations[uuid] = known
        self.called[taken.organization_id] = known
        known.name = known.name or taken.organization_name
        return known

    def _license_number(self, license_: License) -> int:
        number = self.license_numbers.get(license_)
        if number is None:
            number = self.license_numbers[license_] = len(self.licenses)
            self.licenses.append(license_)
        return number

    def _snapshot(self, organization: StagedOrganization, taken_at: int, content: str) -> CarriedSnapshot:
        counts, licenses, collections, source, name, seats = json.loads(content)
        listed = self.licenses
        return CarriedSnapshot(
            organization_id=organization.webex_id,
            organization_name=name,
            taken_at=moment_of(taken_at),
            counts=counts,
            licenses=None
            if licenses is None
            else tuple([CarriedLicense(listed[row[0]], *row[1:]) for row in licenses]),
            collections=tuple(
                [
                    CarriedCollection(collector, CollectionStatus(status), error, as_of and moment_of(as_of))
                    for collector, status, error, as_of in collections
                ]
            ),
            source=source,
            seats=seats and unpacked(moment_of(taken_at), seats),
        )


@contextmanager
def staging() -> Iterator[Staged]:
    """Room for lines on the disk, gone at the end."""
    with scratch("waiting lines", _MADE) as connection:
        yield Staged(connection)
