"""Seats: how those are used that are assigned, by one sweep of the list of people, joined with the licenses.

Of a person nothing is kept but the counts to which he adds. A sweep that does not reach the end counts nothing: half
a list would have fewer idle seats, and they would be wrong.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta

from webexhist.metrics import Metric
from webexhist.paces import A_DAY
from webexhist.products import product_of
from webexhist.seat_counts import (
    EVERYONE,
    SEATS_COLLECTOR,
    Account,
    HolderState,
    SeatHolder,
    SeatSweep,
    idle_days_between,
)
from webexhist.seat_exclusions import FIELDS, Exclusions
from webexhist.seat_tally import SeatTally
from webexhist.seats import has_no_users
from webexhist.snapshot import License, LicenseUsage
from webexhist.texts import is_visible, one_line
from webexhist.webex.api.client import LARGEST_PAGE, WebexClient
from webexhist.webex.api.errors import BadAnswer, NotPermitted
from webexhist.webex.api.items import identity
from webexhist.webex.api.json_values import JsonObject, moment, text
from webexhist.webex.auth.scopes import ADMINISTRATOR, Permission
from webexhist.webex.collectors.interface import Collector, Gathered, Target
from webexhist.webex.collectors.licenses import LICENSES_READ, license_usage, list_licenses
from webexhist.webex.collectors.people import PEOPLE_READ
from webexhist.webex_ids import uuid_of

NO_PEOPLE = frozenset({"bot", "appuser"})
"""What Webex lists among people without being one: what it says of their presence means nothing."""
PRESENT = frozenset({"active", "call", "meeting", "presenting", "donotdisturb"})
"""What Webex says of somebody who is active just now."""
NEVER_SEEN = frozenset({"pending", "unknown"})
"""What it says, without a last activity, of somebody who never was."""
NEW_FOR = timedelta(days=90)
"""Who came since and never was active is not counted as one who never will be: the seat was not idle for as long."""
LONGEST_GROUP = 80
"""Characters of a group's name that are kept."""

GroupOf = Callable[[JsonObject], str]


def collect_seats(client: WebexClient, target: Target) -> Gathered:
    """How the seats of every license are used."""
    usages = licenses_to_hold(client, target)
    by_key = {license_key(usage.license.webex_id): usage.license.webex_id for usage in usages}
    tally = SeatTally(accounts_of(usage.license for usage in usages))
    for holder in holders(client, target, by_key):
        tally.add(holder)
    assigned = {usage.license.webex_id: usage.assigned_to_users for usage in usages}
    seats = tally.of_licenses(assigned, grouped=target.seats_by != "none")
    sweep = SeatSweep(target.taken_at, target.seats_by, seats, tally.of_accounts(assigned))
    return Gathered(seats=sweep)


def licenses_to_hold(client: WebexClient, target: Target) -> list[LicenseUsage]:
    """All licenses of the organization.

    Raises:
        BadAnswer: there are none.
    """
    usages = [license_usage(row) for row in list_licenses(client, target)]
    if not usages:
        raise BadAnswer("GET /v1/licenses lists none, so that nobody can hold a seat")
    return usages


def accounts_of(licenses: Iterable[License]) -> list[Account]:
    """What is bought together: every subscription, and in it each product of several licenses."""
    subscriptions: dict[str, dict[str, list[str]]] = {}
    for each in licenses:
        if each.counted and each.subscription_id and not has_no_users(each.code, each.name):
            product = product_of(each.code, each.name, each.subscription_id, apart=True)
            products = subscriptions.setdefault(each.subscription_id, {})
            products.setdefault(product, []).append(each.webex_id)
    return [
        account
        for subscription, products in subscriptions.items()
        for account in (
            Account(subscription, None, tuple(id_ for ids in products.values() for id_ in ids)),
            *(Account(subscription, product, tuple(ids)) for product, ids in products.items() if len(ids) > 1),
        )
    ]


def holders(client: WebexClient, target: Target, license_ids: Mapping[str, str]) -> Iterator[SeatHolder]:
    """Everyone in the list of people, page by page; `license_ids` are those of the licenses by their keys."""
    group_of, left_out = group_reader(client, target), target.exclusions()
    for person in people(client, target):
        yield holder_of(person, target, license_ids, group_of, left_out)


def people(client: WebexClient, target: Target) -> Iterator[JsonObject]:
    """Everyone in the list of people once, with the presence; no more than a page of them is in memory.

    Raises:
        BadAnswer: it has no end, is less than half as long as when people were last counted, or does not say who
            holds what.
    """
    shows_licenses = False
    seen: set[int] = set()  # a number stands for a person: the ids of all would be the largest thing in memory
    expected = target.expected(Metric.PEOPLE)
    organization = target.organization.webex_id
    for page in client.pages_of("/v1/people", lambda: expected, orgId=organization, max=LARGEST_PAGE):
        for person in page:
            number = hash(identity(person))
            if number not in seen:
                seen.add(number)
                shows_licenses = shows_licenses or isinstance(person.get("licenses"), list)
                yield person
    if not shows_licenses:
        raise BadAnswer("GET /v1/people does not say who holds which license")
    if expected is not None and 2 * len(seen) < expected:
        raise BadAnswer(f"GET /v1/people lists fewer than half of the {expected:,} people who were counted before")


def holder_of(
    person: JsonObject,
    target: Target,
    license_ids: Mapping[str, str],
    group_of: GroupOf,
    left_out: Exclusions,
) -> SeatHolder:
    """What counts of one person; of one who is left out nothing is known but the seats."""
    held = tuple(license_ids[key] for key in map(license_key, licenses_of(person)) if key in license_ids)
    if is_left_out(person, left_out):
        return SeatHolder(held, group_of(person), HolderState.HIDDEN)
    state, idle_days = state_of(person, target)
    if state is HolderState.NEVER_ACTIVE and is_new(person, target, NEW_FOR):
        state = HolderState.HIDDEN
    return SeatHolder(held, group_of(person), state, idle_days)


def is_new(person: JsonObject, target: Target, span: timedelta) -> bool:
    """Whether a person came so lately that no activity says nothing yet."""
    created = moment(person.get("created"))
    return created is not None and target.taken_at - created < span


def is_left_out(person: JsonObject, left_out: Exclusions) -> bool:
    """Whether a person is not to be looked at."""
    if not left_out:  # of 150,000 people nothing is to be compared with nothing
        return False
    id_ = text(person.get("id")) or ""
    names = [id_, uuid_of(id_), *addresses_of(person), text(person.get("displayName")) or ""]
    return left_out.excludes(names, {field: spellings_of(person.get(field)) for field in FIELDS})


def spellings_of(value: object) -> tuple[str, ...]:
    """How a department or title may be written by who leaves it out: as Webex has it, or as groups are shown."""
    words = one_line(text(value) or "")
    return (text(value) or "", words, words[:LONGEST_GROUP])


def addresses_of(person: JsonObject) -> list[str]:
    """Every address and user name of a person."""
    listed = person.get("emails")
    found = [listed] if isinstance(listed, str) else listed if isinstance(listed, list) else []
    return [address for address in (*found, person.get("userName")) if isinstance(address, str) and address]


def state_of(person: JsonObject, target: Target) -> tuple[HolderState, int | None]:
    """What can be known of a person's use, with the days since his last activity where that is."""
    if (text(person.get("type")) or "").lower() in NO_PEOPLE:
        return HolderState.HIDDEN, None
    if is_true(person.get("loginEnabled")) is False:
        return HolderState.DISABLED, None
    if is_true(person.get("invitePending")):
        return HolderState.PENDING, None
    last = moment(person.get("lastActivity"))
    presence = (text(person.get("status")) or "").lower()
    if last is not None:
        return HolderState.SEEN, idle_days_between(last, target.taken_at)
    if presence in PRESENT:
        return HolderState.SEEN, 0
    if person.get("lastActivity"):  # there was one, and nobody can read when
        return HolderState.HIDDEN, None
    return (HolderState.NEVER_ACTIVE if presence in NEVER_SEEN else HolderState.HIDDEN), None


def is_true(value: object) -> bool | None:
    """A boolean, which Webex also writes as a text; None for anything else."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def licenses_of(person: JsonObject) -> Iterator[str]:
    """The ids of the licenses that a person holds; several were seen in one text."""
    listed = person.get("licenses")
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, str):
            yield from filter(None, map(str.strip, entry.split(",")))


def license_key(webex_id: str) -> str:
    """What two spellings of a license's id have in common: some are padded."""
    return webex_id.rstrip("=")


def group_reader(client: WebexClient, target: Target) -> GroupOf:
    """How the group of a person is read."""
    by = target.seats_by
    if by == "none":
        return lambda person: EVERYONE
    if by == "location":
        names = location_names(client, target)
        return lambda person: location_of(person, names)
    return lambda person: group_name(person.get(by), by)


def group_name(value: object, by: str) -> str:
    """A group as it is shown: in one line, which is not too long."""
    words = one_line(text(value) or "")[:LONGEST_GROUP].rstrip()
    return words if is_visible(words) else f"no {by}"


def location_of(person: JsonObject, names: Mapping[str, str]) -> str:
    """The name of the person's location; its id where no list named it."""
    place = text(person.get("locationId"))
    return group_name(names.get(uuid_of(place), f"location {uuid_of(place)}") if place else None, "location")


def location_names(client: WebexClient, target: Target) -> dict[str, str]:
    """What the organization's locations are called, by their UUIDs; none where that may not be asked."""
    try:
        pages = list(client.pages("/v1/locations", orgId=target.organization.webex_id))
    except NotPermitted:
        return {}
    return {uuid_of(id_): name for page in pages for id_, name in named(page)}


def named(page: Iterable[JsonObject]) -> Iterator[tuple[str, str]]:
    """Ids and names of what a page lists; what lacks one of them is left out."""
    for item in page:
        id_, name = text(item.get("id")), text(item.get("name"))
        if id_ and name:
            yield id_, name


SEATS = Collector(
    name=SEATS_COLLECTOR,
    permission=Permission((PEOPLE_READ, LICENSES_READ), ADMINISTRATOR),
    collect=collect_seats,
    place=90,
    is_asked=lambda settings: settings.seats,
    sweeps_every=A_DAY,
)
COLLECTORS = (SEATS,)
