"""Daily totals, guests and the end of a token (Webex API reference: Historical Analytics, Guests, Authorizations)."""

import json
from datetime import UTC, date, datetime, timedelta

from webexhist.simulator.endpoints.call import Call
from webexhist.simulator.endpoints.simulation import Simulation
from webexhist.simulator.faults.switches import DataFault
from webexhist.simulator.http.exchange import NOT_FOUND, Answer, Json, Refusal
from webexhist.simulator.world.amounts import amount_at
from webexhist.simulator.world.rhythm import Rhythm
from webexhist.simulator.world.times import DAY_MS, start_of_day

LOOK_BACK = timedelta(days=396)
"""Thirteen months. Earlier days are left out."""


def get_messaging_totals(simulation: Simulation, call: Call) -> Json:
    """Returns the messages of each UTC day, up to yesterday."""
    yesterday = (call.request.moment - timedelta(days=1)).date()
    first, last = _range(call, yesterday)
    first = max(first, yesterday - LOOK_BACK, simulation.world.opened)
    last = min(last, yesterday)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    sent = [_count_on(simulation.activity.messages, day) for day in days]
    metrics: Json = {
        "dates": [day.isoformat() for day in days],
        "dailyActiveUsers": [
            min(amount, _people_on(simulation, day)) for amount, day in zip(sent, days, strict=True)
        ],
        "totalMessagesSent": sent,
        "deskTopMessagesSent": [amount - amount // 3 for amount in sent],
        "mobileMessagesSent": [amount // 3 for amount in sent],
    }
    if DataFault.ANALYTICS_AS_TEXT in simulation.faults.data:
        metrics = {name: json.dumps(values) for name, values in metrics.items()}
    return {"startDate": first.isoformat(), "endDate": last.isoformat(), "metrics": metrics}


def get_guests_count(simulation: Simulation, call: Call) -> Answer:
    """Returns the number of guests as plain text."""
    guests = amount_at(simulation.world.own.guests, call.request.moment)
    return Answer(str(guests).encode(), content_type="text/plain")


def get_token_expiry(simulation: Simulation, call: Call) -> Json:
    """Returns when the token of the request ends, in epoch milliseconds."""
    if call.token.expires_ms is None:
        raise Refusal(404, NOT_FOUND)
    return {"exp": call.token.expires_ms}


def _range(call: Call, yesterday: date) -> tuple[date, date]:
    """Returns the first and last day: `from` to yesterday, or only the day `to`, or only yesterday."""
    last = _day(call, "to") or yesterday
    return _day(call, "from") or last, last


def _day(call: Call, name: str) -> date | None:
    text = call.request.query.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refusal(400, f"The parameter '{name}' is not a date.") from error


def _count_on(rhythm: Rhythm, day: date) -> int:
    start = start_of_day(day)
    return rhythm.count_before(start + DAY_MS) - rhythm.count_before(start)


def _people_on(simulation: Simulation, day: date) -> int:
    return amount_at(simulation.world.own.people, datetime.combine(day, datetime.max.time(), UTC))
