"""Names of pages and folders that any license or organization name can be turned into, on any file system."""

import hashlib
import re
import unicodedata
from collections import Counter

from webexhist.review.judgment.decisions.values import Decision
from webexhist.review.judgment.usage import ProductReview
from webexhist.review.reviews import OrganizationReview
from webexhist.snapshot import License

INDEX = "index"
"""The page to open first."""
CSV, XLSX = "licenses.csv", "licenses.xlsx"
"""The files for spreadsheets, in the folder of the report."""
CALENDAR = "renewals.ics"
"""The days of contracts, beside them."""
LONGEST_SLUG = 48


def license_page(license_: License) -> str:
    """The name of a license's page."""
    return f"license-{distinct_name(license_.name, license_.webex_id)}"


def product_page(product: ProductReview) -> str:
    """The name of a product's page: that of its license, where it has a single one."""
    if not product.is_of_several:
        return license_page(product.licenses[0].license)
    return f"product-{distinct_name(product.name, f'{product.product} {product.first_id}')}"


def page_of_decision(decision: Decision, review: OrganizationReview) -> str | None:
    """The page of the product or license that a decision is about; None where it is about neither, or it is gone."""
    product = next((each for each in review.products if each.product == decision.product), None)
    if product is not None:
        return product_page(product)
    licenses = (each.license for each in review.licenses if each.license.webex_id in decision.license_ids)
    return next((license_page(each) for each in licenses), None)


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
    """The names that more than one product bears, or license that is judged with none."""
    counts = Counter([product.name for product in review.products])
    counts.update(license_.license.name for license_ in review.in_no_product)
    return frozenset(name for name, count in counts.items() if count > 1)
