"""Licenses: what was purchased and what is assigned."""

from webexhist.snapshot import License, LicenseUsage
from webexhist.webex.api.client import WebexClient, distinct
from webexhist.webex.api.errors import BadAnswer
from webexhist.webex.api.json_values import JsonObject, identifier, text, whole_number
from webexhist.webex.auth.scopes import ADMINISTRATOR, Permission, Scope
from webexhist.webex.collectors.interface import Collector, Gathered, Target
from webexhist.webex_ids import license_code

UNCOUNTED_CODES = frozenset({"CE", "CG", "HM", "UCPREM", "FMS", "FSS", "FTC", "FTM"})
"""Type codes of hybrid, UCM and free rows: their units are the number of users or a constant, not a purchase."""

LICENSES_READ = Scope(
    "spark-admin:licenses_read",
    "purchased and assigned units of every license",
    "no license figures, hence no review",
)


def collect_licenses(client: WebexClient, target: Target) -> Gathered:
    """Every license of the organization by id; the list comes in one page."""
    rows = distinct(client.pages("/v1/licenses", orgId=target.organization.webex_id)).values()
    return Gathered(licenses=tuple(license_usage(row) for row in rows))


def license_usage(row: JsonObject) -> LicenseUsage:
    """One row of the API as usage.

    Raises:
        BadAnswer: the row has no id; keyed by anything else, licenses of one name would overwrite each other.
    """
    webex_id = identifier(row.get("id"))
    if webex_id is None:
        raise BadAnswer("GET /v1/licenses listed a license without an id")
    code = license_code(webex_id)
    subscription_id = text(row.get("subscriptionId"))
    described = License(
        webex_id=webex_id,
        name=text(row.get("name")) or code or webex_id,
        code=code,
        subscription_id=subscription_id,
        site_url=text(row.get("siteUrl")),
        site_type=text(row.get("siteType")),
        counted=subscription_id is not None and code not in UNCOUNTED_CODES,
    )
    return LicenseUsage(
        license=described,
        purchased=whole_number(row.get("totalUnits")),
        assigned=whole_number(row.get("consumedUnits")),
        assigned_to_users=whole_number(row.get("consumedByUsers")),
        assigned_to_workspaces=whole_number(row.get("consumedByWorkspaces")),
    )


LICENSES = Collector(
    name="licenses",
    permission=Permission((LICENSES_READ,), ADMINISTRATOR),
    collect=collect_licenses,
    place=0,
)
COLLECTORS = (LICENSES,)
