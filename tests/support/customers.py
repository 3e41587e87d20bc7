"""Fourteen months of three customers of one token: the history that the questions of docs/sql.md are asked of.

Acme, on the clocks of Los Angeles, buys twice, renews a license under another id, moves seats between two sites,
gives out more calling seats than it has, and was not polled for three days. Globex is polled four times a day; its
last list of licenses failed. Initech is silent since 20 November.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from entering import ANNA, enter, set_price
from imported_histories import Row, brought, history, seats
from reading import read
from sqlalchemy import Engine

from webexhist.contract_kinds import ContractKind, Renewal
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.notes import add_note
from webexhist.store.entered.organizations import enter_timezone
from webexhist.store.names.licenses import find_license
from webexhist.time_zones import TimeZone

ACME = {"id": "11111111-2222-3333-4444-555555555555", "name": "Acme"}
GLOBEX = {"id": "66666666-7777-8888-9999-000000000000", "name": "Globex"}
INITECH = {"id": "77777777-8888-9999-0000-111111111111", "name": "Initech"}
BEGIN = datetime(2025, 10, 1, tzinfo=UTC)
BOUGHT = (datetime(2026, 3, 2, 17, tzinfo=UTC), datetime(2026, 9, 1, 17, tzinfo=UTC))
RENEWED = datetime(2026, 7, 1, 17, tzinfo=UTC)
MOVED = datetime(2026, 11, 9, 17, tzinfo=UTC)
FAILED = datetime(2026, 10, 12, 5, tzinfo=UTC)

PRICES = {
    "EE-Sub100-acme.webex.com": "14.50",
    "EE-Sub100-acme-emea.webex.com": "14.50",
    "BCSTD-Sub200": "9",
    "CCPRM-Sub150": "85",
    "EE-Sub700-globex.webex.com": "16",
}
"""A unit's, by the license's id; what continues a license has its price."""


def write_customers(engine: Engine) -> None:
    """Writes the history into an empty database, with contracts, prices, notes and a time zone."""
    lines = [
        *history(
            "2025-10-01 05:00", "2026-11-24 17:00", acme_licenses, organization=ACME, counts=acme_counts,
            activity=messages(4), without=lambda at: date(2026, 8, 10) <= at.date() <= date(2026, 8, 12),
            every=timedelta(hours=12),
        ),
        *history(
            "2026-09-01 00:10", "2026-11-24 18:10", globex_licenses, organization=GLOBEX,
            counts=lambda at: {"people": 130 + days(at) // 40}, activity=messages(1),
        ),
        *history(
            "2026-10-01 07:00", "2026-11-20 07:00", initech_licenses, organization=INITECH,
            counts=lambda at: {"people": 31}, every=timedelta(days=1),
        ),
    ]  # fmt: skip
    brought(engine, *map(with_reason, lines))
    enter_timezone(engine, 1, TimeZone("America/Los_Angeles"), ANNA)
    enter(
        engine,
        [
            Contract("Sub100", ContractKind.EA, date(2025, 12, 15), 36, Decimal(20), "Collaboration"),
            Contract(
                "Sub200", ContractKind.NAMED, date(2026, 2, 1), 12, name="Calling", renews=Renewal.AUTO, notice=60
            ),
            Contract("Sub700", ContractKind.NAMED, date(2026, 9, 1), 24, name="Globex"),
        ],
    )
    for license_id, amount in PRICES.items():
        set_price(engine, read(engine, find_license, license_id), Decimal(amount), "EUR")
    suite = read(engine, find_license, "EE-Sub100-acme.webex.com")
    add_note(engine, date(2026, 3, 2), "50 seats bought", suite)
    add_note(engine, date(2026, 9, 1), "50 seats bought", suite)


def with_reason(line: str) -> str:
    """What is unknown in a line has its reason."""
    for unknown, collector, status, error in (
        ('"licenses": null', "licenses", "failed", "HTTP 503"),
        ('"people": null', "people", "out of time", "the budget of 60 seconds was spent"),
    ):
        if unknown in line:
            outcome = json.dumps([{"collector": collector, "status": status, "error": error}])
            return f'{line.removesuffix("}")}, "collections": {outcome}}}'
    return line


def days(at: datetime) -> int:
    return (at - BEGIN).days


def suite(purchased: int, assigned: int, **described: str) -> Row:
    return seats(purchased, assigned, code="EE", name="Webex Suite", **described)


def acme_licenses(at: datetime) -> list[Row] | None:
    if at == FAILED:
        return None
    day = days(at)
    center = {"code": "CCPRM", "name": "Webex Contact Center - Premium"}
    center["subscription"] = "Sub150" if at < RENEWED else "Sub151"
    return [
        suite(
            500 + sum(50 for bought in BOUGHT if at >= bought),
            420 + day * 3 // 8 + at.hour % 5 + 12 * (at >= MOVED),
            site="acme.webex.com",
        ),
        suite(200, 150 - day // 12 - 12 * (at >= MOVED), site="acme-emea.webex.com"),
        seats(
            300, 240 + day // 6, subscription="Sub200",
            assigned_to_users=210 + day // 6, assigned_to_workspaces=30,
        ),
        seats(60, 48 + day // 90, **center),
        seats(
            40, 22 + day // 100, code="SFDRK", name="Webex Room Kit", subscription="Sub300",
            assigned_to_users=0, assigned_to_workspaces=22 + day // 100,
        ),
        seats(520 + day, 520 + day, code="FMS", name="Basic Messaging", subscription=None),
    ]  # fmt: skip


def acme_counts(at: datetime) -> dict[str, int | None]:
    day = days(at)
    people = None if f"{at:%Y-%m-%d}" in ("2026-10-20", "2026-10-21") else 520 + day * 2 // 5
    return {"people": people, "devices": 90 + day // 30, "rooms": 1200 + 2 * day}


def messages(times: int) -> Callable[[datetime], dict[str, int | None]]:
    """More in the evening, fewer on weekends, many on one day."""

    def since_the_poll_before(at: datetime) -> dict[str, int | None]:
        amount = times * (60 + days(at) // 10) * (3 if at.hour >= 17 else 1) // (1 if at.weekday() < 5 else 10)
        return {"messages_created": amount + 2000 * (f"{at:%Y-%m-%d %H}" == "2026-11-10 17")}

    return since_the_poll_before


def globex_licenses(at: datetime) -> list[Row] | None:
    if at == datetime(2026, 11, 24, 18, 10, tzinfo=UTC):
        return None
    rows = [
        suite(120, 60 + days(at) // 10, subscription="Sub700", site="globex.webex.com"),
        seats(80, 71 + days(at) // 60, subscription="Sub700"),
    ]
    if at >= datetime(2026, 11, 3, tzinfo=UTC):
        rows.append(seats(10, 0, code="EWC", name="Webex Webinars", subscription="Sub700"))
    return rows


def initech_licenses(at: datetime) -> list[Row]:
    return [suite(25, 25 if at.month == 10 else 24, subscription="Sub800", site="initech.webex.com")]
