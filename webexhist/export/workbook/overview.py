"""The first sheet of a workbook: where the organizations stand, their sums a month, and a chart of these."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from webexhist.export.workbook.cells import Cell, Kind, Money, Styles, as_printed, write_cell
from webexhist.export.workbook.part import MonthlySum, WorkbookPart, sums_together
from webexhist.months import Month
from webexhist.review.judgment.decisions.values import Decision
from webexhist.review.silence import SilentOrganization
from webexhist.review.summary import Money as Amount
from webexhist.review.summary import summed

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

NAME = "Overview"
HEADS = {
    "Month": Kind.MONTH,
    "Purchased": Kind.UNITS,
    "Assigned": Kind.UNITS,
    "Utilization": Kind.SHARE,
}
OF_SEVERAL = HEADS | {"Organizations": Kind.UNITS}
"""A sum says of how many it is: another one may have been a customer later, or its licenses are not known."""
PURCHASED, ASSIGNED = "#8A94A0", "#1F5FBF"


def write_overview(
    workbook: "Workbook",
    month: Month,
    parts: Sequence[WorkbookPart],
    silent: Sequence[SilentOrganization],
    about_silent: Sequence[Decision],
    styles: Styles,
) -> None:
    """Adds the sheet: figures, then a table a month with its chart beside it.

    No sum has anything of `silent`, who were not polled in the month; `about_silent` is to be decided of them.
    """
    sheet = workbook.add_worksheet(NAME)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, len(OF_SEVERAL) - 1, 16)
    sheet.write_string(0, 0, f"Webex licenses, {month}", styles.title)
    row = 1
    for label, value, kind in figures(month, parts, len(silent), sum(each.is_open for each in about_silent)):
        write_cell(sheet, row, 0, label, Kind.TEXT, styles)
        write_cell(sheet, row, 1, value, kind, styles)
        row += 1
    heads = OF_SEVERAL if len(parts) > 1 else HEADS
    _write_sums(workbook, sheet, row + 1, heads, sums_together(parts), styles)
    as_printed(sheet)


def figures(
    month: Month, parts: Sequence[WorkbookPart], silent: int, about_silent: int
) -> list[tuple[str, Cell, Kind]]:
    """What a person asks first; of so many organizations that were not polled, with so many open decisions."""
    polls, expected = sum(each.polls for each in parts), sum(each.expected for each in parts)
    summaries = [each.summary for each in parts]
    due = min((each.next.day for each in summaries if each.next), default=None)
    older = sum(each.older_products for each in summaries)
    unpriced, without_money = (
        sum(each.without_price for each in summaries),
        sum(each.without_money for each in summaries),
    )
    unknown = sum(each.unknown_products for each in summaries)
    of_unknown = sum(each.has_unknown_units for each in summaries)
    one = parts[0] if len(parts) == 1 else None
    return [
        ("Organization" if one else "Organizations", one.name if one else len(parts), Kind.UNITS),
        *([("Organizations not polled", silent, Kind.UNITS)] if silent else []),
        ("Month", month.first_day, Kind.MONTH),
        ("Polls", polls, Kind.UNITS),
        ("Coverage", polls / expected if expected else None, Kind.SHARE),
        *(_units_of("Purchased", [each.purchased for each in summaries])),
        *(_units_of("Assigned", [each.assigned for each in summaries])),
        *([("Products with unknown units", unknown, Kind.UNITS)] if unknown else []),
        *([("Products as of earlier days", older, Kind.UNITS)] if older else []),
        ("Decisions open", about_silent + sum(len(each.decisions) for each in summaries), Kind.UNITS),
        ("Next date", due, Kind.DAY),
        *(("Cost a year", each, Kind.MONEY) for each in sums_of(each.a_year for each in summaries)),
        *([("Products without a price", unpriced, Kind.UNITS)] if unpriced else []),
        *([("Organizations with unknown units", of_unknown, Kind.UNITS)] if of_unknown and not one else []),
        *(("Money at stake a year", each, Kind.MONEY) for each in sums_of(each.at_stake for each in summaries)),
        *([("Decisions without a price", without_money, Kind.UNITS)] if without_money else []),
        *(("Changed by something else", f"{each.name}: {each.damage}", Kind.TEXT) for each in parts if each.damage),
    ]


def _units_of(label: str, units: Sequence[int | None]) -> Iterator[tuple[str, Cell, Kind]]:
    """The sum over the organizations that know it, and of how many that is where not all do."""
    known = [each for each in units if each is not None]
    of_part = f" in {len(known)} of {len(units)} organizations" if 0 < len(known) < len(units) else ""
    yield label + of_part, sum(known) if known else None, Kind.UNITS


def sums_of(amounts: Iterable[Sequence[Amount]]) -> list[Money]:
    """The sum of each currency over all organizations."""
    every = summed((each.currency, each.amount) for of_one in amounts for each in of_one)
    return [Money(each.amount, each.currency) for each in every]


def _write_sums(
    workbook: "Workbook",
    sheet: "Worksheet",
    top: int,
    heads: Mapping[str, Kind],
    sums: Sequence[MonthlySum],
    styles: Styles,
) -> None:
    for place, (head, kind) in enumerate(heads.items()):
        sheet.write_string(top, place, head, styles.head_of(kind))
    for number, each in enumerate(sums, start=top + 1):
        share = each.assigned / each.purchased if each.assigned is not None and each.purchased else None
        cells = (each.month.first_day, each.purchased, each.assigned, share, each.organizations)[: len(heads)]
        for place, (value, kind) in enumerate(zip(cells, heads.values(), strict=True)):
            write_cell(sheet, number, place, value, kind, styles)
    sheet.freeze_panes(top + 1, 1)
    if not sums:
        return
    first, last = top + 1, top + len(sums)
    chart = workbook.add_chart({"type": "line"})
    for place, color in ((1, PURCHASED), (2, ASSIGNED)):
        chart.add_series(
            {
                "name": [NAME, top, place],
                "categories": [NAME, first, 0, last, 0],
                "values": [NAME, first, place, last, place],
                "line": {"color": color, "width": 2.25 if place == 2 else 1.5},
                "marker": {"type": "circle", "size": 5, "fill": {"color": color}, "border": {"color": color}},
            }
        )
    chart.set_title({"name": "Purchased and assigned units of judged products", "name_font": {"size": 11}})
    chart.set_y_axis(
        {"min": 0, "num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D9DEE3"}}}
    )
    chart.set_x_axis({"num_format": "mmm yy", "text_axis": True})
    chart.set_legend({"position": "bottom"})
    chart.show_blanks_as("gap")
    sheet.insert_chart(
        0, len(OF_SEVERAL), chart, {"x_scale": 1.5, "y_scale": 1.3, "description": "Purchased and assigned by month"}
    )
