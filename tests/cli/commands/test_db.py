"""`webexhist db` as it is typed, and what reports say of corrections and damage."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from histories import Poller, license_of
from shown_text import shown

from webexhist.metrics import Metric
from webexhist.snapshot import Organization

SUITE = license_of("Suite")


@pytest.fixture
def file(poller) -> Path:
    """Three days of polls at noon; the second one said 4,990 of 600."""
    for day, assigned in ((1, 450), (2, 4990), (3, 450)):
        taken_at = datetime(2026, 10, day, 12, tzinfo=UTC)
        poller.poll(taken_at, {SUITE: (600, assigned)}, {Metric.PEOPLE: 430}, messages=5)
    poller.engine.dispose()
    return Path(poller.engine.url.database)


@pytest.fixture
def page(run, tmp_path, file):
    """Writes the report and gives the text of one of its pages."""

    def page(name: str) -> str:
        out = tmp_path / "report"
        assert run("report", "--out", str(out), "--month", "2026-10").code == 0
        return next(out.glob(name)).read_text()

    return page


def spoil(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(statement)


PEOPLE = ("--count", "people")
VOID = ("db", "void", "--license", "suite", "--snapshot", "2026-10-02 12:00", "--note", "one poll said 4,990")


def test_a_wrong_reading_is_set_aside_and_pages_say_so(run, page):
    assert "4,990" in page("license-*.html")
    ran = run(*VOID, "--by", "Anna")
    assert ran.stdout == (
        "Correction 1, Acme Example: 1 reading of Suite, 2026-10-02 12:00:00 UTC."
        " To put them back: webexhist db void --undo 1\n"
    )
    for name in ("license-*.html", "index.html", "data.html"):
        text = page(name)
        assert "1 reading" in text and "is set aside (2 Oct 2026 12:00" in text
        assert "one poll said 4,990" in text and "Anna" in text
        assert text.count("4,990") == 1
    assert run("history", "suite", "--json").json[0]["months"][0]["highest"] == 450
    assert run("db", "void", "--undo", "1").code == 0
    assert "set aside" not in page("index.html")


def test_an_undoing_names_whose_readings_were_dropped_before(run, file, poller):
    globex = Poller(poller.engine, Organization("globex", "Globex"))
    for day in (2, 3, 4):
        globex.poll(f"2026-10-0{day} 12:00", {SUITE: (600, 450)})
    poller.engine.dispose()
    assert run("db", "void", "--snapshot", "2026-10-02 12:00", "--note", "wrong").code == 0
    assert run("db", "prune", "--before", "2026-10-04", "--org", "Globex").code == 0
    undone = run("db", "void", "--undo", "1")
    assert undone.stdout == (
        "Correction 1 is undone: what is left of its readings is back.\n"
        "Nothing is back of Globex: webexhist db prune had dropped its readings.\n"
    )


@pytest.mark.parametrize("dropping", ["trim --after 2026-10-02", "prune --before 2026-10-03"])
@pytest.mark.parametrize(
    ("of", "to_count_on"),
    [((), "; the totals go on without what was counted in them"), (("--license", "suite"), ""), (PEOPLE, "")],
)
def test_an_undoing_says_of_how_many_readings_nothing_is_back(run, file, page, dropping, of, to_count_on):
    span = ("--from", "2026-10-01", "--to", "2026-10-03")
    assert run("db", "void", *span, *of, "--note", "wrong").code == 0
    assert run("db", *dropping.split()).code == 0
    (listed,) = run("db", "void", "--list", "--json").json
    assert (listed["readings"], listed["dropped"], listed["undone_by"]) == (3, 1, None)
    assert f"2 {'readings' if of else 'snapshots'}" in page("data.html")
    assert run("db", "void", "--undo", "1").stdout == (
        "Correction 1 is undone: what is left of its readings is back.\n"
        "Not back are 1 of 3 readings of Acme Example: webexhist db prune or trim had dropped them"
        f"{to_count_on}.\n"
    )


def test_readings_that_began_within_the_span_are_all_back(run, file, poller):
    poller.poll("2026-10-04 12:00", {SUITE: (600, 450)}, {Metric.PEOPLE: 430, Metric.ROOMS: 20})
    poller.engine.dispose()
    assert (
        run("db", "void", "--count", "rooms", "--from", "2026-10-01", "--to", "2026-10-04", "--note", "x").code == 0
    )
    (listed,) = run("db", "void", "--list", "--json").json
    assert (listed["readings"], listed["dropped"], listed["first_at"]) == (1, 0, "2026-10-04 12:00:00+00:00")
    assert run("db", "void", "--undo", "1").stdout == "Correction 1 is undone: its readings are back.\n"


def test_corrections_are_listed(run, file):
    run(*VOID, "--by", "Anna")
    (listed,) = run("db", "void", "--list", "--json").json
    assert (listed["license"], listed["made_by"], listed["note"]) == ("Suite", "Anna", "one poll said 4,990")
    assert "one poll said 4,990" in run("db", "void", "--list").stdout


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("--snapshot 2026-10-02", "the correction has no reason"),
        ("--note x", "no time is given, or two"),
        ("--note x --snapshot 2026-10-02 --from 2026-10-01 --to 2026-10-03", "no time is given, or two"),
        ("--note x --from 2026-10-03 --to 2026-10-01", "2026-10-03 is later than 2026-10-01"),
        ("--note x --snapshot yesterday", "'yesterday' is not a time"),
        ("--note x --snapshot 2026-02-30", "'2026-02-30' is not a time"),
        ("--note x --snapshot 0001-01-01T00:00+14:00", "'0001-01-01T00:00+14:00' is not a time"),
        ("--note x --snapshot 2026-10-02 --license nobody", "there is no license 'nobody'"),
        ("--note x --snapshot 2026-10-02 --count pepole", "there is no count 'pepole'"),
        ("--note x --snapshot 2026-10-02 --count people --license suite", "a license and a count"),
        ("--note x --snapshot 2026-10-02 --org nobody", "there is no organization 'nobody'"),
        ("--note x --snapshot 2026-10-09", "nothing that could be set aside"),
        ("--note x --snapshot 2026-10-02 --license=", "--license is empty"),
        ("--note x --snapshot 2026-10-02 --count=", "--count is empty"),
        ("--undo 7", "there is no correction 7"),
        ("--undo 7 --org Acme", "--list, --undo and what is to be set aside"),
        ("--list --undo 7", "--list, --undo and what is to be set aside"),
        ("--list --note x --snapshot 2026-10-02", "--list, --undo and what is to be set aside"),
    ],
)
def test_what_cannot_be_meant_is_one_line(run, file, words, line):
    before = file.read_bytes()
    ran = run("db", "void", *words.split())
    assert ran.code == 2
    assert line in ran.line
    assert file.read_bytes() == before


def test_the_newest_snapshots_are_dropped_after_a_backup(run, file):
    ran = run("db", "trim", "--after", "2026-10-01")
    first, counted, backup = ran.stdout.splitlines()
    assert first == "Acme Example: 2 snapshots dropped, 2026-10-02 12:00:00 to 2026-10-03 12:00:00 UTC."
    assert counted == "  messages_created: 10 that they counted stay counted, with the last snapshot that is left"
    copy = Path(backup.removeprefix("What it was before: "))
    assert copy.stat().st_mode & 0o777 == 0o600
    assert run("db", "check").code == 0
    assert run("db", "restore", str(copy)).code == 0
    assert run("history", "people", "--json").json[0]["months"][0]["month"] == "2026-10"
    assert run("db", "trim", "--after", "2026-10-03").line.startswith(
        "no snapshot was taken after 2026-10-03 23:59:59"
    )


def test_damage_is_named_by_check_and_by_report(run, file, tmp_path):
    run.go_by(lambda: datetime(2026, 10, 4, tzinfo=UTC))
    assert run("db", "check").stdout == "Everything is as it was stored.\n"
    assigned = "SELECT id FROM metric WHERE field = 'assigned'"
    spoil(file, f"UPDATE reading SET value = 451 WHERE value = 4990 AND metric_id = ({assigned})")
    ran = run("db", "check", "--json")
    assert ran.code == 1
    assert ran.line.startswith(
        f"the database {file} is damaged: bring a backup in (webexhist db restore FILE), or set"
    )
    (found,) = ran.json
    assert found["day"] == "2026-10-02"
    assert found["what"] == "Suite, assigned at 2026-10-02 12:00:00 UTC is 451, stored was 4990"
    ran = run("report", "--out", str(tmp_path / "report"), "--month", "2026-10")
    assert ran.code == 0
    assert ran.line == (
        "Acme Example, 2026-10: what was stored on 2026-10-02 was changed by something else than webexhist:"
        " see webexhist db check"
    )
    page = shown(tmp_path / "report" / "index.html")
    assert "what was stored on 2026-10-02 was changed by something else than webexhist" in page


@pytest.mark.parametrize(
    "change", ["UPDATE reading SET value = 451 WHERE value = 4990", "DELETE FROM day WHERE first_number = 2"]
)
@pytest.mark.parametrize(
    "words", ["licenses", "licenses --json", "decisions", "decisions --csv", "decisions --month 2026-10", "plan"]
)
def test_who_shows_figures_says_that_they_rest_on_what_was_changed(run, file, words, change):
    spoil(file, change)
    ran = run(*words.split(), *(() if "--month" in words else ("--on", "2026-10-03")))
    assert ran.code == 0
    assert ran.line == (
        "Acme Example, 2026-10: what was stored on 2026-10-02 was changed by something else than webexhist:"
        " see webexhist db check"
    )


def test_a_monitor_is_told_of_what_was_changed(run, file):
    quiet = run("check", "--on", "2026-10-03")
    spoil(file, "UPDATE reading SET value = 451 WHERE value = 4990")
    ran = run("check", "--on", "2026-10-03")
    assert (quiet.code, ran.code) == (0, 1)
    assert "2026-10: what was stored on 2026-10-02 was changed by something else than webexhist" in ran.stdout


def test_a_changed_end_of_a_window_is_named(run, file):
    spoil(file, "UPDATE event_window SET counted_until = counted_until + 1")
    (found,) = run("db", "check", "--json").json
    assert found["what"] == "until when events are counted was changed"


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("event_window", "organization_id = organization_id + 1"),
        ("event_window", "source = 'rooms'"),
        ("event_window", "part_seconds = 60"),
        ("origin", "source = 'import'"),
        ("origin", "version = '9'"),
        ("snapshot", "origin_id = 2"),
        ("snapshot", "milliseconds = milliseconds + 1"),
        ("collection", "error = 'no'"),
        ("day", "last_number = last_number + 1"),
        ("organization", "uuid = 'x' || uuid"),
        ("license", "site_type = 'x'"),
        ("metric", "first_number = first_number + 1"),
    ],
)
def test_a_change_of_any_column_is_found(run, file, table, change):
    spoil(file, f"UPDATE {table} SET {change}")
    assert run("db", "check").code == 1


def test_the_status_sees_what_was_changed_lately(run, file):
    assert run("status", "--json").json["database"]["state"] == "sound"
    spoil(file, "UPDATE snapshot SET requests = 21 WHERE number = 1")
    found = run("status", "--json").json["database"]
    assert found["state"] == "sound"  # the poll was on the first of three days, and nothing that it took stands
    spoil(file, "UPDATE snapshot SET requests = 21 WHERE number = 3")
    found = run("status", "--json").json["database"]
    assert found["state"] == "damaged: Acme Example, 2026-10-03 was changed"
    assert found["to_do"].startswith("see webexhist db check; ")


def test_a_changed_price_is_named_by_check_and_by_report(run, file, tmp_path):
    run.go_by(lambda: datetime(2026, 10, 4, tzinfo=UTC))
    run("contract", "price", "suite", "12.50")
    assert run("db", "check").code == 0
    spoil(file, "UPDATE price SET amount = amount + 1024")
    (found,) = run("db", "check", "--json").json
    assert (found["organization"], found["table"]) == ("Acme Example", "price")
    ran = run("report", "--out", str(tmp_path / "report"), "--month", "2026-10")
    assert "what is kept in price was changed" in ran.line
    run("contract", "price", "suite", "12.50", "--from", "2026-10-01")
    assert run("db", "check").code == 1
    spoil(file, "UPDATE price SET amount = amount - 1024 WHERE since IS NULL")
    assert run("db", "check").code == 0


def test_a_backup_is_made_and_brought_in(run, file, tmp_path):
    target = tmp_path / "copy.db"
    assert run("db", "backup", str(target)).stdout.endswith("MB, verified.\n")
    assert run("db", "backup", str(target)).line.startswith(
        f"{target} is there already, and no backup is overwritten"
    )
    spoil(file, "DELETE FROM reading")
    assert run("db", "restore", str(target)).code == 0
    assert run("db", "check").code == 0
    assert run("db", "restore", str(tmp_path / "missing.db")).line.startswith("there is no backup")


@pytest.mark.skipif(os.geteuid() != 0, reason="takes root, who alone can act for two users")
def test_what_root_makes_belongs_to_the_owner_of_the_folder(run, file, tmp_path):
    os.chown(file.parent, 65_534, 65_534)
    run("db", "backup", str(file.with_name("copy.db")))
    run("db", "restore", str(file.with_name("copy.db")))
    assert file.with_name("copy.db").stat().st_uid == 65_534
    assert file.stat().st_uid == 65_534


def test_an_organization_is_named_by_its_name_or_any_form_of_its_id(run, file, poller):
    for named in ("acme example", poller.organization.webex_id):
        assert run(*VOID[:2], "--snapshot", "2026-10-03", "--note", "x", "--org", named).code == 0
        assert run("db", "void", "--undo", run("db", "void", "--list", "--json").json[-1]["number"]).code == 0


def test_a_license_is_looked_for_in_the_organization_that_is_named(run, file, poller):
    """Several have one of that name; and a name that only another one has is no other's."""
    globex = Poller(poller.engine, Organization("globex", "Globex"))
    globex.poll("2026-10-02 12:00", {SUITE: (600, 4990), license_of("Calling"): (50, 20)})
    poller.engine.dispose()
    assert run(*VOID).line.startswith("'suite' may be Suite (Acme Example")
    assert run(*VOID, "--org", "globex").stdout.startswith("Correction 1, Globex: 1 reading of Suite")
    of_calling = ("calling" if word == "suite" else word for word in VOID)
    refused = run(*of_calling, "--org", "acme example")
    assert (refused.code, refused.line.partition(":")[0]) == (2, "there is no license 'calling'")
