"""A history is copied between both kinds of database, row for row, and again only what changed."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from databases import ENGINES
from entering import enter, set_price
from histories import ACME, Poller, license_of
from imported_histories import line
from reading import read
from sqlalchemy import Engine, select, text

from webexhist.errors import UsageError
from webexhist.export.snapshot_lines import read_lines
from webexhist.importing import bring_history_in
from webexhist.metrics import Metric
from webexhist.snapshot import Organization
from webexhist.store.carrying.bring import Importer
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.notes import add_note, remove_note
from webexhist.store.entered.settlements import Settlement
from webexhist.store.errors import DamagedDatabaseError, ForeignDatabaseError
from webexhist.store.mending.copying import Copied, copy
from webexhist.store.mending.corrections import Author, Subject, undo, void
from webexhist.store.mending.prune import prune
from webexhist.store.mending.trim import trim
from webexhist.store.names.licenses import find_license
from webexhist.store.opening.database import open_database
from webexhist.store.saving.digests import mark_as_sent
from webexhist.store.schema import metadata, public_view, table_checksum
from webexhist.store.seals.damage import find_damage

OTHER = Organization("Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9nbG9iZXg", "Globex")
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
SUITE, CALLING = license_of("Suite"), license_of("Calling")
SWAPPED = """
UPDATE sealed_day SET {column} = (
  SELECT sum(o.{column}) FROM sealed_day o WHERE o.organization_id = 1 AND o.day < '2026-11-01') - {column}
WHERE organization_id = 1 AND day < '2026-11-01'
"""
"""The checksums of two days change places, so that what both add up to stays right."""


def poll(engine: Engine, day: str, assigned: int, people: int | None = 7) -> None:
    Poller(engine).poll(f"{day} 08:00", {SUITE: (100, assigned)}, {Metric.PEOPLE: people}, messages=5)


@pytest.fixture
def source(sqlite_engine):
    for day, assigned in (("2026-10-30", 90), ("2026-10-31", 91), ("2026-11-01", 91)):
        poll(sqlite_engine, day, assigned)
    Poller(sqlite_engine, OTHER).poll("2026-10-31 09:00", {CALLING: (50, 20)}, {Metric.ROOMS: 4})
    add_note(sqlite_engine, date(2026, 10, 31), "Ten seats given out", None)
    return sqlite_engine


@pytest.fixture
def target(tmp_path):
    engine = open_database(tmp_path / "copy.db")
    yield engine
    engine.dispose()


def contents(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the history, by table."""
    own = {"sqlite_master", public_view.name}
    with engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
                if table is not table_checksum or row.table_name not in own
            ]
            for table in metadata.sorted_tables
            if table is not public_view
        }


def test_to_postgres_and_back_it_is_the_same_row_for_row(source, postgres_engine, target):
    before = contents(source)
    assert copy(source, postgres_engine).days == 4
    assert contents(postgres_engine) == before
    assert copy(postgres_engine, target).days == 4
    assert contents(target) == before
    assert find_damage(postgres_engine) == find_damage(target) == ()


def test_a_second_copy_finds_nothing_to_do(source, target):
    copy(source, target)
    assert copy(source, target) == Copied(0, 0)


def test_what_changed_since_is_carried_over_and_nothing_else(source, target):
    copy(source, target)
    poll(source, "2026-11-01", 92)
    poll(source, "2026-11-02", 92, people=None)
    add_note(source, date(2026, 11, 2), "The list of people failed", None)
    done = copy(source, target)
    assert done.days == 2
    assert contents(target) == contents(source)
    assert find_damage(target) == ()
    poll(target, "2026-11-03", 93)
    assert find_damage(target) == ()


def test_what_was_mended_since_is_mended_in_the_copy(source, target):
    """An import of what lies before gives all snapshots other numbers."""

    def require_copied() -> None:
        assert copy(source, target).rows > 0
        assert contents(target) == contents(source)
        assert find_damage(target) == ()
        assert copy(source, target) == Copied(0, 0)

    copy(source, target)
    void(source, Subject(organization=1), NOON - timedelta(hours=6), NOON, Author("Anna", NOON, "wrong"))
    require_copied()
    undo(source, 1, Author("Anna", NOON, "it was right"))
    require_copied()
    earlier = line("2026-10-28T08:00:00Z", None, organization={"id": ACME.webex_id})
    lines = read_lines([(1, earlier)])
    bring_history_in(str(source.url.database), lines, Importer("Anna", NOON), lambda each, _: each)
    require_copied()
    prune(source, date(2026, 10, 31), 1, None, NOON)
    require_copied()
    poll(source, "2026-11-02", 92)
    require_copied()
    trim(source, NOON, None, None, NOON)
    with pytest.raises(
        ForeignDatabaseError, match=r"polls of 2026-11-02 08:00:00 UTC and later: .* webexhist db trim"
    ):
        copy(source, target)
    trim(target, NOON, None, None, NOON)
    copy(source, target)
    assert contents(target) == contents(source)


def test_what_was_taken_away_is_taken_away(source, target):
    copy(source, target)
    remove_note(source, 1)
    copy(source, target)
    assert contents(target)["note"] == []


@pytest.mark.parametrize(
    ("changing", "what"),
    [
        ("UPDATE note SET text = 'other'", "what is kept in note"),
        ("DELETE FROM note", "what is kept in note"),
        ("UPDATE contract SET term = 7", "what is kept in contract"),
        ("UPDATE license SET name = 'Suit' WHERE name = 'Suite'", "what is kept in license"),
        (
            "UPDATE reading SET value = 77 WHERE organization_id = 1 AND value = 90",
            "what was stored of Acme Example on 2026-10-30",
        ),
        (
            "DELETE FROM reading WHERE organization_id = 2 AND value = 20",
            "what was stored of Globex on 2026-10-31",
        ),
        (
            "UPDATE snapshot SET requests = 99 WHERE organization_id = 2",
            "what was stored of Globex on 2026-10-31",
        ),
        (SWAPPED.format(column="readings_checksum"), "what was stored of Acme Example on 2026-10-30 to 2026-10-31"),
        (SWAPPED.format(column="polls_checksum"), "what was stored of Acme Example on 2026-10-30 to 2026-10-31"),
        ("UPDATE count_month SET greatest = 99 WHERE greatest = 7", "what is kept in count_month"),
        (
            "UPDATE event_window SET counted_until = counted_until - 1 WHERE organization_id = 1",
            "until when events of Acme Example are counted",
        ),
    ],
)
def test_rows_that_something_else_changed_are_not_copied_over_what_they_were(source, target, changing, what):
    """The copy of before may be the only one that has them as they were."""
    enter_terms_of(source, "Sub100001")
    copy(source, target)
    poll(source, "2026-11-02", 92)
    before = contents(target)
    with source.begin() as connection:
        assert connection.execute(text(changing)).rowcount
    told = f"nothing was copied: in the database {source.url.database} {what} was changed by something else"
    with pytest.raises(DamagedDatabaseError, match=f"^{re.escape(told)} than webexhist: see webexhist db check; "):
        copy(source, target)
    assert contents(target) == before


def test_of_one_organization_what_others_have_may_be_changed_and_what_concerns_all_may_not(source, target):
    with source.begin() as connection:
        assert connection.execute(text("UPDATE reading SET value = 77 WHERE value = 90")).rowcount
    assert copy(source, target, 2).days == 1
    with source.begin() as connection:
        assert connection.execute(text("UPDATE note SET text = 'other'")).rowcount == 1
    with pytest.raises(DamagedDatabaseError, match="what is kept in note was changed by something else"):
        copy(source, target, 2)
    assert find_damage(target) == ()


def test_a_database_with_a_history_of_its_own_is_left_alone(source, target):
    poll(target, "2026-10-30", 50)
    poll(target, "2026-11-05", 50)
    before = contents(target)
    with pytest.raises(ForeignDatabaseError, match="holds a history of its own"):
        copy(source, target)
    assert contents(target) == before


def test_a_damaged_source_is_named_and_not_what_it_is_copied_into(source, sqlite_location, target):
    source.dispose()
    with closing(sqlite3.connect(sqlite_location)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'reading'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with open(sqlite_location, "r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with pytest.raises(DamagedDatabaseError, match=f"the database {sqlite_location} is damaged"):
        copy(source, target)
    with target.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM snapshot")) == 0


def test_a_history_is_not_copied_onto_itself_by_whatever_name(engine, tmp_path):
    poll(engine, "2026-10-30", 50)
    before = contents(engine)
    if engine.dialect.name == "sqlite":
        link = tmp_path / "the same.db"
        link.symlink_to(engine.url.database)
        same = open_database(link)
    else:
        same = open_database(engine.url.update_query_dict({"application_name": "another"}).render_as_string(False))
    with pytest.raises(UsageError, match=r"is the database that is read, and .* onto itself: name another path"):
        copy(engine, same)
    assert contents(engine) == before
    same.dispose()


@pytest.fixture(params=ENGINES)
def customer(request, tmp_path):
    """A database for one organization alone."""
    place = tmp_path / "globex.db" if request.param == "sqlite" else request.getfixturevalue("postgres").make()
    engine = open_database(place)
    yield engine
    engine.dispose()


def test_a_copy_goes_on_by_itself(source, customer):
    for day in range(1, 4):
        add_note(source, date(2026, 11, day), f"Note {day}", None)
    for _ in range(2):  # and after what a second copy brought
        copy(source, customer)
        add_note(source, date(2026, 11, 4), "Of here", None)
    copy(source, customer)
    add_note(customer, date(2026, 11, 5), "Of there", None)
    Poller(customer, Organization("Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9pbml0ZWNo", "Initech")).poll(
        "2026-11-01 09:00", {CALLING: (50, 20)}, {Metric.ROOMS: 4}
    )
    poll(customer, "2026-11-02", 95)
    notes = [row[0] for row in contents(customer)["note"]]
    assert notes == [*range(1, 8)]
    assert [row[0] for row in contents(customer)["organization"]] == [1, 2, 3]
    assert find_damage(customer) == ()


def enter_terms_of(engine: Engine, *subscriptions: str) -> None:
    enter(engine, [Contract(name, starts=date(2026, 1, 1), term=12) for name in subscriptions])
    for name in subscriptions:
        set_price(engine, name, Decimal(10), "EUR")


def test_one_organization_is_copied_alone_and_again(source, customer, target):
    globex, both = (license_of("Calling", subscription=name) for name in ("Sub-Globex", "Sub-Both"))
    Poller(source, OTHER).poll("2026-11-01 09:00", {CALLING: (50, 20), globex: (9, 3)}, {Metric.ROOMS: 4})
    Poller(source).poll("2026-11-02 08:00", {SUITE: (100, 93), both: (6, 6)})
    enter_terms_of(source, "Sub100001", "Sub-Globex", "Sub-Both")
    add_note(source, date(2026, 11, 1), "Of Acme", read(source, find_license, SUITE.webex_id))
    of_each = (ACME.webex_id, OTHER.webex_id)
    enter(source, [Settlement("Sub100001", date(2026, 11, 1), 4, organization=each) for each in of_each])
    enter(source, [Settlement("Sub100001", date(2026, 11, 2), 5)])
    assert copy(source, customer, 2).days == 2
    theirs = contents(customer)
    assert [(row[0], row[3]) for row in theirs["organization"]] == [(2, "Globex")]
    assert {row[0] for name in ("snapshot", "reading", "license", "day") for row in theirs[name]} == {2}
    assert [row[0] for row in theirs["contract"]] == ["Sub-Globex", "Sub100001"]
    assert [row[3] for row in theirs["price"]] == ["Sub100001", "Sub-Globex"]
    assert [row[1] for row in theirs["settlement"]] == [2, None]
    assert [row[3] for row in theirs["note"]] == ["Ten seats given out"]
    assert find_damage(customer) == ()
    assert copy(source, customer, 2) == Copied(0, 0)

    Poller(source, OTHER).poll("2026-11-03 09:00", {globex: (9, 4), both: (5, 5)})
    assert copy(source, customer, 2).days == 1
    assert [row[0] for row in contents(customer)["contract"]] == ["Sub-Both", "Sub-Globex", "Sub100001"]
    copy(source, customer, 1)
    copy(source, target)
    assert contents(customer) == contents(target) == contents(source)
    # To whom the month was sent is nothing of one customer.
    mark_as_sent(source, "anna", {"2026-10"}, datetime(2026, 11, 2, 9, tzinfo=UTC))
    copy(source, customer, 2)
    copy(source, target)
    assert [len(contents(each)["digest"]) for each in (customer, target)] == [0, 1]
    assert find_damage(customer) == find_damage(target) == ()


def test_the_command_says_what_it_copied(source, webexhist, sqlite_location, tmp_path):
    done = webexhist("db", "copy", tmp_path / "new.db", "--database", sqlite_location)
    assert done.code == 0, done.stderr
    assert done.stdout.startswith(f"{tmp_path / 'new.db'}: ")
    assert "of 4 days" in done.stdout
    assert "0 rows of 0 days" in webexhist("db", "copy", tmp_path / "new.db", "--database", sqlite_location).stdout
    alone = webexhist("db", "copy", tmp_path / "one.db", "--org", "Globex", "--database", sqlite_location)
    assert "of 1 day " in alone.stdout
    refused = webexhist("db", "copy", tmp_path / "two.db", "--org", "Initech", "--database", sqlite_location)
    assert (refused.code, (tmp_path / "two.db").exists()) == (2, False)
