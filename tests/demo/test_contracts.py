"""What the license manager of the story enters shows something of everything in the review."""

from datetime import UTC, date, datetime, timedelta

import pytest
from histories import Poller
from reading import read
from sqlalchemy import text

from webexhist.demo import story
from webexhist.demo.contracts import store_contracts, store_prices_and_notes
from webexhist.review.judgment.decisions.values import DecisionKind
from webexhist.reviewing import review_month
from webexhist.simulator.world.amounts import amount_at
from webexhist.simulator.world.plans import Units
from webexhist.snapshot import License
from webexhist.store.entered.contracts import contracts

NOW = datetime(2026, 11, 23, 15, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def review(shared_poller: Poller):
    """The story's counted licenses, read at its poll times without a service in between."""
    times = story.poll_times(13, NOW)
    for at in times:
        shared_poller.poll(at, dict(held(at)))
        if at == times[0]:
            store_contracts(shared_poller.engine, NOW, at)
    store_prices_and_notes(shared_poller.engine, NOW)
    (organization,) = read(shared_poller.engine, review_month, None, 13, NOW).organizations
    return organization


def held(at):
    for number, plan in enumerate(story.licenses(NOW)):
        if isinstance(plan.total, Units) or not plan.is_listed(at):
            continue
        held_by = (plan.by_users or 0, plan.by_workspaces or 0, plan.consumed or 0)
        used = sum(amount_at(amount, at) for amount in held_by)
        license_ = License(
            f"license {number}", plan.name_at(at), plan.code, plan.subscription, plan.site_url, None, True
        )
        yield license_, (amount_at(plan.total, at), used)


def test_the_review_shows_decisions_money_notes_and_a_missing_price(review):
    kinds = [decision.kind for decision in review.decisions]
    assert kinds[:2] == [DecisionKind.OVER, DecisionKind.RUNS_OUT]
    assert set(kinds[2:]) == {DecisionKind.RENEWAL}, "nothing keeps the plan from a proposal"
    assert [product.name for product in review.without_price] == ["Webex Room Kit"]
    assert [(total.currency, total.purchased > total.unused > 0) for total in review.cost_totals] == [("USD", True)]
    assert [note.step for note in review.notes] == [False, True, True]
    with_true_forward = {bool(of.judgment.true_forward): of.subscriptions for of in review.judged}
    assert with_true_forward[True] == ("Sub1000002",)


def test_the_running_month_and_the_one_before_are_polled_regularly(review):
    assert review.evidence.interval == timedelta(hours=12)
    assert review.evidence.longest_gap.length == timedelta(hours=60)


def test_last_months_renewal_and_rename_stand_in_the_bridge(review):
    lines = {line.license.name: line for line in review.bridge.lines}
    renewed = lines["Contact center Standard Agent"]
    assert (renewed.license.subscription_id, [each.subscription_id for each in renewed.replaced]) == (
        "Sub1000004",
        ["Sub1000003"],
    )
    assert (renewed.purchased.opening, renewed.purchased.closing) == (25, 25)
    assert lines["Advanced Space Meetings"].former_name == "Meeting 25 party"


def test_room_kits_of_two_subscriptions_became_one_history(review, shared_poller):
    assert [line.license.subscription_id for line in review.bridge.lines if line.license.code == "SD"] == [
        "Sub1000001"
    ]
    with shared_poller.engine.connect() as connection:
        rows = connection.execute(text("SELECT lineage, count(*) FROM licenses WHERE code = 'SD' GROUP BY lineage"))
        assert [amount for _, amount in rows] == [3]


def test_the_contract_of_the_contact_center_is_handed_on(review, shared_poller):
    handed = {contract.subscription: contract for contract in read(shared_poller.engine, contracts)}
    assert (handed["Sub1000004"].handed_from, handed["Sub1000004"].starts) == ("Sub1000003", date(2026, 10, 10))
