"""What can go wrong with the service. Each fault is a switch, and all of them are off at first."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase


class PagingFault(StrEnum):
    """What can be wrong with lists and their Link header: it was seen, or must be expected."""

    MAX_NULL = "next contains max=null, and the request for it fails"
    DROPPED_FILTERS = "next lacks the filters of the request"
    DROPPED_MAX = "next lacks max, so that the following pages have the default size"
    REPEATED_NEXT = "next of the second page leads to the second page"
    MIDDLE_EMPTY_PAGE = "an empty page with a next comes before every page but the first"
    TRAILING_EMPTY_PAGE = "the last page has a next, which leads to an empty page"
    ENDLESS_EMPTY_PAGES = "the last page is followed by empty pages without end"
    DOUBLE_SCHEME = "next has its scheme twice: https,https://"
    FIRST_AND_PREVIOUS = "the header also has links of rel first and prev, even on the last page"
    DUPLICATES = "every page but the first repeats the last item of the page before"
    LOWER_CASE_HEADER = "the name of the header is link"
    NO_LINK = "there is no Link header, but start and offset work"
    DEVICES_CAPPED = "the list of devices ends after 100 rows, whatever max is"


class DataFault(StrEnum):
    """What can be odd about the items of lists: it was seen, or must be expected."""

    BOOLEANS_AS_STRINGS = "invitePending and loginEnabled are texts"
    UNITS_AS_STRINGS = "a license's units are texts"
    CONSUMED_BY_NULL = "consumedByUsers and consumedByWorkspaces are null"
    CONSUMED_BY_ABSENT = "consumedByUsers and consumedByWorkspaces are missing"
    NO_LAST_ACTIVITY = "every other person has no lastActivity"
    PRESENCE_HIDDEN = "nobody has status or lastActivity: the administrator does not share his own status"
    UNDECRYPTABLE = "titles and texts cannot be decrypted; the item has errors instead"
    UNKNOWN_VALUES = "enumerations have values that are not documented"
    GLUED_IDS = "licenses and roles have several ids in one text, separated by commas"
    ANALYTICS_AS_TEXT = "the arrays of daily totals are texts"
    HYBRID_EMPTY_OBJECT = "the answer of hybrid lists is {}"
    HYBRID_EMPTY_LIST = "the answer of hybrid lists is []"


class EventOrder(StrEnum):
    """The order of the list of events, which is not documented."""

    NEWEST_FIRST = "newest first"
    OLDEST_FIRST = "oldest first"
    NEARLY_NEWEST_FIRST = "newest first, but for up to an hour"
    NONE = "in no order"
    BY_KIND_NEWEST_FIRST = "by kind, each newest first"
    BY_KIND_OLDEST_FIRST = "by kind, each oldest first"


@dataclass(frozen=True)
class Status:
    """Answers with an error status."""

    code: int
    retry_after: str | None = None
    html: bool = False
    """Whether the body is the HTML page of a gateway."""


@dataclass(frozen=True)
class TooLarge:
    """Answers with 504 if `max` is larger than `limit`."""

    limit: int


@dataclass(frozen=True)
class Body:
    """Answers with exactly these bytes."""

    content: bytes
    status: int = 200
    content_type: str = "application/json"


@dataclass(frozen=True)
class Redirect:
    """Redirects the client."""

    location: str
    code: int = 302


@dataclass(frozen=True)
class Slow:
    """Sends the correct answer after `seconds`."""

    seconds: float


@dataclass(frozen=True)
class Hang:
    """Sends nothing for `seconds`, then closes the connection."""

    seconds: float


@dataclass(frozen=True)
class Trickle:
    """Sends the correct answer in pieces of `piece` bytes, with a pause of `seconds` before each."""

    seconds: float
    piece: int = 64


@dataclass(frozen=True)
class Reset:
    """Resets the connection."""


@dataclass(frozen=True)
class CutOff:
    """Sends half of the announced body, then closes the connection."""


@dataclass(frozen=True)
class TruncatedJson:
    """Sends half of the JSON as if it were complete."""


Effect = Status | TooLarge | Body | Redirect | Slow | Hang | Trickle | Reset | CutOff | TruncatedJson


@dataclass(frozen=True)
class Trouble:
    """An effect on some requests: on which paths, which of the requests, and when."""

    effect: Effect
    path: str = "*"
    """Pattern of the path without its query, for instance `/v1/people` or `/v1/hybrid/*`."""
    every: int = 1
    """Every n-th of the matching requests is hit."""
    skip: int = 0
    """How many matching requests are answered as usual before the first is hit."""
    times: int | None = None
    """How many requests are hit at most; None for no limit."""
    since: datetime | None = None
    until: datetime | None = None

    def matches(self, path: str, moment: datetime) -> bool:
        """Whether it is about a request for `path` at `moment`."""
        return (
            fnmatchcase(path, self.path)
            and (self.since is None or self.since <= moment)
            and (self.until is None or moment < self.until)
        )

    def hits(self, number: int) -> bool:
        """Whether a matching request is hit; the first one has number 0."""
        turn, rest = divmod(number - self.skip, self.every)
        return number >= self.skip and rest == self.every - 1 and (self.times is None or turn < self.times)


@dataclass(frozen=True)
class RateLimit:
    """Answers with 429 if more than `calls` requests come within `seconds` of real time."""

    calls: int
    seconds: float
    retry_after: str | None = "1"
    path: str = "*"
    """Pattern of the paths that are counted together."""


@dataclass
class Faults:
    """The switches. They can be changed while the service runs."""

    latency_seconds: float = 0.0
    """How many seconds each answer takes."""
    clock_skew: timedelta = timedelta()
    """How far the clock of the service is ahead of the given clock."""
    date_header: bool = True
    """Whether answers have a Date."""
    troubles: list[Trouble] = field(default_factory=list)
    """The first one that hits a request decides."""
    rate_limits: list[RateLimit] = field(default_factory=list)
    """A request must be within each of them."""
    paging: set[PagingFault] = field(default_factory=set)
    data: set[DataFault] = field(default_factory=set)
    page_limits: dict[str, int] = field(default_factory=dict)
    """The largest page of a path if it is not the usual one, for instance `{"/v1/people": 500}`."""
    next_base_url: str | None = None
    """Where next links lead to, if not to the host of the request."""
    event_order: EventOrder = EventOrder.NEWEST_FIRST
    event_lag: timedelta = timedelta()
    """How long it takes until an event is in the list."""
    from_inclusive: bool = True
    """Whether the list contains an event exactly at `from`."""
    to_inclusive: bool = False
    """Whether the list contains an event exactly at `to`."""
