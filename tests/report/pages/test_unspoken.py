"""What pages say beside the decisions, of customers whose renewals, purchases and lists came to nothing."""

import re
from datetime import timedelta

import pytest
from customer_cases import Case, at, calling, database, named

ENDED, THIN = "ended with nobody on it", "renewal on thin data"
CASES = {
    ENDED: Case(lambda moment: [calling(50 if moment < at("2026-10-10") else 0, 0)], *named()),
    THIN: Case(
        [calling(500, 400)],
        "set Sub1 --kind named --starts 2023-12-20 --term 36",
        without=lambda moment: moment.day not in (1, 31),
        every=timedelta(days=1),
        first="2025-10-01 18:00",
    ),
}


@pytest.fixture(scope="module")
def typed(sqlite_template, tmp_path_factory):
    return database(sqlite_template, tmp_path_factory.mktemp("unspoken"), CASES)


def page_of(typed, name):
    """The index of a customer's pages of October, as it is read."""
    out = typed.folder / name.replace(" ", "-")
    assert typed("report", "--month", "2026-10", "--org", name, "--out", out).code == 0
    written = (out / "index.html").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", written)).replace(" ,", ",")


def test_a_renewal_without_a_proposal_is_told_though_nothing_can_be_decided(typed):
    assert (
        "Webex Calling - Professional renews on 20 Dec 2026 in Sub1-renewal-on-thin-data, and there is no proposal:"
        " only 21 of the last 90 days are known. The last day for notice is 5 Nov 2026, as 45 days are assumed."
    ) in page_of(typed, THIN)


def test_what_ended_within_the_month_is_in_what_changed(typed):
    assert "All 1 license 50 0 −50 0 0 0 0 0" in page_of(typed, ENDED)
