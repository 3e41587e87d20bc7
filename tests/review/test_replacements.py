"""Two licenses side by side while people move over: nothing is proposed before the old one is gone."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from entering import enter, set_price
from histories import Poller, license_of
from reading import read

from webexhist.months import Month
from webexhist.report.writer import write_report
from webexhist.review.judgment.decisions.values import DecisionKind
from webexhist.reviewing import review_month
from webexhist.snapshot import License
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.successions import decide, stored_successions
from webexhist.store.names.licenses import find_license, stored_licenses
from webexhist.successions import SuccessionState

OCTOBER, NOW = Month(2026, 10), datetime(2026, 10, 31, 20, tzinfo=UTC)
ROOMS = license_of("Webex Room Kit")
A = License("idA", "Webex Calling", "BCSTD", "Sub100", None, None, counted=True)
B = replace(A, webex_id="idB", subscription_id="Sub200")


def reviewed(engine, month=OCTOBER, now=NOW):
    (organization,) = read(engine, review_month, month, 13, now).organizations
    return organization, {each.license.webex_id: each for each in organization.licenses}


def proposals(review):
    return [each for each in review.decisions if each.kind is DecisionKind.SUCCESSION]


@pytest.fixture
def moving(engine):
    """A year of 500/500 in the old one; from 1 September to 31 October all move to the new one."""
    poller = Poller(engine)
    for month in range(1, 9):
        poller.poll(f"2026-{month:02}-15 06:00", {ROOMS: (10, 1), A: (500, 500)})
    for day, moved in (("09-01", 0), ("09-20", 150), ("10-10", 300), ("10-31", 500)):
        poller.poll(f"2026-{day} 06:00", {ROOMS: (10, 1), A: (500, 500 - moved), B: (500, moved)})
    set_price(engine, read(engine, find_license, "idA"), Decimal("10.00"), "EUR")
    enter(engine, [Contract("Sub100", starts=date(2023, 12, 1), term=36)])
    return engine


def test_a_replacement_in_progress_is_a_succession_and_neither_a_surplus_nor_a_shortage(moving):
    review, licenses = reviewed(moving)
    calling = next(product for product in review.products if product.product == "BCSTD")
    assert [(each.kind, each.product) for each in review.decisions if each.product == "BCSTD"] == [
        (DecisionKind.SUCCESSION, "BCSTD")
    ]
    (decision,) = [each for each in review.decisions if each.product == "BCSTD"]
    assert decision.reason == (
        "has a replacement in progress (Sub100 by Sub200): 500 of 1,000 units are expected to end"
    )
    assert [usage.available for usage in (calling, licenses["idA"], licenses["idB"])] == [None, None, None]
    assert (calling.judgment.forecast, calling.judgment.renewals) == (None, ())
    # The new one has no price yet.
    assert calling.judgment.cost is None


def test_it_is_joined_when_the_old_one_goes(moving):
    Poller(moving).poll("2026-11-02 06:00", {ROOMS: (10, 1), B: (500, 500)})
    _, licenses = reviewed(moving, Month(2026, 11), datetime(2026, 11, 3, tzinfo=UTC))
    assert (licenses["idB"].former, licenses["idB"].replacement) == ((A,), None)
    kinds = [each.kind for each in reviewed(moving, Month(2026, 11), datetime(2026, 11, 3, tzinfo=UTC))[0].decisions]
    assert DecisionKind.SUCCESSION not in kinds
    assert DecisionKind.SUCCESSION in [each.kind for each in reviewed(moving)[0].decisions]


@pytest.mark.parametrize(
    "other",
    [
        replace(B, site_url="b.webex.com"),
        replace(B, code="BCPRO"),
        replace(B, subscription_id="trialSub7"),
        replace(B, counted=False),
    ],
)
def test_what_is_not_the_same_is_no_replacement(engine, other):
    poller = Poller(engine)
    for day, moved in (("09-01", 0), ("10-31", 500)):
        poller.poll(f"2026-{day} 06:00", {ROOMS: (10, 1), A: (500, 500 - moved), other: (500, moved)})
    assert {each.replacement for each in reviewed(engine)[1].values()} == {None}


@pytest.mark.parametrize(("left", "taken_over"), [(251, 249), (0, 0)])
def test_who_did_not_move_makes_no_replacement(engine, left, taken_over):
    poller = Poller(engine)
    poller.poll("2026-09-01 06:00", {A: (500, 500), B: (500, 0)})
    poller.poll("2026-10-31 06:00", {A: (500, left), B: (500, taken_over)})
    assert {each.replacement for each in reviewed(engine)[1].values()} == {None}


def test_what_drifted_apart_over_years_is_no_replacement(engine):
    poller = Poller(engine)
    poller.poll("2025-10-01 06:00", {A: (500, 500), B: (500, 0)})
    poller.poll("2026-06-01 06:00", {A: (500, 100), B: (500, 400)})
    poller.poll("2026-10-01 06:00", {A: (500, 100), B: (500, 400)})
    poller.poll("2026-10-31 06:00", {A: (500, 100), B: (500, 400)})
    assert {each.replacement for each in reviewed(engine)[1].values()} == {None}


def test_a_proposal_waits_on_the_page_until_a_person_decides(engine, tmp_path):
    poller = Poller(engine)
    poller.poll("2026-09-30 06:00", {ROOMS: (10, 1), A: (500, 431)})
    poller.poll("2026-10-01 06:00", {ROOMS: (10, 1), replace(B, site_url="b.webex.com"): (500, 441)})
    (proposal,) = proposals(reviewed(engine)[0])
    assert proposal.license_ids == ("idA", "idB")
    assert DecisionKind.GONE not in [each.kind for each in reviewed(engine)[0].decisions]
    page = read(engine, write_report, tmp_path / "out", month=OCTOBER, now=NOW).index.read_text()
    assert "webexhist succession confirm 1, or reject 1" in page
    (stored,) = read(engine, lambda history: stored_successions(history, stored_licenses(history)))
    decide(engine, stored, SuccessionState.REJECTED, datetime(2026, 11, 2, tzinfo=UTC), "Kim")
    poller.poll("2026-11-03 06:00", {ROOMS: (10, 1), replace(B, site_url="b.webex.com"): (500, 441)})
    later = datetime(2026, 11, 4, tzinfo=UTC)
    assert proposals(reviewed(engine, Month(2026, 11), later)[0]) == []
    assert proposals(reviewed(engine, OCTOBER, later)[0]) == [proposal]


def test_pages_say_that_a_replacement_is_in_progress(moving, tmp_path):
    report = read(moving, write_report, tmp_path / "out", month=OCTOBER, now=NOW)
    index = " ".join(report.index.read_text().split())
    assert "has a replacement in progress (Sub100 by Sub200): 500 of 1,000 units are expected to end." in index
    pages = [file.read_text() for file in report.files if file.name.startswith(("license-", "product-"))]
    assert any("None while a replacement is in progress." in page for page in pages)
