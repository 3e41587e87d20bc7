"""The sheet of subscriptions: what was entered for each, and what follows."""

from webexhist.export.workbook.cells import ORGANIZATION, ORGANIZATION_ID, Column, Kind, Row, Sheet
from webexhist.review.judgment.missing_terms import command_to_enter
from webexhist.review.judgment.terms import allowance_percent, notice_day, term_end, year_to_measure
from webexhist.review.judgment.usage import LicenseReview
from webexhist.review.reviews import OrganizationReview
from webexhist.store.entered.contracts import Contract
from webexhist.units import in_words, purchased_together, sum_known

CONTRACTS = Sheet(
    "Contracts",
    (
        ORGANIZATION,
        Column("Subscription", width=18),
        Column("Name", Kind.NAME, 20),
        Column("Kind", width=14),
        Column("Starts", Kind.DAY),
        Column("Months", Kind.UNITS, 9),
        Column("Renews on", Kind.DAY),
        Column("Notice until", Kind.DAY),
        Column("Renews", width=9),
        Column("Growth allowance", Kind.SHARE),
        Column("Measured next", Kind.DAY),
        Column("Anniversary", Kind.DAY),
        Column("Billed above", width=13),
        Column("Minimum", Kind.UNITS),
        Column("Purchased", Kind.UNITS),
        Column("Assigned", Kind.UNITS),
        Column("Licenses", Kind.UNITS, 9),
        Column("To be entered", width=70),
        ORGANIZATION_ID,
    ),
    frozen=2,
    printed=18,
)
"""Every subscription of what is listed: what was entered for it, and what follows; else what to enter."""


def contract_rows(review: OrganizationReview) -> list[Row]:
    """The subscriptions of an organization that hold seats."""
    subscriptions: dict[str, list[LicenseReview]] = {}
    for license_ in review.licenses:
        if license_.listed and license_.license.subscription_id and license_.product:
            subscriptions.setdefault(license_.license.subscription_id, []).append(license_)
    return [_contract(review, subscription, licenses) for subscription, licenses in sorted(subscriptions.items())]


def _contract(review: OrganizationReview, subscription: str, licenses: list[LicenseReview]) -> Row:
    contract = licenses[0].contract or Contract(subscription)
    end, year, percent = term_end(contract, review.as_of), None, allowance_percent(contract)
    if percent is not None:
        year = year_to_measure(contract, review.as_of)
    return (
        review.name,
        subscription,
        contract.name,
        contract.kind.value if contract.kind else None,
        contract.starts,
        contract.term,
        end.renews_on if end else None,
        notice_day(contract, review.as_of),
        contract.renews.value if contract.renews else None,
        None if percent is None else float(percent) / 100,
        year.measured_on if year else None,
        year.anniversary if year else None,
        contract.billed_above.value if contract.billed_above else None,
        contract.minimum,
        in_words(purchased_together(each.closing.purchased for each in licenses)),
        sum_known(each.closing.last for each in licenses),
        len(licenses),
        command_to_enter(subscription, contract),
        review.webex_id,
    )
