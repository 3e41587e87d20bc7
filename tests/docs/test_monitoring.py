"""The page on monitors names series that there are."""

import re
from pathlib import Path

from last_snapshots import last_snapshot, used_license
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from webexhist.export.openmetrics import openmetrics
from webexhist.metrics import Metric
from webexhist.snapshot import Collection, CollectionStatus, CountChange

PAGE = (Path(__file__).parents[2] / "docs" / "monitoring.md").read_text()


def test_every_series_that_rules_and_tables_name_is_printed():
    counts = [CountChange(metric, 1, 0, None) for metric in Metric]
    runs = [Collection("people", CollectionStatus.OK, 1, 0.5)]
    text = openmetrics([last_snapshot(counts=counts, licenses=(used_license("a", "A", 1, 1),), collections=runs)])
    printed = {sample.name for family in text_string_to_metric_families(text) for sample in family.samples}
    assert set(re.findall(r"\bwebexhist_\w+", PAGE)) <= printed
