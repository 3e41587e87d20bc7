"""Which time a review is about, and how far back its rows have to reach."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from webexhist.months import Month, Period, days_later
from webexhist.review.activity import AMOUNTS, GAUGES, LOOK_BACK
from webexhist.store.numbers import NumberRange
from webexhist.store.rows.organization_queries import Extent
from webexhist.store.rows.polls import PolledOrganization
from webexhist.time_zones import TimeZone

LOOKED_BACK = 26
"""Months that are looked at whatever the period shown: the forecast reads two years."""
A_SECOND = timedelta(seconds=1)
"""Times are given to the second: at the last one of a day the day is over."""


@dataclass(frozen=True, slots=True)
class ReviewedTime:
    """The months of an organization that a review shows, the last one being the month of the review."""

    period: Period
    numbers: NumberRange
    """The snapshots of the period's last month."""
    numbers_of_period: NumberRange
    """The snapshots of all its months."""
    numbers_read: NumberRange
    """Those of all months of which something is read: a forecast rests on more than is shown."""
    until: datetime
    """The end of the month, or now while it runs."""
    as_of: date
    """The last day of the period, or today while it runs."""
    is_complete: bool
    """False while the month still runs."""
    zone: TimeZone
    """By which days and months are counted."""
    is_past: bool = False
    """Whether snapshots of the month came after what is looked at, and successions may have been seen in them."""

    @property
    def begins_at(self) -> datetime:
        """The moment at which the month of the review begins."""
        return self.zone.month_begins_at(self.month)

    @property
    def ends_at(self) -> datetime:
        """The moment at which it ends."""
        return self.zone.month_ends_at(self.month)

    @property
    def last_day_over(self) -> date:
        """The last day that is over: the day itself, or the one before it where more of it is to come."""
        ends_at = self.zone.begins_at(days_later(self.as_of, 1))
        return self.as_of if self.until >= ends_at - A_SECOND else days_later(self.as_of, -1)

    def up_to(self, number: int) -> "ReviewedTime":
        """The same, looking at no snapshot after that of a number."""
        return replace(
            self,
            numbers=NumberRange(self.numbers.first, number),
            numbers_of_period=NumberRange(self.numbers_of_period.first, number),
            numbers_read=NumberRange(self.numbers_read.first, number),
            is_past=True,
        )

    @property
    def month(self) -> Month:
        """The month of the review."""
        return self.period.last

    @property
    def extent(self) -> Extent:
        """What has to be read."""
        return Extent(
            period=self.period,
            numbers=self.numbers,
            numbers_read=self.numbers_read,
            licenses_since=licenses_since(self.period),
            gauges=GAUGES,
            counters=AMOUNTS,
            counters_since=days_later(self.period.first_day, -LOOK_BACK.days),
            zone=self.zone,
            seen_until=self.until if self.is_past else None,
        )


def reviewed_time(organization: PolledOrganization, month: Month, months: int, now: datetime) -> ReviewedTime:
    """The time of the review of a polled month that looks back over so many months, that one included."""
    period = Period(max(month.plus(1 - months), organization.months[0].month), month)
    numbers, zone = organization.numbers_of(month), organization.zone

    def since(month: Month) -> NumberRange:
        first = next(polled.numbers.first for polled in organization.months if polled.month >= month)
        return NumberRange(first, numbers.last)

    return ReviewedTime(
        period=period,
        numbers=numbers,
        numbers_of_period=since(period.first),
        numbers_read=since(licenses_since(period)),
        until=min(zone.month_ends_at(month), now),
        as_of=min(period.last_day, zone.day_of(now)),
        is_complete=zone.month_ends_at(month) <= now,
        zone=zone,
    )


def licenses_since(period: Period) -> Month:
    """The first month of licenses that is read for a period, which is before those of all others."""
    return min(period.first.plus(-1), period.last.plus(1 - LOOKED_BACK))
