"""Finds a license by what a person calls it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from webexhist.errors import UsageError
from webexhist.store.opening.history import History

LICENSES = """
SELECT organization_id, license.id, organization.name AS organization, license.webex_id, license.name,
  subscription_id, site_url
FROM license JOIN organization ON organization.id = license.organization_id
ORDER BY organization.name, license.name, site_url, license.webex_id
"""


@dataclass(frozen=True, slots=True)
class StoredLicense:
    """A license as it is named now, and its row."""

    organization_id: int
    id: int
    """Within the organization."""
    organization: str
    webex_id: str
    name: str
    subscription_id: str | None
    site_url: str | None

    @property
    def label(self) -> str:
        """The name, and the site where there is one."""
        return f"{self.name} · {self.site_url}" if self.site_url else self.name

    @property
    def names(self) -> frozenset[str]:
        """Everything it answers to, in small letters."""
        site = self.site_url or ""
        return frozenset(folded(name) for name in (self.name, self.label, f"{self.name} {site}"))


def stored_licenses(history: History) -> list[StoredLicense]:
    """Every license ever listed, by organization, name and site."""
    return [StoredLicense(*row) for row in history.connection.execute(text(LICENSES))]


def find_license(history: History, wanted: str) -> StoredLicense:
    """The one license with this id, name, or name and site ("Webex Meetings Suite acme.webex.com").

    Raises UsageError where there is none, or where several answer to it: that lists them.
    """
    licenses = stored_licenses(history)
    found = [license_ for license_ in licenses if license_.webex_id == wanted]
    found = found or [license_ for license_ in licenses if folded(wanted) in license_.names]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"there is no license {wanted!r}", "see webexhist licenses")
    raise UsageError(f"{wanted!r} may be {' or '.join(told_apart(found))}", "name its site or give its id")


def told_apart(licenses: Sequence[StoredLicense]) -> list[str]:
    """The labels; with the id where a label does not tell which one it is."""
    labels = [license_.label for license_ in licenses]
    return [
        f"{license_.label} ({license_.organization}, {license_.subscription_id or 'no subscription'},"
        f" id {license_.webex_id})"
        if labels.count(license_.label) > 1
        else license_.label
        for license_ in licenses
    ]


def folded(name: str) -> str:
    """For comparing: small letters, single spaces."""
    return " ".join(name.casefold().split())
