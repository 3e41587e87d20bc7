"""The checksum distinguishes figures, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from reading import read

from webexhist.months import Month
from webexhist.review.checksum import checksum, checksum_of, checksum_of_all
from webexhist.reviewing import review_month

OCTOBER = Month(2026, 10)


def test_the_same_month_has_the_same_checksum_whenever_it_is_worked_out(year):
    first = read(year, review_month, OCTOBER, 13, datetime(2026, 11, 10, tzinfo=UTC))
    later = read(year, review_month, OCTOBER, 13, datetime(2031, 1, 1, tzinfo=UTC))
    assert checksum(first) == checksum(later)
    assert len(checksum(first)) == 64


def test_any_other_figure_has_another_one(year):
    review = read(year, review_month, OCTOBER, 13, datetime(2026, 11, 10, tzinfo=UTC))
    (organization,) = review.organizations
    day = organization.licenses[3].days[7]._replace(last=1)
    days = (*organization.licenses[3].days[:7], day, *organization.licenses[3].days[8:])
    changed = replace(organization.licenses[3], days=days)
    licenses = (*organization.licenses[:3], changed, *organization.licenses[4:])
    other = replace(review, organizations=(replace(organization, licenses=licenses),))
    assert checksum(other) != checksum(review)


def test_a_month_of_one_organization_has_its_number_and_one_of_several_has_its_own(year):
    review = read(year, review_month, OCTOBER, 13, datetime(2026, 11, 10, tzinfo=UTC))
    assert checksum(review) == checksum_of(review.organizations[0])
    assert checksum_of_all(["a", "b"]) == sha256(b"a\nb").hexdigest() != checksum_of_all(["b", "a"])
