"""People: by one call to the identity service where it is seen to count as the people list does, else by that list.

The identity service (SCIM) counts identities, which can be more than people: rooms and calling services have one too.
So it is trusted only after it agreed with a full list, and asked to agree again at the first poll of every day (UTC)
and where its number is far from the last one.
"""

from urllib.parse import quote

from webexhist.license_lists import is_less_than_half
from webexhist.metrics import Metric
from webexhist.snapshot import Collection, CollectionStatus, Count
from webexhist.webex.api.client import LARGEST_PAGE, WebexClient
from webexhist.webex.api.errors import ListTooLong, WebexError
from webexhist.webex.api.items import identity
from webexhist.webex.auth.scopes import ADMINISTRATOR, Permission, Scope
from webexhist.webex.collectors.interface import Collector, Gathered, Question, Target
from webexhist.webex.collectors.lists import asked_twice, confirmed
from webexhist.webex_ids import uuid_of

CHECK = "people check"
"""The name under which the log keeps whether the identity service agreed."""

DIFFERS = "the identity service counts"
NOT_COMPARED = "the list of people is longer than a poll's time: the identity service counts them"
SHARE = 0.5
"""The share of the time left that the identity service may take where the list of people can stand for it."""

COME = 0.1
"""The share of what the identity service tells that has to have come before a list is taken to be so long of which
nothing is known yet: a number that is far too large is found out by the end of the list."""

PEOPLE_READ = Scope("spark-admin:people_read", "the number of people", "no count of people, no list of idle seats")
IDENTITY = Scope(
    "identity:people_read",
    "the number of people by a single request",
    "people are counted page by page, with the same result",
    option="--identity",
)


def collect_people(client: WebexClient, target: Target) -> Gathered:
    """Everyone in the organization."""
    check = check_of_today(target)
    if check is None:
        return listed_and_checked(client, target)
    if check.status is CollectionStatus.OK or check.error == NOT_COMPARED:
        try:
            found = identities(client, target)
        except WebexError as error:
            return gathered(PeopleList(client, target).length(), failed_check(error))
        return listed_and_checked(client, target) if is_far_off(found, target) else gathered(found, check)
    return gathered(PeopleList(client, target).length(), check)


def check_of_today(target: Target) -> Collection | None:
    """The last check, if it still holds: it was made, or made again, on the day of this poll."""
    before = target.before
    if before is None or target.is_asked_alone or before.taken_at.date() != target.taken_at.date():
        return None
    return before.collection_of(CHECK)


class PeopleList:
    """The list of people while it is asked for, maybe beside the identity service."""

    def __init__(self, client: WebexClient, target: Target) -> None:
        self.client, self.target = client, target
        self.before = target.expected(Metric.PEOPLE)
        """How many were counted last."""
        self.seen: set[str] = set()
        """Who is on the pages that came."""
        self.announced: int | None = None
        """What the identity service told meanwhile."""

    def length(self) -> int:
        """How many people there are."""
        return len(asked_twice(self.client, self.target, [Metric.PEOPLE], self.all))

    def all(self) -> set[str]:
        """Everyone on it. Presence is not asked for: it is slow, and frequent asking is discouraged."""
        self.seen = set()
        of = {"orgId": self.target.organization.webex_id, "max": LARGEST_PAGE, "excludeStatus": "true"}
        for page in self.client.pages_of("/v1/people", self.expected, **of):
            self.seen.update(map(identity, page))
        return self.seen

    def expected(self) -> int | None:
        """How long it seems to be, as far as is known by now.

        What the identity service told is gone by only where more people came than were counted last, or a share of
        what it told: a number that is far too large would make the list seem longer than a poll's time.
        """
        if self.announced is None:
            return self.before
        if self.before is None:
            return self.announced if len(self.seen) >= COME * self.announced else None
        if len(self.seen) >= self.before:
            return self.announced
        return min(self.announced, self.before)


def listed_and_checked(client: WebexClient, target: Target) -> Gathered:
    """Counts both ways, side by side; it is the list that is believed.

    Where the list is longer than the poll's time the identity service stands for it, unless it is known to differ, or
    tells fewer people than are on the pages that came.
    """
    people = PeopleList(client, target)

    def announce() -> int | WebexError:
        try:
            people.announced = confirmed(
                client, lambda: identities(client, target), lambda total: is_far_off(total, target)
            )
        except WebexError as error:
            return error
        return people.announced

    def list_all() -> int | WebexError:
        try:
            return people.length()
        except WebexError as error:
            return error

    found, count = client.side_by_side(lambda ask: ask(), (announce, list_all))
    if isinstance(found, WebexError):
        return gathered(known(count), failed_check(found))
    if isinstance(count, ListTooLong) and found >= len(people.seen) and not is_known_to_differ(target):
        return gathered(found, Collection(CHECK, CollectionStatus.NOT_USED, 0, 0.0, NOT_COMPARED))
    if known(count) == found:
        return gathered(found, Collection(CHECK, CollectionStatus.OK, 0, 0.0))
    difference = f"{DIFFERS} {found} where the list of people holds {count}"
    return gathered(known(count), Collection(CHECK, CollectionStatus.NOT_USED, 0, 0.0, difference))


def is_far_off(found: int, target: Target) -> bool:
    """Whether these are less than half of the people counted last, or more than twice as many."""
    last = target.expected(Metric.PEOPLE)
    return is_less_than_half(found, last) or is_less_than_half(last, found)


def known(count: int | WebexError) -> int:
    """The count; raises what kept it from being known."""
    if isinstance(count, WebexError):
        raise count
    return count


def is_known_to_differ(target: Target) -> bool:
    """Whether the identity service counted others than the list when they were last compared."""
    check = target.before.collection_of(CHECK) if target.before else None
    return check is not None and (check.error or "").startswith(DIFFERS)


def failed_check(error: WebexError) -> Collection:
    """The collection of a check that had no answer: the count stands without it."""
    return Collection(CHECK, CollectionStatus.NOT_USED, 0, 0.0, error.problem)


def gathered(count: int, check: Collection) -> Gathered:
    return Gathered((Count(Metric.PEOPLE, count),), checks=(check,))


def identities(client: WebexClient, target: Target) -> int:
    """How many identities the identity service announces; to fetch none of them is not documented.

    Where it never answers it must not keep the list from being counted.
    """
    check = target.before.collection_of(CHECK) if target.before else None
    share = 1.0 if check and check.error == NOT_COMPARED else SHARE
    organization = quote(uuid_of(target.organization.webex_id), safe="")
    return client.identity_results(f"/identity/scim/{organization}/v2/Users", share, count=1, attributes="id")


PEOPLE = Collector(
    name="people",
    permission=Permission((PEOPLE_READ,), ADMINISTRATOR),
    collect=collect_people,
    counts=(Metric.PEOPLE,),
    place=60,
    asks_by_time=True,
    entries=(CHECK,),
)
COLLECTORS = (PEOPLE,)
QUESTIONS = (Question(name=CHECK, permission=Permission((IDENTITY,), ADMINISTRATOR)),)
