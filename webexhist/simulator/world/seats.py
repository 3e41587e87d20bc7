"""Who holds which license, and how many units are consumed."""

from dataclasses import dataclass
from datetime import datetime

from webexhist.simulator.world.amounts import Amount, amount_at
from webexhist.simulator.world.plans import LicensePlan, OrganizationPlan, Units, license_id


@dataclass(frozen=True)
class Seats:
    """One license at one time. Its holders are neighbors in the list of people; the first follows the last."""

    webex_id: str
    plan: LicensePlan
    name: str
    total: int
    by_users: int | None
    by_workspaces: int | None
    consumed: int
    people: int
    first_holder: int

    def holds(self, person: int) -> bool:
        """Whether a person of the organization holds a unit."""
        return (person - self.first_holder) % self.people < (self.by_users or 0)

    @property
    def internal_holders(self) -> int:
        """How many units are held by people of the organization; people of other organizations hold the rest."""
        return min(self.by_users or 0, self.people)

    def holder(self, number: int) -> int:
        """Returns the person who holds the `number`-th of these units."""
        return (self.first_holder + number) % self.people


def seats_of(organization: int, plan: OrganizationPlan, moment: datetime) -> list[Seats]:
    """Returns every license that is listed at `moment`, in the order of the list."""
    people = max(1, amount_at(plan.people, moment))
    return [
        _seats(license_id(organization, position, row), row, people, position, moment)
        for position, row in enumerate(plan.licenses)
        if row.is_listed(moment)
    ]


def _seats(webex_id: str, row: LicensePlan, people: int, position: int, moment: datetime) -> Seats:
    total = people if isinstance(row.total, Units) else amount_at(row.total, moment)
    by_users = people if isinstance(row.by_users, Units) else _known(row.by_users, moment)
    by_workspaces = _known(row.by_workspaces, moment)
    consumed = (by_users or 0) + (by_workspaces or 0) if row.consumed is None else amount_at(row.consumed, moment)
    return Seats(
        webex_id=webex_id,
        plan=row,
        name=row.name_at(moment),
        total=total,
        by_users=by_users,
        by_workspaces=by_workspaces,
        consumed=consumed,
        people=people,
        first_holder=position * 37 % people,
    )


def _known(amount: Amount | None, moment: datetime) -> int | None:
    return None if amount is None else amount_at(amount, moment)
