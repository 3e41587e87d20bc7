"""docs/sql.md is true: its views and columns are those of the database, its outputs are real."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from answers import EXAMPLE, FILE, HEADING, answer
from databases import ENGINES
from sqlalchemy import Connection, Engine, text

from webexhist.metrics import Metric
from webexhist.seat_counts import AccountPeople, GroupSeats, SeatCounts, SeatSweep
from webexhist.snapshot import Collection, CollectionStatus, Count, License, LicenseUsage, Organization, Snapshot
from webexhist.store.opening.database import open_database
from webexhist.store.saving.save import save
from webexhist.store.views import VIEWS

PAGE = FILE.read_text().partition(HEADING)[0]
EXAMPLES = EXAMPLE.findall(PAGE)
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##)", PAGE, re.DOTALL | re.MULTILINE))

BEGIN = datetime(2026, 10, 29, 0, 5, tzinfo=UTC)
MESSAGES = (3, 21, 96, 34)
"""By the quarters of a working day."""


def example_license(name: str, site: str | None = None, subscription: str | None = "Sub1234567") -> License:
    return License(f"{name} {site}", name, "MS", subscription, site, None, counted=subscription is not None)


SUITE = example_license("Webex Meetings Suite", "acme.webex.com")
SUITE_EMEA = example_license("Webex Meetings Suite", "acme-emea.webex.com")
CALLING = example_license("Webex Calling - Professional")
MESSAGING = example_license("Messaging", subscription=None)


def example_snapshot(poll: int) -> Snapshot:
    taken_at = BEGIN + timedelta(hours=6 * poll)
    usages = tuple(
        LicenseUsage(seen, purchased, assigned, assigned, 0)
        for seen, purchased, assigned in (
            (SUITE, 300 if taken_at.month == 11 and taken_at.day >= 2 else 250, 228 + poll // 3),
            (SUITE_EMEA, 100, 61 if poll < 10 else 60),
            (CALLING, 120, 88 + poll // 4),
            (MESSAGING, 44, 44),
        )
    )
    late, failed = poll == 10, poll in (14, 15)
    return Snapshot(
        organization=Organization("acme", "Acme Example"),
        taken_at=taken_at,
        seconds=2.4,
        requests=36,
        counts=(
            Count(Metric.PEOPLE, None if late else 480 + poll // 2),
            Count(Metric.DEVICES, 75),
            Count(Metric.MESSAGES_CREATED, MESSAGES[poll % 4] // (1 if taken_at.weekday() < 5 else 10)),
        ),
        licenses=None if failed else usages,
        collections=(
            Collection("licenses", CollectionStatus.FAILED, 3, 1.9, "HTTP 503")
            if failed
            else Collection("licenses", CollectionStatus.OK, 1, 0.2),
            Collection("people", CollectionStatus.OUT_OF_TIME, 2, 60.0, "the budget of 60 seconds was spent")
            if late
            else Collection("people", CollectionStatus.OK, 1, 0.6),
        ),
        seats=SeatSweep(taken_at, "department", example_seats(poll), example_people(poll)) if poll % 4 == 0 else None,
    )


def example_seats(poll: int) -> tuple[GroupSeats, ...]:
    """Calling seats: of Sales more and more are idle; some groups are small, and one seat is held from outside."""
    idle = 3 + poll // 4
    return (
        GroupSeats(CALLING.webex_id, "Sales", SeatCounts(active=30 - idle, idle_30=idle, idle_60=idle, idle_90=idle)),
        GroupSeats(CALLING.webex_id, "Service", SeatCounts(active=41, idle_30=2, hidden=5, disabled=1, pending=2)),
        GroupSeats(CALLING.webex_id, "others", SeatCounts(active=6, external=1 + poll // 4)),
    )


def example_people(poll: int) -> tuple[AccountPeople, ...]:
    """Who hold licenses of the subscription, and the Suite at either site; few outside the list."""
    return (
        AccountPeople("Sub1234567", None, 3, 250 + poll // 4, 7, 15),
        AccountPeople("Sub1234567", "MS · Sub1234567", 2, 240 + poll // 4, None, None),
    )


@pytest.fixture(scope="module", params=ENGINES)
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The history that the page's outputs come from, in a database of each kind."""
    folder = tmp_path_factory.mktemp("example")
    location = folder / "webexhist.db" if request.param == "sqlite" else request.getfixturevalue("postgres").make()
    engine = open_database(location)
    yield from write_example(engine)
    engine.dispose()


SIGNED = "1793178000, 'Anna'"


def write_example(engine: Engine) -> Iterator[Connection]:
    for poll in range(21):
        if poll != 17:
            save(engine, example_snapshot(poll))
    with engine.connect() as connection:
        for statement in (
            "INSERT INTO past_day SELECT organization_id, id, '2026-10-27', 149, 'analytics' FROM metric"
            " WHERE name LIKE 'messages%'",
            "INSERT INTO past_day SELECT organization_id, id, '2026-10-28', 157, 'events' FROM metric"
            " WHERE name LIKE 'messages%'",
            f"INSERT INTO price SELECT id, organization_id, id, NULL, 1250, 'USD', 2, NULL, {SIGNED} FROM license"
            " WHERE name LIKE 'Webex Meetings%'",
            f"INSERT INTO price SELECT id, organization_id, id, NULL, 1700, 'USD', 2, NULL, {SIGNED} FROM license"
            " WHERE name LIKE 'Webex Calling%'",
            "INSERT INTO contract (subscription, kind, starts, term, allowance, name, entered_at, entered_by)"
            f" VALUES ('Sub1234567', 'ea', '2026-03-15', 36, 15.0, 'Flex', {SIGNED})",
            "INSERT INTO note SELECT 1, organization_id, '2026-11-02', '50 seats bought', id, 1 FROM license"
            " WHERE site_url = 'acme.webex.com'",
        ):
            connection.execute(text(statement))
        yield connection


@pytest.mark.parametrize(("query", "output"), EXAMPLES)
def test_an_example_gives_the_output_beside_it(example, query, output):
    found = answer(example, query)
    assert found == output, f"docs/sql.md is to show:\n{found}"


def test_every_query_has_an_output():
    assert len(EXAMPLES) == PAGE.count("```sql") == PAGE.count("```text") > len(VIEWS)


def test_the_page_documents_every_view_and_column_in_their_order(sqlite_engine):
    documented = {view: re.findall(r"^\| (\w+) \|", section, re.MULTILINE)[1:] for view, section in SECTIONS.items()}
    with sqlite_engine.connect() as connection:
        real = {view: list(connection.execute(text(f"SELECT * FROM {view}")).keys()) for view in VIEWS}
    assert documented == real
    assert list(documented) == list(real)


def test_the_page_names_every_status_of_a_collector():
    (statuses,) = re.findall(r"^\| status \| (.*) \|$", SECTIONS["collection_log"], re.MULTILINE)
    assert set(re.findall("`(.+?)`", statuses)) == set(CollectionStatus)


def test_every_view_has_an_example():
    assert [view for view, section in SECTIONS.items() if f"FROM {view}" not in section] == []
