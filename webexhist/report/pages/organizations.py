"""The page over several organizations: those that are silent first, then those with the most urgent decisions."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from webexhist.months import Month
from webexhist.report.html.document import Page
from webexhist.report.html.environment import page_environment
from webexhist.report.html.formats import month_name
from webexhist.report.html.links import Links
from webexhist.report.pages.entry import Entry
from webexhist.review.judgment.decisions.values import Decision
from webexhist.review.silence import SilentOrganization
from webexhist.review.summary import summed

MOST_IN_FULL = 12
"""Of more organizations each has one page."""
LARGE = 1_000_000_000
"""A sum that takes more room than its column has otherwise."""
MOST_DECISIONS = 3
"""So many decisions of each then stand here."""


def overview_page(
    month: Month,
    entries: Sequence[Entry],
    addresses: Mapping[str, str],
    silent: Sequence[SilentOrganization],
    about_silent: Sequence[Decision],
    name: str,
    links: Links,
    checksum: str,
) -> Page:
    """The page over the organizations of a month; `silent` are those without a poll in it, `about_silent` what
    is to be decided of these.

    `addresses` lead to the first page of each, by its id at Webex.
    """
    title = f"Webex licenses in {month_name(month)}"
    decisions = sum(len(each.summary.decisions) for each in entries)
    template = page_environment().get_template("organizations.html")
    html = template.render(
        name=name,
        month=month,
        entries=sorted(entries, key=urgency),
        changed=sorted((each for each in entries if each.comparison), key=most_changed_first),
        addresses=addresses,
        silent=silent,
        a_year=summed((money.currency, money.amount) for each in entries for money in each.summary.a_year),
        at_stake=summed((money.currency, money.amount) for each in entries for money in each.summary.at_stake),
        without_money=sum(each.summary.without_money for each in entries),
        has_large_sums=any(sum_.amount >= LARGE for each in entries for sum_ in each.summary.a_year),
        decisions=decisions,
        about_silent=[each for each in about_silent if each.is_open],
        next=min((each.summary.next for each in entries if each.summary.next), key=lambda due: due.day, default=None),
        most=MOST_DECISIONS if len(entries) > MOST_IN_FULL else decisions,
        links=links,
        checksum=checksum,
    )
    return Page(name, title, html)


def urgency(entry: Entry) -> tuple[bool, tuple[int, date], str]:
    """Silent ones first, then by the most urgent decision, those without any last."""
    first = next(iter(entry.summary.decisions), None)
    rank = (first.kind.rank, first.due_on or date.max) if first else (99, date.max)
    return (entry.silent_since is None, rank, entry.name.casefold())


def most_changed_first(entry: Entry) -> tuple[Decimal, int, str]:
    """By the most money of one currency that a year costs more or less, then by how many products changed."""
    comparison = entry.comparison
    changes, money = (comparison.changes, comparison.money) if comparison else ((), ())
    most = max((abs(sum_.amount) for sum_ in money), default=Decimal())
    return (-most, -len(changes), entry.name.casefold())
