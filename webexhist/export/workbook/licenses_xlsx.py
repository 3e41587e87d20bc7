"""A review as a workbook. The same figures make the same bytes, whenever they are written."""

from collections.abc import Sequence
from datetime import datetime, time
from io import BytesIO

from webexhist.export.workbook.cells import Styles, write_sheet
from webexhist.export.workbook.contracts import CONTRACTS
from webexhist.export.workbook.coverage import COVERAGE, silent_row
from webexhist.export.workbook.decisions import DECISIONS, decision_row
from webexhist.export.workbook.months import MONTHS
from webexhist.export.workbook.overview import write_overview
from webexhist.export.workbook.part import WorkbookPart
from webexhist.export.workbook.products import PRODUCTS
from webexhist.export.workbook.seats import SEATS
from webexhist.months import Month
from webexhist.review.judgment.decisions.values import Decision
from webexhist.review.silence import SilentOrganization

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def licenses_xlsx(
    month: Month,
    parts: Sequence[WorkbookPart],
    silent: Sequence[SilentOrganization],
    about_silent: Sequence[Decision],
) -> bytes:
    """The file: an overview with a chart, then a sheet a question.

    `silent` were not polled in the month; `about_silent` is to be decided of them.
    """
    from xlsxwriter import Workbook

    file = BytesIO()
    workbook = Workbook(file, OPTIONS)
    # Its own time would make other bytes of the same figures.
    workbook.set_properties(
        {"title": f"Webex licenses, {month}", "created": datetime.combine(month.last_day, time())}
    )
    styles = Styles(workbook)
    write_overview(workbook, month, parts, silent, about_silent, styles)
    decisions = [*about_silent, *(each for part in parts for each in part.decisions)]
    decisions.sort(key=lambda decision: decision.urgency)
    polled = [*(row for part in parts for row in part.coverage), *(silent_row(each, month) for each in silent)]
    write_sheet(workbook, DECISIONS, map(decision_row, decisions), styles)
    write_sheet(workbook, PRODUCTS, (row for part in parts for row in part.products), styles)
    write_sheet(workbook, MONTHS, (row for part in parts for row in part.months), styles)
    write_sheet(workbook, CONTRACTS, (row for part in parts for row in part.contracts), styles)
    if seats := [row for part in parts for row in part.seats]:
        write_sheet(workbook, SEATS, seats, styles)
    write_sheet(workbook, COVERAGE, polled, styles)
    workbook.close()
    return file.getvalue()
