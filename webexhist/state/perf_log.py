"""Keeps plugin_perf.log: what each poll asked of Webex, how long it took, and every failure.

It holds paths, figures and reasons; never tokens, texts, people or the queries of requests.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from webexhist.config import Settings
from webexhist.errors import WebexhistError
from webexhist.state.private_files import make_private_folder, opened_to_append
from webexhist.texts import one_line

FILE_NAME = "plugin_perf.log"
LARGEST_FILE = 1_000_000
"""Bytes; a poll takes some three thousand."""
OLDER_FILES = 3
LOG = logging.getLogger("webexhist")


class PrivateRotatingFile(RotatingFileHandler):
    """A log for its owner's eyes only. One that cannot be written is no reason for a poll to fail."""

    def _open(self) -> TextIOWrapper:
        return opened_to_append(Path(self.baseFilename))

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever names and reasons hold."""
        return one_line(super().format(record))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the base class names it so
        """Leaves the record out."""


@contextmanager
def performance_log(settings: Settings) -> Iterator[None]:
    """Keeps the log, if it is wanted, while a poll runs."""
    if not settings.logging:
        yield
        return
    with suppress(OSError):
        make_private_folder(settings.state_dir)
    handler = PrivateRotatingFile(
        settings.state_dir / FILE_NAME, maxBytes=LARGEST_FILE, backupCount=OLDER_FILES, encoding="utf-8", delay=True
    )
    formatter = logging.Formatter("%(asctime)s UTC %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    LOG.setLevel(logging.INFO)
    LOG.addHandler(handler)
    try:
        LOG.info("a poll begins")
        yield
    except WebexhistError as error:
        LOG.error("the poll failed: %s", error)
        raise
    finally:
        LOG.removeHandler(handler)
        with suppress(OSError):
            handler.close()
