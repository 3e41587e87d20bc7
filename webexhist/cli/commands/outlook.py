"""`webexhist outlook`: what polls print of the future, worked out once a day."""

from webexhist.cli.app import COLLECT, ConfigOption, DatabaseOption, app
from webexhist.cli.output import print_line
from webexhist.cli.settings import load_settings
from webexhist.errors import WebexhistError
from webexhist.state.last_run import OUTLOOK, note_run


@app.command(rich_help_panel=COLLECT)
def outlook(config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """Work out when licenses run out, for the plugin document. Polls start this by themselves, once a day.

    Example: webexhist outlook
    """
    from webexhist.outlooks import renew_outlooks
    from webexhist.store.opening.database import opened

    settings = load_settings({"database": database}, config)
    failure = None
    try:
        with opened(settings.database) as engine:
            names = renew_outlooks(engine)
    except WebexhistError as error:
        failure = error
        raise
    finally:
        note_run(settings.state_dir, OUTLOOK, failure)
    print_line(f"Worked out: {', '.join(names)}" if names else "Nothing to work out: it is of today.")
