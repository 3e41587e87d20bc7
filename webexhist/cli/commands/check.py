"""`webexhist check`: says by its exit code, in the language of monitors, whether something needs a decision."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from webexhist.cli import clock
from webexhist.cli.app import REVIEW, ConfigOption, DatabaseOption, OnOption, OrgOption, app
from webexhist.cli.output import JsonOption, print_json, print_line
from webexhist.cli.settings import load_settings
from webexhist.cli.thresholds import Threshold, require_order, threshold
from webexhist.errors import UsageError, WebexhistError

if TYPE_CHECKING:
    from webexhist.review.judgment.usage import ProductReview
    from webexhist.review.reviews import OrganizationReview
    from webexhist.store.opening.history import History

EXIT_CODES = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}
WORST_FIRST = ("CRITICAL", "UNKNOWN", "WARNING", "OK")
"""What is known to be critical is not hidden by what is not known of others."""
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """What is the matter."""

    state: str
    organization: str
    sentence: str


@app.command(rich_help_panel=REVIEW)
def check(
    warning: Annotated[
        str | None,
        typer.Option(
            metavar="PERCENT",
            help="Assigned of what may be assigned: from 95 on, or outside of 10:95 as Nagios writes ranges.",
            show_default=False,
        ),
    ] = None,
    critical: Annotated[str | None, typer.Option(metavar="PERCENT", help="The same.", show_default=False)] = None,
    max_age: Annotated[
        int | None,
        typer.Option("--max-age", metavar="SECONDS", min=1, help="From when on a snapshot is too old [three polls]."),
    ] = None,
    org: OrgOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing: the exit code says it.")] = False,
    on: OnOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Say in one line whether something needs a decision; exit 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. For monitors.

    Example: webexhist check --warning 95 --max-age 3600
    """
    from webexhist.store.opening.history import open_history

    said = nothing_said if quiet else said_as_json if as_json else said_in_a_line
    try:
        limits = thresholds(warning, critical)
        settings = load_settings({"database": database}, config)
        with open_history(settings.database) as history:
            now = clock.given_or_now(on, settings.state_dir, history)
            oldest = None if max_age is None else oldest_within(max_age, now)
            checked = [checked_of(review, oldest, limits) for review in reviews_to_check(history, org, now)]
    except WebexhistError as error:
        said("UNKNOWN", [Finding("UNKNOWN", "", f"{error}.")], [], organizations=0)
        raise typer.Exit(EXIT_CODES["UNKNOWN"]) from error
    # What everything else rests on is said before it, and not cut off behind it.
    warnings = [each.warning for each in checked if each.warning]
    found = [finding for each in checked for finding in each.findings]
    found.sort(key=lambda finding: WORST_FIRST.index(finding.state))
    found = [*warnings, *found]
    state = min((finding.state for finding in found), key=WORST_FIRST.index, default="OK")
    said(state, found, performance(checked, limits), organizations=len(checked))
    raise typer.Exit(EXIT_CODES[state])


def oldest_within(max_age: int, now: datetime) -> datetime | None:
    """The time since which something must be known; None where the age is more than any history has."""
    try:
        return now - timedelta(seconds=max_age)
    except OverflowError:
        return None


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on the use of a product is the matter."""

    warning: Threshold | None
    critical: Threshold | None


def thresholds(warning: str | None, critical: str | None) -> Limits:
    """Raises UsageError for what is no threshold, and for two that would hide one another."""
    limits = Limits(threshold("--warning", warning), threshold("--critical", critical))
    require_order(limits.warning, limits.critical)
    return limits


@dataclass(frozen=True, slots=True)
class Checked:
    """What is kept of the review of an organization."""

    organization: str
    warning: Finding | None
    """That something else has changed the rows that the rest is made of."""
    findings: tuple[Finding, ...]
    decisions: int
    """How many are open."""
    utilizations: tuple[tuple[str, float], ...]
    """The products, and how much is assigned of what may be, in percent."""


def reviews_to_check(history: "History", org: str | None, now: datetime) -> "Iterator[OrganizationReview]":
    """Yields the reviews of all organizations, or that of the one that is named.

    Raises:
        WebexhistError: there are no polls, or no organization of that name that is still reviewed.
    """
    from webexhist.reviewing import latest_reviews
    from webexhist.store.names.organizations import find_organization

    reviews = latest_reviews(history, now, only=None if org is None else find_organization(history, org))
    if org is None:
        yield from reviews
        return
    found = next(reviews, None)
    if found is None:
        raise UsageError(f"{org} is retired", "name another organization, or run webexhist organization resume")
    yield found


def checked_of(review: "OrganizationReview", oldest: datetime | None, limits: Limits) -> Checked:
    """What there is to say of one organization; `oldest` is the time before which a poll is too old."""
    utilizations = ((product.product, percent_of_limit(product)) for product in review.judged)
    return Checked(
        review.name,
        Finding("WARNING", review.name, f"{review.warning}.") if review.warning else None,
        tuple(findings(review, oldest, limits)),
        len(review.open_decisions),
        tuple((product, percent) for product, percent in utilizations if percent is not None),
    )


def findings(review: "OrganizationReview", oldest: datetime | None, limits: Limits) -> Iterator[Finding]:
    """What is the matter with an organization.

    Of one that is not polled any more, or of which no poll knows the licenses, nothing else is known.
    """
    from webexhist.review.judgment.decisions.values import DecisionKind
    from webexhist.review.unplanned import unplanned

    of_all = (DecisionKind.NOT_POLLED, DecisionKind.UNKNOWN)
    unknown = [each for each in review.decisions if each.kind in of_all and each.product is None]
    if unknown:
        yield from (Finding("UNKNOWN", review.name, each.sentence) for each in unknown if each.is_open)
    elif oldest and review.known_until < oldest:
        last = f"{review.known_until:%Y-%m-%d %H:%M} UTC"
        yield Finding("UNKNOWN", review.name, f"{review.name} was last polled at {last}.")
    else:
        yield from (Finding(each.severity.value, review.name, each.sentence) for each in review.open_decisions)
        yield from (Finding("WARNING", review.name, each.sentence) for each in unplanned(review) if each.is_near)
        for product in review.judged:
            percent = percent_of_limit(product)
            for state, limit in (("CRITICAL", limits.critical), ("WARNING", limits.warning)):
                if limit and percent is not None and limit.is_crossed_by(percent):
                    text = f"{product.name}: {percent:.1f}% of what may be assigned is assigned."
                    yield Finding(state, review.name, text)
                    break


def percent_of_limit(product: "ProductReview") -> float | None:
    """Assigned in percent of purchased and allowance; None where nothing may be assigned."""
    if product.judgment is None or not product.judgment.limit or product.held is None:
        return None
    return 100 * product.held / product.judgment.limit


def performance(checked: Sequence[Checked], limits: Limits) -> list[str]:
    """What monitors draw: how much of each product is assigned, and how many decisions are open."""
    drawn = ";".join(limit.typed if limit else "" for limit in (limits.warning, limits.critical))
    several = len(checked) > 1
    return [
        f"decisions={sum(each.decisions for each in checked)}",
        *(
            f"{label(f'{each.organization} {product}' if several else product)}={percent:.1f}%;{drawn}"
            for each in checked
            for product, percent in each.utilizations
        ),
    ]


def label(name: str) -> str:
    """A name as the monitors' plugins write it: quoted, without what would end it."""
    return "'" + name.replace("'", "''").replace("=", "-").replace("|", "/") + "'"


def nothing_said(state: str, found: Sequence[Finding], drawn: Sequence[str], organizations: int) -> None:
    """For who only wants the exit code."""


def said_as_json(state: str, found: Sequence[Finding], drawn: Sequence[str], organizations: int) -> None:
    """All findings, for programs."""
    print_json({"state": state, "findings": [asdict(finding) for finding in found], "performance": list(drawn)})


def said_in_a_line(state: str, found: Sequence[Finding], drawn: Sequence[str], organizations: int) -> None:
    """One line, as monitors show it, with at most five findings; each says whose it is where there are several."""
    first = [
        finding.sentence if organizations < 2 else with_its_organization(finding) for finding in found[:MOST_SHOWN]
    ]
    more = [f"And {len(found) - MOST_SHOWN} more: webexhist decisions."] if len(found) > MOST_SHOWN else []
    line = f"WEBEXHIST {state} - {' '.join([*first, *more]) or 'Nothing needs a decision.'}".replace("|", "/")
    print_line(f"{line} | {' '.join(drawn)}" if drawn else line)


def with_its_organization(finding: Finding) -> str:
    """What is the matter, and with whom where that is not how the sentence begins."""
    named = finding.sentence.startswith(f"{finding.organization} ")
    return finding.sentence if named else f"{finding.organization}: {finding.sentence}"
