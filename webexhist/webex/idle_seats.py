"""Whose seats are not used, person by person and live: it is shown to whoever asks, and kept nowhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from webexhist.seat_counts import HolderState
from webexhist.snapshot import License
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.json_values import JsonObject, moment, text
from webexhist.webex.collectors.interface import Target
from webexhist.webex.collectors.licenses import license_usage, list_licenses
from webexhist.webex.collectors.seats import (
    addresses_of,
    group_reader,
    is_left_out,
    license_key,
    licenses_of,
    people,
    state_of,
)

Wanted = Callable[[License], bool]


@dataclass(frozen=True, slots=True)
class IdleSeat:
    """A seat that its holder does not use."""

    license: License
    person: str
    address: str
    group: str
    state: HolderState
    idle_days: int | None
    """Whole days since the last activity; None where there never was any, or the person may not log in."""
    last_active: date | None

    @property
    def why(self) -> str:
        """Why it is thought not to be used, in words."""
        if self.state is HolderState.SEEN:
            return f"{self.idle_days} days"
        return "login disabled" if self.state is HolderState.DISABLED else str(self.state)


@dataclass(frozen=True, slots=True)
class IdleSeats:
    """The seats of an organization that are not used."""

    taken_at: datetime
    licenses: tuple[License, ...]
    """Those that were looked at."""
    seats: tuple[IdleSeat, ...]
    hidden: int
    """Seats of people who are left out, or of whom Webex does not say when they were last active."""
    pending: int
    """Seats of people who did not accept the invitation yet."""


def idle_seats(client: WebexClient, target: Target, idle_days: int, wanted: Wanted) -> IdleSeats:
    """Sweeps the list of people; nothing is counted where its end is not reached.

    A seat is not used where its holder was not active for so many days, never was and has been there for as long, or
    may not log in.
    """
    listed = [license_usage(row).license for row in list_licenses(client, target)]
    licenses = {license_key(each.webex_id): each for each in listed if wanted(each)}
    group_of, left_out = group_reader(client, target), target.exclusions()
    found: list[IdleSeat] = []
    unknown = {HolderState.HIDDEN: 0, HolderState.PENDING: 0}
    for person in people(client, target):
        held = held_of(person, licenses)
        if not held:
            continue
        state, days = state_of(person, target)
        state = HolderState.HIDDEN if is_left_out(person, left_out) else state
        if state in unknown:
            unknown[state] += len(held)
        elif is_idle(person, state, days, idle_days, target):
            found += [seat_of(person, each, group_of(person), state, days) for each in held]
    return IdleSeats(
        target.taken_at,
        tuple(licenses.values()),
        tuple(found),
        unknown[HolderState.HIDDEN],
        unknown[HolderState.PENDING],
    )


def held_of(person: JsonObject, licenses: Mapping[str, License]) -> list[License]:
    """Those of the licenses that a person holds."""
    keys = dict.fromkeys(map(license_key, licenses_of(person)))
    return [licenses[key] for key in keys if key in licenses]


def is_idle(person: JsonObject, state: HolderState, days: int | None, wanted_days: int, target: Target) -> bool:
    """Whether somebody who holds a seat was not active for `wanted_days`, or may not log in at all."""
    if state is HolderState.DISABLED:
        return True
    if state is HolderState.NEVER_ACTIVE:
        created = moment(person.get("created"))
        return created is None or (target.taken_at - created).days >= wanted_days
    return days is not None and days >= wanted_days


def seat_of(person: JsonObject, license_: License, group: str, state: HolderState, days: int | None) -> IdleSeat:
    """The seat as it is listed; `days` are those since the last activity."""
    last = moment(person.get("lastActivity"))
    return IdleSeat(
        license=license_,
        person=text(person.get("displayName")) or "",
        address=next(iter(addresses_of(person)), ""),
        group=group,
        state=state,
        idle_days=days,
        last_active=last.date() if last else None,
    )
