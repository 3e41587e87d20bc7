"""`webexhist metrics`: the last snapshots for Prometheus."""

from pathlib import Path
from typing import Annotated

import typer

from webexhist.cli.app import OPERATE, ConfigOption, DatabaseOption, app
from webexhist.cli.output import print_file
from webexhist.cli.settings import load_settings
from webexhist.errors import WebexhistError
from webexhist.user_folders import named_path


class MetricsError(WebexhistError):
    """The file cannot be written."""


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
    from webexhist.state.private_files import write_private
    from webexhist.store.opening.history import open_history
    from webexhist.store.rows.latest import latest

    with open_history(load_settings({"database": database}, config).database) as history:
        text = openmetrics(latest(history))
    if out is None:
        print_file(text)
        return
    file = named_path(out).absolute()
    if file.exists() and not file.is_file():
        raise MetricsError(f"{file} is no regular file", "choose another file with --out, or none to have it printed")
    try:
        write_private(file, text.encode(), mode=0o644)
    except OSError as error:
        raise MetricsError(f"cannot write {out} ({error.strerror})", "choose another file with --out") from error
