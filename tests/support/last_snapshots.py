"""Last snapshots made by hand, as the database would give them back."""

from datetime import UTC, datetime

from webexhist.snapshot import License, LicenseUsage, Organization
from webexhist.stored_snapshot import LicenseChange, StoredSnapshot

TAKEN = datetime(2026, 11, 23, 15, 5, tzinfo=UTC)


def used_license(webex_id, name, purchased, assigned, workspaces=0):
    seen = License(webex_id, name, "EE", "Sub1", "acme.webex.com", None, True)
    users = None if assigned is None else assigned - workspaces
    return LicenseChange(LicenseUsage(seen, purchased, assigned, users, workspaces), None, None, None)


def last_snapshot(webex_id="acme", name="Acme", counts=(), licenses=(), collections=()):
    return StoredSnapshot(
        Organization(webex_id, name),
        number=1,
        taken_at=TAKEN,
        previous_at=None,
        seconds=2.5,
        requests=36,
        counts=tuple(counts),
        licenses=licenses,
        appeared=(),
        vanished=(),
        collections=tuple(collections),
        day=TAKEN.date(),
    )
