"""Everything that can be wrong with the service: each a switch, none of them on by default."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase


class PagingFault(StrEnum):
    """What has been seen, or must be expected, to be wrong with lists and their Link header."""

    MAX_NULL = "next says max=null, and asking for that fails"
    DROPPED_FILTERS = "next lacks the filters that were asked for"
    DROPPED_MAX = "next lacks max, so that the following pages have the default size"
    REPEATED_NEXT = "the second page's next leads to the second page"
    MIDDLE_EMPTY_PAGE = "an empty page with a next stands before every page but the first"
    TRAILING_EMPTY_PAGE = "the last page has a next, which leads to an empty page"
    ENDLESS_EMPTY_PAGES = "the last page is followed by empty pages without end"
    DOUBLE_SCHEME = "next names its scheme twice: https,https://"
    FIRST_AND_PREVIOUS = "the header holds links of rel first and prev too, on the last page as well"
    DUPLICATES = "every page but the first repeats the last item of the page before"
    LOWER_CASE_HEADER = "the header is called link"
    NO_LINK = "no Link header, though start and offset are obeyed"
    DEVICES_CAPPED = "devices end after 100 rows, whatever is asked for"


class DataFault(StrEnum):
    """What has been seen, or must be expected, to be odd about the items themselves."""

    BOOLEANS_AS_STRINGS = "invitePending and loginEnabled are texts"
    UNITS_AS_STRINGS = "a license's units are texts"
    CONSUMED_BY_NULL = "consumedByUsers and consumedByWorkspaces are null"
    CONSUMED_BY_ABSENT = "consumedByUsers and consumedByWorkspaces are missing"
    NO_LAST_ACTIVITY = "every other person has no lastActivity"
    PRESENCE_HIDDEN = "nobody has status or lastActivity: the authorizing admin does not share his own"
    UNDECRYPTABLE = "titles and texts cannot be decrypted; the item carries errors instead"
    UNKNOWN_VALUES = "enumerations have values that nobody documented"
    GLUED_IDS = "licenses and roles hold several ids in one text, parted by commas"
    ANALYTICS_AS_TEXT = "the arrays of daily totals come as texts"
    HYBRID_EMPTY_OBJECT = "hybrid lists answer {}"
    HYBRID_EMPTY_LIST = "hybrid lists answer []"


class EventOrder(StrEnum):
    """In which order the log of events comes; the documents do not say."""

    NEWEST_FIRST = "newest first"
    OLDEST_FIRST = "oldest first"


@dataclass(frozen=True)
class Status:
    """Answers with an error instead."""

    code: int
    retry_after: str | None = None
    html: bool = False
    """A gateway's page instead of the service's JSON."""


@dataclass(frozen=True)
class TooLarge:
    """Answers 504 where `max` asks for more than `limit` items."""

    limit: int


@dataclass(frozen=True)
class Body:
    """Answers with exactly these bytes."""

    content: bytes
    status: int = 200
    content_type: str = "application/json"


@dataclass(frozen=True)
class Redirect:
    """Sends the client elsewhere."""

    location: str
    code: int = 302


@dataclass(frozen=True)
class Slow:
    """Answers rightly, after `seconds`."""

    seconds: float


@dataclass(frozen=True)
class Hang:
    """Says nothing for `seconds`, then hangs up."""

    seconds: float


@dataclass(frozen=True)
class Trickle:
    """Sends the right answer in pieces of `piece` bytes with a pause of `seconds` after each."""

    seconds: float
    piece: int = 64


@dataclass(frozen=True)
class Reset:
    """Breaks the connection without a word."""


@dataclass(frozen=True)
class CutOff:
    """Sends half of the body it announced, then hangs up."""


@dataclass(frozen=True)
class TruncatedJson:
    """Sends half of the JSON as if it were all."""


Effect = Status | TooLarge | Body | Redirect | Slow | Hang | Trickle | Reset | CutOff | TruncatedJson


@dataclass(frozen=True)
class Trouble:
    """What befalls which requests, and when."""

    effect: Effect
    path: str = "*"
    """Shell pattern of the path without its query, for instance `/v1/people` or `/v1/hybrid/*`."""
    every: int = 1
    """Each so manieth of the matching requests is hit."""
    spare: int = 0
    """So many matching requests pass unharmed before the first is hit."""
    times: int | None = None
    """So many are hit at most; None for no end."""
    since: datetime | None = None
    until: datetime | None = None

    def concerns(self, path: str, moment: datetime) -> bool:
        """Whether a request for `path` at `moment` is one of those to be counted."""
        return (
            fnmatchcase(path, self.path)
            and (self.since is None or self.since <= moment)
            and (self.until is None or moment < self.until)
        )

    def hits(self, number: int) -> bool:
        """Whether the `number`-th matching request, counted from 0, is hit."""
        turn, rest = divmod(number - self.spare, self.every)
        return number >= self.spare and rest == self.every - 1 and (self.times is None or turn < self.times)


@dataclass(frozen=True)
class RateLimit:
    """Answers 429 to what exceeds `calls` in `seconds` of real time."""

    calls: int
    seconds: float
    retry_after: str | None = "1"


@dataclass
class Faults:
    """The switches. They may be turned while the service runs."""

    latency_seconds: float = 0.0
    """How long every answer takes."""
    clock_skew: timedelta = timedelta()
    """How far the service's clock is ahead of the one handed in."""
    troubles: list[Trouble] = field(default_factory=list)
    """The first that hits a request decides."""
    rate_limit: RateLimit | None = None
    paging: set[PagingFault] = field(default_factory=set)
    data: set[DataFault] = field(default_factory=set)
    page_limits: dict[str, int] = field(default_factory=dict)
    """Largest page by path where it is not the usual one, for instance `{"/v1/people": 500}`."""
    next_base_url: str | None = None
    """Where next links lead to, instead of where the request came in."""
    event_order: EventOrder = EventOrder.NEWEST_FIRST
    event_lag: timedelta = timedelta()
    """How long after it happened an event can be seen."""
    from_inclusive: bool = True
    """Whether an event exactly at `from` is told."""
    to_inclusive: bool = False
    """Whether an event exactly at `to` is told."""
