"""`webexhist organization` as it is typed."""

import io
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from histories import Poller, license_of

from webexhist.metrics import Metric
from webexhist.snapshot import Organization

SUITE = license_of("Suite")
ACME = Organization("1eb65fdf-9643-417f-9974-ad72cae0e10f", "Acme")
OTHER_ACME = Organization("7ec0cd5d-4e62-4f4a-a0a9-5b6a8f3c3a3e", "Acme")
HOLDING = Organization("7ec0cd5d-4e62-4f4a-a0a9-5b6a8f3c3a3e", "Acme Holding")
NOW = datetime(2026, 11, 3, 16, tzinfo=UTC)


@pytest.fixture
def run(run, poller):
    """Two organizations of one name, polled on three days; the second one has another name since."""
    for day in (1, 2, 3):
        for organization in (ACME, OTHER_ACME if day < 3 else HOLDING):
            at = datetime(2026, 11, day, 12, tzinfo=UTC)
            Poller(poller.engine, organization).poll(at, {SUITE: (100, 50 + day)}, {Metric.PEOPLE: day}, messages=day)
    poller.engine.dispose()
    run.go_by(lambda: NOW)
    return run


def test_the_list_shows_names_zones_polls_and_who_is_retired(run):
    run("organization", "timezone", "Acme Holding", "europe/berlin", "--by", "Anna")
    run("organization", "retire", "Acme", "--by", "Anna")
    acme, holding = run("organization", "list", "--json").json
    assert acme == {
        "organization": "Acme",
        "organization_id": ACME.webex_id,
        "uuid": ACME.webex_id,
        "former_names": [],
        "timezone": "UTC",
        "snapshots": 3,
        "first_polled_at": "2026-11-01 12:00:00+00:00",
        "last_polled_at": "2026-11-03 12:00:00+00:00",
        "state": "retired",
        "retired_on": "2026-11-03",
        "retired_by": "Anna",
    }
    named = (holding["organization"], holding["former_names"], holding["timezone"], holding["state"])
    assert named == ("Acme Holding", ["Acme"], "Europe/Berlin", "polled")
    shown = run("organization", "list").stdout
    assert "retired on 2026-11-03 by Anna" in shown
    assert (
        run("organization", "list", "--csv").stdout.splitlines()[0].startswith("organization,organization_id,uuid,")
    )


def test_what_is_entered_again_is_shown_before_and_after(run):
    assert run("organization", "timezone", "Acme Holding", "Asia/Tokyo").stdout.splitlines() == [
        "Acme Holding: time zone UTC → Asia/Tokyo",
        "3 days with polls are counted by it.",
    ]
    first = run("organization", "timezone", HOLDING.webex_id, "UTC").stdout.splitlines()[0]
    assert first == "Acme Holding: time zone Asia/Tokyo → UTC"
    assert run("organization", "retire", "Acme Holding").stdout.startswith(
        "Acme Holding: polled → retired on 2026-11-03"
    )
    assert run("organization", "resume", "Acme Holding").stdout == (
        "Acme Holding: retired → polled, from 2026-11-03 on\n"
    )
    assert run("db", "check").code == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Tokyo", "Asia/Tokyo"), ("Europe/Berlni", "Europe/Berlin"), ("Sao Paolo", "America/Sao_Paulo")],
)
def test_a_zone_that_there_is_not_is_refused_with_those_that_may_be_meant(run, typed, meant):
    ran = run("organization", "timezone", "Acme", typed)
    assert ran.code == 2
    assert ran.line.startswith(f"there is no time zone {typed!r}: do you mean {meant}")


def test_a_former_name_finds_an_organization_where_no_other_bears_it(run, poller):
    assert "Acme: polled → retired" in run("organization", "retire", "acme").stdout
    Poller(poller.engine, Organization(ACME.webex_id, "Umbrella")).poll("2026-11-04 12:00", {SUITE: (100, 60)})
    poller.engine.dispose()
    ran = run("organization", "resume", "Acme")
    assert (ran.code, ran.line) == (2, "'Acme' may be Acme Holding or Umbrella: name one of them")


def test_a_note_without_a_day_is_of_today_there(run):
    assert run("note", "add", "hello").stdout == "Note 1 on 2026-11-03.\n"
    for name in ("Acme", "Acme Holding"):
        run("organization", "timezone", name, "Asia/Tokyo")
    assert run("note", "add", "hello").stdout == "Note 2 on 2026-11-04.\n"


def test_check_names_who_is_not_polled_and_judges_nothing_else_of_it(run):
    run("organization", "retire", "Acme")
    run.go_by(lambda: datetime(2026, 11, 20, tzinfo=UTC))
    ran = run("check", "--critical", "10", "--json")
    (found,) = ran.json["findings"]
    assert (ran.code, found["organization"], found["state"]) == (3, "Acme Holding", "UNKNOWN")
    silent = run("status", "--json").json["organizations"]
    assert [(each["organization"], each["last_polled_at"]) for each in silent] == [
        ("Acme Holding", "2026-11-03 12:00:00+00:00")
    ]
    run("organization", "retire", "Acme Holding")
    assert run("check", "--critical", "10").code == 0


def rows(file: Path, organization: int) -> dict[str, list[tuple[object, ...]]]:
    """All rows of an organization, by table."""
    with closing(sqlite3.connect(file)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {}
        for table in tables:
            columns = [column[1] for column in database.execute(f"PRAGMA table_info({table})")]
            key = "organization_id" if "organization_id" in columns else "id" if table == "organization" else None
            if key:
                found[table] = database.execute(f"SELECT * FROM {table} WHERE {key} = {organization}").fetchall()
        return found


class TestDelete:
    @pytest.fixture
    def file(self, run, poller):
        run("note", "add", "hello", "--license", f"{ACME.webex_id} Suite")
        return Path(poller.engine.url.database)

    def test_it_asks_first(self, run, file, monkeypatch):
        before = file.read_bytes()
        monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
        ran = run("organization", "delete", "Acme")
        assert (ran.code, ran.line) == (1, "stopped: nothing was entered")
        assert file.read_bytes() == before

    def test_one_is_deleted_from_every_table_and_the_other_stays(self, run, file):
        others, own = rows(file, 2), rows(file, 1)
        ran = run("organization", "delete", "Acme", "--yes")
        assert ran.stdout.splitlines()[0] == f"Acme: {sum(map(len, own.values()))} rows are deleted."
        assert not any(rows(file, 1).values())
        assert rows(file, 2) == others
        assert run("db", "check").stdout == "Everything is as it was stored.\n"
        (left,) = run("organization", "list", "--json").json
        assert left["organization"] == "Acme Holding"

    def test_a_backup_keeps_what_there_was(self, run, file):
        before = rows(file, 1)
        ran = run("organization", "delete", "Acme", "--yes")
        backup = Path(f"{file}.before-delete-20261103-160000")
        assert ran.stdout.splitlines()[1] == f"What it was before: {backup}"
        assert rows(backup, 1) == before


@pytest.mark.parametrize(("zone", "code"), [("UTC", 3), ("Asia/Tokyo", 0)])
def test_a_day_stands_for_its_end_there(run, zone, code):
    """The last poll is of noon of UTC: in Tokyo the day ends within three hours."""
    for name in ("Acme", "Acme Holding"):
        run("organization", "timezone", name, zone)
    assert run("check", "--on", "2026-11-03", "--max-age", 3 * 3600).code == code
