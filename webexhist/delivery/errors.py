"""How a delivery fails: what was handed over for certain not, and what may have arrived."""

from webexhist.errors import WebexhistError


class NotDeliveredError(WebexhistError):
    """It was not handed over: the next run may try again."""


class UnconfirmedError(WebexhistError):
    """It may have arrived, or not: to send it again may send it twice."""
