"""Licenses over the period of a review: days, months, names and what is listed."""

from collections.abc import Mapping

from webexhist.months import Period
from webexhist.review.judgment.contracts import OrganizationRemarks
from webexhist.review.judgment.judgment import LicenseHistory, LicenseRemarks, judgment_of_judged, judgment_of_others
from webexhist.review.judgment.not_judged import why_not_judged
from webexhist.review.replacements import Replacement, judgment_while_replaced, replacements
from webexhist.review.reviewed_time import ReviewedTime
from webexhist.review.reviews import LicenseReview
from webexhist.snapshot import License
from webexhist.store.rows.known_licenses import KnownLicense
from webexhist.store.rows.organization_rows import OrganizationRows


def license_reviews(
    rows: OrganizationRows,
    time: ReviewedTime,
    remarks: OrganizationRemarks,
    former: Mapping[str, tuple[License, ...]],
) -> tuple[LicenseReview, ...]:
    """Every license listed in the period's last month, the most utilized first; `former` is what each continues."""
    known = {license_.license.webex_id: license_ for license_ in rows.licenses}
    listed = [known[webex_id].license for webex_id in sorted(rows.listed) if webex_id in known]
    in_progress = replacements(
        [license_ for license_ in listed if license_.counted], rows.licenses_by_day, time.as_of
    )
    oldest = min((license_.first_number for license_ in known.values()), default=0)
    reviews = [
        license_review(
            known[webex_id],
            LicenseHistory(
                license=known[webex_id].license,
                days=rows.licenses_by_day.get(webex_id, ()),
                months=months,
                as_of=time.as_of,
            ),
            time.period,
            remarks.of_license(known[webex_id].license),
            listed=webex_id in rows.listed,
            former=former.get(webex_id, ()),
            replacement=in_progress.get(webex_id),
            is_new=known[webex_id].first_number > max(time.numbers.first - 1, oldest),
        )
        for webex_id, months in rows.licenses_by_month.items()
        if months[-1].month == time.month
    ]
    return tuple(sorted(reviews, key=urgency))


def license_review(
    known: KnownLicense,
    history: LicenseHistory,
    period: Period,
    remarks: LicenseRemarks,
    *,
    former: tuple[License, ...],
    replacement: Replacement | None,
    listed: bool,
    is_new: bool,
) -> LicenseReview:
    of_month = {month.month: month for month in history.months}
    reason = why_not_judged(known, history.closing, remarks.contract, listed=listed)
    judgment = (
        judgment_of_judged(history, remarks, period.first_day)
        if reason is None
        else judgment_of_others(reason, remarks, period.first_day)
    )
    return LicenseReview(
        license=history.license,
        former=former,
        replacement=replacement,
        listed=listed,
        is_new=is_new,
        days=tuple(day for day in history.days if day.day >= period.first_day),
        months=tuple(month for month in history.months if month.month >= period.first),
        before=of_month.get(period.first.plus(-1)),
        closing=history.closing,
        opening=of_month.get(period.last.plus(-1)),
        not_judged=reason,
        judgment=judgment_while_replaced(judgment, replacement) if replacement and reason is None else judgment,
    )


def urgency(review: LicenseReview) -> tuple[bool, float, str, str, str]:
    """Sorts judged licenses by falling utilization, then the others, then by name."""
    utilization = review.closing.utilization if review.not_judged is None else None
    name = (review.license.name.casefold(), review.license.site_url or "", review.license.webex_id)
    return (utilization is None, -(utilization or 0), *name)
