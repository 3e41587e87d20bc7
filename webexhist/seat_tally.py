"""Counts who holds seats, one person after the other."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from webexhist.seat_counts import (
    COLUMNS,
    EVERYONE,
    IDLE_DAYS,
    OTHERS,
    Account,
    AccountPeople,
    GroupSeats,
    HolderState,
    SeatCounts,
    SeatHolder,
    small_groups_together,
)
from webexhist.texts import folded
from webexhist.units import greatest_known, sum_known


class SeatTally:
    """Counts holders of seats one by one, so that a list of people need never be in memory."""

    def __init__(self, accounts: Iterable[Account] = ()) -> None:
        self.counts: dict[tuple[str, str], list[int]] = {}
        """By license and group, in the order of `COLUMNS`; nobody in a list of people is external to it."""
        self.spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
        """How often each group is written how: in capitals or not it is one."""
        self.accounts: tuple[Account, ...] = tuple(accounts)
        self.people: Counter[Account] = Counter()
        self.was_anybody_seen = False
        self.accounts_of: dict[str, list[Account]] = {}
        for account in self.accounts:
            for license_id in account.license_ids:
                self.accounts_of.setdefault(license_id, []).append(account)

    def add(self, holder: SeatHolder) -> None:
        """Counts a person once for each license, and once for each account."""
        self.people.update({account for each in holder.license_ids for account in self.accounts_of.get(each, ())})
        self.was_anybody_seen = self.was_anybody_seen or holder.state is HolderState.SEEN
        group = folded(holder.group)
        self.spellings[group][holder.group] += 1
        places = _PLACES[holder.state] if holder.idle_days is None else places_of(holder.idle_days)
        for license_id in dict.fromkeys(holder.license_ids):
            counts = self.counts.setdefault((license_id, group), [0] * len(COLUMNS))
            for place in places:
                counts[place] += 1

    def of_licenses(self, assigned_to_users: Mapping[str, int | None], grouped: bool) -> tuple[GroupSeats, ...]:
        """The counts of every license listed; a small group is among the others.

        `assigned_to_users` says of each how many of its units users hold; None where that is unknown.
        """
        own: dict[str, dict[str, SeatCounts]] = {license_id: {} for license_id in assigned_to_users}
        names = {group: most_often(spellings) for group, spellings in self.spellings.items()} | {OTHERS: OTHERS}
        for (license_id, group), counts in self.counts.items():
            if license_id in own:
                own[license_id][names[group]] = self.known_of(SeatCounts(*counts))
        return tuple(
            GroupSeats(license_id, group, counts)
            for license_id, assigned in assigned_to_users.items()
            for group, counts in sorted(with_external(own[license_id], assigned, grouped).items())
        )

    def known_of(self, counts: SeatCounts) -> SeatCounts:
        """The counts; where nobody at all was seen Webex shows no presence, and so not who never was active."""
        if self.was_anybody_seen:
            return counts
        return replace(counts, never_active=0, hidden=counts.hidden + counts.never_active)

    def of_accounts(self, assigned_to_users: Mapping[str, int | None]) -> tuple[AccountPeople, ...]:
        """How many different people hold licenses of each account."""
        held: Counter[str] = Counter()
        for (license_id, _), counts in self.counts.items():
            held[license_id] += SeatCounts(*counts).people
        return tuple(account_people(each, self.people[each], held, assigned_to_users) for each in self.accounts)


def most_often(spellings: Counter[str]) -> str:
    """How a group is written by most; of equally many the first in order."""
    return min(spellings, key=lambda name: (-spellings[name], name))


def account_people(
    account: Account, people: int, held: Mapping[str, int], assigned_to_users: Mapping[str, int | None]
) -> AccountPeople:
    """The people of an account; of those outside the list it is not known who holds several licenses."""
    external = [external_to(assigned_to_users.get(each), held.get(each, 0)) for each in account.license_ids]
    return AccountPeople(
        account.subscription_id,
        account.product,
        len(account.license_ids),
        people,
        greatest_known(external),
        sum_known(external),
    )


def external_to(assigned: int | None, held: int) -> int | None:
    """Units of users whom the list of people does not hold; None where it is not known how many users have."""
    return None if assigned is None else max(0, assigned - held)


def places_of(idle_days: int) -> Sequence[int]:
    """The columns in which a person counts who was last active so many days ago."""
    return [COLUMNS.index(f"idle_{days}") for days in IDLE_DAYS if idle_days >= days] or [0]


_PLACES = {
    HolderState.NEVER_ACTIVE: (COLUMNS.index("never_active"),),
    HolderState.PENDING: (COLUMNS.index("pending"),),
    HolderState.DISABLED: (COLUMNS.index("disabled"),),
    HolderState.HIDDEN: (COLUMNS.index("hidden"),),
}


def with_external(groups: Mapping[str, SeatCounts], assigned: int | None, grouped: bool) -> dict[str, SeatCounts]:
    """The groups of one license that are large enough, and the others with what nobody in the list holds."""
    held = sum(counts.people for counts in groups.values())
    external = external_to(assigned, held)
    named = small_groups_together(groups) if grouped else dict(groups)
    if external or (external is None and named):
        name = OTHERS if grouped else EVERYONE
        named[name] = named.get(name, SeatCounts()) + SeatCounts(external=external)
    return named
