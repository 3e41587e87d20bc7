"""Two organizations of one name, as a partner may have: each is distinguished in what commands print and write."""

import csv
import json

import pytest
from histories import Poller, license_of
from reading import read

from webexhist.agent.document import plugin_document
from webexhist.metrics import Metric
from webexhist.snapshot import Organization
from webexhist.store.rows.latest import latest

FIRST = "Acme (1eb65fdf)"
SECOND = "Acme (7ec0cd5d)"
CALLING = license_of("Webex Calling")
THEIRS = license_of("Webex Calling", subscription="Sub2")


@pytest.fixture(autouse=True)
def polled(poller):
    for webex_id, license_, assigned in (
        ("1eb65fdf-9643-417f-9974-ad72cae0e10f", CALLING, 99),
        ("7ec0cd5d-4e62-4f4a-a0a9-5b6a8f3c3a3e", THEIRS, 98),
    ):
        organization = Organization(webex_id, "Acme")
        for day in ("01", "02"):
            Poller(poller.engine, organization).poll(
                f"2026-10-{day} 06:00", {license_: (100, assigned)}, {Metric.PEOPLE: assigned}
            )
    return poller.engine


def test_in_the_tables_of_licenses_and_limits(run):
    assert [row["organization"] for row in run("licenses", "--json").json] == [FIRST, SECOND]
    assert {each["organization"] for each in run("check", "--json").json["findings"]} == {FIRST, SECOND}
    assert {each["organization"] for each in run("decisions", "--json").json} == {FIRST, SECOND}
    shown = run("licenses").stdout
    assert f"{FIRST}, not polled any more since 2026-10-02 06:00 UTC" in shown
    assert f"{SECOND}, not polled any more since 2026-10-02 06:00 UTC" in shown


def test_in_histories(run):
    assert [trend["organization"] for trend in run("history", "people", "--json").json] == [FIRST, SECOND]
    (theirs,) = run("history", "Sub2", "--json").json
    assert (theirs["organization"], theirs["months"][0]["assigned"]) == (SECOND, 98)
    everything = run("history", "--json").json
    named = [(row.get("license") or row.get("product") or row["count"], row["organization"]) for row in everything]
    assert named == [
        ("Webex Calling", FIRST),
        ("Webex Calling", SECOND),
        ("WEBEXCALLING", FIRST),
        ("WEBEXCALLING", SECOND),
        ("people", FIRST),
        ("people", SECOND),
    ]
    assert run("history").stdout.count(SECOND) == 3


def test_in_prices(run):
    run("contract", "price", "Webex Calling Sub2", "5")
    run("contract", "price", "Webex Calling Sub100001", "6")
    assert {row["organization"]: row["amount"] for row in run("contract", "list", "--json").json} == {
        FIRST: "6.00",
        SECOND: "5.00",
    }
    assert SECOND in run("contract", "list").stdout


def test_in_status(run):
    organizations = {row["organization"] for row in json.loads(run("status", "--json").stdout)["collectors"]}
    assert organizations == {FIRST, SECOND}


def test_on_pages_and_in_files(run, tmp_path):
    assert run("report", "--month", "all", "--out", tmp_path / "pages").code == 0
    for page in ("index.html", "2026-10/index.html"):
        text = (tmp_path / "pages" / page).read_text()
        assert (FIRST in text, SECOND in text) == (True, True)
    with (tmp_path / "pages" / "2026-10" / "licenses.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [(row["organization"], row["organization_id"][:8], row["assigned"]) for row in rows] == [
        (FIRST, "1eb65fdf", "99"),
        (SECOND, "7ec0cd5d", "98"),
    ]
    folders = {path.parent.name for path in (tmp_path / "pages" / "2026-10").glob("*/index.html")}
    titles = [(tmp_path / "pages" / "2026-10" / folder / "index.html").read_text() for folder in sorted(folders)]
    assert sorted(FIRST in title for title in titles) == [False, True]


def test_in_the_plugin_document(polled):
    document = plugin_document(read(polled, latest))
    assert [row["name"] for row in document["Licenses"]] == [f"Webex Calling · {FIRST}", f"Webex Calling · {SECOND}"]


def test_where_snapshots_are_dropped(run):
    dropped = run("db", "trim", "--after", "2026-10-01 12:00")
    assert f"{FIRST}: 1 snapshot dropped" in dropped.stdout
    assert f"{SECOND}: 1 snapshot dropped" in dropped.stdout
