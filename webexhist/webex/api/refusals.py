"""Whose limit a request to wait tells of, where several organizations are asked: that of one of them, or of all.

Limits are not documented. Where only one organization was refused it waits alone, and the others are asked on: they
are answered, or the next refusal of another one shows that they share the limit. One that is refused again and again,
and never answered, while others are, waits alone too: what is refused to it says nothing of the others. Only the list
waits at first; once another one of its organization was refused too, all of that. The same holds of endpoints.
What was refused goes behind the rest until any of that was answered: so it shows whether it is.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

AGAIN_AND_AGAIN = 3
"""Refusals in a row: where a limit is shared, and exceeded by half, one in three is refused."""


class Asked(NamedTuple):
    """What is asked about whom."""

    endpoint: str
    organization: str
    """Its UUID; empty where Webex answers for the token's owner."""


@dataclass(frozen=True, slots=True)
class InARow:
    """Refusals of the same, one after the other, since it was last answered."""

    times: int
    at: float
    """When the last of them was."""


NONE = InARow(0, -math.inf)


class Refusals:
    """Which organizations were asked to wait in a poll; not safe between threads."""

    def __init__(self) -> None:
        self.organizations = 1
        """How many are asked; where there is one, nothing can be distinguished."""
        self.refused: set[str] = set()
        """Those of them that were ever asked to wait."""
        self.alone_at = math.nan
        """When one was last refused that waits alone."""
        self.in_a_row: dict[Asked, InARow] = {}
        """Of each list, and of all of an organization together (with an empty endpoint)."""
        self.endpoints_in_a_row: dict[str, InARow] = {}
        """Of all of an endpoint together, since another one was answered."""
        self.answered_began: dict[Asked, float] = {}
        """When the newest request began that was answered: of each endpoint, and of each organization."""
        self.newest_answered = -math.inf
        """The same of all."""
        self.newest_refused = -math.inf
        """When one was last refused."""

    def note_answer(self, asked: Asked, began: float) -> None:
        """Notes that a request was answered that began then."""
        for one in (asked._replace(organization=""), asked._replace(endpoint="")):
            self.answered_began[one] = max(began, self.answered_began.get(one, began))
        for one in (asked, asked._replace(endpoint="")):
            self.in_a_row.pop(one, None)
        self.endpoints_in_a_row.pop(asked.endpoint, None)
        self.newest_answered = max(self.newest_answered, began)

    def goes_behind(self, asked: Asked) -> bool:
        """Whether others go first: its organization or endpoint was refused, and nothing was answered since.

        Where all of an organization waits, so does a list of it that was refused: it is not all that is asked.
        """
        if asked in self.in_a_row and self.waits_alone(asked) != asked:
            return True
        if self.newest_refused <= self.newest_answered:
            return False
        of_organization = self.in_a_row.get(Asked("", asked.organization), NONE)
        of_endpoint = self.endpoints_in_a_row.get(asked.endpoint, NONE)
        return max(of_organization.at, of_endpoint.at) > self.newest_answered

    def is_of_endpoint_alone(self, endpoint: str, now: float, began: float) -> bool:
        """Notes that a request that `began` then is refused now; returns whether that says nothing of the others.

        So it is where others were answered, but never this one, between all of so many refusals.
        """
        before = self.endpoints_in_a_row.get(endpoint, NONE)
        if began > before.at:  # else it was in flight when the last one was refused
            times = before.times if self.newest_answered > before.at else 0
            self.endpoints_in_a_row[endpoint] = before = InARow(times + 1, now)
            self.newest_refused = now
        return before.times >= AGAIN_AND_AGAIN

    def is_of_one_alone(self, asked: Asked, now: float, began: float) -> bool:
        """Notes that a request that `began` then is refused now; returns whether that says nothing of the others."""
        own = asked._replace(endpoint="")
        last = self.in_a_row.get(own, NONE)
        only_it = self.refused <= {asked.organization}
        was_answered = own in self.answered_began
        is_alone = only_it and (not self.refused or not was_answered or self.others_began(own) > last.at)
        is_alone |= began <= last.at == self.alone_at
        answered = self.answered_began.get(asked._replace(organization=""), -math.inf)
        for one in (asked, own):
            before = self.in_a_row.get(one, NONE)
            if began > before.at:  # else it was in flight when the last one was refused
                others_answered = answered if one is asked else self.others_began(own)
                is_alone |= before.times + 1 >= AGAIN_AND_AGAIN and others_answered > before.at
                self.in_a_row[one] = InARow(before.times + 1, now)
        self.refused.add(asked.organization)
        self.newest_refused = now
        is_alone &= self.organizations > 1 and bool(asked.organization)
        if is_alone:
            self.alone_at = self.in_a_row[own].at
        return is_alone

    def waits_alone(self, asked: Asked) -> Asked:
        """What waits: the list, or all of its organization where another list of that was refused since an answer."""
        own = asked._replace(endpoint="")
        return own if self.in_a_row.get(own, NONE).times > self.in_a_row.get(asked, NONE).times else asked

    def others_began(self, own: Asked) -> float:
        """When the newest request began that was answered of another organization."""
        others = (
            at for one, at in self.answered_began.items() if not one.endpoint and one.organization != own.organization
        )
        return max(others, default=-math.inf)
