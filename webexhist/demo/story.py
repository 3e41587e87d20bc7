"""Thirteen months of an organization, with what a license manager meets in such a time.

People grow from 430 to 520. Half a year ago calling and messaging seats were bought. Five months ago a reorganization
freed meeting seats in one region. The meetings license of the other region runs out within some weeks. More contact
center agents are assigned than were bought, and last month their subscription was renewed: it has another number now,
and its license another id. Three months ago the room kits of two subscriptions were brought together in one. One
license is new, one is gone, one got another name last month. A small organization belongs to the same customer.
Since ten weeks it is counted, by departments, how seats are used: people.py. Everything is computed from the clock.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from webexhist.demo.people import StoryPeople
from webexhist.simulator.faults.switches import Faults, Status, Trouble
from webexhist.simulator.world.amounts import Amount, Curve, Steps, scatter
from webexhist.simulator.world.plans import LicensePlan, OrganizationPlan, Units, World

LENGTH_DAYS = 396
SEATS_COUNTED = timedelta(days=70)
"""For so long before the end of the story it is counted how seats are used."""
PURCHASE, REORGANIZATION, REORGANIZED, CONSOLIDATION = 190, 150, 140, 95
"""Days before the end of the story."""
_RENEWAL, _REFUSED, _RENAME = 10, 15, 20
"""Days of the month before the one in which the story ends: the one that the report shows."""
_DAYS_WITHOUT_POLLS = ((301, 296), (175, 170), (44, 43))
"""First and last day of each gap, in days before the end of the story."""
_HOURS = (6, 18)
"""Hours of the polls of a day of last month, in UTC; on any other day of polls there is only the first."""
_DAYS_BETWEEN = 5
"""From poll to poll before last month: fewer polls, so that nobody waits long for the demo."""
_FLEX, _EMEA = "Sub1000001", "Sub1000002"
_MANAGED = "Control Hub managed site"


def world(now: datetime) -> World:
    """Returns both organizations over the thirteen months that end at `now`."""
    organization = OrganizationPlan(
        name="Acme Example",
        domain="acme.example",
        people=_curve(now, 1, 2, (396, 430), (REORGANIZATION, 492), (REORGANIZED, 474), (0, 520)),
        devices=_curve(now, 2, 0, (396, 38), (210, 41), (205, 49), (0, 54)),
        workspaces=_curve(now, 3, 0, (396, 31), (205, 40), (0, 44)),
        locations=4,
        hybrid_clusters=2,
        hybrid_connectors=Steps(5, (_days_before(now, 120),), (4,)),
        resource_group_activated=_curve(now, 4, 1, (396, 58), (0, 77)),
        resource_group_pending=_curve(now, 5, 2, (396, 3), (0, 4)),
        resource_group_error=_curve(now, 6, 0.9, (396, 0.6), (0, 0.8)),
        licenses=licenses(now),
        habits=StoryPeople.until(now),
    )
    laboratory = OrganizationPlan(
        name="Acme Example Laboratory",
        domain="lab.acme.example",
        people=_curve(now, 9, 0, (396, 22), (0, 31)),
        devices=3,
        workspaces=3,
        locations=1,
        hybrid_clusters=0,
        hybrid_connectors=0,
        resource_group_activated=0,
        resource_group_pending=0,
        resource_group_error=0,
        licenses=laboratory_licenses(now),
    )
    opened = _days_before(now, LENGTH_DAYS + 30).date()
    return World(
        organizations=(organization, laboratory),
        teams=Steps(2, (_days_before(now, 230),), (3,)),
        memberships_per_team=_curve(now, 7, 1, (396, 52), (0, 68)),
        rooms=_curve(now, 8, 1, (396, 142), (REORGANIZATION, 176), (0, 208)),
        rooms_of_others=36,
        opened=opened,
        messages_a_day=DayRhythm(opened, 240, 290, seed=11),
        membership_changes_a_day=DayRhythm(opened, 9, 12, seed=12),
        audit_events_a_day=DayRhythm(opened, 5, 6, seed=13),
    )


def licenses(now: datetime) -> tuple[LicensePlan, ...]:
    """Returns the licenses of the large organization over the thirteen months that end at `now`.

    Their order is that of the list, and the number in each id: a new one goes to the end.
    """
    return (
        *_seats_of_everybody(now),
        *_contact_center(now),
        *_licenses_of_one_region(now),
        *_room_kits(now),
        *_units_that_are_no_seats(),
    )


def _seats_of_everybody(now: datetime) -> tuple[LicensePlan, ...]:
    """Returns messaging, meetings of both regions, and calling: more seats were bought half a year ago."""
    bought = _days_before(now, PURCHASE)
    return (
        LicensePlan(
            "Advanced Messaging",
            "MS",
            Steps(500, (bought,), (600,)),
            _curve(now, 21, 2, (396, 420), (REORGANIZATION, 481), (REORGANIZED, 463), (0, 510)),
            subscription=_FLEX,
        ),
        LicensePlan(
            "Webex Meetings Suite",
            "EE",
            250,
            _curve(now, 22, 1.2, (396, 201), (180, 214), (0, 243)),
            subscription=_FLEX,
            site_url="acme.webex.com",
            site_type=_MANAGED,
        ),
        LicensePlan(
            "Webex Meetings Suite",
            "EE",
            120,
            _curve(now, 23, 1.2, (396, 97), (REORGANIZATION, 106), (143, 70), (0, 74)),
            subscription=_EMEA,
            site_url="acme-emea.webex.com",
            site_type=_MANAGED,
        ),
        LicensePlan(
            "Webex Calling - Professional",
            "BCSTD",
            Steps(150, (bought,), (200,)),
            _curve(now, 24, 1, (396, 128), (PURCHASE, 143), (PURCHASE - 20, 158), (0, 171)),
            _curve(now, 25, 0, (396, 4), (0, 6)),
            subscription=_FLEX,
        ),
    )


def _contact_center(now: datetime) -> tuple[LicensePlan, ...]:
    """Returns the agents, of whom there are more than were bought, under the number before and after the renewal."""
    name, code, bought = "Contact center Standard Agent", "CJPSTD", 25
    agents, renewed = _curve(now, 26, 0.8, (396, 21), (0, 28)), renewal(now)
    return (
        LicensePlan(name, code, bought, agents, subscription="Sub1000003", listed_until=renewed),
        LicensePlan(name, code, bought, agents, subscription="Sub1000004", listed_from=renewed),
    )


def _licenses_of_one_region(now: datetime) -> tuple[LicensePlan, ...]:
    """Returns one license that got another name, one that is new, and one that is gone."""
    return (
        LicensePlan(
            "Meeting 25 party",
            "CF",
            300,
            _curve(now, 27, 1.4, (396, 187), (0, 187)),
            subscription=_EMEA,
            renamed=(_day_of_last_month(now, _RENAME), "Advanced Space Meetings"),
        ),
        LicensePlan(
            "Real-Time Translations",
            "RTT",
            50,
            _curve(now, 28, 0.6, (175, 0), (100, 22), (0, 31)),
            subscription=_EMEA,
            listed_from=_days_before(now, 175),
        ),
        LicensePlan(
            "Salesforce Desktop Connector", "SFDSK", 10, 4, subscription=_EMEA, listed_until=_days_before(now, 88)
        ),
    )


def _room_kits(now: datetime) -> tuple[LicensePlan, ...]:
    """Returns the room kits of two subscriptions, and the one license that took the place of both."""
    name, code, brought_together = "Webex Room Kit", "SD", _days_before(now, CONSOLIDATION)
    until, since = _curve(now, 29, 0, (396, 8), (205, 11), (0, 12)), _curve(now, 29, 0, (CONSOLIDATION, 18), (0, 19))
    return (
        LicensePlan(name, code, 14, 0, until, subscription=_FLEX, listed_until=brought_together),
        LicensePlan(name, code, 10, 0, 6, subscription=_EMEA, listed_until=brought_together),
        LicensePlan(name, code, 24, 0, since, subscription=_FLEX, listed_from=brought_together),
    )


def _units_that_are_no_seats() -> tuple[LicensePlan, ...]:
    """Returns what is counted of a package, and what every person has."""
    return (
        LicensePlan("Webex Calling - Route List Calls", "BCRLC", 24, None, None, _FLEX, consumed=12),
        LicensePlan("Basic Messaging", "FMS", Units.ONE_PER_PERSON, Units.ONE_PER_PERSON),
        LicensePlan("Basic Space Meetings", "FTM", Units.ONE_PER_PERSON, Units.ONE_PER_PERSON),
        LicensePlan("Call on Webex (1:1 call, non-PSTN)", "FTC", Units.ONE_PER_PERSON, Units.ONE_PER_PERSON),
        LicensePlan("Hybrid - Exchange Calendar", "CE", Units.ONE_PER_PERSON, 0),
        LicensePlan("Unified Communication Manager (UCM)", "UCPREM", Units.ONE_PER_PERSON, 0),
    )


def laboratory_licenses(now: datetime) -> tuple[LicensePlan, ...]:
    """Returns the licenses of the small organization."""
    subscription = "Sub1000005"
    people = _curve(now, 9, 0, (396, 22), (0, 31))
    return (
        LicensePlan("Advanced Messaging", "MS", 40, people, subscription=subscription),
        LicensePlan(
            "Webex Meetings Suite",
            "EE",
            30,
            _curve(now, 30, 0.4, (396, 15), (0, 22)),
            subscription=subscription,
            site_url="acme-lab.webex.com",
            site_type=_MANAGED,
        ),
        LicensePlan("Basic Messaging", "FMS", Units.ONE_PER_PERSON, Units.ONE_PER_PERSON),
    )


def renewal(now: datetime) -> datetime:
    """Returns when the contact center's subscription was renewed under another number."""
    return _day_of_last_month(now, _RENEWAL)


def faults(now: datetime) -> Faults:
    """Returns what went wrong in those months: on one working day the list of devices was refused."""
    day = datetime.combine(_weekday_before(_day_of_last_month(now, _REFUSED).date()), time(), UTC)
    refusal = Trouble(Status(403), path="/v1/devices", since=day, until=day + timedelta(days=1))
    return Faults(troubles=[refusal])


def poll_times(months: int, end: datetime) -> list[datetime]:
    """Returns the times of the polls in the months before `end`.

    They are every fifth day, last month twice a day, since then daily, and for some days never. The last two are five
    minutes apart.
    """
    last_two = [end - timedelta(minutes=5), end]
    first_day = (end - timedelta(days=months * LENGTH_DAYS / 13)).date()
    days = [first_day + timedelta(days=number) for number in range((end.date() - first_day).days + 1)]
    this_month = end.date().replace(day=1)
    last_month = (this_month - timedelta(days=1)).replace(day=1)
    usual = [
        datetime.combine(day, time(hour), UTC)
        for day in days
        if not _is_without_polls(end, day) and (day >= last_month or (last_month - day).days % _DAYS_BETWEEN == 1)
        for hour in (_HOURS if last_month <= day < this_month else _HOURS[:1])
    ]
    return [at for at in usual if at < end - timedelta(hours=1)] + last_two


@dataclass(frozen=True)
class DayRhythm:
    """Events a day that grow slowly over the story, and are few at weekends and in holidays."""

    first_day: date
    at_first: int
    at_last: int
    seed: int

    def __call__(self, day: date) -> int:
        """Returns how many events `day` has."""
        number = (day - self.first_day).days
        level = self.at_first + (self.at_last - self.at_first) * number / (LENGTH_DAYS + 30)
        if day.weekday() >= 5:
            level *= 0.05
        elif (day.month, day.day) >= (12, 23) or (day.month, day.day) <= (1, 2):
            level *= 0.2
        elif day.month == 8:
            level *= 0.7
        return round(level * (0.85 + 0.3 * scatter(self.seed, day.toordinal())))


def _curve(now: datetime, seed: int, waver: float, *knots: tuple[int, float]) -> Amount:
    """Returns a curve through knots: days before `now`, and the value on that day."""
    return Curve(tuple((_days_before(now, days), value) for days, value in knots), waver, seed)


def _days_before(now: datetime, days: int) -> datetime:
    """Returns nine in the morning, a number of days before the day of `now`."""
    return datetime.combine(now.astimezone(UTC).date() - timedelta(days=days), time(9), UTC)


def _day_of_last_month(now: datetime, day: int) -> datetime:
    """Returns nine in the morning of a day of the month before the one of `now`."""
    last_month = now.astimezone(UTC).date().replace(day=1) - timedelta(days=1)
    return datetime.combine(last_month.replace(day=day), time(9), UTC)


def _weekday_before(day: date) -> date:
    """Returns the day, or the Friday before it if it is at a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _is_without_polls(end: datetime, day: date) -> bool:
    ago = (end.date() - day).days
    return any(first >= ago >= last for first, last in _DAYS_WITHOUT_POLLS)
