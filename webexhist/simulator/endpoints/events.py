"""The events of the organization, for compliance officers (Webex API reference, Events)."""

from collections.abc import Iterator
from datetime import timedelta

from webexhist.simulator.endpoints.call import Call
from webexhist.simulator.endpoints.records import EventSource
from webexhist.simulator.endpoints.simulation import Simulation
from webexhist.simulator.faults.switches import EventOrder
from webexhist.simulator.http.exchange import NOT_FOUND, REFUSED, Json, Page, Refusal
from webexhist.simulator.http.paging import cursor, position_of, take_page
from webexhist.simulator.world.directory import find
from webexhist.simulator.world.series import (
    Position,
    by_kind_newest_first,
    by_kind_oldest_first,
    in_no_order,
    nearly_newest_first,
    newest_first,
    oldest_first,
)
from webexhist.simulator.world.times import parse_time, span_ms

ORDERS = {
    EventOrder.NEWEST_FIRST: newest_first,
    EventOrder.OLDEST_FIRST: oldest_first,
    EventOrder.NEARLY_NEWEST_FIRST: nearly_newest_first,
    EventOrder.NONE: in_no_order,
    EventOrder.BY_KIND_NEWEST_FIRST: by_kind_newest_first,
    EventOrder.BY_KIND_OLDEST_FIRST: by_kind_oldest_first,
}
LOOK_BACK = timedelta(days=90)
"""A request for older events is refused."""


def list_events(simulation: Simulation, call: Call) -> Page:
    """Returns a page of the events between two times."""
    size = simulation.page_size(call, default=100, limit=1000)
    query = call.request.query
    sources = [
        source
        for source in simulation.records.event_sources()
        if query.get("resource") in (None, "", source.resource) and query.get("type") in (None, "", source.kind)
    ]
    taken, more = take_page(_positions(simulation, call, sources), size)
    items = [simulation.records.event_item(sources[place], ms, number) for ms, place, number in taken]
    return Page("event", items, (f"cursor={cursor(*taken[-1])}",) if more else None)


def get_event(simulation: Simulation, call: Call) -> Json:
    """Returns one event."""
    number, source_number = find("EVENT", call.groups[0]) or (-1, -1)
    for source in simulation.records.event_sources():
        ms = _time_of(source, number, call.request.now_ms)
        if source.number == source_number and ms is not None:
            return simulation.records.event_item(source, ms, number)
    raise Refusal(404, NOT_FOUND)


def _time_of(source: EventSource, number: int, now_ms: int) -> int | None:
    """Returns the time of an event; None if it lies in the future or does not exist."""
    ranks = range(source.series.rank((now_ms + 1, 0)))
    if source.is_scripted:
        return next((ms for ms, found in map(source.series.at, ranks) if found == number), None)
    return source.series.at(number)[0] if number in ranks else None


def _positions(simulation: Simulation, call: Call, sources: list[EventSource]) -> Iterator[Position]:
    """Yields the positions of the events of a request, from its cursor on."""
    low_ms, high_ms = _window(simulation, call)
    in_order = ORDERS[simulation.faults.event_order]
    found = in_order([source.series for source in sources], low_ms, high_ms, position_of(call.request))
    actor = call.request.query.get("actorId")
    if not actor:
        return found
    records = simulation.records
    return (
        (ms, place, number)
        for ms, place, number in found
        if records.event_item(sources[place], ms, number)["actorId"] == actor
    )


def _window(simulation: Simulation, call: Call) -> tuple[int, int]:
    """Returns the first millisecond of the request and the first one after it."""
    faults, now_ms = simulation.faults, call.request.now_ms
    oldest = now_ms - span_ms(LOOK_BACK)
    low_ms = _time(call, "from", oldest)
    high_ms = _time(call, "to", now_ms)
    if low_ms < oldest:
        raise Refusal(403, REFUSED)
    if high_ms > now_ms:
        raise Refusal(400, "The parameter 'to' lies in the future.")
    if call.request.query.get("from") and not faults.from_inclusive:
        low_ms += 1
    if faults.to_inclusive or not call.request.query.get("to"):
        high_ms += 1
    return low_ms, min(high_ms, now_ms - span_ms(faults.event_lag) + 1)


def _time(call: Call, name: str, default: int) -> int:
    text = call.request.query.get(name, "")
    if not text:
        return default
    try:
        return parse_time(text)
    except ValueError as error:
        raise Refusal(400, f"The parameter '{name}' is not a time.") from error
