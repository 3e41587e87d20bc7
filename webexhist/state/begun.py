"""Notes what is about to be handed to others: where the process is killed meanwhile, the note stays and tells it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from webexhist.errors import WebexhistError
from webexhist.state.last_run import last_run, note_run

SENDING = "sending-"


class Sending:
    """What is sent to one recipient, by the name under which the database marks it."""

    def __init__(self, state_dir: Path, recipient: str) -> None:
        self.state_dir = state_dir
        self.name = f"{SENDING}{recipient[:16]}"

    @contextmanager
    def noted(self, told_by: tuple[type[WebexhistError], ...]) -> Iterator[None]:
        """Notes that it begins; the note is gone as soon as somebody is told how it ended.

        Only the errors of `told_by` tell it: after another, as of a database that went in the middle of marking what
        is sent, nobody knows what is marked, and the note stays.
        """
        note_run(self.state_dir, self.name, None)
        try:
            yield
        except told_by:
            self.forget()
            raise
        self.forget()

    def begun_at(self) -> datetime | None:
        """When a run began (UTC) that has not said yet how it ended; None where there is none."""
        note = last_run(self.state_dir, self.name)
        return note.ended_at if note else None

    def forget(self) -> None:
        """Takes the note away; one that cannot be taken away only tells too much."""
        with suppress(OSError):
            (self.state_dir / self.name).unlink()
