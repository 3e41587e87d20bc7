"""In which order a poll asks, and what it asks alone.

What time ran out for goes before the rest, the longest ago first, list by list: so each of them is counted after as
many polls as all lists take together. What did not get done though it went first lets the others that wait go before
it, and is asked alone when its turn comes again. Where it was asked to wait for longer than the poll lasted it goes
first once more instead, for it may have met a limit of all. What does not get done even alone does not fit into a
poll: it is left out for a day.
"""

import math
from collections.abc import Collection as Some
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from operator import itemgetter
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
    """What is asked about whom: the first of all organizations, then the token's own, then the rest.

    Where the token's own is not known yet, nothing is asked of it.
    """
    in_turn = before.in_turn(organizations)
    for collector in collectors:
        if collector.place == 0:
            yield from (Asked(collector, organization) for organization in in_turn)
    for collector in collectors:
        if collector.once_a_token and own is not None:
            yield Asked(collector, own)
    rest = [collector for collector in collectors if collector.place > 0 and not collector.once_a_token]
    for collector, organization in each_with_each(rest, in_turn):
        yield Asked(collector, organization)


def each_with_each(
    collectors: Sequence[Collector], organizations: Sequence[Organization]
) -> Iterator[tuple[Collector, Organization]]:
    """Each collector with each organization; both go round, so that the same one comes again as late as it can.

    Whether a service limits how much is asked of an endpoint or of an organization: neither is asked in a row.
    """
    rounds = math.lcm(len(collectors), len(organizations))
    for number in range(len(collectors) * len(organizations)):
        shift = number // rounds  # after so many the same pairs would come again
        yield collectors[number % len(collectors)], organizations[(number + shift) % len(organizations)]


def in_turns(before: Before, asked: Iterable[Asked]) -> list[Asked]:
    """The order of asking: what time ran out for goes before the rest, the longest ago first.

    The first of all stay the first, but spread evenly among those that time ran out for: of many organizations they
    alone could take all of a poll, or so much of each that the others wait for twice as long.
    """

    def since(one: Asked) -> datetime:
        return before.out_of_time_since(one.organization, one.collector.name) or NEVER

    ordered = sorted(asked, key=since)
    first = [one for one in ordered if one.collector.place == 0]
    waiting = [one for one in ordered if one.collector.place > 0 and since(one) < NEVER]
    others = [one for one in ordered if one.collector.place > 0 and since(one) == NEVER]
    return spread(first, with_turns(before, waiting)) + others


def spread(first: list[Asked], waiting: list[Asked]) -> list[Asked]:
    """Both in their orders, the first of them as evenly among the others as their numbers allow, one at the head."""
    places = [number / len(some) for some in (first, waiting) for number in range(len(some))]
    return [one for _, one in sorted(zip(places, first + waiting, strict=True), key=itemgetter(0))]


def with_turns(before: Before, waiting: list[Asked]) -> list[Asked]:
    """The collectors that time ran out for; the first of them that every poll asks has its turn."""
    number = next((n for n, one in enumerate(waiting) if one.collector.sweeps_every is None), None)
    if number is None:
        return waiting
    one = waiting.pop(number)
    last = before.collection_of(one.organization, one.collector.name)
    turn = Turn.ALONE if last and is_asked_alone_next(last) else Turn.FIRST
    return [one._replace(turn=turn), *waiting]
