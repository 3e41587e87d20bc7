"""`webexhist metrics`: the last snapshots for Prometheus."""

from pathlib import Path
from typing import Annotated

import typer

from webexhist.cli.app import OPERATE, ConfigOption, DatabaseOption, app
from webexhist.cli.changed_rows import warn_of_changed_last_values
from webexhist.cli.named_files import OPEN_TO_READ, drafted
from webexhist.cli.output import print_file
from webexhist.cli.settings import load_settings
from webexhist.user_folders import named_path


@app.command(rich_help_panel=OPERATE)
def metrics(
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The file to write, whole or not at all [the terminal].", show_default=False
        ),
    ] = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Print the last snapshot of each organization in OpenMetrics, as Prometheus and its textfile collector read it.

    Webex is not asked. How old the figures are says webexhist_snapshot_timestamp_seconds.

    Example: webexhist metrics --out /var/lib/node_exporter/webexhist.prom
    """
    from webexhist.export.openmetrics import openmetrics
    from webexhist.store.opening.history import open_history
    from webexhist.store.rows.latest import latest
    from webexhist.stored import with_standing_seats

    settings = load_settings({"database": database}, config)
    with open_history(settings.database) as history:
        text = openmetrics(with_standing_seats(settings, latest(history)))
        warn_of_changed_last_values(history)
    if out is None:
        print_file(text)
        return
    with drafted(named_path(out).absolute(), mode=OPEN_TO_READ) as file:
        file.write(text.encode())
