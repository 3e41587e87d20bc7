"""`webexhist report`: the pages of the monthly licensing review."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from webexhist.cli.app import ConfigOption, DatabaseOption, app
from webexhist.config import load_settings


@app.command()
def report(
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="The month [the last complete one with polls].")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the pages.")] = Path("webexhist-report"),
    months: Annotated[int, typer.Option(min=1, max=240, help="Months to look back over, that one included.")] = 13,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Write the review of a month as HTML pages and a CSV file."""
    from webexhist.report.write import write_report
    from webexhist.review.months import Month
    from webexhist.store.database import open_existing

    asked_for = Month.parse(month) if month else None
    engine = open_existing(load_settings({"database": database}, config).database)
    files = write_report(engine, out, month=asked_for, months=months, now=datetime.now(UTC))
    print(f"{files.month}: {len(files.files)} files, begin with {files.index.absolute()}")
