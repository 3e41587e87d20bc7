"""The printed SQL runs as it stands, and gives the figures of the pages."""

import sqlite3
from datetime import UTC, datetime

import pytest
from histories import NASTY_NAME, license_of
from reading import read

from webexhist.months import Month
from webexhist.review import queries
from webexhist.review.monthly import review_month

NOW = datetime(2026, 11, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def review(year):
    (organization,) = read(year, review_month, Month(2026, 10), 13, NOW).organizations
    return organization


@pytest.fixture(scope="module")
def run(year):
    connection = sqlite3.connect(year.url.database)
    connection.row_factory = sqlite3.Row
    yield lambda query: connection.execute(query.text).fetchall()
    connection.close()


def test_the_table_of_licenses(review, run):
    rows = {row["license_id"]: tuple(row)[3:7] for row in run(queries.licenses_query(review))}
    assert rows == {
        license_.license.webex_id: (
            license_.closing.purchased,
            license_.closing.last,
            license_.closing.highest,
            license_.closing.utilization,
        )
        for license_ in review.licenses
    }


def test_months_and_days_of_each_license_even_of_a_nasty_one(review, run):
    nasty = next(license_ for license_ in review.licenses if license_.license.name == NASTY_NAME)
    for license_ in (review.licenses[0], nasty):
        months = [(str(month.month), month.purchased, month.last) for month in reversed(license_.months)]
        assert [tuple(row)[:3] for row in run(queries.months_query(review, license_))] == months
        days = [(str(day.day), day.last, day.lowest, day.highest, day.purchased) for day in license_.days]
        assert [tuple(row) for row in run(queries.days_query(review, license_))] == days


def test_bridge(review, run):
    rows = {row["license_id"]: row for row in run(queries.bridge_query(review))}
    for line in review.bridge.lines:
        row = rows[line.license.webex_id]
        assert (row["assigned_before"], row["newly_assigned"], row["released"], row["assigned_after"]) == (
            line.assigned.opening,
            line.assigned.more,
            line.assigned.less,
            line.assigned.closing,
        )
    assert license_of("Basic Messaging", subscription=None, counted=False) not in [
        line.license for line in review.bridge.lines
    ]


def test_polls_counts_and_messages(review, run):
    assert [tuple(row) for row in run(queries.polling_query(review))] == [
        (str(day), polls) for day, polls in review.polls_by_day
    ]
    counts = run(queries.gauges_query(review))
    assert len(counts) == sum(len(gauge.days) for gauge in review.gauges)
    assert sum(row["amount"] for row in run(queries.amounts_query(review))) == sum(
        day.amount for amount in review.amounts for day in amount.days
    )


def test_a_value_cannot_end_its_literal():
    query = queries.printed("", "SELECT :name AS name, 1 IN :ones AS found", name="a'b :c %s \\", ones=["x'", "y"])
    assert sqlite3.connect(":memory:").execute(query.text).fetchone() == ("a'b :c %s \\", 0)
