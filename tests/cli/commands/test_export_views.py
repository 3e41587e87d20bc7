"""`webexhist export VIEW`: the rows of a view as a file, in three formats, in parts by organization and time."""

import csv
import io
import json
from datetime import UTC, date, datetime

import pyarrow.parquet
import pytest
from entering import ANNA
from histories import Poller, license_of
from sqlalchemy import text

from webexhist.metrics import Metric
from webexhist.snapshot import Organization
from webexhist.store.dictionary import DICTIONARY
from webexhist.store.entered.organizations import enter_timezone
from webexhist.store.mending.deletion import delete_organization
from webexhist.time_zones import TimeZone

OTHER = Organization("Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9nbG9iZXg", "Globex")


@pytest.fixture
def database(engine):
    for day, people in (("2026-10-31", 7), ("2026-11-01", 8), ("2026-11-02", None)):
        Poller(engine).poll(f"{day} 08:00", {license_of("Suite"): (100, 93)}, {Metric.PEOPLE: people})
    Poller(engine, OTHER).poll("2026-11-01 09:00", {license_of("Calling"): (50, 20)}, {Metric.PEOPLE: 70})
    return engine.url.render_as_string(hide_password=False)


@pytest.fixture
def export(webexhist, database):
    return lambda *words: webexhist("export", *words, "--database", database)


def values(done, column="value"):
    assert done.code == 0, done.stderr
    return [row[column] for row in csv.DictReader(io.StringIO(done.stdout))]


def test_every_view_comes_out_as_csv_with_all_its_rows(export, engine):
    for view, described in DICTIONARY.items():
        names, *lines = csv.reader(io.StringIO(export(view, "--format", "csv").stdout))
        assert names == [column.name for column in described.columns]
        with engine.connect() as connection:
            assert len(lines) == connection.scalar(text(f"SELECT count(*) FROM {view}"))


def test_unknown_is_an_empty_cell_and_null(export):
    assert values(export("counts", "--org", "Acme Example")) == ["7", "8", ""]
    lines = export("counts", "--org", "Acme Example", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["value"] for line in lines] == [7, 8, None]
    assert json.loads(lines[0])["taken_at"] == "2026-10-31 08:00:00"


def test_bounds_are_days_or_times_and_include_both_ends(export):
    acme = ("counts", "--org", "Acme Example")
    assert values(export(*acme, "--from", "2026-11-01")) == ["8", ""]
    assert values(export(*acme, "--to", "2026-11-01")) == ["7", "8"]
    assert values(export(*acme, "--from", "2026-10-31 08:01", "--to", "2026-11-02 07:59")) == ["8"]
    assert values(export("daily_counts", "--from", "2026-11-01", "--to", "2026-11-01"), "day") == ["2026-11-01"] * 2
    assert set(values(export("monthly_counts", "--from", "2026-11-01"), "month")) == {"2026-11"}
    assert values(export("count_changes", "--from", "2026-11-02")) == [""]


def test_since_gives_what_came_later_and_periods_that_may_have_grown(export, engine):
    assert values(export("counts", "--org", "Acme Example", "--since", "2026-11-01 08:00:00")) == [""]
    assert values(export("daily_counts", "--org", "Acme Example", "--since", "2026-11-01 08:00:00"), "day") == [
        "2026-11-01",
        "2026-11-02",
    ]
    assert export("snapshots", "--since", "2026-11-01 09:00:00").stdout.count("\n") == 1
    enter_timezone(engine, 1, TimeZone("Pacific/Honolulu"), ANNA)  # where it is ten hours earlier
    days = ("daily_counts", "--org", "Acme Example")
    assert values(export(*days, "--since", "2026-11-02 03:00"), "day") == ["2026-11-01"]
    assert values(export(*days, "--from", "2026-11-02 03:00"), "day") == ["2026-11-01"]
    assert values(export(*days, "--to", "2026-11-02T03:00Z"), "day") == ["2026-10-30", "2026-10-31", "2026-11-01"]
    assert values(export(*days, "--from", "2026-10-31", "--to", "2026-10-31"), "day") == ["2026-10-31"]


def test_parquet_has_times_days_and_numbers_as_such_and_what_columns_mean(export, tmp_path):
    file = tmp_path / "counts.parquet"
    assert export("counts", "--org", "Acme Example", "--format", "parquet", "--out", file).code == 0
    table = pyarrow.parquet.read_table(file)
    assert table["value"].to_pylist() == [7, 8, None]
    assert table["taken_at"][0].as_py() == datetime(2026, 10, 31, 8, tzinfo=UTC)
    assert table.schema.field("value").metadata[b"unit"] == b"of the metric"
    export("daily_licenses", "--format", "parquet", "--out", file)
    days = pyarrow.parquet.read_table(file)
    assert days["day"][0].as_py() == date(2026, 10, 31)
    assert days["utilization"][0].as_py() == 93.0


@pytest.fixture
def data_set(export, tmp_path):
    """Writes the data set of a view; returns the rows of each of its files, by its place."""

    def write(view, *words):
        folder = tmp_path / view
        done = export(view, "--format", "parquet", "--partition", "org,month", "--out", folder, *words)
        assert done.code == 0, done.stderr
        files = sorted(folder.rglob("*.*"))
        return {
            str(file.relative_to(folder).parent): pyarrow.parquet.ParquetFile(file).read().to_pylist()
            for file in files
        }

    return write


def test_a_data_set_has_a_file_for_each_organization_and_month(data_set, tmp_path):
    parts = data_set("counts")
    assert {place: [row["value"] for row in rows] for place, rows in parts.items()} == {
        "org_id=1/month=2026-10": [7],
        "org_id=1/month=2026-11": [8, None],
        "org_id=2/month=2026-11": [70],
    }
    assert list(data_set("monthly_counts")) == list(data_set("daily_licenses")) == list(parts)
    whole = pyarrow.parquet.read_table(tmp_path / "counts", partitioning="hive")
    assert [*whole.column_names[:2], *whole.column_names[-2:]] == ["org", "snapshot", "org_id", "month"]


def test_a_data_set_is_brought_up_to_date_by_whole_months(data_set, engine):
    before = data_set("count_changes")
    Poller(engine).poll("2026-12-01 08:00", {}, {Metric.PEOPLE: 9})
    after = data_set("count_changes", "--since", "2026-11-30 08:00", "--org", "Acme Example")
    assert [row["value"] for row in after.pop("org_id=1/month=2026-12")] == [9]
    assert after.pop("org_id=1/month=2026-11") == [
        *before["org_id=1/month=2026-11"][:-1],
        before["org_id=1/month=2026-11"][-1] | {"until": datetime(2026, 12, 1, 8, tzinfo=UTC)},
    ]
    assert after == {place: rows for place, rows in before.items() if place != "org_id=1/month=2026-11"}


def test_a_month_follows_the_time_zone_and_what_has_no_rows_any_more_goes(data_set, engine):
    Poller(engine).poll("2026-12-01 08:00", {}, {Metric.PEOPLE: 9})
    assert "org_id=1/month=2026-12" in data_set("counts")
    enter_timezone(engine, 1, TimeZone("Pacific/Honolulu"), ANNA)
    assert list(data_set("counts")) == ["org_id=1/month=2026-10", "org_id=1/month=2026-11", "org_id=2/month=2026-11"]
    delete_organization(engine, 2, None)
    acme = ["org_id=1/month=2026-10", "org_id=1/month=2026-11"]
    assert list(data_set("counts", "--org", "Acme Example")) == [*acme, "org_id=2/month=2026-11"]
    assert list(data_set("counts")) == acme


def test_a_file_of_no_rows_has_its_columns(export, tmp_path):
    file = tmp_path / "counts.parquet"
    export("counts", "--from", "2030-01-01", "--format", "parquet", "--out", file)
    assert pyarrow.parquet.read_table(file).column_names == [column.name for column in DICTIONARY["counts"].columns]
    assert export("counts", "--from", "2030-01-01").stdout.startswith("org,snapshot,taken_at,")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("count",), "there is no view 'count'"),
        (("licenses", "--from", "2026-11-01"), "the rows of licenses are not of a time"),
        (("schema_info", "--org", "Acme Example"), "the view schema_info is not of organizations"),
        (("counts", "--partition", "org,month"), "a data set consists of Parquet files in a folder"),
        (
            ("licenses", "--partition", "org,month", "--format", "parquet", "--out", "set"),
            "the rows of licenses are not of a month",
        ),
        (("counts", "--format", "parquet"), "a Parquet file is not for a terminal or a pipe"),
        (("counts", "--from", ""), "--from is empty"),
        (
            ("counts", "--from", "2026-11-02", "--to", "2026-11-01T23:59Z"),
            "2026-11-02 is later than 2026-11-01T23:59Z",
        ),
        (("counts", "--org", ""), "--org is empty"),
    ],
)
def test_what_cannot_be_asked_is_wrong_usage(export, words, line):
    refused = export(*words)
    assert refused.code == 2
    assert refused.line.startswith(line)


def test_a_file_that_cannot_be_written_whole_leaves_the_one_before(export, tmp_path):
    file = tmp_path / "counts.csv"
    file.write_text("before")
    assert export("licenses", "--from", "2026-11-01", "--out", file).code == 2
    assert file.read_text() == "before"
    assert list(tmp_path.glob("*draft*")) == []


def test_a_folder_holds_the_data_set_of_one_view(export, data_set, tmp_path):
    data_set("counts")
    words = ("--format", "parquet", "--partition", "org,month", "--out", tmp_path / "counts")
    assert export("count_deltas", *words).line == (
        f"{tmp_path / 'counts'} holds a data set of counts: name a folder of its own for each view"
    )
