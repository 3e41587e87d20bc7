"""Which collectors a poll leaves out, and which of their values stand meanwhile.

A value that is held keeps the time at which it was counted: it is neither unknown nor new.
"""

import re
from collections.abc import Collection as Names
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from webexhist.config import Settings
from webexhist.errors import UsageError, WebexhistError
from webexhist.metrics import Kind
from webexhist.paces import LEAST_HOLD, longest_hold, slot_of
from webexhist.snapshot import LICENSES_HELD, Collection, CollectionStatus, LastPoll
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import ListTooLong, OutOfTime
from webexhist.webex.before import (
    ALONE_NEXT,
    FIRST_NEXT,
    NOT_FITTING,
    goes_first_next,
    is_asked_alone_next,
    is_left_to_the_next,
)
from webexhist.webex.collectors import all_collectors
from webexhist.webex.collectors.interface import Collector, Gathered, Target, Turn

NOT_DONE = "not done in time"
"""Why not all came, whatever was waited for at the end ..."""
NOT_DONE_LIMITED = "not done in time while Webex asked to wait"
"""... and where Webex limits how much is asked."""
BEHIND_OTHERS = "it had its turn, others go before it now"
"""How the reason ends why that is not known which waited for an answer in its turn, or for a slow one before it."""
TRIED_AGAIN_AFTER = 3600
"""Seconds in which a sweep of a whole list is not tried a second time after it failed."""


def is_left_out(collector: Collector, target: Target, settings: Settings, only: Names[str]) -> bool:
    """Whether the collector is not asked by this poll.

    A list that did not fit into this budget is tried again on the next day.
    """
    if only and collector.name not in only:
        return True
    if collector.sweeps_every is not None:
        return was_swept(collector, target, settings) if only else is_swept(collector, target, settings)
    if only:
        return False
    before = target.before
    last = before.collection_of(collector.name) if before else None
    if before is None or last is None or not depends_on_time(collector, target, settings, only):
        return False
    if was_too_long(last, settings.budget_seconds):
        return before.taken_at.date() == target.taken_at.date()
    age = target.taken_at - min(before.counted_at(name) for name in names_of(collector))
    if last.status.is_trouble or age < timedelta():  # nor does a value of the future stand
        return False
    if had_budget_of_its_own(last, settings) and not was_counted_within(collector, before, settings.budget_seconds):
        return age <= LEAST_HOLD
    pace = pace_of(collector, settings)
    return pace is not None and is_in_one_slot(target.taken_at - age, target.taken_at, pace)


def had_budget_of_its_own(last: Collection, settings: Settings) -> bool:
    """Whether a collection took longer than polls may, the first time that it fared so: it was asked for alone."""
    return last.seconds is not None and last.seconds > settings.budget_seconds


def was_counted_within(collector: Collector, before: LastPoll, budget: float) -> bool:
    """Whether no more than this budget was taken by the poll that last counted what the collector counts."""
    return all(before.counted_within(name) <= budget for name in names_of(collector))


def is_swept(collector: Collector, target: Target, settings: Settings) -> bool:
    """Whether a list that is swept now and then is left to another poll.

    One that failed is tried again in the next hour; one that had a budget of its own is not begun with less, as long
    as what it counted stands.
    """
    before = target.before
    if before is None:
        return False
    last, at = before.collection_of(collector.name), before.swept_at
    if last and was_too_long(last, settings.budget_seconds):
        return before.taken_at.date() == target.taken_at.date()
    if last and last.status.is_trouble:
        return is_in_one_slot(before.taken_at, target.taken_at, TRIED_AGAIN_AFTER)
    took_longer = last is not None and had_budget_of_its_own(last, settings)
    if at is not None and took_longer and before.seconds_swept > settings.budget_seconds:
        return abs(target.taken_at - at) <= longest_hold(pace_of(collector, settings) or 1)
    return was_swept(collector, target, settings)


def was_swept(collector: Collector, target: Target, settings: Settings) -> bool:
    """Whether a list was swept already in the slot of its pace."""
    at = target.before.swept_at if target.before else None
    if at is None or at > target.taken_at:
        return False
    return is_in_one_slot(at, target.taken_at, pace_of(collector, settings) or 1)


def is_in_one_slot(counted_at: datetime, taken_at: datetime, pace: int) -> bool:
    """Whether a poll comes in the slot in which a value was counted, by the whole seconds that are kept."""
    return slot_of(int(counted_at.timestamp()), pace) == slot_of(int(taken_at.timestamp()), pace)


def paces_of(collectors: Iterable[Collector], settings: Settings) -> dict[str, int]:
    """How often it is asked for what does not belong to every poll, in seconds by the names of counts."""
    return {
        name: pace
        for collector in collectors
        if (pace := pace_of(collector, settings)) is not None
        for name in names_of(collector)
    }


def pace_of(collector: Collector, settings: Settings) -> int | None:
    """How often a collector is asked, in whole seconds; None: by every poll."""
    pace = settings.every.get(collector.name, collector.sweeps_every)
    return None if pace is None else max(1, int(pace))


def depends_on_time(collector: Collector, target: Target, settings: Settings, only: Names[str]) -> bool:
    """Whether the time of the poll must be known to decide if the collector is left out."""
    last = target.before.collection_of(collector.name) if target.before else None
    if collector.sweeps_every is not None:
        return target.before is not None
    if only or last is None:
        return False
    is_slow = had_budget_of_its_own(last, settings) or was_too_long(last, settings.budget_seconds)
    return is_slow or collector.name in settings.every


def names_of(collector: Collector) -> list[str]:
    """The names of what it counts, as what is held is named."""
    return [LICENSES_HELD] if collector.lists_licenses else [metric.value for metric in collector.counts]


def require_known(names: Iterable[str]) -> None:
    """Raises UsageError where a name is no collector's."""
    known = sorted({collector.name for collector in all_collectors()})
    for name in sorted(set(names).difference(known)):
        raise UsageError(f"there is no collector {name}", f"name some of {', '.join(known)}")


def require_asked(names: Names[str], settings: Settings) -> None:
    """Raises UsageError where a name is no collector's, or that of one which these settings leave out."""
    require_known(names)
    asked = {collector.name for collector in all_collectors() if collector.is_asked(settings)}
    for name in sorted(set(names) - asked):
        raise UsageError(f"the settings leave {name} out", "set seats or messages_source: webexhist config show")


def left_out(collector: Collector, target: Target) -> tuple[Gathered, Collection]:
    """What a poll knows of a collector that it does not ask: what stands."""
    before = target.before
    last = before.collection_of(collector.name) if before else None
    if before is None or last is None:
        return Gathered(), Collection(collector.name, CollectionStatus.NOT_USED, 0, 0.0, "not asked for yet")
    others = tuple(
        not_asked_again(collection) for collection in before.collections if collection.collector in collector.entries
    )
    return Gathered(collector.unknown(), checks=others, is_held=True), not_asked_again(last)


def not_asked_again(collection: Collection) -> Collection:
    """The same collection as it stands for a poll that asked nothing."""
    return replace(collection, requests=0, seconds=0.0)


def with_lasting_reason(collector: Collector, gathered: Gathered, client: WebexClient, target: Target) -> Gathered:
    """The same with a reason that reads the same at every poll that time runs out for: it keeps its place in turn.

    What waits for its turn keeps the reason word by word; whatever it is told meanwhile, it waits since then. So does
    what had its turn while everything waited, so that it could not even ask. What is
    answered so slowly that others wait for it has had its turn: all lists of a slow organization would go first.
    """
    if not isinstance(gathered.failure, OutOfTime) or gathered.goes_on or has_moved(gathered, target):
        return gathered
    last = target.before.collection_of(collector.name) if target.before else None
    if isinstance(gathered.failure, ListTooLong) or is_shown_not_to_fit(collector, client, target, last):
        return replace(gathered, failure=too_long(collector, client.budget))
    failure, waits = gathered.failure, last is not None and is_left_to_the_next(last)
    is_passed_over = waits and client.was_answered_slowly() and not (last and is_asked_alone_next(last))
    has_asked = bool(client.calls)
    had_its_turn = has_asked and (target.turn is Turn.FIRST or (target.turn is Turn.LATER and is_passed_over))
    keeps_its_place = not had_its_turn and (target.turn is Turn.LATER or not has_asked)
    if last and waits and keeps_its_place and is_of_budget(last, client.budget):
        return replace(gathered, failure=OutOfTime(last.error or ""))
    if client.has_used_its_time():
        failure = client.out_of_time(NOT_DONE_LIMITED if client.was_asked_to_wait else NOT_DONE)
    if had_its_turn and (next_step := next_after(client, target, last)):
        failure = OutOfTime(failure.problem, next_step)
    return replace(gathered, failure=failure)


def next_after(client: WebexClient, target: Target, last: Collection | None) -> str | None:
    """How it goes on with what did not get done in its turn; None where that is as with all others."""
    if target.turn is Turn.FIRST and client.was_kept_busy():
        return ALONE_NEXT
    if target.turn is Turn.FIRST and not client.has_used_its_time() and not (last and goes_first_next(last)):
        return FIRST_NEXT
    return None if last and (last.error or "").endswith(BEHIND_OTHERS) else BEHIND_OTHERS


def is_of_budget(collection: Collection, budget: float) -> bool:
    """Whether a reason tells of a poll with this budget."""
    return f"budget_seconds is {budget:g}: " in (collection.error or "")


def has_moved(gathered: Gathered, target: Target) -> bool:
    """Whether a part of a window was counted, so that less is left to the next poll."""
    return any(
        window.counted_until > target.counted_until.get(window.source, window.opened_at)
        or window.ahead != target.ahead.get(window.source)
        for window in gathered.windows
    )


def is_shown_not_to_fit(collector: Collector, client: WebexClient, target: Target, last: Collection | None) -> bool:
    """Whether all of the poll's time was not enough: a list that is asked alone has all that there is.

    What is swept now and then goes before the others when it is tried once more: it need not be asked alone for that.
    """
    if not client.was_kept_busy():
        return False
    if collector.sweeps_every is not None:
        return last is not None and is_left_to_the_next(last)
    return target.turn is Turn.ALONE


def was_too_long(last: Collection, budget: float) -> bool:
    """Whether the list did not fit into this budget, or a larger one."""
    found = re.match(rf"{NOT_FITTING} ([0-9.e+]+),", last.error or "")
    return found is not None and float(found[1]) >= budget


def too_long(collector: Collector, budget: float) -> WebexhistError:
    """The error of a list that takes longer than so many seconds."""
    alone = f"poll --only '{collector.name}'" if collector.sweeps_every is None else "seats collect"
    is_list = all(metric.kind is Kind.GAUGE for metric in collector.counts)
    meanwhile = "its last count, if any, stands for a day" if is_list else "nothing of it is counted for a day"
    return ListTooLong(
        f"{NOT_FITTING} {budget:g}, {meanwhile}",
        f"count it by a timer of its own: webexhist {alone} --budget-seconds N",
    )


def held_names(collection: Collection, gathered: Gathered, target: Target, settings: Settings) -> frozenset[str]:
    """The names of the counts that keep their last values, as long as these are not too old."""
    before = target.before
    if before is None:
        return frozenset()
    if gathered.is_held:
        names = [count.metric.value for count in gathered.counts]
    elif collection.status is CollectionStatus.OUT_OF_TIME:
        names = [
            count.metric.value for count in gathered.counts if count.value is None and count.metric.kind is Kind.GAUGE
        ]
    else:
        return frozenset()
    names += [LICENSES_HELD for each in all_collectors() if each.lists_licenses and each.name == collection.collector]
    longest = longest_hold(settings.every.get(collection.collector, 0))
    # A value of the future is not younger than others: nobody can say how old it is.
    return frozenset(name for name in names if abs(target.taken_at - before.counted_at(name)) <= longest)
