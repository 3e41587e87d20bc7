"""Made-up polls: whatever an organization may have shown, in any order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from webexhist.metrics import Metric
from webexhist.snapshot import (
    LICENSES_HELD,
    Collection,
    CollectionStatus,
    Count,
    License,
    LicenseUsage,
    Organization,
    Snapshot,
)

GAUGES_AND_COUNTERS = (Metric.PEOPLE, Metric.ROOMS, Metric.MESSAGES_CREATED, Metric.ADMIN_AUDIT_EVENTS)
small = st.none() | st.integers(0, 3)
licenses = st.builds(
    lambda webex_id, **described: License(webex_id, code=webex_id, **described),  # an id holds its code
    webex_id=st.sampled_from(["id-a", "id-b", "id-c"]),
    name=st.sampled_from(["Webex Suite", "Webex Calling", "=cmd|' /C calc'!A0"]),
    subscription_id=st.sampled_from([None, "Sub1"]),
    site_url=st.sampled_from([None, "acme.webex.com"]),
    site_type=st.none(),
    counted=st.booleans(),
)
usages = st.builds(
    LicenseUsage,
    licenses,
    purchased=st.sampled_from([None, -1, 0, 3, 250]),
    assigned=small,
    assigned_to_users=small,
    assigned_to_workspaces=small,
)
runs = st.builds(
    Collection,
    collector=st.sampled_from(["licenses", "people"]),
    status=st.sampled_from(CollectionStatus),
    requests=st.integers(0, 5),
    seconds=st.sampled_from([0.25, 1.5]),
    error=st.sampled_from([None, "403"]),
)
NAMES = [*map(str, sorted(GAUGES_AND_COUNTERS)), LICENSES_HELD]
paces = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([900, 86_400]), max_size=4)
gaps = st.sampled_from([timedelta(minutes=5), timedelta(hours=7), timedelta(days=1), timedelta(days=20)])


@st.composite
def polls(draw: st.DrawFn) -> tuple[timedelta, Snapshot]:
    """The time since the poll before, and what the poll saw."""
    values = draw(st.dictionaries(st.sampled_from(sorted(GAUGES_AND_COUNTERS)), small))
    held = draw(st.frozensets(st.sampled_from([*sorted(GAUGES_AND_COUNTERS), LICENSES_HELD]), max_size=2))
    listed = draw(st.none() | st.lists(usages, max_size=3, unique_by=lambda u: u.license.webex_id).map(tuple))
    seen = Snapshot(
        organization=Organization("", "Acme"),
        taken_at=datetime(2026, 1, 1, tzinfo=UTC),
        seconds=1.5,
        requests=draw(st.integers(0, 9)),
        counts=tuple(Count(metric, None if metric in held else value) for metric, value in values.items()),
        licenses=None if LICENSES_HELD in held else listed,
        held=frozenset(map(str, held)),
        collections=tuple(draw(st.lists(runs, max_size=2, unique_by=lambda run: run.collector))),
    )
    return draw(gaps), seen


@st.composite
def stories_by_paces(draw: st.DrawFn) -> list[tuple[timedelta, Snapshot]]:
    """Polls one after the other, from some poll on with paces.

    Whatever grid is chosen: what was counted when, and what was held, has to be given back.
    """
    drawn, grid, begins = draw(st.lists(polls(), min_size=1, max_size=10)), draw(paces), draw(st.integers(0, 4))
    return [(gap, replace(seen, paces=grid if place >= begins else {})) for place, (gap, seen) in enumerate(drawn)]


stories = stories_by_paces()
