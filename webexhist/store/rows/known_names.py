"""Everything that has a history, by the name under which it is asked for."""

from dataclasses import dataclass
from datetime import datetime

from webexhist.store.names.licenses import StoredLicense, stored_licenses
from webexhist.store.opening.history import History
from webexhist.store.organization_labels import organization_labels
from webexhist.store.query import Query
from webexhist.store.rows.products import KnownProduct, known_products
from webexhist.store.times import read_written

LICENSES = "SELECT org_id, license_id, purchased, assigned, as_of FROM latest_licenses"
COUNTS = "SELECT org_id, metric, value, as_of FROM latest_counts ORDER BY org, org_id, metric"


@dataclass(frozen=True, slots=True)
class NamedLicense:
    """A license, with its last known units; all None where it is not listed any more."""

    license: StoredLicense
    purchased: int | None
    assigned: int | None
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class NamedCount:
    """A count of an organization, with its last known value; of a counter the running total."""

    organization: str
    metric: str
    value: int | None
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What `webexhist history NAME` finds."""

    licenses: tuple[NamedLicense, ...]
    """Those that are listed first; by organization and name."""
    products: tuple[KnownProduct, ...]
    counts: tuple[NamedCount, ...]


def known_names(history: History) -> KnownNames:
    """Every license ever listed, every product and every count, of every organization."""
    latest = dict(
        history.read(
            Query(
                "Latest licenses",
                LICENSES,
                {},
                lambda row: ((row.org_id, row.license_id), (row.purchased, row.assigned, _moment(row.as_of))),
            )
        )
    )
    unknown = (None, None, None)
    licenses = [
        NamedLicense(license_, *latest.get((license_.organization_id, license_.webex_id), unknown))
        for license_ in stored_licenses(history)
    ]
    labels = organization_labels(history.connection)
    counts = history.read(
        Query(
            "Latest counts",
            COUNTS,
            {},
            lambda row: NamedCount(labels[row.org_id], row.metric, row.value, _moment(row.as_of)),
        )
    )
    return KnownNames(
        tuple(sorted(licenses, key=lambda named: not named.license.listed)), known_products(history), counts
    )


def _moment(stored: str | None) -> datetime | None:
    return read_written(stored) if stored else None
