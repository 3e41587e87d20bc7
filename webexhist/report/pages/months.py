"""The page over the reviews of several months."""

from collections.abc import Sequence
from dataclasses import dataclass

from webexhist.months import Month, Period
from webexhist.report.html.document import Page
from webexhist.report.html.environment import page_environment
from webexhist.report.html.names import INDEX
from webexhist.report.pages.entry import Entry
from webexhist.report.pages.organizations import MOST_IN_FULL
from webexhist.review.checksum import checksum_of_all

TITLE = "Webex licensing reviews"


@dataclass(frozen=True, slots=True)
class MonthEntry:
    """A reviewed month, and where its pages are."""

    month: Month
    link: str
    lines: tuple[Entry, ...]
    """One for each organization."""
    about_silent: int = 0
    """How many decisions are open about organizations without a poll in the month."""

    @property
    def checksum(self) -> str:
        """Of all of them."""
        return checksum_of_all([line.checksum for line in self.lines])

    @property
    def decisions(self) -> int:
        """How many are open in all of them."""
        return self.about_silent + sum(len(line.summary.decisions) for line in self.lines)


def months_page(entries: Sequence[MonthEntry]) -> Page:
    """The page over the reviews of these months, oldest first."""
    period = Period(entries[0].month, entries[-1].month)
    has_organizations = any(len(entry.lines) > 1 for entry in entries)
    template = page_environment().get_template("months.html")
    html = template.render(
        title=TITLE, entries=entries, period=period, has_organizations=has_organizations, most=MOST_IN_FULL
    )
    return Page(INDEX, TITLE, html)
