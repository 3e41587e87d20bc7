"""`webexhist history`: the trend of one license or count, in the terminal."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from webexhist.cli import clock
from webexhist.cli.app import REVIEW, ConfigOption, DatabaseOption, app
from webexhist.cli.changed_rows import warn_of_changed_last_values, warn_of_changed_rows
from webexhist.cli.output import (
    JsonOption,
    print_json,
    print_line,
    print_paragraph,
    print_sparkline,
    print_table,
    running_out,
)
from webexhist.cli.settings import load_settings
from webexhist.units import in_words

if TYPE_CHECKING:
    from webexhist.config import Settings
    from webexhist.review.judgment.forecast import Forecast
    from webexhist.review.trends import Ahead, MonthlyTrend
    from webexhist.store.rows.known_names import NamedCount, NamedLicense
    from webexhist.store.rows.products import KnownProduct


@app.command(rich_help_panel=REVIEW)
def history(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="A license by name, site, subscription or id; a product; or a count, like people (else all).",
        ),
    ] = None,
    months: Annotated[int, typer.Option(min=1, max=240, help="Months to look back over.")] = 13,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Show how a count or a license developed, month by month; without a name, everything that has a history.

    Example: webexhist history "Webex Meetings Suite acme.webex.com"
    """
    if name is None:
        with_names(load_settings({"database": database}, config).database, as_json)
    else:
        with_trends(load_settings({"database": database}, config), name, months, as_json)


def with_names(location: str, as_json: bool) -> None:
    """Prints every license, product and count, with its last known figures."""
    from webexhist.store.opening.history import open_history
    from webexhist.store.rows.known_names import known_names

    with open_history(location) as opened:
        names = known_names(opened)
        warn_of_changed_last_values(opened)
    if as_json:
        products = map(product_figures, names.products)
        print_json([*map(license_figures, names.licenses), *products, *map(count_figures, names.counts)])
        return
    several = (
        len({count.organization for count in names.counts} | {of.license.organization for of in names.licenses}) > 1
    )
    owner = ["organization"] if several else []
    of_licenses = ["license", "site", *owner, "subscription", "purchased", "assigned", "listed"]
    rows = [license_figures(named) for named in names.licenses]
    for row, named in zip(rows, names.licenses, strict=True):
        row["purchased"] = in_words(named.purchased)
    print_table([{column: row[column] for column in of_licenses} for row in rows], "No license was ever listed.")
    of_products = ["product", "name", *owner, "licenses", "purchased", "assigned"]
    rows = [product_figures(product) | {"purchased": in_words(product.purchased)} for product in names.products]
    print_table([{column: row[column] for column in of_products} for row in rows], "There are no products.")
    of_counts = ["count", *owner, "value"]
    rows = [count_figures(count) for count in names.counts]
    print_table([{column: row[column] for column in of_counts} for row in rows], "Nothing was counted yet.")


def license_figures(named: "NamedLicense") -> dict[str, Any]:
    """What is known of a license."""
    return {
        "license": named.license.name,
        "license_id": named.license.webex_id,
        "organization": named.license.organization,
        "subscription": named.license.subscription_id,
        "site": named.license.site_url,
        "listed": named.license.listed,
        "purchased": named.purchased,
        "assigned": named.assigned,
        "as_of": named.as_of,
    }


def product_figures(product: "KnownProduct") -> dict[str, Any]:
    """What is known of what is judged together."""
    return {
        "product": product.product,
        "name": product.name,
        "organization": product.organization,
        "licenses": product.listed,
        "purchased": product.purchased,
        "assigned": product.assigned,
    }


def count_figures(count: "NamedCount") -> dict[str, Any]:
    """What is known of a count."""
    return {
        "count": count.metric,
        "organization": count.organization,
        "value": count.value,
        "as_of": count.as_of,
    }


def with_trends(settings: "Settings", name: str, months: int, as_json: bool) -> None:
    """Prints the trend of what bears the name."""
    from webexhist.review.reviewed_time import LOOKED_BACK
    from webexhist.review.trends import trend_of
    from webexhist.store.opening.history import open_history
    from webexhist.store.rows.trends import kept_tables_of, trend_rows
    from webexhist.store.seals.differences import WITHOUT_COSTS

    now = clock.now_at_webex(settings.state_dir)
    with open_history(settings.database) as opened:
        found = trend_rows(opened, name, months, LOOKED_BACK)
        trends = [trend_of(rows, now) for rows in found]
        warn_of_changed_rows(opened, None, since(trends, months, now), None, WITHOUT_COSTS, kept_tables_of(found))
    thin = [dict(trend.thin_months) for trend in trends]
    rows: list[list[dict[str, Any]]] = [
        [
            {"month": str(month.month), trend.figure: month.last}
            | {"lowest": month.lowest, "highest": month.highest, "mean": month.mean}
            | ({"purchased": purchased} if trend.purchased else {})
            | {"days_known": few.get(month.month)}
            for month, purchased in zip(trend.months, trend.purchased or (None,) * len(trend.months), strict=True)
        ]
        for trend, few in zip(trends, thin, strict=True)
    ]
    if as_json:
        print_json(
            [
                {
                    "organization": trend.organization,
                    "name": trend.name,
                    "as_of": trend.as_of,
                    "months": of_trend,
                    "ahead": figures(trend.ahead),
                }
                for trend, of_trend in zip(trends, rows, strict=True)
            ]
        )
        return
    for trend, of_trend in zip(trends, rows, strict=True):
        for line in of_trend:
            if trend.purchased:
                line["purchased"] = in_words(line["purchased"])
            few = line.pop("days_known")
            line |= {} if not trend.thin_months else {"rests on days": few}
        print_table(of_trend, "Nothing is known of it.", f"{trend.name}, {trend.organization}")
        print_sparkline(trend.days, "by day, from 0")
        if trend.ahead:
            print_paragraph(expected(trend.ahead))
        if trend.ahead and trend.ahead.forecast:
            print_paragraph(running_out_sentence(trend.ahead.forecast))
        print_line()


def since(trends: "Iterable[MonthlyTrend]", months: int, now: datetime) -> datetime:
    """The moment from which on a trend rests on what is stored: its months, or those that a forecast looks at."""
    from webexhist.months import Month
    from webexhist.review.reviewed_time import LOOKED_BACK

    last = min((trend.as_of for trend in trends if trend.as_of), default=now)
    first = Month.of(last.date()).plus(-max(months, LOOKED_BACK)).first_day
    return datetime(first.year, first.month, first.day, tzinfo=UTC)


def expected(ahead: "Ahead") -> str:
    """The units of a day to come."""
    from webexhist.review.judgment.words import spoken

    return f"On {spoken(ahead.day)}: {ahead.middle:,}; 8 of 10: {ahead.low:,} to {ahead.high:,}"


def running_out_sentence(forecast: "Forecast") -> str:
    """When all purchased units will be assigned."""
    from webexhist.review.judgment.forecast import within_90_days

    return "Runs out: now" if forecast.is_reached else f"Runs out: {within_90_days(forecast)}"


def figures(ahead: "Ahead | None") -> dict[str, Any] | None:
    """What a program reads of it."""
    if ahead is None:
        return None
    days = {"day": ahead.day, "low": ahead.low, "middle": ahead.middle, "high": ahead.high}
    return days | (running_out(ahead.forecast) if ahead.forecast else {})
