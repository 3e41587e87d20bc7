"""Whatever was stored is read: snapshots of other centuries, as clocks without a battery have them."""

from datetime import UTC, datetime

import pytest
from histories import license_of

from webexhist.metrics import Metric

SUITE = license_of("Suite")
STORED = {
    "the epoch": ("1970-01-01 00:00:00", "1970-01-01 00:05:00", "2026-10-01 06:00", "2026-10-01 06:05"),
    "the last days": ("2026-10-01 06:00", "2026-10-01 06:05", "9999-12-31 23:50", "9999-12-31 23:59:59"),
    "the first days": ("0001-01-01 00:00:00", "0001-01-01 00:00:01", "0001-01-01 00:05:00"),
    "all of them": (
        "0001-01-01 00:00:00",
        "1969-12-31 23:59:59",
        "2026-10-01 06:00",
        "2026-10-01 06:05",
        "2026-10-01 06:10",
        "9999-12-31 23:59:59",
    ),
}
READERS = (
    "licenses",
    "licenses --json",
    "history people",
    "history suite --months 240",
    "check",
    "outlook",
    "report --out all --month all",
    "report --out last",
    "report --out one --single-file --months 240",
    "status",
    "note list",
    "contract list",
    "succession list",
    "poll --stored --max-age 31536000",
    "db check",
    "db void --list",
    "decisions",
    "plan",
    "organization list",
    "metrics",
    "sql SELECT+*+FROM+license_changes",
    "export counts",
    "export snapshots",
)


@pytest.fixture(params=STORED)
def stored(request, poller):
    for number, moment in enumerate(STORED[request.param]):
        taken_at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        poller.poll(taken_at, {SUITE: (600, 450 + number)}, {Metric.PEOPLE: 430}, messages=number, since=taken_at)
    poller.engine.dispose()
    return poller


@pytest.mark.slow
def test_every_reader_reads_it(run, stored, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for command in READERS:
        ran = run(*(word.replace("+", " ") for word in command.split()))
        assert ran.code in ((0, 1, 2, 3) if command == "check" else (0, 1)), (command, ran)
        assert "is not a month" not in ran.stderr, command
        assert ran.code == 0 or command.split()[0] in ("check", "status", "poll"), (command, ran)
