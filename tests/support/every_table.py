"""A history with rows in every table, of two organizations: everything that polls, people and imports leave."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from entering import enter, set_price
from histories import ACME, license_of, usage
from imported_histories import line
from reading import read
from sqlalchemy import Engine

from webexhist.export.snapshot_lines import read_lines
from webexhist.importing import bring_history_in
from webexhist.metrics import Metric
from webexhist.seat_counts import AccountPeople, GroupSeats, SeatCounts, SeatSweep
from webexhist.snapshot import (
    Collection,
    CollectionStatus,
    Count,
    EventWindow,
    Organization,
    Snapshot,
)
from webexhist.store.carrying.bring import Importer
from webexhist.store.entered.changes import Signature
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.decision_states import DecisionState, EnteredState, enter_decision_state
from webexhist.store.entered.notes import add_note
from webexhist.store.entered.orders import GivenOrder
from webexhist.store.entered.organizations import retire
from webexhist.store.entered.settlements import Settlement
from webexhist.store.entered.successions import link
from webexhist.store.mending.corrections import Author, Subject, void
from webexhist.store.names.licenses import stored_licenses
from webexhist.store.opening.database import open_database
from webexhist.store.saving.digests import mark_as_sent
from webexhist.store.saving.outlooks import save_outlook
from webexhist.store.saving.parts import keep_part
from webexhist.store.saving.past_days import add_past_days
from webexhist.store.saving.save import save
from webexhist.store.seals.closed_periods import OFTEN
from webexhist.stored_snapshot import ProductOutlook

OTHER = Organization("Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9nbG9iZXg", "Globex")
NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
LICENSES = {license_of("Suite"): (600, 450), license_of("Calling"): (50, 20), license_of("Devices"): (9, 4)}
USED = tuple(GroupSeats(each.webex_id, "Sales", SeatCounts(active=7, idle_30=2)) for each in LICENSES)


def fill_every_table(file: Path) -> None:
    """Fills a database that has no snapshots yet, or none at all."""
    engine = open_database(file)
    for day in range(3):
        poll(engine, ACME, NOON + timedelta(days=day), held=day == 1)
        poll(engine, OTHER, NOON + timedelta(days=day, minutes=1), held=False)
    suite, calling, devices = read(engine, stored_licenses)[:3]
    add_note(engine, NOON.date(), "hello", suite)
    set_price(engine, suite, Decimal("12.50"), "EUR")
    settlement = Settlement("Sub100001", date(2026, 11, 10), 4, Decimal("48.00"), "EUR")
    enter(engine, [Contract("Sub100001", starts=date(2027, 1, 1)), GivenOrder(suite, 5, NOON.date()), settlement])
    link(engine, calling, devices, NOON, "Anna")
    retire(engine, 2, Signature(NOON, "Anna"))
    void(engine, Subject(metric=Metric.ROOMS, organization=1), NOON, NOON, Author("Anna", NOON, "wrong"))
    add_past_days(engine, ACME.webex_id, "events", {date(2026, 9, 1): {Metric.MESSAGES_CREATED: 30}})
    ends = NOON + timedelta(days=2)
    part = EventWindow("events", ends, ends + timedelta(hours=1), next_part=timedelta(hours=1))
    brought = {"taken_at": "2026-09-30T12:00:00Z", "organization": {"id": ACME.webex_id}, "counts": {"people": 9}}
    bring_history_in(
        str(file), read_lines([(1, json.dumps(brought))]), Importer("Anna", NOON), lambda lines, _: lines
    )
    assert keep_part(engine, ACME.webex_id, part, {Metric.MESSAGES_CREATED: 20})
    brought = line("2026-11-01T06:00:00Z", None, organization={"id": ACME.webex_id, "name": ACME.name})
    bring_history_in(str(file), read_lines([(1, brought)]), Importer("Anna", NOON), lambda each, _: each)
    often = [
        {
            "taken_at": f"2026-09-30T12:{minute:02}:00Z",
            "organization": {"id": OTHER.webex_id},
            "counts": {"people": minute, "rooms": 70},
        }
        for minute in range(OFTEN + 2)
    ]
    lines = read_lines(enumerate(map(json.dumps, often), 1))
    bring_history_in(str(file), lines, Importer("Anna", NOON), lambda each, _: each)
    outlook = ProductOutlook("EE", (suite.webex_id,), 600, 660, date(2027, 3, 1))
    save_outlook(engine, ACME.webex_id, date(2026, 10, 3), 2, [outlook])
    muted = EnteredState(
        decision="over-1",
        state=DecisionState.MUTED,
        since=date(2026, 10, 3),
        until=None,
        up_to=9,
        units=4,
        sentence="4 over.",
        note="known",
        signed=Signature(NOON, "Anna"),
    )
    enter_decision_state(engine, ACME.webex_id, muted)
    mark_as_sent(engine, "mail:review@acme.example", ["2026-10"], NOON)
    engine.dispose()


def poll(engine: Engine, organization: Organization, at: datetime, held: bool) -> None:
    window = EventWindow("events", at - timedelta(days=1), at, unplaced={"event": date(2027, 1, 1)})
    counts = (Count(Metric.PEOPLE, 430 + at.day), Count(Metric.ROOMS, 70), Count(Metric.MESSAGES_CREATED, 5))
    save(
        engine,
        Snapshot(
            organization=organization,
            taken_at=at,
            seconds=1.5,
            requests=20,
            counts=counts[1:] if held else counts,
            licenses=tuple(usage(*item) for item in LICENSES.items()),
            collections=(Collection("people", CollectionStatus.OK, 3, 0.4),),
            windows=(window,),
            held=frozenset({"people"} if held else ()),
            seats=SeatSweep(at, "department", USED, (AccountPeople("Sub1", "EE · Sub1", 2, 40, 1, 3),)),
        ),
        poller="0123456789abcdef",
    )
