"""datasette knows of every view, and finds the tables beneath folded away."""

from pathlib import Path

from webexhist.export.datasette import datasette_metadata
from webexhist.store.views import VIEWS


def test_every_view_is_described_and_every_table_hidden():
    tables = datasette_metadata(Path("/var/lib/webexhist.db"))["databases"]["webexhist"]["tables"]
    assert [name for name, shown in tables.items() if "description" in shown] == list(VIEWS)
    assert {"reading", "snapshot", "alembic_version"} <= {
        name for name, shown in tables.items() if shown == {"hidden": True}
    }
    assert tables["latest_licenses"]["columns"]["utilization"] == "assigned in percent of purchased (percent)"


def test_the_command_prints_it_for_the_database_that_is_set(webexhist):
    done = webexhist("db", "metadata", "--database", "/srv/acme.db")
    assert list(done.json["databases"]) == ["acme"]
