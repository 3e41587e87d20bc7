"""What pages say beside the decisions, of customers whose renewals, purchases and lists came to nothing."""

import re

import pytest
from customer_cases import SUITE, Case, at, calling, database, named, renewal_on_thin_data
from shown_text import shown

ENDED, THIN, BUNDLE = "ended with nobody on it", "renewal on thin data", "priced as one"
CASES = {
    ENDED: Case(lambda moment: [calling(50 if moment < at("2026-10-10") else 0, 0)], *named()),
    THIN: renewal_on_thin_data(),
    BUNDLE: Case([calling(120, 80), calling(100, 50, **SUITE)], *named("price Sub1 10 --currency EUR")),
}


@pytest.fixture(scope="module")
def typed(sqlite_template, tmp_path_factory):
    return database(sqlite_template, tmp_path_factory.mktemp("unspoken"), CASES)


def page_of(typed, name, page="index"):
    """One of a customer's pages of October, as it is read."""
    out = typed.folder / name.replace(" ", "-")
    assert typed("report", "--month", "2026-10", "--org", name, "--out", out, "--force").code == 0
    (file,) = out.glob(f"{page}.html")
    return shown(file).replace(" ,", ",")


def test_a_renewal_without_a_proposal_is_told_though_nothing_can_be_decided(typed):
    assert (
        "Webex Calling - Professional renews on 20 Dec 2026 in Sub1-renewal-on-thin-data, and there is no proposal:"
        " only 21 of the last 90 days are known. The last day for notice is 5 Nov 2026, as 45 days are assumed."
    ) in page_of(typed, THIN)


def test_what_ended_within_the_month_is_in_what_changed(typed):
    assert "All 1 license 50 0 −50 0 0 0 0 0" in page_of(typed, ENDED)


def test_seats_of_a_bundle_cost_once_and_nowhere_nothing(typed):
    # 120 seats at 10.00; who has one of the 100 suites of the same subscription paid for it there.
    index, sheet = page_of(typed, BUNDLE), page_of(typed, BUNDLE, "executive")
    assert "1,200.00 EUR" in index and "14,400.00 EUR" in sheet
    assert [page.count("paid with another product") for page in (index, sheet)] == [1, 1]
    assert (
        "A seat costs 10.00 EUR a month with all that the subscription holds: it is counted once, in another product."
    ) in page_of(typed, BUNDLE, "license-*suite*")
    assert not re.search(r"\b0\.00 EUR", index + sheet)
