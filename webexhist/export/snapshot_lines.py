"""Snapshots as JSON Lines, one of one organization a line: written out, and read in again."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any, NoReturn

from webexhist.carried import CarriedCollection, CarriedLicense, CarriedLine, CarriedSnapshot, RefusedLineError
from webexhist.license_lists import LARGEST_COUNT, unusable, why_no_count
from webexhist.metrics import Kind, Metric
from webexhist.seats import are_seats
from webexhist.snapshot import CollectionStatus, License
from webexhist.texts import json_text
from webexhist.webex_ids import license_code

KEYS = dict.fromkeys(("taken_at", "organization", "counts", "activity", "licenses", "source", "collections"))
OF_ORGANIZATION = dict.fromkeys(("id", "name"))
DESCRIBED = ("id", "name", "code", "subscription", "site", "site_type")
UNITS = ("purchased", "assigned", "assigned_to_users", "assigned_to_workspaces")
OF_LICENSE = dict.fromkeys((*DESCRIBED, *UNITS))
OF_COLLECTION = dict.fromkeys(("collector", "status", "error", "as_of"))
GAUGES = frozenset(metric.value for metric in Metric if metric.kind is Kind.GAUGE)
COUNTERS = frozenset(metric.value for metric in Metric if metric.kind is Kind.COUNTER)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""What is dated outside is dated wrongly: by a clock that began at zero, or a typing error."""
LONGEST_TEXT = 1000
"""Characters of a name or a reason."""
MOST_REMEMBERED = 10_000
"""Descriptions of licenses that are kept, so that they need not be read again on every line."""
UNSTORABLE = {0: "\ufffd"} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
"""NUL, and the halves of surrogate pairs that JSON lets through as escapes: no database holds them."""
SHAPE = "see docs/import.md for what a line holds"
POLLED = "poll"


class LineReader:
    """Reads lines; what it learned of licenses stays for the next."""

    def __init__(self) -> None:
        self.described: dict[tuple[object, ...], License] = {}
        self.decode = json.JSONDecoder(
            object_pairs_hook=_without_repeats, parse_float=_number, parse_constant=_no_constant
        ).decode

    def read(self, number: int, text: str) -> CarriedSnapshot:
        """The snapshot on a line. Raises RefusedLineError, with the line's number, for what cannot be meant."""
        try:
            return self._snapshot(self.decode(text))
        except _CannotBeMeantError as error:
            raise RefusedLineError(number, error.problem, error.next_step) from error
        except json.JSONDecodeError as error:
            raise RefusedLineError(number, f"it is no JSON ({error.msg} at column {error.colno})", SHAPE) from error
        except (ValueError, RecursionError) as error:
            raise RefusedLineError(number, "it is no JSON that can be read", SHAPE) from error

    def _snapshot(self, given: object) -> CarriedSnapshot:
        line = _object(given, "the line", KEYS)
        organization = _object(line.get("organization"), "organization", OF_ORGANIZATION)
        name = organization.get("name")
        licenses, entries = self._licenses(line.get("licenses"))
        counts = _amounts(line.get("counts"), "counts", GAUGES)
        if line.get("activity"):
            counts |= _amounts(line["activity"], "activity", COUNTERS)
        taken_at = _time(line.get("taken_at"), "taken_at")
        if "collections" in line:
            entries = [*_collections(line["collections"], taken_at), *entries]
        source = line.get("source")
        if source is not None and (_text(source, "source").casefold() == POLLED or not source.strip()):
            _refuse(f"the source {source!r} is kept for what webexhist polled itself", "name where the line is from")
        return CarriedSnapshot(
            organization_id=_identifier(organization.get("id"), "organization.id"),
            organization_name=None if name is None else _text(name, "organization.name"),
            taken_at=taken_at,
            counts=counts,
            licenses=licenses,
            collections=tuple(entries),
            source=None if source is None else _text(source, "source"),
        )

    def _licenses(self, given: object) -> tuple[tuple[CarriedLicense, ...] | None, list[CarriedCollection]]:
        """The rows of a list, and what is said of numbers in it that cannot be."""
        if given is None:
            return None, []
        if not isinstance(given, list):
            _refuse("licenses is no list", "write [...], or null where the list is unknown")
        rows: list[CarriedLicense] = []
        odd: list[str] = []
        met = set()
        for row in given:
            license_ = self._license(_object(row, "a license", OF_LICENSE))
            if license_.webex_id in met:
                _refuse(f"the license {license_.webex_id} stands in it twice", "tell each license once")
            met.add(license_.webex_id)
            units = [_units(row, field, license_, odd) for field in UNITS]
            rows.append(CarriedLicense(license_, *units))
        return tuple(rows), [CarriedCollection(each.collector, each.status, each.error) for each in unusable(odd)]

    def _license(self, row: Mapping[str, Any]) -> License:
        described_as = tuple(map(row.get, DESCRIBED))
        try:
            return self.described[described_as]
        except (KeyError, TypeError):  # TypeError: a list where a text belongs
            pass
        webex_id = _identifier(row.get("id"), "the id of a license")
        name, code, subscription, site, site_type = (
            None if row.get(field) in (None, "") else _text(row[field], f"{field} of a license")
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
        "taken_at": _written(taken.taken_at),
        "organization": {"id": taken.organization_id, "name": taken.organization_name},
        "counts": {name: value for name, value in taken.counts.items() if name in GAUGES},
    }
    if activity := {name: value for name, value in taken.counts.items() if name in COUNTERS}:
        line["activity"] = activity
    line["licenses"] = None if taken.licenses is None else [_row(each) for each in taken.licenses]
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
        entry["as_of"] = _written(carried.as_of)
    return entry


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


class _CannotBeMeantError(Exception):
    """What a line says that cannot be meant, before its number is known."""

    def __init__(self, problem: str, next_step: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.next_step = next_step


def _refuse(problem: str, next_step: str = SHAPE) -> NoReturn:
    raise _CannotBeMeantError(problem, next_step)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        _refuse(f"{_shortened(repeated)} stands in it twice", "tell each thing once")
    return found


def _number(written: str) -> int | float:
    """Spreadsheets write whole numbers as 430.0."""
    number = float(written)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _no_constant(written: str) -> NoReturn:
    _refuse(f"{written} is no number", "leave out what is not known, or write null")


def _object(given: object, what: str, keys: Mapping[str, None]) -> dict[str, Any]:
    if not isinstance(given, dict):
        problem = f"{what} is missing" if given is None else f"{what} is no object"
        _refuse(problem, "write {...}" if given is not None else SHAPE)
    if given.keys() <= keys.keys():
        return given
    odd = next(key for key in given if key not in keys)
    near = get_close_matches(odd, keys, 1)
    did_you_mean = f"did you mean {near[0]}?" if near else f"write some of {', '.join(keys)}"
    _refuse(f"{what} has no {_shortened(odd)!r}", did_you_mean)


def _text(given: object, what: str) -> str:
    if not isinstance(given, str):
        _refuse(f"{what} is no text", 'write it in quotes, like "…"')
    if len(given) > LONGEST_TEXT:
        _refuse(f"{what} has more than {LONGEST_TEXT:,} characters", "shorten it")
    return given.translate(UNSTORABLE) if not given.isprintable() else given


def _identifier(given: object, what: str) -> str:
    """An id that a database can carry."""
    if given is None or (isinstance(given, str) and not given.strip()):
        _refuse(f"{what} is missing", "tell what it is about")
    if not isinstance(given, str) or not given.isascii() or not given.isprintable() or len(given) > LONGEST_TEXT:
        _refuse(f"{what} is no id", "write the id as Webex has it, or any text of ASCII letters and digits")
    return given


def _time(given: object, what: str) -> datetime:
    if given is None:
        _refuse(f"{what} is missing", "write it like 2026-01-01T06:00:00Z")
    try:
        if not isinstance(given, str):
            raise ValueError
        moment = datetime.fromisoformat(given.strip())
        if "T" not in given and " " not in given.strip():
            raise ValueError  # a day alone
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        _refuse(f"{what} {_shortened(str(given))!r} is no time", "write it like 2026-01-01T06:00:00Z")
    if not EARLIEST <= moment < LATEST:
        _refuse(f"{what} {given} lies outside the years 2000 to 2099", "correct it")
    return moment.replace(microsecond=0)


def _amounts(given: object, what: str, names: frozenset[str]) -> dict[str, int | None]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        _refuse(f"{what} is no object", "write {...}")
    found: dict[str, int | None] = {}
    for name, value in given.items():
        if name not in names:
            _refuse_name(name, what)
        # A bool is no number here, although Python takes it for one.
        if value is not None and type(value) is not int:
            _refuse_number(f"{what}.{name}")
        # A number that counts nothing is unknown.
        found[name] = value if value is not None and 0 <= value <= LARGEST_COUNT else None
    return found


def _refuse_name(name: str, what: str) -> NoReturn:
    if name in GAUGES:
        _refuse(f"{name} is a count as it stands", "write it in counts")
    if name in COUNTERS:
        _refuse(f"{name} tells what happened since the snapshot before", "write it in activity")
    near = get_close_matches(name, GAUGES | COUNTERS, 1)
    known = f"did you mean {near[0]}?" if near else "docs/sql.md lists the names"
    _refuse(f"there is no {_shortened(name)!r} to be counted", known)


def _refuse_number(what: str) -> NoReturn:
    _refuse(f"{what} is no whole number", "write it like 430, without quotes, or null where it is unknown")


def _units(row: Mapping[str, Any], field: str, license_: License, odd: list[str]) -> int | None:
    value = row.get(field)
    if value is None:
        return None
    if type(value) is not int:
        _refuse_number(f"{field} of {license_.name}")
    least = -LARGEST_COUNT if field == "purchased" else 0  # a negative purchase is an unlimited one
    if least <= value <= LARGEST_COUNT:
        return value
    odd.append(f"{field} of {license_.name} is {why_no_count(value)}")
    return None


def _collections(given: object, taken_at: datetime) -> Iterator[CarriedCollection]:
    if given is None:
        return
    if not isinstance(given, list):
        _refuse("collections is no list", "write [...]")
    met = set()
    for row in given:
        entry = _object(row, "a collection", OF_COLLECTION)
        collector = _text(entry.get("collector"), "collector")
        if collector in met:
            _refuse(f"the collector {_shortened(collector)} stands in it twice", "tell each collector once")
        met.add(collector)
        status = entry.get("status", CollectionStatus.OK.value)
        if status not in _STATUSES:
            _refuse(f"the status of {collector} is none", f"write one of {', '.join(CollectionStatus)}")
        error = entry.get("error")
        as_of = None if entry.get("as_of") is None else _time(entry["as_of"], f"as_of of {collector}")
        if as_of and as_of > taken_at:
            _refuse(f"{collector} is as of {_written(as_of)}, after taken_at", "correct one of the two times")
        yield CarriedCollection(
            collector,
            CollectionStatus(status),
            None if error is None else _text(error, f"error of {collector}"),
            as_of,
        )


_STATUSES: tuple[str, ...] = tuple(status.value for status in CollectionStatus)


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
