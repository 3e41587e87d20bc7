"""An organization deleted with all that belongs to it."""

import pytest
from histories import ACME, Poller, license_of
from sqlalchemy import text

from webexhist.metrics import Metric
from webexhist.snapshot import Organization
from webexhist.store.mending.deletion import delete_organization, rows_of_organization
from webexhist.store.schema import metadata
from webexhist.store.seals.damage import find_damage

SUITE = license_of("Suite")
BETA = Organization("beta", "Beta")


@pytest.fixture
def polled(engine):
    for day in (1, 2):
        for organization in (ACME, BETA):
            moment = f"2026-11-0{day} 12:00"
            Poller(engine, organization).poll(moment, {SUITE: (100, 50 + day)}, {Metric.PEOPLE: day}, messages=day)
    return engine


def rows_of(engine, organization_id):
    """How many rows of an organization each table holds."""
    with engine.connect() as connection:
        return {
            name: connection.scalar(
                text(f"SELECT count(*) FROM {name} WHERE organization_id = :id"), {"id": organization_id}
            )
            for name, table in metadata.tables.items()
            if "organization_id" in table.c
        }


def test_every_row_is_gone_and_those_of_others_stay_sound(polled):
    own, others = rows_of(polled, 1), rows_of(polled, 2)
    assert rows_of_organization(polled, 1) == sum(own.values()) + 1
    assert delete_organization(polled, 1, None) == sum(own.values()) + 1
    assert set(rows_of(polled, 1).values()) == {0}
    assert rows_of(polled, 2) == others
    assert find_damage(polled) == ()


def test_its_next_poll_begins_a_new_history(polled, rows):
    delete_organization(polled, 1, None)
    Poller(polled, ACME).poll("2026-11-03 12:00", {SUITE: (100, 60)})
    assert rows(polled, "SELECT org, snapshot FROM snapshots ORDER BY org, snapshot") == [
        ("Acme Example", 1),
        ("Beta", 1),
        ("Beta", 2),
    ]
    assert find_damage(polled) == ()
