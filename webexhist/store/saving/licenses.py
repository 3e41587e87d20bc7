"""Which licenses there are, and what they were called when."""

# ruff: noqa: S608  (every part of a query stands in this file)

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, insert, text

from webexhist.snapshot import License
from webexhist.store.by_organization import of_organizations
from webexhist.store.products import forget_product_days, renew_products
from webexhist.store.saving.placing import Placed
from webexhist.store.schema import license_, license_version
from webexhist.store.seals.sealing import resealed

DESCRIPTION = ("name", "code", "subscription_id", "site_url", "site_type", "counted")
_STORED = of_organizations(f"""
SELECT organization_id, webex_id, id, {", ".join(DESCRIPTION)} FROM license WHERE organization_id IN :organizations
""")
DESCRIBED = text(f"""
UPDATE license SET {", ".join(f"{name} = :{name}" for name in DESCRIPTION)}
WHERE organization_id = :organization_id AND id = :id
""")
Described = dict[str, object]


def store_licenses(connection: Connection, placed: Sequence[Placed]) -> Mapping[int, Mapping[str, int]]:
    """Adds licenses not seen before and what changed about the others.

    Returns the ids of all licenses within their organizations by their ids at Webex, by organization.
    """
    ids: dict[int, dict[str, int]] = {each.organization_id: {} for each in placed}
    stored: dict[tuple[int, str], Described] = {}
    for organization_id, webex_id, id_, *described in connection.execute(_STORED, {"organizations": list(ids)}).all():
        ids[organization_id][webex_id] = id_
        stored[organization_id, webex_id] = dict(zip(DESCRIPTION, described, strict=True))
    new: list[Described] = []
    changed: list[Described] = []
    for each in placed:
        of_organization = ids[each.organization_id]
        next_id = max(of_organization.values(), default=0) + 1
        listed = {usage.license.webex_id: described_as(usage.license) for usage in each.taken.licenses or ()}
        for webex_id, description in listed.items():
            known = stored.get((each.organization_id, webex_id))
            if known == description:
                continue
            if webex_id not in of_organization:
                of_organization[webex_id] = next_id
                next_id += 1
            key = {"organization_id": each.organization_id, "id": of_organization[webex_id], "number": each.number}
            (new if known is None else changed).append(key | description | {"webex_id": webex_id})
            if known is not None and known["counted"] != description["counted"]:
                forget_product_days(connection, [each.organization_id])
    _store(connection, new, changed)
    return ids


def _store(connection: Connection, new: Sequence[Described], changed: Sequence[Described]) -> None:
    if not new and not changed:
        return
    concerned = sorted({int(str(row["organization_id"])) for row in (*new, *changed)})
    with resealed(connection, concerned, license_, license_version):
        if new:
            rows = [{**row, "lineage_id": row["id"], "product": ""} for row in new]
            for row in rows:
                del row["number"]
            connection.execute(insert(license_), rows)
        if changed:
            connection.execute(DESCRIBED, changed)
        connection.execute(insert(license_version), [_version(row) for row in (*new, *changed)])
        renew_products(connection, concerned)


def _version(row: Described) -> Described:
    key = {"organization_id": row["organization_id"], "license_id": row["id"], "number": row["number"]}
    return key | {name: row[name] for name in DESCRIPTION}


def described_as(seen: License) -> Described:
    """The columns that describe a license, in the order of `DESCRIPTION`."""
    return {name: getattr(seen, name) for name in DESCRIPTION} | {"counted": int(seen.counted)}
