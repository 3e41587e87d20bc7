"""Changes made by administrators (Webex API reference, Admin Audit Events)."""

from datetime import timedelta

from webexhist.simulator.endpoints.call import Call
from webexhist.simulator.endpoints.simulation import Simulation
from webexhist.simulator.http.exchange import Json, Page, Refusal
from webexhist.simulator.http.paging import take_page
from webexhist.simulator.world.directory import item_id, organization_bare_id, person_email, person_name, uuid
from webexhist.simulator.world.ids import bare_id
from webexhist.simulator.world.series import ListedSeries, RhythmSeries, Series, newest_first
from webexhist.simulator.world.times import iso, parse_time, span_ms

LONGEST_WINDOW = timedelta(days=366)
CATEGORIES = ("USERS", "LICENSE", "LOGINS", "DEVICES", "LOCATIONS", "WEBEX_CALLING")
_COMPUTED, _SCRIPTED = 0xA0, 0xA1
"""What the ids of computed and scripted audit events contain."""


def list_audit_events(simulation: Simulation, call: Call) -> Page:
    """Returns a page of the audit events between two times, newest first. The next page has an `offset`."""
    call.request.required("orgId")
    organization = simulation.organization(call)
    low_ms, high_ms = _time(call, "from"), _time(call, "to")
    if high_ms - low_ms > span_ms(LONGEST_WINDOW):
        raise Refusal(400, "The time between 'from' and 'to' must not exceed one year.")
    size = simulation.page_size(call, default=100, limit=200)
    start = call.request.whole_number("offset", 0)
    series = _series(simulation) if organization == 0 else []
    positions = newest_first([one for _, one in series], low_ms, min(high_ms, call.request.now_ms) + 1)
    wanted = [name.upper() for name in call.request.query.get("eventCategories", "").split(",") if name]
    events = (_event(simulation, series[place][0], number, ms) for ms, place, number in positions)
    found = (event for event in events if not wanted or event["data"]["eventCategory"] in wanted)
    taken, more = take_page(found, start + size)
    return Page("audit event", taken[start:], (f"offset={start + size}",) if more else None)


def list_categories(simulation: Simulation, call: Call) -> Json:
    """Returns all categories."""
    return {"eventCategories": list(CATEGORIES)}


def _series(simulation: Simulation) -> list[tuple[str, Series]]:
    """Returns the computed audit events, then the scripted ones by category. The computed ones have several."""
    scripted: dict[str, ListedSeries] = {
        kind: series for (resource, kind), series in simulation.scripted.series().items() if resource == "audit"
    }
    return [("", RhythmSeries(simulation.activity.audit)), *scripted.items()]


def _event(simulation: Simulation, category: str, number: int, ms: int) -> Json:
    if category:
        owner, text = _SCRIPTED, simulation.scripted.event(number).text
    else:
        owner, text = _COMPUTED, f"{person_name(0)} changed {person_name(number)}."
        category = CATEGORIES[number % len(CATEGORIES)]
    return {
        "id": bare_id(uuid("EVENT", number, owner)),
        "created": iso(ms),
        "actorId": bare_id(uuid("PEOPLE", 0)),
        "actorOrgId": organization_bare_id(0),
        "data": {
            "actorName": person_name(0),
            "actorEmail": person_email(0, simulation.world.own.domain),
            "actorOrgName": simulation.world.own.name,
            "adminRoles": ["Full_Admin"],
            "actorIp": "192.0.2.1",
            "actorUserAgent": "Browser",
            "eventCategory": category,
            "eventDescription": f"{category} changed",
            "actionText": text,
            "targetType": "PERSON",
            "targetId": item_id("PEOPLE", number),
            "targetName": person_name(number),
            "targetOrgId": organization_bare_id(0),
            "targetOrgName": simulation.world.own.name,
            "trackingId": f"ATLAS_{uuid('EVENT', number, owner)}_0",
        },
    }


def _time(call: Call, name: str) -> int:
    try:
        return parse_time(call.request.required(name))
    except ValueError as error:
        raise Refusal(400, f"The parameter '{name}' is not a time.") from error
