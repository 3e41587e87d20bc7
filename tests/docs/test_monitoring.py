"""The page on monitors names series that there are."""

import re
from dataclasses import replace
from pathlib import Path

import typer
from last_snapshots import last_snapshot, used_license
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from webexhist.cli.app import app
from webexhist.cli.main import register_commands
from webexhist.export.openmetrics import openmetrics
from webexhist.metrics import Metric
from webexhist.seat_counts import LastSeats, LicenseSeats, SeatCounts
from webexhist.snapshot import Collection, CollectionStatus
from webexhist.stored_snapshot import CountChange

PAGE = (Path(__file__).parents[2] / "docs" / "monitoring.md").read_text()


def test_every_series_that_rules_and_tables_name_is_printed():
    counts = [CountChange(metric, 1, 0, None) for metric in Metric]
    runs = [Collection("people", CollectionStatus.OK, 1, 0.5)]
    snapshot = last_snapshot(counts=counts, licenses=(used_license("a", "A", 1, 1),), collections=runs)
    seats = LastSeats(snapshot.taken_at, (LicenseSeats("a", True, SeatCounts(active=1)),))
    text = openmetrics([replace(snapshot, seats=seats)])
    printed = {sample.name for family in text_string_to_metric_families(text) for sample in family.samples}
    assert set(re.findall(r"(?<![$.])\bwebexhist_\w+", PAGE)) <= printed


def test_the_command_of_icinga_is_one_that_is_understood():
    register_commands(())
    check = typer.main.get_command(app).commands["check"]
    block = PAGE.split('object CheckCommand "webexhist"')[1].split("```")[0]
    options = re.findall(r'"(--[a-z-]+)" = ', block)
    assert options == ["--warning", "--critical", "--max-age", "--org", "--database"]
    check.make_context("check", [word for option in options for word in (option, "90")])
    for line in re.findall(r"/usr/local/bin/webexhist check ([^`\n]*)`", PAGE):
        check.make_context("check", line.split())
