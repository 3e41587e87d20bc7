"""The Grafana dashboards of docs/grafana, one for each kind of database; run as a program it writes them anew.

The panels are the same. What differs is how a data source of Grafana takes a query, and how a day becomes a number.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "docs" / "grafana"
SINCE_DAY, UNTIL_DAY = "'${__from:date:YYYY-MM-DD}'", "'${__to:date:YYYY-MM-DD}'"
IN_RANGE = f"day >= {SINCE_DAY} AND day <= {UNTIL_DAY}"
OF_ORGANIZATIONS = "org IN (${org:sqlstring})"


@dataclass(frozen=True)
class Source:
    """A data source of Grafana."""

    name: str
    plugin: str
    day_as_time: str
    """A day as seconds since 1970: Grafana's time."""

    def target(self, query: str, is_series: bool) -> dict[str, Any]:
        """A query as the source takes it."""
        common = {"refId": "A", "datasource": self.reference}
        if self.name == "sqlite":
            kind = "time series" if is_series else "table"
            return common | {
                "queryType": kind,
                "queryText": query,
                "rawQueryText": query,
                "timeColumns": ["time"],
            }
        return common | {
            "format": "time_series" if is_series else "table",
            "rawQuery": True,
            "rawSql": query,
            "editorMode": "code",
        }

    @property
    def reference(self) -> dict[str, str]:
        return {"type": self.plugin, "uid": "${DS_WEBEXHIST}"}


SOURCES = (
    Source("sqlite", "frser-sqlite-datasource", "CAST(strftime('%s', day) AS INTEGER)"),
    Source("postgresql", "grafana-postgresql-datasource", "CAST(extract(epoch FROM CAST(day AS date)) AS BIGINT)"),
)


@dataclass(frozen=True)
class Panel:
    """A panel; `{time}` in its query stands for a day as a number."""

    title: str
    query: str
    place: tuple[int, int, int, int]
    """x, y, width and height on a grid of 24 columns."""
    unit: str = "short"
    is_series: bool = False


PANELS = (
    Panel(
        "Seconds since the last poll",
        "SELECT org, CAST($__to / 1000 AS BIGINT) - taken_epoch AS seconds FROM snapshots s\n"
        "WHERE snapshot = (SELECT max(number) FROM snapshot WHERE organization_id = s.org_id)\n"
        f"  AND {OF_ORGANIZATIONS} ORDER BY org",
        (0, 0, 6, 8),
        "s",
    ),
    Panel(
        "Licenses now",
        "SELECT org, license, subscription, site, purchased, assigned, available, utilization FROM latest_licenses\n"
        f"WHERE utilization IS NOT NULL AND {OF_ORGANIZATIONS} ORDER BY utilization DESC",
        (6, 0, 18, 8),
    ),
    Panel(
        "Utilization at the end of each day, percent of what was purchased",
        "SELECT {time} AS time, org || ' · ' || license AS metric,\n"
        "  100.0 * sum(assigned_last) / sum(purchased) AS value\n"
        f"FROM daily_licenses WHERE purchased > 0 AND utilization IS NOT NULL AND {IN_RANGE} AND {OF_ORGANIZATIONS}\n"
        "GROUP BY org_id, org, license, day ORDER BY day",
        (0, 8, 12, 9),
        "percent",
        is_series=True,
    ),
    Panel(
        "Assigned units, the most of each day",
        "SELECT {time} AS time, org || ' · ' || license || coalesce(' · ' || site, '') AS metric,\n"
        "  assigned_max AS value\n"
        f"FROM daily_licenses WHERE utilization IS NOT NULL AND {IN_RANGE} AND {OF_ORGANIZATIONS} ORDER BY day",
        (12, 8, 12, 9),
        is_series=True,
    ),
    Panel(
        "People, devices and rooms",
        "SELECT {time} AS time, org || ' · ' || metric AS metric, last AS value FROM daily_counts\n"
        f"WHERE metric IN ('people', 'devices', 'rooms') AND {IN_RANGE} AND {OF_ORGANIZATIONS} ORDER BY day",
        (0, 17, 12, 8),
        is_series=True,
    ),
    Panel(
        "Messages a day",
        "SELECT {time} AS time, org AS metric, amount AS value FROM daily_activity\n"
        f"WHERE metric = 'messages_created' AND {IN_RANGE} AND {OF_ORGANIZATIONS} ORDER BY day",
        (12, 17, 12, 8),
        is_series=True,
    ),
    Panel(
        "Bought and reduced",
        "SELECT c.since, c.org, c.license, c.site, c.value AS purchased, c.change FROM license_changes c\n"
        "JOIN licenses l ON l.org_id = c.org_id AND l.license_id = c.license_id AND l.counted = 1\n"
        f"WHERE c.field = 'purchased' AND c.change <> 0 AND c.{OF_ORGANIZATIONS} ORDER BY c.since DESC",
        (0, 25, 12, 8),
    ),
    Panel(
        "What failed",
        "SELECT taken_at, org, collector, status, error, polls, last_taken_at FROM collection_log\n"
        "WHERE status NOT IN ('ok', 'notice') AND taken_epoch >= $__from / 1000 AND taken_epoch <= $__to / 1000\n"
        f"  AND {OF_ORGANIZATIONS} ORDER BY taken_epoch DESC",
        (12, 25, 12, 8),
    ),
)


def panel_json(number: int, panel: Panel, source: Source) -> dict[str, Any]:
    x, y, width, height = panel.place
    defaults: dict[str, Any] = {"unit": panel.unit}
    if panel.is_series and source.name == "sqlite":
        defaults["displayName"] = "${__field.labels.metric}"
    return {
        "id": number,
        "title": panel.title,
        "type": "timeseries" if panel.is_series else "table",
        "datasource": source.reference,
        "gridPos": {"x": x, "y": y, "w": width, "h": height},
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": {},
        "targets": [source.target(panel.query.replace("{time}", source.day_as_time), panel.is_series)],
    }


def dashboard(source: Source) -> dict[str, Any]:
    """A dashboard as Grafana imports it: it asks for the data source, and has the organizations as a variable."""
    names = "SELECT DISTINCT name FROM organization ORDER BY name"
    return {
        "__inputs": [
            {
                "name": "DS_WEBEXHIST",
                "label": "webexhist",
                "type": "datasource",
                "pluginId": source.plugin,
                "pluginName": source.name,
            }
        ],
        "uid": f"webexhist-{source.name}",
        "title": "Webex licenses",
        "tags": ["webexhist"],
        "timezone": "utc",
        "schemaVersion": 39,
        "refresh": "5m",
        "time": {"from": "now-90d", "to": "now"},
        "templating": {
            "list": [
                {
                    "name": "org",
                    "label": "Organization",
                    "type": "query",
                    "datasource": source.reference,
                    "query": names if source.name == "postgresql" else {"rawQueryText": names, "queryText": names},
                    "refresh": 2,
                    "multi": True,
                    "includeAll": True,
                    "current": {"selected": True, "text": ["All"], "value": ["$__all"]},
                }
            ]
        },
        "panels": [panel_json(number, panel, source) for number, panel in enumerate(PANELS, 1)],
    }


def dashboards() -> Mapping[Path, str]:
    """Each file with what is to stand in it."""
    return {
        FOLDER / f"webexhist-{source.name}.json": json.dumps(dashboard(source), indent=2, ensure_ascii=False) + "\n"
        for source in SOURCES
    }


def write() -> None:
    FOLDER.mkdir(exist_ok=True)
    for file, content in dashboards().items():
        file.write_text(content)


if __name__ == "__main__":
    write()
