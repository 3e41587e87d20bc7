"""What the simulated service contains: organizations, their licenses, and what the owner of the token can see.

A world is a plain frozen value. How many items of a kind exist is an `Amount`, so it can change with the clock. The
items are computed when a client asks for them.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from functools import lru_cache

from webexhist.simulator.world.amounts import Amount
from webexhist.simulator.world.habits import HabitsOf, usual_habits
from webexhist.simulator.world.ids import uuid_of, webex_id
from webexhist.simulator.world.rhythm import DayAmount, EvenSpread, none_a_day

ORGANIZATION_FAMILY = 0x0A
LICENSE_FAMILY = 0x1C


class Units(Enum):
    """Units that follow another number."""

    ONE_PER_PERSON = "as many as there are people"


@dataclass(frozen=True)
class LicensePlan:
    """One row of the list of licenses, with its changes over time."""

    name: str
    code: str
    """The type code inside the id, which never changes: MS, EE, SD …"""
    total: Amount | Units
    """Purchased units; -1 for unlimited."""
    by_users: Amount | Units | None = 0
    """Units held by people; None if the API reports none."""
    by_workspaces: Amount | None = 0
    subscription: str | None = None
    site_url: str | None = None
    site_type: str | None = None
    consumed: Amount | None = None
    """Consumed units; None for the sum of people and workspaces."""
    renamed: tuple[datetime, str] | None = None
    """The time of a rename, and the new name."""
    listed_from: datetime | None = None
    listed_until: datetime | None = None
    number: int | None = None
    """The number inside the id; None for the place in the list."""

    def is_listed(self, moment: datetime) -> bool:
        """Whether the row is in the list at `moment`."""
        return (self.listed_from is None or self.listed_from <= moment) and (
            self.listed_until is None or moment < self.listed_until
        )

    def name_at(self, moment: datetime) -> str:
        """Returns the name of the row at `moment`."""
        return self.renamed[1] if self.renamed and self.renamed[0] <= moment else self.name


@dataclass(frozen=True)
class OrganizationPlan:
    """One organization: its inventory and its licenses."""

    name: str = "Acme Example"
    domain: str = "acme.example"
    people: Amount = 100
    devices: Amount = 12
    workspaces: Amount = 9
    locations: Amount = 3
    hybrid_clusters: Amount = 2
    hybrid_connectors: Amount = 3
    resource_group_activated: Amount = 11
    resource_group_pending: Amount = 4
    resource_group_error: Amount = 1
    resource_group_workspaces: Amount = 0
    """Activated memberships of workspaces, which only version 2 of the list contains."""
    guests: Amount = 0
    habits: HabitsOf = usual_habits
    """Where people work, and when they were last active."""
    identities_besides_people: Amount = 0
    """Rooms and services that the identity service counts and the list of people does not."""
    licenses: tuple[LicensePlan, ...] = ()
    permitted: bool = True
    """False: the organization is listed, but every request about it is answered with 403."""
    pro_pack: bool = True
    """Whether the organization bought the Pro Pack, which analytics need."""


@dataclass(frozen=True)
class World:
    """All organizations. Rooms, teams and events belong to the first one, which is the one of the token."""

    organizations: tuple[OrganizationPlan, ...] = (OrganizationPlan(),)
    teams: Amount = 4
    memberships_per_team: Amount = 10
    rooms: Amount = 20
    """Rooms that the owner of the token is in."""
    rooms_of_others: int = 0
    """Rooms that he is not in. A compliance officer sees their events; no list contains the rooms."""
    rooms_with_messages: int | None = None
    """How many rooms have messages; None for as many as exist on the first day."""
    opened: date = date(2025, 1, 1)
    """The first day with events."""
    messages_a_day: DayAmount = none_a_day
    membership_changes_a_day: DayAmount = none_a_day
    audit_events_a_day: DayAmount = none_a_day
    edited_every: int = 40
    """Every n-th message is edited three minutes after it was sent; 0 for none."""
    deleted_every: int = 100
    """Every n-th message is deleted seven minutes after it was sent; 0 for none."""
    seed: int = 1

    @property
    def own(self) -> OrganizationPlan:
        """The organization of the token."""
        return self.organizations[0]


def organization_uuid(number: int) -> str:
    """Returns the UUID of an organization by its place in the world."""
    return uuid_of(ORGANIZATION_FAMILY, number)


@lru_cache(maxsize=256)
def organization_id(number: int) -> str:
    """Returns the public id of an organization by its place in the world."""
    return webex_id("ORGANIZATION", organization_uuid(number))


def license_id(organization: int, position: int, plan: LicensePlan) -> str:
    """Returns the public id of a license. The type code and, for meetings, the site are part of it."""
    number = position if plan.number is None else plan.number
    # Rows that nobody bought were seen with one UUID in two organizations: only the whole id is unique.
    owner = 0 if plan.subscription is None else organization
    key = f"{organization_uuid(organization)}:{plan.code}_{uuid_of(LICENSE_FAMILY, number, owner)}"
    return webex_id("LICENSE", f"{key}_{plan.site_url}" if plan.site_url else key)


def sized_world(
    now: datetime,
    *,
    people: int = 100,
    rooms: int = 20,
    teams: int = 4,
    memberships_per_team: int = 10,
    messages: int = 1_000,
    messages_a_day_from_now: int = 0,
    devices: int = 12,
    workspaces: int = 9,
    audit_events: int = 88,
    history_days: int = 365,
    licenses: tuple[LicensePlan, ...] | None = None,
) -> World:
    """Returns a world of a given size. All its `messages` were sent before the day of `now`."""
    first_day, last_day = (now - timedelta(days=history_days)).date(), (now - timedelta(days=1)).date()
    return World(
        organizations=(
            OrganizationPlan(
                people=people,
                devices=devices,
                workspaces=workspaces,
                licenses=usual_licenses(people) if licenses is None else licenses,
            ),
        ),
        teams=teams,
        memberships_per_team=memberships_per_team,
        rooms=rooms,
        opened=first_day,
        messages_a_day=EvenSpread(messages, first_day, last_day, messages_a_day_from_now),
        membership_changes_a_day=EvenSpread(messages // 50, first_day, last_day, messages_a_day_from_now // 50),
        audit_events_a_day=EvenSpread(audit_events, first_day, last_day, messages_a_day_from_now // 100),
    )


def partner_world(now: datetime) -> World:
    """Returns three organizations that one token manages. The last one refuses every request."""
    own = sized_world(now)
    customers = (
        OrganizationPlan(name="Beta Example", domain="beta.example", people=60, licenses=usual_licenses(60)),
        OrganizationPlan(name="Gamma Example", domain="gamma.example", people=30, permitted=False),
    )
    return replace(own, organizations=(*own.organizations, *customers))


def usual_licenses(people: int) -> tuple[LicensePlan, ...]:
    """Returns typical licenses for a number of people: paid, free and hybrid ones, and one name on two sites."""
    first, second = "Sub1000001", "Sub1000002"
    managed = "Control Hub managed site"
    half, fifth = people // 2, people // 5
    return (
        LicensePlan("Advanced Messaging", "MS", people + people // 10, people, 0, first),
        LicensePlan("Webex Meetings Suite", "EE", half + 20, half, 0, first, "acme.webex.com", managed),
        LicensePlan("Webex Meetings Suite", "EE", people // 4, fifth, 0, second, "acme-emea.webex.com", managed),
        LicensePlan("Webex Calling - Professional", "BCSTD", half, half - 3, 3, first),
        LicensePlan("Webex Room Kit", "SD", 20, 0, 12, first),
        LicensePlan("Webex Calling - Route List Calls", "BCRLC", 10, None, None, first, consumed=4),
        LicensePlan("Basic Messaging", "FMS", Units.ONE_PER_PERSON, Units.ONE_PER_PERSON),
        LicensePlan("Basic Space Meetings", "FTM", Units.ONE_PER_PERSON, Units.ONE_PER_PERSON),
        LicensePlan("Hybrid - Exchange Calendar", "CE", Units.ONE_PER_PERSON, 0),
        LicensePlan("Unified Communication Manager (UCM)", "UCPREM", Units.ONE_PER_PERSON, 0),
    )
