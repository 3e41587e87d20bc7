"""The money that decisions are about: by currency, of each product once."""

from decimal import Decimal

from webexhist.review.judgment.decisions.values import Decision, DecisionKind, Severity
from webexhist.review.summary import Money, money_at_stake


def decision(product, money, currency="EUR", organization_id="acme", event="x"):
    return Decision(
        kind=DecisionKind.OVER,
        severity=Severity.WARNING,
        organization="Acme Example",
        organization_id=organization_id,
        subject="Suite",
        reason="has too few",
        event=event,
        product=product,
        money_a_year=None if money is None else Decimal(money),
        currency=currency,
    )


def test_what_several_decisions_say_of_one_product_counts_once_with_the_most():
    assert money_at_stake([decision("EE", "480.00"), decision("EE", "-1200.00"), decision("EE", "720.00")]) == (
        Money("EUR", Decimal("1200.00")),
    )


def test_products_organizations_and_decisions_without_a_product_add_up_and_currencies_do_not():
    found = money_at_stake(
        [
            decision("EE", "480.00"),
            decision("MC", "20.50"),
            decision("EE", "100.00", organization_id="beta"),
            decision("EE", "30.00", currency="CHF"),
            decision(None, "1.00", event="first"),
            decision(None, "2.00", event="second"),
            decision("MS", None),
        ]
    )
    assert found == (Money("CHF", Decimal("30.00")), Money("EUR", Decimal("603.50")))
    assert money_at_stake([]) == ()
