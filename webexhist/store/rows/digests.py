"""What was sent to a recipient, and when it was marked as sent."""

from datetime import datetime

from webexhist.store.opening.history import History
from webexhist.store.query import Query
from webexhist.store.times import moment_of

MARKS = "SELECT about, marked_at FROM digest WHERE recipient = :recipient ORDER BY about"


def sent_to(history: History, recipient: str) -> dict[str, datetime]:
    """The months and decisions that a recipient was sent, and when that was marked."""
    query = Query("Digests", MARKS, {"recipient": recipient}, lambda row: (row.about, moment_of(row.marked_at)))
    return dict(history.read(query))
