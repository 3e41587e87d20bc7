"""What the license manager of the story enters shows something of everything in the review."""

from datetime import UTC, datetime, timedelta

import pytest
from histories import Poller
from reading import read

from webexhist.demo import story
from webexhist.demo.contracts import store_contracts
from webexhist.review.judgment.decisions import DecisionKind
from webexhist.reviewing import review_month
from webexhist.simulator.world.amounts import amount_at
from webexhist.simulator.world.plans import Units
from webexhist.snapshot import License

NOW = datetime(2026, 11, 23, 15, 5, tzinfo=UTC)


@pytest.fixture
def review(poller: Poller):
    """The story's counted licenses, read at its poll times without a service in between."""
    for at in story.poll_times(13, NOW):
        poller.poll(at, dict(held(at)))
    store_contracts(poller.engine, NOW.date())
    (organization,) = read(poller.engine, review_month, None, 13, NOW).organizations
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
    kinds = [license_.judgment.decision.kind for license_ in review.to_decide]
    assert kinds[:2] == [DecisionKind.OVER_ALLOWANCE, DecisionKind.RUNS_OUT]
    assert DecisionKind.UNUSED in kinds
    assert [license_.license.name for license_ in review.without_price] == ["Webex Room Kit"]
    assert [(total.currency, total.purchased > total.unused > 0) for total in review.cost_totals] == [("USD", True)]
    assert [note.step for note in review.notes] == [False, True, True]
    with_true_forward = {bool(of.judgment.true_forward): of.license.subscription_id for of in review.judged}
    assert with_true_forward == {False: "Sub1000001", True: "Sub1000002"}


def test_the_running_month_and_the_one_before_are_polled_regularly(review):
    assert review.evidence.interval == timedelta(hours=12)
    assert review.evidence.longest_gap.length == timedelta(hours=60)
