"""A hand that writes polls into a database, and a year of an organization that it writes."""

import math
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, event

from webexhist.metrics import Metric
from webexhist.seat_counts import GroupSeats, SeatSweep
from webexhist.snapshot import (
    Collection,
    CollectionStatus,
    Count,
    EventWindow,
    License,
    LicenseUsage,
    Organization,
    Snapshot,
)
from webexhist.store.opening.database import open_database
from webexhist.store.saving.save import save

ACME = Organization("Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9hY21l", "Acme Example")
AFTER_THE_YEAR = datetime(2026, 11, 10, 20, tzinfo=UTC)
"""Two hours after the last poll of `write_year`."""
NASTY_NAME = '=1+1 "Quoted" <script>alert("x")</script>\n& Sons \N{ROCKET}'


def license_of(
    name: str, *, site: str | None = None, subscription: str | None = "Sub100001", counted: bool = True
) -> License:
    return License(
        webex_id=f"license {name} {site} {subscription}",
        name=name,
        code="".join(filter(str.isalnum, name)).upper(),  # of another name another product
        subscription_id=subscription,
        site_url=site,
        site_type=None,
        counted=counted,
    )


def quick_database(template: Path, file: Path) -> Engine:
    """A database that does not wait for the disk: what these tests write need not outlive a power cut."""
    engine = open_database(shutil.copy(template, file))
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    engine.dispose()
    return engine


@dataclass(frozen=True)
class Poller:
    """Writes polls into a database: only what a test is about needs to be given."""

    engine: Engine
    organization: Organization = ACME

    def poll(
        self,
        when: str | datetime,
        licenses: Mapping[License, tuple[int | None, int | None]] | None = None,
        gauges: Mapping[Metric, int | None] | None = None,
        messages: int | None = None,
        since: datetime | None = None,
        failed: str | None = None,
        seats: tuple[GroupSeats, ...] | None = None,
    ) -> None:
        """One poll: `licenses` maps to (purchased, assigned), or is unknown; the `messages` came after `since`.

        With `seats`, it swept all people.
        """
        taken_at = datetime.fromisoformat(when).replace(tzinfo=UTC) if isinstance(when, str) else when
        counts = [Count(metric, value) for metric, value in (gauges or {}).items()]
        if messages is not None:
            counts.append(Count(Metric.MESSAGES_CREATED, messages))
        opened = since or taken_at - timedelta(hours=1)
        status = CollectionStatus.NOT_PERMITTED if licenses is None else CollectionStatus.OK
        save(
            self.engine,
            Snapshot(
                organization=self.organization,
                taken_at=taken_at,
                seconds=1.5,
                requests=20,
                counts=tuple(counts),
                licenses=None if licenses is None else tuple(usage(*item) for item in licenses.items()),
                collections=(
                    Collection("licenses", status, 1, 0.2, failed),
                    Collection("people", CollectionStatus.OK, 3, 0.4),
                ),
                windows=(EventWindow("events", opened, taken_at),) if messages is not None else (),
                seats=None if seats is None else SeatSweep(taken_at, "department", seats),
            ),
        )


def usage(license_: License, units: tuple[int | None, int | None]) -> LicenseUsage:
    total, assigned = units
    return LicenseUsage(license_, total, assigned, assigned, None if assigned is None else 0)


def write_year(poller: Poller) -> None:
    """An organization from 1 October 2025 to 10 November 2026, polled at 06:00 and 18:00 UTC.

    No polls from 12 to 19 August 2026; the list of licenses was refused from 4 to 6 May 2026.
    """
    began = datetime(2025, 10, 1, 6, tzinfo=UTC)
    before = began - timedelta(hours=12)
    for half_day in range(2 * 406):
        when = began + timedelta(hours=12 * half_day)
        if datetime(2026, 8, 12, tzinfo=UTC) <= when < datetime(2026, 8, 20, tzinfo=UTC):
            continue
        day = half_day / 2
        refused = datetime(2026, 5, 4, tzinfo=UTC) <= when < datetime(2026, 5, 7, tzinfo=UTC)
        at_work = when.weekday() < 5
        poller.poll(
            when,
            None if refused else licenses_on(day, evening=when.hour == 18),
            {
                Metric.PEOPLE: 430 + round(day / 4.5),
                Metric.DEVICES: 120 + round(day / 20),
                Metric.PLACES: 64 + round(day / 60),
                Metric.ROOMS: 900 + round(day * 1.4),
            },
            messages=((1400 if at_work else 120) + half_day % 97) * round((when - before) / timedelta(hours=12)),
            since=before,
            failed="403 Forbidden: the scope spark-admin:licenses_read is missing" if refused else None,
        )
        before = when


def licenses_on(day: float, evening: bool) -> dict[License, tuple[int | None, int | None]]:
    """What the list of licenses holds `day` days after 1 October 2025; some seats are given only for the evening."""
    wave = round(3 * math.sin(day / 9))
    bump = 2 if evening else 0
    site, europe = "acme.webex.example", "acme-europe.webex.example"
    held: dict[License, tuple[int | None, int | None]] = {
        license_of("Webex Meetings Suite", site=site): (
            250 if day < 165 else 300,
            196 + round(day / 4.6) + wave + bump,
        ),
        license_of("Webex Meetings Suite", site=europe, subscription="Sub100002"): (120, 61 + round(day / 30) + bump),
        license_of("Webex Calling - Professional"): (200, 139 + round(day / 7.1) + bump),
        license_of("Advanced Messaging"): (600, 548 + round(day / 9) + wave - (92 if day > 240 else 0)),
        license_of("Webex Room Kit"): (40, 22 + round(day / 44)),
        license_of("Webex Meetings Assistant"): (20, 18 + round(day / 90)),
        license_of(NASTY_NAME, subscription="Sub100002"): (50, 12 + wave),
        license_of("Real-Time Translations", subscription="Sub100002"): (0, 0),
        license_of("Call on Webex", subscription=None, counted=False): (-1, 430 + round(day / 4.5)),
        license_of("Basic Messaging", subscription=None, counted=False): (430 + round(day / 4.5),) * 2,
        license_of("Hybrid - Exchange Calendar", subscription=None, counted=False): (430 + round(day / 4.5), 0),
    }
    if day >= 250:
        held[license_of("Contact Center Premium Agent", subscription="Sub100002")] = (25, 6 + round((day - 250) / 14))
    if day < 290:
        held[license_of("Webex Event 3,000", site=site)] = (10, 4)
    return held
