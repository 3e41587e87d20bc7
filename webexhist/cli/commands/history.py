"""`webexhist history`: the trend of one license or count, in the terminal."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from webexhist.cli import clock
from webexhist.cli.app import ConfigOption, DatabaseOption, app
from webexhist.cli.output import JsonOption, print_json, print_line, print_table, running_out, sparkline
from webexhist.cli.settings import load_settings
from webexhist.units import in_words

if TYPE_CHECKING:
    from webexhist.review.trends import Ahead


@app.command()
def history(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A count like people, or a license: name, site, id.")],
    months: Annotated[int, typer.Option(min=1, max=240, help="Months to look back over.")] = 13,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Show how a count or a license developed, month by month."""
    from webexhist.review.reviewed_time import LOOKED_BACK
    from webexhist.review.trends import trend_of
    from webexhist.store.history import open_history
    from webexhist.store.trends import trend_rows

    with open_history(load_settings({"database": database}, config).database) as opened:
        trends = [trend_of(rows, clock.now().date()) for rows in trend_rows(opened, name, months, LOOKED_BACK)]
    rows: list[list[dict[str, Any]]] = [
        [
            {"month": str(month.month), trend.figure: month.last}
            | {"lowest": month.lowest, "highest": month.highest, "mean": month.mean}
            | ({"purchased": purchased} if trend.purchased else {})
            for month, purchased in zip(trend.months, trend.purchased or (None,) * len(trend.months), strict=True)
        ]
        for trend in trends
    ]
    if as_json:
        print_json(
            [
                {
                    "organization": trend.organization,
                    "name": trend.name,
                    "months": of_trend,
                    "ahead": figures(trend.ahead),
                }
                for trend, of_trend in zip(trends, rows, strict=True)
            ]
        )
        return
    for trend, of_trend in zip(trends, rows, strict=True):
        for line in of_trend if trend.purchased else ():
            line["purchased"] = in_words(line["purchased"])
        print_table(of_trend, "Nothing is known of it.", f"{trend.name}, {trend.organization}")
        print_line(f"{sparkline(trend.days)}  by day, from 0")
        if trend.ahead:
            print_line(sentence(trend.ahead))
        print_line()


def sentence(ahead: "Ahead") -> str:
    """What may come, in one line."""
    from webexhist.review.judgment.decisions import within_90_days
    from webexhist.review.judgment.words import spoken

    units = f"{ahead.middle:,} on {spoken(ahead.day)}, 8 of 10: {ahead.low:,} to {ahead.high:,}"
    if ahead.forecast is None:
        return units
    if ahead.forecast.is_reached:
        return f"{units}; all purchased units are assigned"
    return f"{units}; runs out: {within_90_days(ahead.forecast)}"


def figures(ahead: "Ahead | None") -> dict[str, Any] | None:
    """What a program reads of it."""
    if ahead is None:
        return None
    days = {"day": ahead.day, "low": ahead.low, "middle": ahead.middle, "high": ahead.high}
    return days | (running_out(ahead.forecast) if ahead.forecast else {})
