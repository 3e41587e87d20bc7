"""`webexhist outlook`: what polls print of the future, worked out once a day."""

from contextlib import ExitStack

from webexhist.cli.app import COLLECT, ConfigOption, DatabaseOption, app
from webexhist.cli.output import print_line
from webexhist.cli.settings import load_settings
from webexhist.errors import WebexhistError
from webexhist.state.last_run import OUTLOOK, note_run
from webexhist.state.private_files import locked, make_private_folder

LOCK = "outlook.lock"
"""Held in the state folder by the process that works it out: it sees what others store meanwhile."""


@app.command(rich_help_panel=COLLECT)
def outlook(config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """Work out when licenses run out, for the plugin document. Polls start this by themselves, once a day.

    Example: webexhist outlook
    """
    from webexhist.outlooks import renew_outlooks
    from webexhist.store.opening.database import opened

    settings = load_settings({"database": database}, config)
    failure = None
    with ExitStack() as alone:
        try:
            make_private_folder(settings.state_dir)
            alone.enter_context(locked(settings.state_dir / LOCK, 0))
        except TimeoutError:
            print_line("Another process is working it out.")
            return
        except OSError:
            pass  # a folder in which nothing can be made keeps nobody from working it out
        try:
            with opened(settings.database) as engine:
                names = renew_outlooks(engine)
        except WebexhistError as error:
            failure = error
            raise
        finally:
            note_run(settings.state_dir, OUTLOOK, failure)
    print_line(f"Worked out: {', '.join(names)}" if names else "Nothing to work out: it is of today.")
