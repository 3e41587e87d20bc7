"""A service that answers as a real organization did, by the file that `webexhist probe` wrote of it.

The file holds shapes, counts and kinds of values. What it does not say is as in any simulated world.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from webexhist.simulator.faults.switches import DataFault, EventOrder, Faults, PagingFault, Status, Trouble
from webexhist.simulator.world.plans import LicensePlan, OrganizationPlan, World
from webexhist.simulator.world.rhythm import EvenSpread

FORMAT = 1
BLANK = re.compile(r"\{[a-z_0-9]+\}")
MOST_PEOPLE = 20_000
"""A larger organization answers as one of so many."""
MOST_ITEMS = 10_000
"""Of one answer: a file that claims more is not believed."""
MOST_TEAMS, MOST_MEMBERS = 100, 100
"""Each team is asked for its members by a request of its own in every poll."""
MOST_PAGES = 100
"""Of a list, so that no poll takes long: where pages are short the list is shorter than the true one."""
MOST_ANSWERS, MOST_LICENSES = 500, 5_000
LARGEST_SKEW = 10 * 366 * 86_400
"""Seconds between two clocks ..."""
MOST_SKEW = timedelta(hours=1)
"""... and how much of that the service has: more was wrong at the host that asked."""
CODE, NAME_BY_CHANCE = re.compile(r"[A-Z0-9]{0,8}"), re.compile(r"[A-Za-z0-9]{0,32}")


class UnreadableProbe(ValueError):
    """The file is none that a probe wrote."""


@dataclass(frozen=True)
class KnownAnswer:
    """One answer of the file."""

    path: str
    """The pattern of its path."""
    asked: int | None
    """How many items were asked for."""
    status: int | None
    items: int
    goes_on: bool
    """Whether there is a next page."""
    order: str
    has_event: bool | None
    clock_seconds: int
    shape: Mapping[str, Mapping[str, int]]

    def kinds(self, place: str) -> Mapping[str, int]:
        """Returns how often each kind of value stands at a place of the answer."""
        return self.shape.get(place, {})


@dataclass(frozen=True)
class Likeness:
    """What a world needs to answer alike."""

    answers: Mapping[str, KnownAnswer]
    """By the name of the question."""
    licenses: tuple[LicensePlan, ...]

    def world(self, now: datetime) -> World:
        """Returns an organization with as many of each as it says; a list that goes on is twice its first page."""
        members = max(1, min(MOST_MEMBERS, self._number("team memberships", 10)))
        organization = OrganizationPlan(
            people=self._people(),
            devices=self._number("devices", 12),
            workspaces=self._number("workspaces", 9),
            locations=self._number("locations", 3),
            hybrid_clusters=self._number("hybrid clusters", 0),
            hybrid_connectors=self._number("hybrid connectors", 0),
            resource_group_activated=self._number("group memberships", 0),
            resource_group_pending=0,
            resource_group_error=0,
            licenses=self.licenses,
        )
        events = self._number("events", 0)
        today = now.date()
        opened = today - timedelta(days=90)
        return World(
            organizations=(organization,),
            teams=min(MOST_TEAMS, self._number("teams", 4)),
            memberships_per_team=members,
            rooms=self._number("rooms", 20),
            opened=opened,
            messages_a_day=EvenSpread(events, opened, today, events // 90),
        )

    def faults(self) -> Faults:
        """Returns what was refused, how long pages are, and what is odd about lists and their items."""
        first = self._first("events", "events of messages")
        boundary, end = self.answers.get("events from the newest on"), self.answers.get("events up to the newest")
        skew = timedelta(seconds=self._first("organizations").clock_seconds)
        return Faults(
            clock_skew=max(-MOST_SKEW, min(MOST_SKEW, skew)),
            troubles=list(self._refusals()),
            paging=set(self._paging()),
            data=set(self._data()),
            page_limits=dict(self._page_limits()),
            event_order=EventOrder.OLDEST_FIRST if first.order == "oldest first" else EventOrder.NEWEST_FIRST,
            from_inclusive=boundary is None or boundary.has_event is not False,
            to_inclusive=end is not None and end.has_event is True,
        )

    def _first(self, *names: str) -> KnownAnswer:
        return next((self.answers[name] for name in names if name in self.answers), NOTHING)

    def _number(self, name: str, usual: int) -> int:
        answer = self.answers.get(name)
        if answer is None or answer.status != 200:
            return usual
        return answer.items * 2 if answer.goes_on else answer.items

    def _people(self) -> int:
        total = next(iter(self._first("identities").kinds("totalResults")), "")
        people = min(MOST_PEOPLE, int(total[:9])) if total.isdecimal() else self._number("people", 100)
        return min(people, MOST_PAGES * dict(self._page_limits()).get("/v1/people", MOST_PEOPLE))

    def _refusals(self) -> Iterator[Trouble]:
        """Paths of which every request was refused."""
        statuses: dict[str, set[int | None]] = {}
        for answer in self.answers.values():
            statuses.setdefault(answer.path, set()).add(answer.status)
        for path, found in statuses.items():
            if len(found) == 1 and (status := found.pop()) and status >= 400:
                yield Trouble(Status(status), path=path)

    def _page_limits(self) -> Iterator[tuple[str, int]]:
        for answer in self.answers.values():
            if answer.goes_on and answer.asked and 0 < answer.items < answer.asked and "*" not in answer.path:
                yield answer.path, answer.items

    def _paging(self) -> Iterator[PagingFault]:
        """The fault of a service without any link, where a page of one device had none."""
        second = self._first("the second device")
        if (
            self._first("devices").items > 2
            and second.items == 1
            and not any(answer.goes_on for answer in self.answers.values())
        ):
            yield PagingFault.NO_LINK

    def _data(self) -> Iterator[DataFault]:
        rows, people = self._first("licenses"), self._first("people")
        if "number as text" in rows.kinds("items[].totalUnits"):
            yield DataFault.UNITS_AS_STRINGS
        if "null" in rows.kinds("items[].consumedByUsers"):
            yield DataFault.CONSUMED_BY_NULL
        elif rows.items and not rows.kinds("items[].consumedByUsers"):
            yield DataFault.CONSUMED_BY_ABSENT
        if {'"true"', '"false"'} & people.kinds("items[].invitePending").keys():
            yield DataFault.BOOLEANS_AS_STRINGS
        if people.items and not people.kinds("items[].lastActivity"):
            yield DataFault.PRESENCE_HIDDEN
        hybrid = self._first("hybrid clusters", "hybrid connectors").kinds("")
        if "empty object" in hybrid:
            yield DataFault.HYBRID_EMPTY_OBJECT
        elif "empty list" in hybrid:
            yield DataFault.HYBRID_EMPTY_LIST


NOTHING = KnownAnswer("", None, None, 0, False, "", None, 0, {})


def likeness(probe: object) -> Likeness:
    """Reads the JSON of a probe's file.

    Raises:
        UnreadableProbe: it is none, or of another version of the file's format.
    """
    try:
        return _likeness(probe)
    except UnreadableProbe:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnreadableProbe("this is no file of a probe") from error


def _likeness(probe: Any) -> Likeness:
    if _number(probe["format"], 0, MOST_ITEMS) != FORMAT:
        raise UnreadableProbe(f"its format is {probe['format']}, not {FORMAT}")
    if len(probe["answers"]) > MOST_ANSWERS or len(probe["licenses"]) > MOST_LICENSES:
        raise UnreadableProbe("it has more answers or licenses than any probe keeps")
    answers = {str(answer["name"]): _known_answer(answer) for answer in probe["answers"]}
    return Likeness(answers, tuple(_license(number, row) for number, row in enumerate(probe["licenses"])))


def _known_answer(answer: Mapping[str, Any]) -> KnownAnswer:
    path, _, query = str(answer["request"]).removeprefix("GET ").partition("?")
    asked = re.search(r"(?:^|&)(?:max|count)=(\d+)", query)
    return KnownAnswer(
        path=BLANK.sub("*", path),
        asked=int(asked[1]) if asked else None,
        status=None if answer["status"] is None else _number(answer["status"], 200, 599),
        items=_number(answer["items"] or 0, 0, MOST_ITEMS),
        goes_on=any(str(link).startswith("next:") for link in answer["links"]),
        order=str(answer["order"]),
        has_event=answer["has_event"],
        clock_seconds=_number(answer["clock_seconds"] or 0, -LARGEST_SKEW, LARGEST_SKEW),
        shape={place: dict(kinds.items()) for place, kinds in answer["shape"].items()},
    )


def _number(value: object, least: int, most: int) -> int:
    """A whole number within bounds; raises ValueError for anything else."""
    if type(value) is not int or not least <= value <= most:
        raise ValueError("not such a number")
    return value


def _text(value: object, form: re.Pattern[str]) -> str:
    """A text of that form; raises ValueError for anything else."""
    if not isinstance(value, str) or not form.fullmatch(value):
        raise ValueError("not such a text")
    return value


def _license(number: int, row: Mapping[str, Any]) -> LicensePlan:
    """A row of this kind; its numbers have as many digits as the true ones."""
    total, code = _units(str(row["total"])), _text(row["code"], CODE)
    subscription, site = (_text(row[name], NAME_BY_CHANCE) for name in ("subscription", "site"))
    return LicensePlan(
        name=f"License {number + 1} ({code or 'no code'})",
        code=code or "XX",
        total=total,
        by_users=max(0, total) * 4 // 5,
        subscription=f"Sub-{subscription}" if subscription else None,
        site_url=f"site-{site}.example" if site else None,
        site_type="Control Hub managed site" if site else None,
    )


def _units(kind: str) -> int:
    if kind.startswith("negative"):
        return -1
    digits = re.search(r"of (\d) digit", kind)
    return 5 * 10 ** (int(digits[1]) - 1) if digits else 0
