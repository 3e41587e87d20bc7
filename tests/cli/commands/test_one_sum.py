"""Assigned of purchased over all licenses is one pair of figures, wherever it stands."""

import re
from pathlib import Path

import openpyxl
import pytest
from commands import CommandLine
from imported_histories import history, imported, seats
from shown_text import shown

BETA = {"id": "11111111-2222-3333-4444-666666666666", "name": "Beta Example"}
OF_ACME = (
    seats(500, 480),
    seats(100, 60, code="EE", name="Suite", subscription="Sub200"),
    seats(50, 49, code="EE", name="Suite", subscription="trialSub9"),
    seats(10, 40, code="CJPPRM", name="Contact Center Premium", subscription="Sub300"),
    seats(20, 7, code="MS", name="Messaging", subscription="Sub400"),
    seats(900, 900, code="FMS", name="Free Messaging"),
    seats(5, 1, code="SD", name="Room Kit", subscription="Sub500"),
    seats(30, 11, code="CF", name="Meetings", assigned_to_users=None, assigned_to_workspaces=None),
    seats(-1, 3, code="BCCA", name="Common Area", subscription="Sub600"),
    seats(8, 2, code="BCCA", name="Common Area", subscription="Sub700"),
)
OF_BETA = (
    seats(100, 90, code="MS", name="Messaging", subscription="Sub800"),
    seats(100, 80, code="CF", name="Meetings", subscription="Sub800"),
    seats(100, 70, code="BCSTD", name="Calling", subscription="Sub800"),
    seats(20, 19, code="SD", name="Room Kit", subscription="Sub800"),
)


@pytest.mark.slow
def test_every_output_says_the_same_sums(run: CommandLine, tmp_path: Path) -> None:
    """Left out is what pages do not judge: trials, active users, what has no limit, what stands beside a suite."""
    days = ("2026-10-29", "2026-10-31 18:00")
    imported(
        [*history(*days, lambda at: OF_ACME), *history(*days, lambda at: OF_BETA, organization=BETA)],
        run,
        tmp_path / "history.jsonl",
    )
    for subscription, kind in (("Sub300", "cc-concurrent"), ("Sub400", "active-user"), ("Sub800", "suite-ea")):
        assert run("contract", "set", subscription, "--kind", kind).code == 0
    assigned, purchased = (480 + 60 + 1) + (90 + 19), (500 + 100 + 5) + (100 + 20)
    of_acme = (541, 605)

    document = run("poll", "--stored", "--max-age", "31536000").json
    assert (document["License Consumed Units"], document["License Total Units"]) == (assigned, purchased)
    assert document["License Free Units"] == purchased - assigned
    assert document["msg"] == (
        "650 of 725 licenses assigned"
        "; not judged, Webex names no users and no workspaces that hold its units: 1 license"
        "; not judged, active users are bought, and assigned says nothing of them: 1 license"
        "; not judged, concurrent agents are bought, and assigned says nothing of them: 1 license"
        "; not judged, judged by that product of its suite which most people have: 2 licenses"
        "; not judged, on trial: nothing is purchased: 1 license"
    )

    listed = run("licenses", "--json").json
    judged = {(each["organization_id"], each["license_id"]): each for each in listed if not each["not_judged"]}
    of_licenses = [each for (_, license_id), each in judged.items() if license_id]
    assert sum(each["assigned"] for each in of_licenses) == assigned
    assert sum(each["purchased"] for each in of_licenses) == purchased
    samples = re.findall(
        r'^webexhist_license_(purchased|assigned)_units\{license_id="(.*)",org_id="(.*)"\} (.*)$',
        run("metrics").stdout,
        re.MULTILINE,
    )
    for what, expected in (("assigned", assigned), ("purchased", purchased)):
        assert sum(float(n) for of, id_, org, n in samples if of == what and (org, id_) in judged) == expected
        rows = run("sql", f"SELECT org_id, license_id, {what} AS units FROM latest_licenses", "--json").json
        names = {each["license_id"] for each in of_licenses}
        assert sum(row["units"] for row in rows if row["license_id"] in names) == expected

    out = tmp_path / "pages"
    assert run("report", "--month", "2026-10", "--out", out).code == 0
    assert "All 2 organizations 650 725" in shown(out / "index.html")
    for page in ("index.html", "executive.html"):
        text = shown(next(out.glob(f"acme*/{page}")))
        assert "Assigned of purchased {} of {}".format(*of_acme) in text
    sheet = openpyxl.load_workbook(next(out.glob("*.xlsx"))).worksheets[0]
    cells = {row[0]: row[1] for row in sheet.iter_rows(values_only=True, max_col=2)}
    assert (cells["Assigned"], cells["Purchased"]) == (assigned, purchased)
