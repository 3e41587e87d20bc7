"""Names of pages and folders that any license or organization name can be turned into, on any file system."""

import hashlib
import re
import unicodedata
from collections import Counter

from webexhist.review.reviews import OrganizationReview
from webexhist.snapshot import License

INDEX = "index"
"""The page to open first."""
LONGEST_SLUG = 48


def license_page(license_: License) -> str:
    """The name of a license's page."""
    return f"license-{distinct_name(license_.name, license_.webex_id)}"


def organization_folder(review: OrganizationReview) -> str:
    """The folder of an organization's pages, where there are several organizations."""
    return distinct_name(review.name, review.webex_id)


def distinct_name(name: str, webex_id: str) -> str:
    """A name for people, and a part of the id's hash that keeps equal names apart."""
    digest = hashlib.sha256(webex_id.encode()).hexdigest()[:8]
    return f"{words}-{digest}" if (words := slug(name)) else digest


def slug(name: str) -> str:
    """The ASCII letters and digits of a name in lower case, joined by hyphens; empty where it has none."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain)[:LONGEST_SLUG].strip("-")


def ambiguous_names(review: OrganizationReview) -> frozenset[str]:
    """The names that more than one license bears."""
    counts = Counter(license_.license.name for license_ in review.licenses)
    return frozenset(name for name, count in counts.items() if count > 1)
