"""Whose seats are not used, person by person and live: it is shown to whoever asks, and kept nowhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from webexhist.seat_counts import HolderState
from webexhist.snapshot import License
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.json_values import JsonObject, moment, text
from webexhist.webex.collectors.interface import Target
from webexhist.webex.collectors.seats import (
    addresses_of,
    group_reader,
    is_left_out,
    is_new,
    license_key,
    licenses_of,
    licenses_to_hold,
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
    """Seats of people of whom it is not known when they were last active, who came lately, or who are left out."""
    pending: int
    """Seats of people who did not accept the invitation yet."""
    was_anybody_seen: bool
    """Whether Webex says of anybody when he was last active."""


def idle_seats(client: WebexClient, target: Target, idle_days: int, wanted: Wanted) -> IdleSeats:
    """Sweeps the list of people; nothing is counted where its end is not reached.

    A seat is not used where its holder was not active for so many days, never was and has been there for as long, or
    may not log in. Where nobody at all was seen, Webex shows no presence, and so not who never was active.
    """
    listed = [usage.license for usage in licenses_to_hold(client, target)]
    licenses = {license_key(each.webex_id): each for each in listed if wanted(each)}
    group_of, left_out = group_reader(client, target), target.exclusions()
    found: list[IdleSeat] = []
    unknown = {HolderState.HIDDEN: 0, HolderState.PENDING: 0}
    was_anybody_seen, span = False, timedelta(days=idle_days)
    for person in people(client, target):
        state, days = state_of(person, target)
        was_anybody_seen = was_anybody_seen or state is HolderState.SEEN
        held = held_of(person, licenses)
        if not held:
            continue
        if is_left_out(person, left_out) or (state is HolderState.NEVER_ACTIVE and is_new(person, target, span)):
            state = HolderState.HIDDEN
        if state in unknown:
            unknown[state] += len(held)
        elif days is None or days >= idle_days:
            found += [seat_of(person, each, group_of(person), state, days) for each in held]
    judged = [each for each in found if was_anybody_seen or each.state is not HolderState.NEVER_ACTIVE]
    return IdleSeats(
        target.taken_at,
        tuple(licenses.values()),
        tuple(judged),
        unknown[HolderState.HIDDEN] + len(found) - len(judged),
        unknown[HolderState.PENDING],
        was_anybody_seen,
    )


def held_of(person: JsonObject, licenses: Mapping[str, License]) -> list[License]:
    """The licenses that a person holds, of those asked for."""
    keys = dict.fromkeys(map(license_key, licenses_of(person)))
    return [licenses[key] for key in keys if key in licenses]


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
