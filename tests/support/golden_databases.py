"""A small database of every released version, with what its views answered then: each later version upgrades them.

    python tests/support/golden_databases.py

makes those of this version, <version>.db.gz and <version>.json.gz in tests/store/opening/golden. It is run when a
version is released, and not again for that one: what it made is what users have. With the name of a version

    python tests/support/golden_databases.py 0.1.0

it records anew what that one's database answers, the columns that it had: where an answer was wrong and is mended.
"""

import gzip
import json
import sqlite3
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from every_table import fill_every_table
from histories import Poller, license_of, usage
from sqlalchemy import Engine, text

from webexhist import __version__
from webexhist.metrics import Metric
from webexhist.snapshot import Collection, CollectionStatus, Count, Organization, Snapshot
from webexhist.store.entered.changes import Signature
from webexhist.store.entered.organizations import enter_timezone
from webexhist.store.opening.database import open_database
from webexhist.store.saving.save import save
from webexhist.store.seals.damage import find_damage
from webexhist.store.views import VIEWS
from webexhist.time_zones import zone_called

FOLDER = Path(__file__).parents[1] / "store" / "opening" / "golden"
PAGE_SIZE = 512
"""Bytes: with the usual 4,096 most pages would be empty."""
OF_THE_PROGRAM = "schema_info"
"""The view whose row tells which version the tables and views are of: it changes with each upgrade."""

Answer = dict[str, Any]
"""The columns and rows of a view."""


def versions() -> list[str]:
    """The released versions."""
    return sorted(path.name.removesuffix(".db.gz") for path in FOLDER.glob("*.db.gz"))


def unpack(version: str, file: Path) -> None:
    """Writes the database of a version."""
    file.write_bytes(gzip.decompress((FOLDER / f"{version}.db.gz").read_bytes()))


def recorded(version: str) -> dict[str, Answer]:
    """What its views answered, by their names."""
    return dict(json.loads(gzip.decompress((FOLDER / f"{version}.json.gz").read_bytes())))


def columns_of(engine: Engine) -> dict[str, list[str]]:
    """The columns of each view."""
    with engine.connect() as connection:
        return {view: list(connection.execute(text(f"SELECT * FROM {view} LIMIT 0")).keys()) for view in VIEWS}


def answers(engine: Engine, columns: Mapping[str, Sequence[str]]) -> dict[str, Answer]:
    """What these columns of these views hold, the rows in an order of their own."""
    with engine.connect() as connection:
        return {
            view: {"columns": list(names), "rows": rows_of(connection.execute(text(select(view, names))))}
            for view, names in columns.items()
        }


def select(view: str, names: Sequence[str]) -> str:
    return f"SELECT {', '.join(names)} FROM {view}"


def rows_of(found: Any) -> list[list[Any]]:
    return sorted(([plain(value) for value in row] for row in found), key=json.dumps)


def plain(value: Any) -> Any:
    """A value as both kinds of database show it."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | float):
        rounded = float(f"{value:.9g}")
        return int(rounded) if rounded.is_integer() else rounded
    return int(value) if isinstance(value, bool) else value


INITECH = Organization("Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9pbml0ZWNo", "Initech")
KOLKATA = zone_called("Asia/Kolkata")
SUITE = license_of("Webex Suite", subscription="Sub7")
RENAMED = replace(SUITE, name="Webex Meetings Suite")
ROOMS = license_of("Webex Room Kit", subscription="Sub7")
FREE = license_of("Basic Messaging", subscription=None, counted=False)
UNLIMITED = license_of("Call on Webex", subscription=None)
ON_TRIAL = license_of("Webex Suite", subscription="trialSub.7")
FORMER, SUCCESSOR = license_of("Calling", subscription="Sub8"), license_of("Calling", subscription="Sub9")
DAYS = 9
"""From 27 October to 4 November 2026, a poll each eight hours."""


def poll_for_days(engine: Engine) -> None:
    """Polls a third organization, of which much changes, over the end of a month."""
    poller = Poller(engine, INITECH)
    began = datetime(2026, 10, 27, 2, tzinfo=UTC)
    for number in range(3 * DAYS):
        at, day = began + timedelta(hours=8 * number), number // 3
        if number == 13:  # nothing was polled for most of a day
            continue
        if number in (16, 17):  # devices are held by their pace
            ask_few(engine, at)
            continue
        licenses = {
            (RENAMED if day >= 3 else SUITE): (500 + 20 * (day >= 5), 400 + number),
            ROOMS: (30, None if number == 7 else 12),
            FREE: (800, 800),
            UNLIMITED: (-1, 90 + number % 2),
            (SUCCESSOR if day >= 6 else FORMER): (60, 41 + day),
        }
        if day < 4:
            licenses[ON_TRIAL] = (50, 2 * day)
        gauges = {Metric.PEOPLE: 800 + day, Metric.DEVICES: None if number == 4 else 25, Metric.ROOMS: 3_000 + number}
        refused = number == 10
        poller.poll(
            at,
            None if refused else licenses,
            gauges,
            messages=200 + number,
            since=at - timedelta(hours=8),
            failed="GET /v1/licenses answered 403" if refused else None,
        )


def ask_few(engine: Engine, at: datetime) -> None:
    """A poll that asks for people and licenses, and holds the devices."""
    snapshot = Snapshot(
        organization=INITECH,
        taken_at=at,
        seconds=0.5,
        requests=3,
        counts=(Count(Metric.PEOPLE, 805), Count(Metric.DEVICES, None)),
        licenses=(usage(RENAMED, (520, 416)), usage(ROOMS, (30, 12)), usage(FORMER, (60, 46))),
        collections=(Collection("people", CollectionStatus.OK, 2, 0.3),),
        held=frozenset({Metric.DEVICES.value}),
        paces={Metric.DEVICES.value: 86_400},
    )
    save(engine, snapshot)


def make(version: str) -> None:
    """Makes the database of a version, and records what its views answer."""
    if ".dev" in version:
        raise SystemExit(f"{version} is not released: first make it the version that will be")
    with tempfile.TemporaryDirectory() as folder:
        whole, small = Path(folder) / "whole.db", Path(folder) / "small.db"
        fill_every_table(whole)
        engine = open_database(whole)
        poll_for_days(engine)
        with engine.connect() as connection:
            number = connection.scalar(text("SELECT id FROM organization WHERE name = 'Initech'"))
        enter_timezone(engine, number, KOLKATA, Signature(datetime(2026, 11, 5, tzinfo=UTC), "Anna"))
        if find_damage(engine):
            raise SystemExit("what was made is damaged")
        held = answers(engine, columns_of(engine))
        engine.dispose()
        make_small(whole, small)
        pack(small.read_bytes(), f"{version}.db.gz")
    keep_answers(version, held)


def pack(content: bytes, name: str) -> None:
    """Writes what is the same for the same content."""
    FOLDER.mkdir(exist_ok=True)
    packed = gzip.compress(content, mtime=0)
    (FOLDER / name).write_bytes(packed)
    sys.stdout.write(f"{FOLDER / name}: {len(packed):,} bytes, unpacked {len(content):,}\n")


def record(version: str) -> None:
    """Records what the views answer now of the database of a version."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "webexhist.db"
        unpack(version, file)
        engine = open_database(file)
        keep_answers(
            version, answers(engine, {view: answer["columns"] for view, answer in recorded(version).items()})
        )
        engine.dispose()


def keep_answers(version: str, held: dict[str, Answer]) -> None:
    held[OF_THE_PROGRAM]["rows"] = []
    pack(json.dumps(held, ensure_ascii=False).encode(), f"{version}.json.gz")


def make_small(whole: Path, small: Path) -> None:
    """Copies a database into small pages, in the mode that it has where it is used."""
    with closing(sqlite3.connect(whole)) as database:
        database.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        database.execute("VACUUM INTO ?", (str(small),))
    with closing(sqlite3.connect(small)) as database:
        database.execute("PRAGMA journal_mode = WAL")


if __name__ == "__main__":
    record(sys.argv[1]) if sys.argv[1:] else make(__version__)
