"""The views of changes: one row for each value that was stored, and how long it held.

The history is stored in this form, so that a question about changes reads changes, and not every value of every poll.
"""

# ruff: noqa: S608  (every part of a query stands in these modules)

_SINCE = (
    "(SELECT moment(s.taken_at) FROM snapshot s WHERE s.organization_id = r.organization_id AND s.number = r.number)"
)
_FOLLOWING = (
    "FROM reading n WHERE n.organization_id = r.organization_id AND n.metric_id = r.metric_id AND n.number > r.number"
)
_NEXT = f"on_sqlite((SELECT n.number {_FOLLOWING} ORDER BY n.number LIMIT 1)) on_postgresql(following.number)"
_FOLLOWED = f"on_postgresql(LEFT JOIN LATERAL (SELECT min(n.number) AS number {_FOLLOWING}) following ON TRUE)"
"""PostgreSQL looks the next reading up once for all columns, and not at all where it is in none that is asked for."""
_UNTIL = (
    f"(SELECT moment(s.taken_at) FROM snapshot s WHERE s.organization_id = r.organization_id AND s.number = {_NEXT})"
)
_POLLS = (
    f"coalesce({_NEXT}, (SELECT max(s.number) + 1 FROM snapshot s WHERE s.organization_id = r.organization_id))"
    " - r.number"
)
_CHANGE = (
    "r.value - (SELECT b.value FROM reading b WHERE b.organization_id = r.organization_id"
    " AND b.metric_id = r.metric_id AND b.number < r.number AND b.value IS NOT NULL ORDER BY b.number DESC LIMIT 1)"
)

# The key of a reading is compared with columns of `metric` alone, and org_id is one of them: where org_id was the
# organization's and stood in a condition on the snapshot, PostgreSQL searched all readings for it.
COUNT_CHANGES = f"""
SELECT o.name AS org, m.name AS metric, {_SINCE} AS since, {_UNTIL} AS until, r.value, {_CHANGE} AS change,
  r.number AS snapshot, m.organization_id AS org_id, {_POLLS} AS polls
FROM organization o
CROSS JOIN metric m
CROSS JOIN reading r
{_FOLLOWED}
WHERE m.organization_id = o.id AND m.license_id IS NULL AND m.field IS NULL
  AND r.organization_id = m.organization_id AND r.metric_id = m.id
"""

LICENSE_CHANGES = f"""
SELECT o.name AS org, l.name AS license, l.webex_id AS license_id, l.subscription_id AS subscription,
  l.site_url AS site, m.field, {_SINCE} AS since, {_UNTIL} AS until, r.value, {_CHANGE} AS change,
  r.number AS snapshot, m.organization_id AS org_id, {_POLLS} AS polls
FROM organization o
CROSS JOIN license l
CROSS JOIN metric m
CROSS JOIN reading r
{_FOLLOWED}
WHERE l.organization_id = o.id AND m.organization_id = o.id AND m.license_id = l.id
  AND r.organization_id = m.organization_id AND r.metric_id = m.id
"""
