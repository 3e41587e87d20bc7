"""Licenses in the plugin document: the totals, and the table of those nearest to their limit."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from webexhist.agent.running_out import DAYS_TO_RUN_OUT, days_of_license
from webexhist.organization_names import distinct_labels
from webexhist.stored_snapshot import LicenseChange, StoredSnapshot
from webexhist.texts import is_visible, one_line
from webexhist.units import available, is_unlimited, sum_known_of_any, utilization

MOST_ROWS = 25
"""As many as public Site24x7 plugins put into a table."""
NEARLY_USED_UP = 90.0
"""Percent."""


def license_totals(snapshots: Sequence[StoredSnapshot]) -> dict[str, float | int | None]:
    """Sums over the licenses that pages judge; both are unknown where one has an unknown part.

    What is assigned of a license is in no sum where it has no limit, and nobody knows that of an unknown purchase.
    """
    limited = judged_of(snapshots)
    listed = all(snapshot.licenses is not None for snapshot in snapshots)
    known = all(map(is_usage_known, snapshots))
    purchased = sum_known_of_any(change.usage.purchased for change in limited) if known else None
    assigned = sum_known_of_any(change.usage.assigned for change in limited) if known else None
    percent = utilization(purchased, assigned)
    nearly_used_up = sum((change.usage.utilization or 0) > NEARLY_USED_UP for change in limited)
    return {
        "License Total Units": purchased,
        "License Consumed Units": assigned,
        "License Free Units": available(purchased, assigned),
        "License Utilization": None if percent is None else round(percent, 1),
        "Licenses Over 90 Percent": nearly_used_up if assigned is not None else None,
        "Consumed Units Change": sum_known_of_any(change.assigned_change for change in stayed(snapshots))
        if listed
        else None,
        "Total Units Change": sum_known_of_any(change.purchased_change for change in stayed(snapshots))
        if listed
        else None,
    }


def is_usage_known(snapshot: StoredSnapshot) -> bool:
    """Whether nothing is missing in the sums over an organization."""
    units = [unit for change in judged_of([snapshot]) for unit in (change.usage.purchased, change.usage.assigned)]
    return snapshot.licenses is not None and None not in units


def judged_of(snapshots: Iterable[StoredSnapshot]) -> list[LicenseChange]:
    """The licenses of products that have a limit, or of which nobody knows whether they have one."""
    return [
        change
        for change in counted(snapshots)
        if change.not_judged is None and not is_unlimited(change.usage.purchased)
    ]


def license_rows(snapshots: Sequence[StoredSnapshot]) -> list[dict[str, Any]]:
    """The counted licenses with the highest utilization, at most 25, each under a name of its own that stays.

    The name is the first that the license had, and of several licenses of one name the one that was first seen has it
    alone: so a rename, a license that comes and one that fills up give no row another name.
    """
    labels = labels_of(snapshots) if len(snapshots) > 1 else {}
    listed = owned(snapshots)
    names = unique_names([(change, labels.get(owner.organization.webex_id)) for owner, change in listed])
    named = zip(names, listed, strict=True)
    fullest = sorted(named, key=lambda each: utilization_or_least(each[1][1]), reverse=True)[:MOST_ROWS]
    return [row(name, change, days_of_license(owner, change.usage)) for name, (owner, change) in fullest]


def labels_of(snapshots: Iterable[StoredSnapshot]) -> dict[str, str]:
    """What their organizations are called, by the ids at Webex."""
    return distinct_labels({snapshot.organization.webex_id: snapshot.organization.name for snapshot in snapshots})


def row(name: str, change: LicenseChange, days: int | None) -> dict[str, Any]:
    """One row; what is unknown is left out, and so is the purchased of a license without a limit."""
    usage = change.usage
    values = {
        "Total": None if is_unlimited(usage.purchased) else usage.purchased,
        "Consumed": usage.assigned,
        "Free": usage.available,
        "Utilization": None if usage.utilization is None else round(usage.utilization, 1),
        "Change": change.assigned_change,
        DAYS_TO_RUN_OUT: days,
    }
    return {"name": name} | {column: value for column, value in values.items() if value is not None}


def unique_names(licenses: Sequence[tuple[LicenseChange, str | None]]) -> list[str]:
    """A name for each license and its owner, in their order: with its site, and with more where that is taken."""
    names: dict[str, None] = {}
    for change, owner in licenses:
        names[next(name for name in possible_names(change, owner) if name not in names)] = None
    return list(names)


def possible_names(change: LicenseChange, owner: str | None) -> Iterator[str]:
    """What a license may be called in the table, the shortest first: on one line that nothing turns around."""
    of = change.usage.license
    called, site, of_owner, subscription = (
        one_line(text or "") for text in (change.first_name or of.name, of.site_url, owner, of.subscription_id)
    )
    name = " · ".join(filter(is_visible, (called if is_visible(called) else one_line(of.webex_id), site, of_owner)))
    yield name
    if subscription:
        name = f"{name} · {subscription}"
        yield name
    yield from (f"{name} ({number})" for number in count(2))


def counted(snapshots: Iterable[StoredSnapshot]) -> list[LicenseChange]:
    """The licenses that say something about purchases."""
    return [change for _, change in owned(snapshots)]


def owned(snapshots: Iterable[StoredSnapshot]) -> list[tuple[StoredSnapshot, LicenseChange]]:
    """The same, each with the snapshot that it stands in."""
    return [
        (snapshot, change)
        for snapshot in snapshots
        for change in snapshot.licenses or ()
        if change.usage.license.counted
    ]


def stayed(snapshots: Sequence[StoredSnapshot]) -> list[LicenseChange]:
    """Those of the sums that were there before: one that appears is named in the message, as no units bought."""
    appeared = {of.webex_id for snapshot in snapshots for of in snapshot.appeared}
    return [change for change in judged_of(snapshots) if change.usage.license.webex_id not in appeared]


def utilization_or_least(change: LicenseChange) -> float:
    """Percent, for sorting: below all others where it is unknown."""
    return -1.0 if change.usage.utilization is None else change.usage.utilization
