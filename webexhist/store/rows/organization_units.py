"""How the units of an organization's licenses are read by day: in views, or out of what is stored.

Both give the same. Pages that show days print the statement whose rows these are; without one, what is stored is read
in a fraction of the time.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from webexhist.months import Month
from webexhist.store.opening.history import History
from webexhist.store.query import Query, grouped
from webexhist.store.rows.products import ProductSums, product_sums
from webexhist.store.rows.unit_changes import UnitHistory, unit_history
from webexhist.store.rows.usage import licenses_by_day
from webexhist.store.values import DailyUsage

Days = tuple[date, date]
"""The first and the last."""
Months = tuple[Month, Month]


class OrganizationUnits(Protocol):
    """Units over some days."""

    @property
    def query(self) -> Query[Any]:
        """What read them by day."""

    def by_day(self) -> Mapping[str, tuple[DailyUsage, ...]]:
        """Of each license, by its id at Webex."""

    def sums_of(self, licenses: Iterable[str]) -> ProductSums:
        """Of licenses together."""


ReadUnits = Callable[[History, int, Days, Months], OrganizationUnits]
"""Reads the units of the organization with that row."""


@dataclass(frozen=True, slots=True)
class UnitsInViews:
    """Each license and each product is read by a statement that gives its days."""

    history: History
    organization: int
    days: Days
    months: Months

    @property
    def query(self) -> Query[Any]:
        """The statement that pages print beside the days."""
        return licenses_by_day(self.organization, *self.days)

    def by_day(self) -> Mapping[str, tuple[DailyUsage, ...]]:
        """By the license's id at Webex."""
        return grouped(self.history.read(self.query))

    def sums_of(self, licenses: Iterable[str]) -> ProductSums:
        """Units of several licenses together, by day and by month."""
        return product_sums(self.history, self.organization, tuple(licenses), self.days, self.months)


@dataclass(frozen=True, slots=True)
class UnitsAsStored:
    """What changed is read once."""

    stored: UnitHistory
    since: Month

    @property
    def query(self) -> Query[Any]:
        """The statement that pages print beside the days."""
        return self.stored.query

    def by_day(self) -> Mapping[str, tuple[DailyUsage, ...]]:
        """By the license's id at Webex."""
        return self.stored.by_day()

    def sums_of(self, licenses: Iterable[str]) -> ProductSums:
        """Units of several licenses together, by day and by month."""
        stands = self.stored.stands_of(licenses)
        return ProductSums(None, self.stored.days_of(stands), self.stored.months_of(stands, self.since))


def units_in_views(history: History, organization: int, days: Days, months: Months) -> OrganizationUnits:
    """As pages print it."""
    return UnitsInViews(history, organization, days, months)


def units_as_stored(history: History, organization: int, days: Days, months: Months) -> OrganizationUnits:
    """As quickly as may be."""
    return UnitsAsStored(unit_history(history, organization, *days), months[0])


def units_up_to(history: History, organization: int, days: Days, months: Months, number: int) -> OrganizationUnits:
    """As they stood after the snapshot of that number, also where its day went on."""
    return UnitsAsStored(unit_history(history, organization, *days, number), months[0])
