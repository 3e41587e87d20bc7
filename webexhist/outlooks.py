"""The story of an outlook: an organization's last snapshot → its review → the days that polls print → stored."""

from collections.abc import Mapping

from sqlalchemy import Engine

from webexhist.months import Month
from webexhist.review.reviews import LicenseReview, OrganizationReview
from webexhist.reviewing import review_organization
from webexhist.snapshot import LicenseOutlook, StoredSnapshot
from webexhist.store.opening.history import reading
from webexhist.store.rows.latest import latest
from webexhist.store.rows.polls import PolledOrganization, polled_organizations
from webexhist.store.saving.outlooks import save_outlook


def renew_outlooks(engine: Engine) -> tuple[str, ...]:
    """Works out what polls print of the future, where that is not of the last poll's day or rests on something else.

    Returns the names of the organizations that had to be worked out. Each is stored by itself, so that what was done
    stays done.
    """
    with reading(engine) as history:
        organizations = polled_organizations(history)
    return tuple(organization.known.name for organization in organizations if renewed(engine, organization))


def renewed(engine: Engine, organization: PolledOrganization) -> bool:
    """Whether the outlook of an organization had to be worked out."""
    with reading(engine) as history:
        (snapshot,) = latest(history, [organization.webex_id])
        if snapshot.has_outlook_of_today:
            return False
        # As of the last poll, whatever the clock: the same is worked out of the same history.
        now = snapshot.taken_at
        today, name = organization.zone.day_of(now), organization.known.name
        review = review_organization(history, organization, Month.of(today), 1, now, name=name, silent=None)
    save_outlook(engine, organization.webex_id, today, license_outlooks(review, snapshot))
    return True


def license_outlooks(review: OrganizationReview, snapshot: StoredSnapshot) -> Mapping[str, LicenseOutlook]:
    """What a review expects of each license, beside what the snapshot says of its purchase."""
    purchased = {change.usage.license.webex_id: change.usage.purchased for change in snapshot.licenses or ()}
    return {
        license_.license.webex_id: license_outlook(license_, purchased.get(license_.license.webex_id))
        for license_ in review.licenses
    }


def license_outlook(review: LicenseReview, purchased: int | None) -> LicenseOutlook:
    ahead = review.judgment.forecast
    return LicenseOutlook(
        purchased=review.closing.purchased if purchased is None else purchased,
        limit=ahead.limit if ahead else None,
        runs_out_on=ahead.likely if ahead else None,
    )
