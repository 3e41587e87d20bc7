"""Finds a license by what a person calls it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import text

from webexhist.errors import UsageError
from webexhist.store.names.suggestions import did_you_mean
from webexhist.store.opening.history import History
from webexhist.store.organization_labels import organization_labels
from webexhist.texts import folded

LICENSES = """
SELECT license.organization_id, license.id, organization.name AS organization, license.webex_id, license.name,
  subscription_id, site_url, lineage_id, (
    SELECT reading.value FROM metric
    JOIN reading ON reading.organization_id = metric.organization_id AND reading.metric_id = metric.id
    WHERE metric.organization_id = license.organization_id AND metric.license_id = license.id
      AND metric.field = 'listed' AND reading.value IS NOT NULL
    ORDER BY reading.number DESC LIMIT 1) AS listed
FROM license JOIN organization ON organization.id = license.organization_id
ORDER BY organization.name, organization.id, license.name, site_url, license.webex_id
"""

FORMER = """
SELECT DISTINCT version.organization_id, version.license_id, version.name, version.subscription_id, version.site_url
FROM license_version AS version
JOIN license ON license.organization_id = version.organization_id AND license.id = version.license_id
WHERE version.name <> license.name
  OR COALESCE(version.subscription_id, '') <> COALESCE(license.subscription_id, '')
  OR COALESCE(version.site_url, '') <> COALESCE(license.site_url, '')
"""
"""What licenses were called before they were called what they are now."""

ALL_NAMES = "webexhist history lists all names"


@dataclass(frozen=True, slots=True)
class StoredLicense:
    """A license as it is named now, and its row."""

    organization_id: int
    id: int
    """Within the organization."""
    organization: str
    """What it is called; where another one has that name, with what distinguishes it."""
    webex_id: str
    name: str
    subscription_id: str | None
    site_url: str | None
    listed: bool = True
    """Whether the last known list of licenses holds it."""
    lineage_id: int = 0
    """The first license of the chain that it continues, or itself: its id within the organization."""

    @property
    def label(self) -> str:
        """The name, and the site where there is one."""
        return f"{self.name} · {self.site_url}" if self.site_url else self.name

    @property
    def described(self) -> tuple[str | None, ...]:
        """What it may be called by, in the order in which people say it."""
        return (self.name, self.site_url, self.subscription_id)


def stored_licenses(history: History) -> list[StoredLicense]:
    """Every license ever listed, by organization, name and site."""
    labels = organization_labels(history.connection)
    return [
        StoredLicense(
            organization_id=row.organization_id,
            id=row.id,
            organization=labels[row.organization_id],
            webex_id=row.webex_id,
            name=row.name,
            subscription_id=row.subscription_id,
            site_url=row.site_url,
            listed=bool(row.listed),
            lineage_id=row.lineage_id,
        )
        for row in history.connection.execute(text(LICENSES))
    ]


def find_license(
    history: History, wanted: str, counts: Sequence[str] | None = None, organization_id: int | None = None
) -> StoredLicense:
    """The one license that a person calls so, in whatever letters; of that organization where one is given.

    By its id; or by name, site or subscription, or several of them in this order ("Webex Meetings Suite
    acme.webex.com"), before or behind the organization's name. What is listed goes before what is not, and what a
    license is called now before what it was called.

    Raises UsageError where there is none, with those that may be meant, or the counts that may; or where several
    answer: that lists them.
    """
    licenses = [each for each in stored_licenses(history) if organization_id in (None, each.organization_id)]
    found = newest_of_lineages(answering(history, licenses, wanted))
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"{wanted!r} may be {' or '.join(distinct_labels(found))}",
            "add its site, subscription or organization, or give its id",
        )
    nothing = f"there is no license{'' if counts is None else ' or count'} {wanted!r}"
    raise UsageError(nothing, did_you_mean(wanted, [*names_of(licenses), *(counts or ())], ALL_NAMES))


def answering(history: History, licenses: Sequence[StoredLicense], wanted: str) -> list[StoredLicense]:
    """The licenses that answer to a name: those of the first way of calling them by which any does."""
    by_id = [license_ for license_ in licenses if license_.webex_id == wanted.strip()]
    if by_id:
        return by_id
    asked_for = plain(wanted)
    now = [license_ for license_ in licenses if asked_for in calls(license_, [license_.described])]
    if any(license_.listed for license_ in now):
        return [license_ for license_ in now if license_.listed]
    former = former_descriptions(history)
    before = [
        license_
        for license_ in licenses
        if asked_for in calls(license_, former.get((license_.organization_id, license_.id), ()))
    ]
    return [license_ for license_ in before if license_.listed] or now or before


def newest_of_lineages(licenses: Iterable[StoredLicense]) -> list[StoredLicense]:
    """Of licenses that continue each other the one that is listed, or was last."""
    newest: dict[tuple[int, int], StoredLicense] = {}
    for license_ in licenses:
        key = (license_.organization_id, license_.lineage_id or -license_.id)
        rival = newest.get(key)
        if rival is None or (license_.listed, license_.id) > (rival.listed, rival.id):
            newest[key] = license_
    return list(newest.values())


def former_descriptions(history: History) -> dict[tuple[int, int], list[tuple[str | None, ...]]]:
    """What the licenses were called before, by organization and license."""
    former: dict[tuple[int, int], list[tuple[str | None, ...]]] = {}
    for row in history.connection.execute(text(FORMER)):
        described = (row.name, row.site_url, row.subscription_id)
        former.setdefault((row.organization_id, row.license_id), []).append(described)
    return former


def calls(license_: StoredLicense, descriptions: Iterable[tuple[str | None, ...]]) -> set[str]:
    """Everything by which a license that is described so may be called, as `plain` writes it."""
    owner = plain(license_.organization)
    said = {plain(" ".join(parts)) for described in descriptions for parts in _some_of(described)}
    return said | {f"{owner} {each}" for each in said} | {f"{each} {owner}" for each in said}


def _some_of(described: tuple[str | None, ...]) -> Iterator[tuple[str, ...]]:
    parts = [part for part in described if part]
    for length in range(1, len(parts) + 1):
        yield from combinations(parts, length)


def names_of(licenses: Iterable[StoredLicense]) -> list[str]:
    """What to suggest: the labels, sites and subscriptions, of what is listed first."""
    ordered = sorted(licenses, key=lambda license_: not license_.listed)
    names = [license_.label for license_ in ordered]
    names += [part for license_ in ordered for part in license_.described[1:] if part]
    return list(dict.fromkeys(names))


def distinct_labels(licenses: Sequence[StoredLicense]) -> list[str]:
    """The labels; with the id where a label does not say which one it is."""
    labels = [license_.label for license_ in licenses]
    return [
        f"{license_.label} ({license_.organization}, {license_.subscription_id or 'no subscription'},"
        f" id {license_.webex_id})"
        if labels.count(license_.label) > 1
        else license_.label
        for license_ in licenses
    ]


def plain(name: str) -> str:
    """For comparing: small letters, single spaces, no dots between the parts."""
    return folded(name.replace("·", " "))
