"""What the simulated service holds: organizations, their licenses, and what the token's owner can see of them.

A world is a plain frozen value. How many there are of anything is an `Amount`, so it may move with the clock; the
things themselves are computed when they are asked for.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from functools import lru_cache

from webexhist.simulator.world.amounts import Amount
from webexhist.simulator.world.ids import uuid_of, webex_id
from webexhist.simulator.world.rhythm import DayAmount, EvenSpread, none_a_day

ORGANIZATION_FAMILY = 0x0A
LICENSE_FAMILY = 0x1C


class Units(Enum):
    """Units that are no number of their own."""

    ONE_PER_PERSON = "as many as there are people"


@dataclass(frozen=True)
class LicensePlan:
    """One row of the list of licenses, over time."""

    name: str
    code: str
    """The stable type code inside the id: MS, EE, SD …"""
    total: Amount | Units
    """Purchased units; -1 for unlimited."""
    by_users: Amount | Units | None = 0
    """Units held by people; None where the API tells none."""
    by_workspaces: Amount | None = 0
    subscription: str | None = None
    site_url: str | None = None
    site_type: str | None = None
    consumed: Amount | None = None
    """Units in use; None for those of people and workspaces together."""
    renamed: tuple[datetime, str] | None = None
    """From when on the row has which other name."""
    listed_from: datetime | None = None
    listed_until: datetime | None = None
    number: int | None = None
    """What tells the id from others; None for its place in the list."""

    def is_listed(self, moment: datetime) -> bool:
        """Whether the list holds the row at `moment`."""
        return (self.listed_from is None or self.listed_from <= moment) and (
            self.listed_until is None or moment < self.listed_until
        )

    def name_at(self, moment: datetime) -> str:
        """The name the row bears at `moment`."""
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
    identities_besides_people: Amount = 0
    """Records of rooms and services that the identity service counts and the list of people does not."""
    licenses: tuple[LicensePlan, ...] = ()
    permitted: bool = True
    """False: everything asked about this organization is answered 403, though it is listed."""
    pro_pack: bool = True


@dataclass(frozen=True)
class World:
    """All that the service knows. Rooms, teams and events belong to the first organization, the token's own."""

    organizations: tuple[OrganizationPlan, ...] = (OrganizationPlan(),)
    teams: Amount = 4
    memberships_per_team: Amount = 10
    rooms: Amount = 20
    """Rooms the token's owner is in."""
    rooms_of_others: int = 0
    """Rooms of the organization he is not in: their events are seen by a compliance officer, the rooms are not."""
    rooms_with_messages: int | None = None
    """How many rooms share the messages; None for all there are at first."""
    opened: date = date(2025, 1, 1)
    """The first day of which the service holds events."""
    messages_a_day: DayAmount = none_a_day
    membership_changes_a_day: DayAmount = none_a_day
    audit_events_a_day: DayAmount = none_a_day
    edited_every: int = 40
    """Every so manieth message is edited three minutes after it was sent; 0 for none."""
    deleted_every: int = 100
    """Every so manieth message is deleted seven minutes after it was sent; 0 for none."""
    seed: int = 1

    @property
    def own(self) -> OrganizationPlan:
        """The organization that the token belongs to."""
        return self.organizations[0]


def organization_uuid(number: int) -> str:
    """The UUID of the organization at a place in the world's list."""
    return uuid_of(ORGANIZATION_FAMILY, number)


@lru_cache(maxsize=256)
def organization_id(number: int) -> str:
    """The public id of the organization at a place in the world's list."""
    return webex_id("ORGANIZATION", organization_uuid(number))


def license_id(organization: int, position: int, plan: LicensePlan) -> str:
    """The public id of a license; its type code and, for meetings, its site are part of it."""
    number = position if plan.number is None else plan.number
    key = f"{organization_uuid(organization)}:{plan.code}_{uuid_of(LICENSE_FAMILY, number, organization)}"
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
    """A world of a given size at `now`: all its `messages` lie in the days before the day of `now`."""
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
    """Three organizations under one token, the last of which may not be read."""
    own = sized_world(now)
    customers = (
        OrganizationPlan(name="Beta Example", domain="beta.example", people=60, licenses=usual_licenses(60)),
        OrganizationPlan(name="Gamma Example", domain="gamma.example", people=30, permitted=False),
    )
    return replace(own, organizations=(*own.organizations, *customers))


def usual_licenses(people: int) -> tuple[LicensePlan, ...]:
    """Licenses as an organization of so many people has them: bought, of one name on two sites, free and hybrid."""
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
