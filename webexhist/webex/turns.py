"""In which order a poll asks, and what it asks alone.

What time ran out for goes before the rest, the longest ago first. What did not get done though it went first lets the
others that wait go before it, and is asked alone when its turn comes again. What does not get done even then does not
fit into a poll: it is left out for a day.
"""

from collections.abc import Collection as Some
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import zip_longest
from typing import NamedTuple

from webexhist.snapshot import Organization
from webexhist.webex.before import NEVER, Before, is_asked_alone_next
from webexhist.webex.collectors.interface import Collector, Turn


class Asked(NamedTuple):
    """What is asked about whom, and when."""

    collector: Collector
    organization: Organization
    turn: Turn = Turn.LATER


def in_order(
    collectors: Some[Collector], organizations: Iterable[Organization], own: Organization | None, before: Before
) -> Iterator[Asked]:
    """What is asked about whom: the first of all organizations, then the token's own, then the rest of each.

    Where the token's own is not known yet, nothing is asked of it.
    """
    in_turn = before.in_turn(organizations)
    for collector in collectors:
        if collector.place == 0:
            yield from (Asked(collector, organization) for organization in in_turn)
    for collector in collectors:
        if collector.once_a_token and own is not None:
            yield Asked(collector, own)
    for organization in in_turn:
        for collector in collectors:
            if collector.place > 0 and not collector.once_a_token:
                yield Asked(collector, organization)


def in_turns(before: Before, asked: Iterable[Asked]) -> list[Asked]:
    """The order of asking: what time ran out for goes before the rest, the longest ago first.

    The first of all stay the first, but one by one with those that time ran out for: of many organizations they alone
    could take all of a poll, and so of each.
    """

    def since(one: Asked) -> datetime:
        return before.out_of_time_since(one.organization, one.collector.name) or NEVER

    ordered = sorted(asked, key=since)
    first = [one for one in ordered if one.collector.place == 0]
    waiting = [one for one in ordered if one.collector.place > 0 and since(one) < NEVER]
    others = [one for one in ordered if one.collector.place > 0 and since(one) == NEVER]
    by_turns = zip_longest(first, with_turns(before, waiting))
    return [one for both in by_turns for one in both if one is not None] + others


def with_turns(before: Before, waiting: list[Asked]) -> list[Asked]:
    """The collectors that time ran out for; the first of them that every poll asks has its turn."""
    number = next((n for n, one in enumerate(waiting) if one.collector.sweeps_every is None), None)
    if number is None:
        return waiting
    one = waiting.pop(number)
    last = before.collection_of(one.organization, one.collector.name)
    turn = Turn.ALONE if last and is_asked_alone_next(last) else Turn.FIRST
    return [one._replace(turn=turn), *waiting]
