"""What views of licenses have in common."""


def metric_of_license(field: str) -> str:
    """Joins the metric of a field of the license l."""
    return (
        f"JOIN metric {field} ON {field}.organization_id = o.id AND {field}.license_id = l.id"
        f" AND {field}.field = '{field}'"
    )


def utilization(assigned: str, bought: str) -> str:
    """Percent of the units bought; NULL where the units of the license l are no seats."""
    percent = f"CAST(100 * {assigned} AS DOUBLE PRECISION) / {bought}"
    return f"CASE WHEN coalesce(l.counted_by_person, l.counted) = 1 THEN {percent} END"


DESCRIBED_LICENSE = (
    "l.name AS license, l.webex_id AS license_id, l.subscription_id AS subscription, l.site_url AS site"
)
