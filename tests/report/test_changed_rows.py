"""Who decides by pages, a workbook or a mail is told where what they rest on was changed by something else."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from commands import CommandLine
from imported_histories import ACME, history, imported, seats
from reading import read
from shown_text import shown

from webexhist.digesting import due_digest
from webexhist.export.digest_text import body, message
from webexhist.review.digest import Digest
from webexhist.store.opening.database import open_existing

BETA = {"id": "11111111-2222-3333-4444-666666666666", "name": "Beta Example"}
CHANGED = "what was stored on 2026-10-30 to 2026-10-31 was changed"
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


def assigned(at: datetime) -> int:
    return (at - datetime(2026, 9, 1, tzinfo=UTC)).days


@pytest.mark.slow
def test_pages_workbook_and_mail_say_what_they_rest_on_that_was_changed(
    webexhist: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Of two organizations with a unit more each day, those of the last two days of one are another number."""
    database, days = tmp_path / "polls.db", ("2026-09-29", "2026-10-31 18:00")
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(database))
    both = [
        line
        for organization in (ACME, BETA)
        for line in history(*days, lambda at: [seats(100, assigned(at))], organization=organization)
    ]
    imported(both, webexhist, tmp_path / "history.jsonl")
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "UPDATE reading SET value = value + 1 WHERE value IN (59, 60)"
            " AND organization_id = (SELECT id FROM organization WHERE name = 'Acme Example')"
        )
    webexhist.go_by(lambda: NOW)

    month, months = tmp_path / "month", tmp_path / "months"
    ran = webexhist("report", "--month", "2026-10", "--against", "2026-09", "--out", month)
    assert ran.line == f"Acme Example, 2026-10: {CHANGED} by something else than webexhist: see webexhist db check"
    of_acme = list(month.glob("acme-example-*/*.html"))
    assert len(of_acme) == 6
    for page in of_acme:
        assert f"Figures may be wrong: {CHANGED} by something else than webexhist." in shown(page), page.name
    assert not any(CHANGED in shown(page) for page in month.glob("beta-example-*/*.html"))
    assert f"Figures of Acme Example may be wrong: {CHANGED} by something else" in shown(month / "index.html")
    sheet = openpyxl.load_workbook(month / "licenses.xlsx").worksheets[0]
    cells = {row[0]: row[1] for row in sheet.iter_rows(values_only=True, max_col=2)}
    assert cells["Changed by something else"] == f"Acme Example: {CHANGED}"

    assert webexhist("report", "--month", "all", "--out", months).code == 0
    told = shown(months / "index.html")
    assert f"Figures of October 2026, Acme Example may be wrong: {CHANGED} by something else than webexhist." in told
    assert told.count("may be wrong") == 1

    due = read(open_existing(str(database)), due_digest, "anna@example.com", NOW, again=False)
    assert isinstance(due, Digest)
    warning = f"Acme Example, 2026-10: {CHANGED} by something else than webexhist: see webexhist db check"
    assert " ".join(body(due, None).split()).startswith(warning)
    assert message(due).splitlines()[0] == warning
