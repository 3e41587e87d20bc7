"""Whose limit a request to wait tells of, where several organizations are asked: that of one of them, or of all.

Limits are not documented. Where only one organization was refused it waits alone, and the others are asked on: they
are answered, or the next refusal of another one shows that they share the limit. One that is refused again and again,
and never answered, while others are, waits alone too: what is refused to it says nothing of the others.
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
        self.answered_began: dict[Asked, float] = {}
        """When the newest request began that was answered: of each endpoint, and of each organization."""

    def note_answer(self, asked: Asked, began: float) -> None:
        """Notes that a request was answered that began then."""
        for one in (asked._replace(organization=""), asked._replace(endpoint="")):
            self.answered_began[one] = max(began, self.answered_began.get(one, began))
        for one in (asked, asked._replace(endpoint="")):
            self.in_a_row.pop(one, None)

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
                is_alone |= before.times + 1 >= AGAIN_AND_AGAIN and answered > before.at
                self.in_a_row[one] = InARow(before.times + 1, now)
        self.refused.add(asked.organization)
        is_alone &= self.organizations > 1 and bool(asked.organization)
        if is_alone:
            self.alone_at = self.in_a_row[own].at
        return is_alone

    def others_began(self, own: Asked) -> float:
        """When the newest request began that was answered of another organization."""
        others = (
            at for one, at in self.answered_began.items() if not one.endpoint and one.organization != own.organization
        )
        return max(others, default=-math.inf)
