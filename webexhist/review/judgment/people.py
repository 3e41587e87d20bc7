"""How many different people hold what is judged: as sweeps of the list of people counted them, and as days of use."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from webexhist.review.judgment.words import spoken
from webexhist.store.rows.seats import PeopleAt
from webexhist.store.values import DailyUsage
from webexhist.time_zones import TimeZone

STANDS = timedelta(days=7)
"""For so long it stands how many people a sweep counted."""


@dataclass(frozen=True, slots=True)
class People:
    """Different people who hold licenses of an account, by one sweep."""

    counted_on: date
    licenses: int
    """Of how many licenses."""
    at_least: int
    at_most: int | None
    """None where it is not known how many of them the list of people does not hold."""

    @property
    def in_words(self) -> str:
        """ "130 people, counted on 30 October 2026"."""
        number = f"{self.at_least:,}"
        if self.at_most is None:
            number = f"at least {number}"
        elif self.at_most != self.at_least:
            number = f"{number} to {self.at_most:,}"
        one = "person" if number == "1" else "people"
        return f"{number} {one}, counted on {spoken(self.counted_on)}"


def people_of_account(
    counted: Iterable[PeopleAt], zone: TimeZone, subscription: str, product: str | None, until: date
) -> tuple[People, ...]:
    """The people of a subscription, or of a product in it, on each day with a sweep, oldest first."""
    by_day = {
        day: People(day, each.licenses, each.at_least, each.at_most)
        for each in counted
        if (each.subscription, each.product) == (subscription, product)
        and (day := zone.day_of(each.taken_at)) <= until
    }
    return tuple(by_day[day] for day in sorted(by_day))


def standing_on(people: Sequence[People], day: date) -> People | None:
    """The last count that stands on a day; None where there is none, or it is too old."""
    last = next((each for each in reversed(people) if each.counted_on <= day), None)
    return last if last and day - last.counted_on <= STANDS else None


def days_of_people(days: Sequence[DailyUsage], people: Sequence[People]) -> tuple[DailyUsage, ...]:
    """The days of a product with the people of its account in place of units, from the first count on.

    Before it they are taken to have changed as the units did: that is assumed, and nothing is judged by it.
    """
    first = people[0]
    units = next((day.last for day in reversed(days) if day.day <= first.counted_on and day.last is not None), None)
    more = 0 if units is None else first.at_least - units
    return tuple(
        _with_more(day, more) if day.day < first.counted_on else _of_people(day, standing_on(people, day.day))
        for day in days
    )


def _with_more(day: DailyUsage, more: int) -> DailyUsage:
    last, lowest, highest = (
        None if value is None else max(0, value + more) for value in (day.last, day.lowest, day.highest)
    )
    return day._replace(last=last, lowest=lowest, highest=highest)


def _of_people(day: DailyUsage, people: People | None) -> DailyUsage:
    number = people.at_least if people else None
    return day._replace(last=number, lowest=number, highest=number)
