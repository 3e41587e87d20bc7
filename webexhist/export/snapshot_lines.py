"""Snapshots as JSON Lines, one of one organization a line: written out, and read in again."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any, NoReturn

from webexhist.carried import CarriedCollection, CarriedLicense, CarriedLine, CarriedSnapshot, RefusedLineError
from webexhist.export.line_values import (
    SHAPE,
    CannotBeMeantError,
    identifier,
    no_constant,
    number_of,
    object_of,
    refuse,
    refuse_number,
    shortened,
    text_of,
    time_of,
    without_repeats,
    written,
)
from webexhist.export.seat_lines import seats_read, seats_written
from webexhist.license_lists import LARGEST_COUNT, UNUSABLE, UNUSABLE_COUNTS, unusable, why_no_count
from webexhist.metrics import Kind, Metric
from webexhist.seats import are_seats
from webexhist.snapshot import CollectionStatus, License
from webexhist.texts import json_text
from webexhist.webex_ids import license_code

KEYS = dict.fromkeys(("taken_at", "organization", "counts", "activity", "licenses", "seats", "source", "collections"))
OF_ORGANIZATION = dict.fromkeys(("id", "name"))
DESCRIBED = ("id", "name", "code", "subscription", "site", "site_type")
UNITS = ("purchased", "assigned", "assigned_to_users", "assigned_to_workspaces")
OF_LICENSE = dict.fromkeys((*DESCRIBED, *UNITS))
OF_COLLECTION = dict.fromkeys(("collector", "status", "error", "as_of"))
GAUGES = frozenset(metric.value for metric in Metric if metric.kind is Kind.GAUGE)
COUNTERS = frozenset(metric.value for metric in Metric if metric.kind is Kind.COUNTER)
MOST_REMEMBERED = 10_000
"""Descriptions of licenses that are kept, so that they need not be read again on every line."""
POLLED = "poll"


class LineReader:
    """Reads lines; what it learned of licenses stays for the next."""

    def __init__(self) -> None:
        self.described: dict[tuple[object, ...], License] = {}
        self.decode = json.JSONDecoder(
            object_pairs_hook=without_repeats, parse_float=number_of, parse_constant=no_constant
        ).decode

    def read(self, number: int, text: str) -> CarriedSnapshot:
        """The snapshot on a line. Raises RefusedLineError, with the line's number, for what cannot be meant."""
        try:
            return self._snapshot(self.decode(text))
        except CannotBeMeantError as error:
            raise RefusedLineError(number, error.problem, error.next_step) from error
        except json.JSONDecodeError as error:
            raise RefusedLineError(number, f"it is no JSON ({error.msg} at column {error.colno})", SHAPE) from error
        except (ValueError, RecursionError) as error:
            raise RefusedLineError(number, "it is no JSON that can be read", SHAPE) from error

    def _snapshot(self, given: object) -> CarriedSnapshot:
        line = object_of(given, "the line", KEYS)
        organization = object_of(line.get("organization"), "organization", OF_ORGANIZATION)
        name = organization.get("name")
        odd: list[str] = []
        counts = _amounts(line.get("counts"), "counts", GAUGES, odd)
        if line.get("activity"):
            counts |= _amounts(line["activity"], "activity", COUNTERS, odd)
        licenses, odd_units = self._licenses(line.get("licenses"))
        entries = [*_unusable(UNUSABLE_COUNTS, odd), *_unusable(UNUSABLE, odd_units)]
        taken_at = time_of(line.get("taken_at"), "taken_at")
        if "collections" in line:
            entries = [*_collections(line["collections"], taken_at), *entries]
        source = line.get("source")
        if source is not None and (text_of(source, "source").casefold() == POLLED or not source.strip()):
            refuse(f"the source {source!r} is kept for what webexhist polled itself", "name where the line is from")
        return CarriedSnapshot(
            organization_id=identifier(organization.get("id"), "organization.id"),
            organization_name=None if name is None else text_of(name, "organization.name"),
            taken_at=taken_at,
            counts=counts,
            licenses=licenses,
            collections=tuple(entries),
            source=None if source is None else text_of(source, "source"),
            seats=seats_read(line.get("seats"), taken_at),
        )

    def _licenses(self, given: object) -> tuple[tuple[CarriedLicense, ...] | None, list[str]]:
        """The rows of a list, and which numbers in it cannot be."""
        if given is None:
            return None, []
        if not isinstance(given, list):
            refuse("licenses is no list", "write [...], or null where the list is unknown")
        rows: list[CarriedLicense] = []
        odd: list[str] = []
        met = set()
        for row in given:
            license_ = self._license(object_of(row, "a license", OF_LICENSE))
            if license_.webex_id in met:
                refuse(f"the license {license_.webex_id} stands in it twice", "list each license once")
            met.add(license_.webex_id)
            units = [_units(row, field, license_, odd) for field in UNITS]
            rows.append(CarriedLicense(license_, *units))
        return tuple(rows), odd

    def _license(self, row: Mapping[str, Any]) -> License:
        described_as = tuple(map(row.get, DESCRIBED))
        try:
            return self.described[described_as]
        except (KeyError, TypeError):  # TypeError: a list where a text belongs
            pass
        webex_id = identifier(row.get("id"), "the id of a license")
        name, code, subscription, site, site_type = (
            None if row.get(field) in (None, "") else text_of(row[field], f"{field} of a license")
            for field in DESCRIBED[1:]
        )
        code = license_code(webex_id) if code is None else code.upper()
        if len(self.described) >= MOST_REMEMBERED:
            self.described.clear()
        name = name or code or webex_id
        described = License(webex_id, name, code, subscription, site, site_type, are_seats(code, name))
        self.described[described_as] = described
        return described


def read_lines(lines: Iterable[tuple[int, str]]) -> Iterator[CarriedLine]:
    """The snapshots of numbered lines; empty ones are passed over."""
    reader = LineReader()
    for number, text in lines:
        if text and not text.isspace():
            yield CarriedLine(number, reader.read(number, text))


def snapshot_line(taken: CarriedSnapshot) -> str:
    """The line of a snapshot, without its end."""
    line: dict[str, Any] = {
        "taken_at": written(taken.taken_at),
        "organization": {"id": taken.organization_id, "name": taken.organization_name},
        "counts": {name: value for name, value in taken.counts.items() if name in GAUGES},
    }
    if activity := {name: value for name, value in taken.counts.items() if name in COUNTERS}:
        line["activity"] = activity
    line["licenses"] = None if taken.licenses is None else [_row(each) for each in taken.licenses]
    if taken.seats is not None:
        line["seats"] = seats_written(taken.seats)
    if taken.source is not None:
        line["source"] = taken.source
    if taken.collections:
        line["collections"] = [_entry(each) for each in taken.collections]
    return json_text(line, indent=None)


def _row(carried: CarriedLicense) -> dict[str, Any]:
    known = carried.license
    described = {
        "id": known.webex_id,
        "name": known.name,
        "code": known.code,
        "subscription": known.subscription_id,
        "site": known.site_url,
    }
    if known.site_type is not None:
        described["site_type"] = known.site_type
    return described | dict(zip(UNITS, carried[1:], strict=True))


def _entry(carried: CarriedCollection) -> dict[str, Any]:
    entry: dict[str, Any] = {"collector": carried.collector, "status": carried.status.value}
    if carried.error is not None:
        entry["error"] = carried.error
    if carried.as_of is not None:
        entry["as_of"] = written(carried.as_of)
    return entry


def _unusable(entry: str, odd: list[str]) -> Iterator[CarriedCollection]:
    """What is said of numbers that cannot be."""
    return (CarriedCollection(each.collector, each.status, each.error) for each in unusable(entry, odd))


def _amounts(given: object, what: str, names: frozenset[str], odd: list[str]) -> dict[str, int | None]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        refuse(f"{what} is no object", "write {...}")
    found: dict[str, int | None] = {}
    for name, value in given.items():
        if name not in names:
            _refuse_name(name, what)
        # A bool is no number here, although Python takes it for one.
        if value is not None and type(value) is not int:
            refuse_number(f"{what}.{name}")
        reason = "" if value is None else why_no_count(value)
        if reason:
            odd.append(f"{name} is {reason}")
        found[name] = None if reason else value
    return found


def _refuse_name(name: str, what: str) -> NoReturn:
    if name in GAUGES:
        refuse(f"{name} is a count as it stands", "write it in counts")
    if name in COUNTERS:
        refuse(f"{name} counts what happened since the snapshot before", "write it in activity")
    near = get_close_matches(name, GAUGES | COUNTERS, 1)
    known = f"did you mean {near[0]}?" if near else "docs/sql.md lists the names"
    refuse(f"there is no {shortened(name)!r} to be counted", known)


def _units(row: Mapping[str, Any], field: str, license_: License, odd: list[str]) -> int | None:
    value = row.get(field)
    if value is None:
        return None
    if type(value) is not int:
        refuse_number(f"{field} of {license_.name}")
    least = -LARGEST_COUNT if field == "purchased" else 0  # a negative purchase is an unlimited one
    if least <= value <= LARGEST_COUNT:
        return value
    odd.append(f"{field} of {license_.name} is {why_no_count(value)}")
    return None


def _collections(given: object, taken_at: datetime) -> Iterator[CarriedCollection]:
    if given is None:
        return
    if not isinstance(given, list):
        refuse("collections is no list", "write [...]")
    met = set()
    for row in given:
        entry = object_of(row, "a collection", OF_COLLECTION)
        collector = text_of(entry.get("collector"), "collector")
        if collector in met:
            refuse(f"the collector {shortened(collector)} stands in it twice", "name each collector once")
        met.add(collector)
        status = entry.get("status", CollectionStatus.OK.value)
        if status not in _STATUSES:
            refuse(f"the status of {collector} is none", f"write one of {', '.join(CollectionStatus)}")
        error = entry.get("error")
        as_of = None if entry.get("as_of") is None else time_of(entry["as_of"], f"as_of of {collector}")
        if as_of and as_of > taken_at:
            refuse(f"{collector} is as of {written(as_of)}, after taken_at", "correct one of the two times")
        yield CarriedCollection(
            collector,
            CollectionStatus(status),
            None if error is None else text_of(error, f"error of {collector}"),
            as_of,
        )


_STATUSES: tuple[str, ...] = tuple(status.value for status in CollectionStatus)
