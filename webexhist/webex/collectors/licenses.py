"""Licenses: what was purchased and what is assigned."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from webexhist.snapshot import (
    LICENSE_LIST,
    Collection,
    CollectionStatus,
    FallenList,
    License,
    LicenseUsage,
    ListSize,
)
from webexhist.units import is_unlimited, sum_known
from webexhist.webex.api.client import WebexClient, distinct
from webexhist.webex.api.errors import BadAnswer, OutOfTime
from webexhist.webex.api.json_values import LARGEST_COUNT, JsonObject, count, identifier, text, whole_number
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

EMPTY = Collection(LICENSE_LIST, CollectionStatus.NOT_USED, 0, 0.0, "no license is listed")
BELIEVED_AFTER = timedelta(hours=24)
"""For how long a list must stay empty before that is believed."""
REPORTED_FOR = timedelta(days=7)
"""For how long it is told at most that a list lost more than half of what it held."""
UNUSABLE = "license units"
"""The entry in the log for numbers that cannot be."""
MOST_NAMED = 3


def collect_licenses(client: WebexClient, target: Target) -> Gathered:
    """Every license of the organization by id; the list comes in one page.

    A list that lost more than half is asked for again, and an empty one after a full one is unknown until Webex has
    given none for a day.
    """
    last = target.before.last_list if target.before else None
    rows = list_licenses(client, target)
    if last and has_collapsed(rows, last) and client.has_time():
        rows = second_answer(client, target, rows)
    usages = tuple(map(license_usage, rows))
    if not usages and last and last.rows and not is_emptiness_believed(target):
        reason = BadAnswer(f"GET /v1/licenses lists none, the last list held {last.rows}", "believed after 24 hours")
        return Gathered(checks=(EMPTY,), failure=reason)
    checks = (*shrinkage(list_size(usages), last, standing_fall(target)), *unusable_units(rows))
    return Gathered(licenses=usages, checks=checks)


def list_licenses(client: WebexClient, target: Target) -> list[JsonObject]:
    return list(distinct(client.pages("/v1/licenses", orgId=target.organization.webex_id)).values())


def second_answer(client: WebexClient, target: Target, first: list[JsonObject]) -> list[JsonObject]:
    """The list asked for again; the first answer where no time is left for that."""
    try:
        return list_licenses(client, target)
    except OutOfTime:
        return first


def has_collapsed(rows: Sequence[JsonObject], last: ListSize) -> bool:
    size = ListSize(len(rows), limited_units(purchased_units(row.get("totalUnits")) for row in rows))
    return is_less_than_half(size.rows, last.rows) or is_less_than_half(size.units, last.units)


def is_less_than_half(now: int | None, before: int | None) -> bool:
    return now is not None and before is not None and 2 * now < before


def limited_units(purchased: Iterable[int | None]) -> int | None:
    """Units of the licenses with a limit; None where a part is unknown, or none has a limit."""
    limited = [units for units in purchased if not is_unlimited(units)]
    return sum_known(limited) if limited else None


def list_size(usages: Sequence[LicenseUsage]) -> ListSize:
    return ListSize(len(usages), limited_units(usage.purchased for usage in usages))


def shrinkage(now: ListSize, last: ListSize | None, fallen: FallenList | None) -> Iterator[Collection]:
    """That the list lost more than half of what it held; until it holds that again, where this is told already."""
    before = last if fallen is None else fallen.before
    is_lost = is_less_than_half if fallen is None else is_less
    if before is None:
        return
    if is_lost(now.rows, before.rows):
        text = f"the list of licenses lost {before.rows - now.rows} of its {before.rows} rows; it was asked for twice"
        yield Collection(LICENSE_LIST, CollectionStatus.NOTICE, 0, 0.0, text)
    elif now.units is not None and before.units is not None and is_lost(now.units, before.units):
        lost = before.units - now.units
        text = f"the list of licenses lost {lost} of its {before.units} units; it was asked for twice"
        yield Collection(LICENSE_LIST, CollectionStatus.NOTICE, 0, 0.0, text)


def is_less(now: int | None, before: int | None) -> bool:
    return now is not None and before is not None and now < before


def standing_fall(target: Target) -> FallenList | None:
    """The list's fall as it is told already, while it is."""
    fallen = target.before.fallen_list if target.before else None
    return fallen if fallen and target.taken_at - fallen.since < REPORTED_FOR else None


def last_entry_of_list(target: Target) -> Collection | None:
    """What is told already of the list that became small or empty."""
    return target.before.run_of(LICENSE_LIST) if target.before else None


def standing(target: Target) -> tuple[Collection, ...]:
    """What is told of the list; a poll that does not get any ends neither that nor the memory of empty ones."""
    last_entry = last_entry_of_list(target)
    stands = last_entry is not None and (last_entry.error == EMPTY.error or standing_fall(target) is not None)
    return (last_entry,) if last_entry and stands else ()


def is_emptiness_believed(target: Target) -> bool:
    last_entry = last_entry_of_list(target)
    if last_entry is None or last_entry.error != EMPTY.error or last_entry.began_at is None:
        return False
    return target.taken_at - last_entry.began_at >= BELIEVED_AFTER


def unusable_units(rows: Iterable[JsonObject]) -> Iterator[Collection]:
    """Which numbers of units cannot be, where there are any: they are unknown."""
    odd = [
        f"{field} of {text(row.get('name')) or 'a license without a name'} is {reason}"
        for row in rows
        for field in UNITS
        if (reason := why_unusable(field, row.get(field)))
    ]
    if odd:
        more = f" and {len(odd) - MOST_NAMED} more" if len(odd) > MOST_NAMED else ""
        yield Collection(
            UNUSABLE, CollectionStatus.FAILED, 0, 0.0, f"unknown, for {', '.join(odd[:MOST_NAMED])}{more}"
        )


def why_unusable(field: str, value: object) -> str:
    """Why a number of units cannot be meant; empty where it can, or where there is none."""
    number = whole_number(value)
    if value is None or UNITS[field](value) is not None:
        return ""
    if number is None:
        return "no whole number"
    return "negative" if number < 0 else "more than any organization has"


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
        purchased=purchased_units(row.get("totalUnits")),
        assigned=count(row.get("consumedUnits")),
        assigned_to_users=count(row.get("consumedByUsers")),
        assigned_to_workspaces=count(row.get("consumedByWorkspaces")),
    )


UNITS = {
    "totalUnits": purchased_units,
    "consumedUnits": count,
    "consumedByUsers": count,
    "consumedByWorkspaces": count,
}
"""How each number of a row is read."""

LICENSES = Collector(
    name="licenses",
    permission=Permission((LICENSES_READ,), ADMINISTRATOR),
    collect=collect_licenses,
    standing=standing,
    place=0,
)
COLLECTORS = (LICENSES,)
