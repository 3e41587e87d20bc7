"""What Webex, or the way to it, can answer instead of a count.

No message repeats what a server said, for an answer may hold tokens, texts or people; and equal failures read equal.
"""

from webexhist.errors import WebexhistError
from webexhist.webex.api.retry import told_wait

SUPPORT = "give Webex's support the tracking id in plugin_perf.log"
LATER = "the next poll asks again; if it lasts, check base_url"
ASKS_TO_WAIT = "Webex asks to wait; the next poll asks again"


class WebexError(WebexhistError):
    """Webex did not give what was asked for."""


class Unauthorized(WebexError):
    """401, or no token at all: nothing will work until somebody authorizes again."""


class NotPermitted(WebexError):
    """403: the token lacks a scope, its owner a role, or the organization an offer. A permission, not a count."""


class NotFound(WebexError):
    """404: no such resource."""


class Refused(WebexError):
    """Any other 4xx: the request itself was not accepted, asking again will not help (410: the API is gone)."""


class Busy(WebexError):
    """423 or 429: Webex asks to wait."""

    def __init__(self, problem: str, next_step: str = "", retry_after: str | None = None) -> None:
        super().__init__(problem, next_step)
        self.retry_after = retry_after
        """The Retry-After header as it came; it can be missing or malformed."""


class Disturbed(WebexError):
    """5xx: something on Webex's side failed; asking again may help."""


class TooSlow(Disturbed):
    """504: the page asked for took Webex too long; a smaller one may not."""


class Unavailable(Busy, Disturbed):
    """5xx that says when asking again may help (RFC 9110, 10.2.3)."""


class Overtaxed(Busy, TooSlow):
    """504 that says so: when, and for a smaller page."""


class Unreachable(WebexError):
    """No answer: the name, the connection, the certificate or the wait failed."""


class GivenUp(Unreachable):
    """No answer in the part of the time that one request was given: it is not worth all that is left."""


class BadAnswer(WebexError):
    """An answer that is not what the API promises: cut, not JSON, too large or of another shape."""

    def __init__(self, problem: str, next_step: str = LATER) -> None:
        super().__init__(problem, next_step)


class OutOfTime(WebexError):
    """The budget of the poll ended, or what Webex asked to wait would outlast it."""


class ListTooLong(OutOfTime):
    """A list whose pages came steadily is longer than the budget: asking again will not help."""


def error_for_status(status: int, request: str, retry_after: str | None) -> WebexError:
    """The error that an HTTP status means; `request` is "GET /v1/…", without its query."""
    answer = f"{request} answered {status}"
    if status == 401:
        return Unauthorized(answer, "the token is not accepted; authorize again: webexhist login")
    if status == 403:
        return NotPermitted(answer, "the token lacks a scope, or its owner a role")
    if status == 404:
        return NotFound(answer, SUPPORT)
    if status in (423, 429):
        return Busy(answer, ASKS_TO_WAIT, retry_after)
    if status >= 500 and told_wait(retry_after) is not None:
        return (Overtaxed if status == 504 else Unavailable)(answer, ASKS_TO_WAIT, retry_after)
    if status == 504:
        return TooSlow(answer, "the next poll asks again")
    if status >= 500:
        return Disturbed(answer, "the next poll asks again")
    if 300 <= status < 400:
        return Refused(answer, "redirects are not followed; check base_url")
    return Refused(answer, SUPPORT)
