"""How seats were used, as a line of a snapshot has it: written out, and read in again. Counts only, and no names."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from webexhist.export.line_values import identifier, object_of, refuse, refuse_number, shortened, text_of
from webexhist.license_lists import LARGEST_COUNT
from webexhist.seat_counts import (
    COLUMNS,
    GROUPED_BY,
    AccountPeople,
    GroupSeats,
    SeatCounts,
    SeatSweep,
    small_groups_together,
)

OF_SEATS = dict.fromkeys(("grouped_by", "counts", "people"))
OF_COUNTS = dict.fromkeys(("license", "group", *COLUMNS))
NUMBERS_OF_PEOPLE = ("licenses", "people", "external_least", "external_most")
OF_PEOPLE = dict.fromkeys(("subscription", "product", *NUMBERS_OF_PEOPLE))
MAY_BE_UNKNOWN = frozenset({"external", "external_least", "external_most"})


def seats_written(sweep: SeatSweep) -> dict[str, Any]:
    """What a line says of a sweep."""
    return {
        "grouped_by": sweep.grouped_by,
        "counts": [
            {"license": each.license_id, "group": each.group} | {name: getattr(each.counts, name) for name in COLUMNS}
            for each in sweep.seats
        ],
        "people": [
            {"subscription": each.subscription_id, "product": each.product}
            | {name: getattr(each, name) for name in NUMBERS_OF_PEOPLE}
            for each in sweep.accounts
        ],
    }


def seats_read(given: object, taken_at: datetime) -> SeatSweep | None:
    """The sweep that a line gives. Small groups are put together, as a poll puts them."""
    if given is None:
        return None
    seats = object_of(given, "seats", OF_SEATS)
    grouped_by = text_of(seats.get("grouped_by", "none"), "grouped_by")
    if grouped_by not in GROUPED_BY:
        refuse(f"grouped_by is {shortened(grouped_by)!r}", f"write one of {', '.join(GROUPED_BY)}")
    groups: dict[str, dict[str, SeatCounts]] = {}
    for row in rows_of(seats.get("counts"), "counts of seats"):
        entry = object_of(row, "a count of seats", OF_COUNTS)
        license_id = identifier(entry.get("license"), "the license of a count of seats")
        group = text_of(entry.get("group"), "group")
        of_license = groups.setdefault(license_id, {})
        if group in of_license:
            refuse(f"the group {group} of {license_id} stands in it twice", "name each group once")
        of_license[group] = SeatCounts(**{name: amount(entry, name, f"{name} of {group}") for name in COLUMNS})
    return SeatSweep(
        taken_at,
        grouped_by,
        tuple(
            GroupSeats(license_id, group, counts)
            for license_id, of_license in groups.items()
            for group, counts in sorted(
                (of_license if grouped_by == "none" else small_groups_together(of_license)).items()
            )
        ),
        accounts_read(seats.get("people")),
    )


def accounts_read(given: object) -> tuple[AccountPeople, ...]:
    """The people of each account. Raises an error for what is no list of them, and for an account twice."""
    found: dict[tuple[str, str | None], AccountPeople] = {}
    for row in rows_of(given, "people with seats"):
        entry = object_of(row, "people with seats", OF_PEOPLE)
        subscription = text_of(entry.get("subscription"), "the subscription of people with seats")
        product = None if entry.get("product") in (None, "") else text_of(entry["product"], "product")
        if (subscription, product) in found:
            refuse(f"the people of {subscription} stand in it twice", "name each account once")
        numbers = {name: amount(entry, name, f"{name} of {subscription}") for name in NUMBERS_OF_PEOPLE}
        found[subscription, product] = AccountPeople(subscription, product, **numbers)
    return tuple(found.values())


def rows_of(given: object, what: str) -> list[object]:
    """The rows of a list; none where it is missing. Raises an error for anything but a list."""
    if given is None:
        return []
    if not isinstance(given, list):
        refuse(f"{what} are no list", "write [...]")
    return given


def amount(entry: Mapping[str, Any], name: str, what: str) -> Any:
    """A number; null only where it may be unknown, and 0 where it is left out of a count."""
    value = entry.get(name, None if name in MAY_BE_UNKNOWN else 0)
    if value is None and name in MAY_BE_UNKNOWN:
        return None
    if type(value) is not int:
        refuse_number(what)
    if not 0 <= value <= LARGEST_COUNT:
        refuse(f"{what} is {value}", "correct it")
    return value
