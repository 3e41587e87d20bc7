"""Licenses: what was purchased and what is assigned."""

from collections.abc import Iterable, Iterator, Sequence

from webexhist.license_lists import (
    EMPTY,
    LARGEST_COUNT,
    UNUSABLE,
    is_emptiness_believed,
    is_less_than_half,
    limited_units,
    list_size,
    shrinkage,
    standing_fall,
    stands_without_list,
    unusable,
    why_no_count,
)
from webexhist.seats import are_seats
from webexhist.snapshot import LICENSE_LIST, Collection, License, LicenseUsage, ListSize
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import BadAnswer
from webexhist.webex.api.items import identity
from webexhist.webex.api.json_values import JsonObject, count, identifier, text, whole_number
from webexhist.webex.auth.scopes import ADMINISTRATOR, Permission, Scope
from webexhist.webex.collectors.interface import Collector, Gathered, Target
from webexhist.webex.collectors.lists import confirmed
from webexhist.webex_ids import license_code

LICENSES_READ = Scope(
    "spark-admin:licenses_read",
    "purchased and assigned units of every license",
    "no license figures, hence no review",
)


def collect_licenses(client: WebexClient, target: Target) -> Gathered:
    """Every license of the organization by id; the list comes in one page.

    A list that lost more than half is asked for again, and an empty one after a full one is unknown until Webex has
    given none for a day.
    """
    last = target.before.last_list if target.before else None
    rows = confirmed(client, lambda: list_licenses(client, target), lambda found: has_collapsed(found, last))
    usages = tuple(map(license_usage, rows))
    entry = last_entry_of_list(target)
    is_believed = is_emptiness_believed(entry, entry.began_at if entry else None, target.taken_at)
    if not usages and last and last.rows and not is_believed:
        reason = BadAnswer(f"GET /v1/licenses lists none, the last list held {last.rows}", "believed after 24 hours")
        return Gathered(checks=(EMPTY,), failure=reason)
    fallen = standing_fall(target.before.fallen_list if target.before else None, target.taken_at)
    checks = (*shrinkage(list_size(usages), last, fallen, asked_twice=True), *unusable_units(rows))
    return Gathered(licenses=usages, checks=checks)


def list_licenses(client: WebexClient, target: Target) -> list[JsonObject]:
    """The rows of the list, each license once; its numbers are two where rows of it differ."""
    rows: dict[str, JsonObject] = {}
    for page in client.pages("/v1/licenses", orgId=target.organization.webex_id):
        for row in page:
            name = identity(row)
            differing = [
                field for field, read in UNITS.items() if read(row.get(field)) != read(rows.get(name, row).get(field))
            ]
            rows[name] = row | dict.fromkeys(differing, TWO_NUMBERS)
    return list(rows.values())


def has_collapsed(rows: Sequence[JsonObject], last: ListSize | None) -> bool:
    """Whether it lost more than half of its rows or units since the last one."""
    if last is None:
        return False
    size = ListSize(len(rows), limited_units(purchased_units(row.get("totalUnits")) for row in rows))
    return is_less_than_half(size.rows, last.rows) or is_less_than_half(size.units, last.units)


def last_entry_of_list(target: Target) -> Collection | None:
    """What is reported already of the list that became small or empty."""
    return target.before.collection_of(LICENSE_LIST) if target.before else None


def standing(target: Target) -> tuple[Collection, ...]:
    """What is reported of the list; a poll that does not get any ends neither that nor the memory of empty ones."""
    entry, fallen = last_entry_of_list(target), target.before.fallen_list if target.before else None
    return (entry,) if entry and stands_without_list(entry, fallen, target.taken_at) else ()


def unusable_units(rows: Iterable[JsonObject]) -> Iterator[Collection]:
    """Which numbers of units cannot be, where there are any: they are unknown."""
    yield from unusable(
        UNUSABLE,
        [
            f"{field} of {text(row.get('name')) or 'a license without a name'} is {reason}"
            for row in rows
            for field in UNITS
            if (reason := why_unusable(field, row.get(field)))
        ],
    )


def why_unusable(field: str, value: object) -> str:
    """Why a number of units is not known; empty where it is, or where rows are without it (API reference, 2.6)."""
    if value == TWO_NUMBERS:
        return TWO_NUMBERS
    number = whole_number(value)
    if value is None:
        return "" if field in PARTS else "missing"
    if UNITS[field](value) is not None:
        return ""
    if number is None:
        return "no whole number"
    return why_no_count(number)


def purchased_units(value: object) -> int | None:
    """Units bought; negative where there is no limit."""
    number = whole_number(value)
    return number if number is not None and abs(number) <= LARGEST_COUNT else None


def license_usage(row: JsonObject) -> LicenseUsage:
    """One row of the API as usage.

    Raises:
        BadAnswer: the row has no id; keyed by anything else, licenses of one name would overwrite each other.
    """
    webex_id = identifier(row.get("id"))
    if webex_id is None:
        raise BadAnswer("GET /v1/licenses listed a license without an id")
    code = license_code(webex_id)
    name = text(row.get("name")) or code or webex_id
    described = License(
        webex_id=webex_id,
        name=name,
        code=code,
        subscription_id=text(row.get("subscriptionId")),
        site_url=text(row.get("siteUrl")),
        site_type=text(row.get("siteType")),
        counted=are_seats(code, name),
    )
    return LicenseUsage(
        license=described,
        purchased=purchased_units(row.get("totalUnits")),
        assigned=count(row.get("consumedUnits")),
        assigned_to_users=count(row.get("consumedByUsers")),
        assigned_to_workspaces=count(row.get("consumedByWorkspaces")),
    )


TWO_NUMBERS = "two numbers at once"
"""Stands for numbers of a license that is listed twice, with others: nobody can say which of them is the true one."""
UNITS = {
    "totalUnits": purchased_units,
    "consumedUnits": count,
    "consumedByUsers": count,
    "consumedByWorkspaces": count,
}
"""How each number of a row is read."""
PARTS = frozenset({"consumedByUsers", "consumedByWorkspaces"})
"""Those that a row may be without."""

LICENSES = Collector(
    name="licenses",
    permission=Permission((LICENSES_READ,), ADMINISTRATOR),
    collect=collect_licenses,
    standing=standing,
    lists_licenses=True,
    place=0,
)
COLLECTORS = (LICENSES,)
