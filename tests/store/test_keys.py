"""What belongs to an organization is keyed by it: histories do not mix, and a server can be split by organization."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from entering import set_price
from reading import read
from sqlalchemy import Engine, ForeignKeyConstraint, Table, UniqueConstraint, create_engine, event, inspect, text

from webexhist.metrics import Metric
from webexhist.seat_counts import AccountPeople, GroupSeats, SeatCounts, SeatSweep
from webexhist.snapshot import Collection, CollectionStatus, License, LicenseUsage, Organization
from webexhist.store.dialects import in_dialect
from webexhist.store.engine import engine_for, writing
from webexhist.store.entered.notes import add_note, notes
from webexhist.store.entered.numbered import remove_numbered
from webexhist.store.entered.prices import prices
from webexhist.store.errors import DatabaseError
from webexhist.store.locked_organizations import locked_organization
from webexhist.store.names.licenses import StoredLicense, stored_licenses
from webexhist.store.numbers import NumberRange
from webexhist.store.opening.history import reading
from webexhist.store.rows.known_licenses import KnownLicense, known_licenses
from webexhist.store.rows.latest import latest
from webexhist.store.rows.movements import license_movements
from webexhist.store.saving.past_days import add_past_days, past_days
from webexhist.store.saving.save import save
from webexhist.store.schema import REVISION, VIEWS_VERSION, metadata
from webexhist.store.views import VIEWS

OF_ALL = {"organization", "note", "contract", "price", "purchase_order", "settlement", "public_view", "digest"}
"""The tables outside: the list of organizations, whose id is that key, and what may concern several of them."""
OF_ORGANIZATIONS = [table for table in metadata.sorted_tables if table.name not in OF_ALL]

ACME, BETA = Organization("id-acme", "Acme"), Organization("id-beta", "Beta")
SUITE = License("id-suite", "Webex Suite", "EE", "Sub1", None, None, counted=True)
CALLING = License("id-calling", "Webex Calling", "BC", "Sub2", None, None, counted=True)
POLLS = [
    (ACME, "2026-10-30 08:00", 10, 5, LicenseUsage(SUITE, 200, 190, 190, 0), CollectionStatus.OK),
    (BETA, "2026-10-30 09:00", 70, 50, LicenseUsage(CALLING, 40, 10, 8, 2), CollectionStatus.FAILED),
    (ACME, "2026-10-31 08:00", 12, 7, LicenseUsage(SUITE, 250, 191, 191, 0), CollectionStatus.OK),
    (BETA, "2026-10-31 09:00", 71, 60, LicenseUsage(CALLING, 40, 20, 16, 4), CollectionStatus.FAILED),
]
ANSWERS = {
    "snapshots": (
        "SELECT org, snapshot, taken_at, source, seconds, requests FROM snapshots ORDER BY org, snapshot",
        [
            ("Acme", 1, "2026-10-30 08:00:00", "poll", 2.5, 36),
            ("Acme", 2, "2026-10-31 08:00:00", "poll", 2.5, 36),
            ("Beta", 1, "2026-10-30 09:00:00", "poll", 2.5, 36),
            ("Beta", 2, "2026-10-31 09:00:00", "poll", 2.5, 36),
        ],
    ),
    "licenses": (
        "SELECT org, license, license_id, code, subscription, site, counted, listed, product, lineage FROM licenses"
        " ORDER BY org",
        [
            ("Acme", "Webex Suite", "id-suite", "EE", "Sub1", None, 1, 1, "EE", "id-suite"),
            ("Beta", "Webex Calling", "id-calling", "BC", "Sub2", None, 1, 1, "BC", "id-calling"),
        ],
    ),
    "counts": (
        "SELECT org, snapshot, metric, value FROM counts ORDER BY org, snapshot, metric",
        [
            ("Acme", 1, "messages_created", 5),
            ("Acme", 1, "people", 10),
            ("Acme", 2, "messages_created", 12),
            ("Acme", 2, "people", 12),
            ("Beta", 1, "messages_created", 50),
            ("Beta", 1, "people", 70),
            ("Beta", 2, "messages_created", 110),
            ("Beta", 2, "people", 71),
        ],
    ),
    "count_deltas": (
        "SELECT org, metric, previous_at, value, change FROM count_deltas WHERE snapshot = 2 ORDER BY org, metric",
        [
            ("Acme", "messages_created", "2026-10-30 08:00:00", 12, 7),
            ("Acme", "people", "2026-10-30 08:00:00", 12, 2),
            ("Beta", "messages_created", "2026-10-30 09:00:00", 110, 60),
            ("Beta", "people", "2026-10-30 09:00:00", 71, 1),
        ],
    ),
    "count_changes": (
        "SELECT org, metric, since, until, value, change, snapshot FROM count_changes WHERE metric = 'people'"
        " ORDER BY org, snapshot",
        [
            ("Acme", "people", "2026-10-30 08:00:00", "2026-10-31 08:00:00", 10, None, 1),
            ("Acme", "people", "2026-10-31 08:00:00", None, 12, 2, 2),
            ("Beta", "people", "2026-10-30 09:00:00", "2026-10-31 09:00:00", 70, None, 1),
            ("Beta", "people", "2026-10-31 09:00:00", None, 71, 1, 2),
        ],
    ),
    "license_usage": (
        "SELECT org, snapshot, license, purchased, assigned, assigned_to_users, assigned_to_workspaces, available,"
        " utilization FROM license_usage ORDER BY org, snapshot",
        [
            ("Acme", 1, "Webex Suite", 200, 190, 190, 0, 10, 95.0),
            ("Acme", 2, "Webex Suite", 250, 191, 191, 0, 59, 76.4),
            ("Beta", 1, "Webex Calling", 40, 10, 8, 2, 30, 25.0),
            ("Beta", 2, "Webex Calling", 40, 20, 16, 4, 20, 50.0),
        ],
    ),
    "license_deltas": (
        "SELECT org, license, previous_at, purchased_change, assigned_change FROM license_deltas"
        " WHERE snapshot = 2 ORDER BY org",
        [
            ("Acme", "Webex Suite", "2026-10-30 08:00:00", 50, 1),
            ("Beta", "Webex Calling", "2026-10-30 09:00:00", 0, 10),
        ],
    ),
    "license_changes": (
        "SELECT org, license, field, since, until, value, change FROM license_changes"
        " WHERE field IN ('purchased', 'assigned_to_workspaces') ORDER BY org, field, snapshot",
        [
            ("Acme", "Webex Suite", "assigned_to_workspaces", "2026-10-30 08:00:00", None, 0, None),
            ("Acme", "Webex Suite", "purchased", "2026-10-30 08:00:00", "2026-10-31 08:00:00", 200, None),
            ("Acme", "Webex Suite", "purchased", "2026-10-31 08:00:00", None, 250, 50),
            (
                "Beta",
                "Webex Calling",
                "assigned_to_workspaces",
                "2026-10-30 09:00:00",
                "2026-10-31 09:00:00",
                2,
                None,
            ),
            ("Beta", "Webex Calling", "assigned_to_workspaces", "2026-10-31 09:00:00", None, 4, 2),
            ("Beta", "Webex Calling", "purchased", "2026-10-30 09:00:00", None, 40, None),
        ],
    ),
    "daily_counts": (
        "SELECT org, first, last, min, max, mean, samples FROM daily_counts"
        " WHERE metric = 'people' AND day = '2026-10-31' ORDER BY org",
        [("Acme", 12, 12, 12, 12, 12.0, 1), ("Beta", 71, 71, 71, 71, 71.0, 1)],
    ),
    "monthly_counts": (
        "SELECT org, first, last, min, max, mean, samples FROM monthly_counts WHERE metric = 'people' ORDER BY org",
        [("Acme", 10, 12, 10, 12, 11.0, 2), ("Beta", 70, 71, 70, 71, 70.5, 2)],
    ),
    "daily_licenses": (
        "SELECT org, license, purchased, assigned_last, samples, utilization FROM daily_licenses"
        " WHERE day = '2026-10-30' ORDER BY org",
        [("Acme", "Webex Suite", 200, 190, 1, 95.0), ("Beta", "Webex Calling", 40, 10, 1, 25.0)],
    ),
    "monthly_licenses": (
        "SELECT org, license, purchased, assigned_first, assigned_last, assigned_mean, samples, utilization"
        " FROM monthly_licenses ORDER BY org",
        [
            ("Acme", "Webex Suite", 250, 190, 191, 190.5, 2, 76.4),
            ("Beta", "Webex Calling", 40, 10, 20, 15.0, 2, 50.0),
        ],
    ),
    "daily_products": (
        "SELECT org, product, name, purchased, assigned_last, samples, utilization FROM daily_products"
        " WHERE day = '2026-10-30' ORDER BY org",
        [("Acme", "EE", "Webex Suite", 200, 190, 1, 95.0), ("Beta", "BC", "Webex Calling", 40, 10, 1, 25.0)],
    ),
    "monthly_products": (
        "SELECT org, product, purchased, assigned_first, assigned_last, assigned_mean, samples, utilization"
        " FROM monthly_products ORDER BY org",
        [("Acme", "EE", 250, 190, 191, 190.5, 2, 76.4), ("Beta", "BC", 40, 10, 20, 15.0, 2, 50.0)],
    ),
    "daily_activity": (
        "SELECT org, day, amount, source FROM daily_activity ORDER BY org, day",
        [
            ("Acme", "2026-10-29", 3, "analytics"),
            ("Acme", "2026-10-30", 5, "polls"),
            ("Acme", "2026-10-31", 7, "polls"),
            ("Beta", "2026-10-30", 50, "polls"),
            ("Beta", "2026-10-31", 60, "polls"),
        ],
    ),
    "latest_counts": (
        "SELECT org, metric, value, as_of FROM latest_counts ORDER BY org, metric",
        [
            ("Acme", "messages_created", 12, "2026-10-31 08:00:00"),
            ("Acme", "people", 12, "2026-10-31 08:00:00"),
            ("Beta", "messages_created", 110, "2026-10-31 09:00:00"),
            ("Beta", "people", 71, "2026-10-31 09:00:00"),
        ],
    ),
    "latest_licenses": (
        "SELECT org, license, purchased, assigned, available, as_of FROM latest_licenses ORDER BY org",
        [
            ("Acme", "Webex Suite", 250, 191, 59, "2026-10-31 08:00:00"),
            ("Beta", "Webex Calling", 40, 20, 20, "2026-10-31 09:00:00"),
        ],
    ),
    "gaps": ("SELECT org FROM gaps", []),
    "collection_log": (
        "SELECT org, collector, status, polls FROM collection_log ORDER BY org",
        [("Acme", "people", "ok", 2), ("Beta", "people", "failed", 2)],
    ),
    "seat_activity": (
        "SELECT org, taken_at, license, seat_group, active, idle_30, idle_90 FROM seat_activity"
        " ORDER BY org, taken_at",
        [
            ("Acme", "2026-10-30 08:00:00", "Webex Suite", "others", 182, 8, 4),
            ("Acme", "2026-10-31 08:00:00", "Webex Suite", "others", 183, 8, 4),
            ("Beta", "2026-10-30 09:00:00", "Webex Calling", "others", 2, 8, 4),
            ("Beta", "2026-10-31 09:00:00", "Webex Calling", "others", 12, 8, 4),
        ],
    ),
    "seat_people": (
        "SELECT org, taken_at, subscription, product, people, external_most FROM seat_people ORDER BY org, taken_at",
        [
            ("Acme", "2026-10-30 08:00:00", "Sub1", None, 190, 1),
            ("Acme", "2026-10-31 08:00:00", "Sub1", None, 191, 1),
            ("Beta", "2026-10-30 09:00:00", "Sub1", None, 10, 1),
            ("Beta", "2026-10-31 09:00:00", "Sub1", None, 20, 1),
        ],
    ),
    "schema_info": ("SELECT version, revision FROM schema_info", [(VIEWS_VERSION, REVISION)]),
}
"""Of each view a query and its answer over POLLS, worked out by hand."""


@pytest.fixture
def save_polls(taken):
    def run(engine: Engine) -> None:
        for organization, moment, people, messages, usage, status in POLLS:
            ran = (Collection("people", status, 1, 0.5, None if status is CollectionStatus.OK else "HTTP 502"),)
            counts = {"people": people, "messages_created": messages}
            polled = taken(moment, organization=organization, licenses=(usage,), collections=ran, **counts)
            used = SeatCounts(active=usage.assigned - 8, idle_30=8, idle_90=4)
            of_all = (GroupSeats(usage.license.webex_id, "others", used),)
            people = (AccountPeople("Sub1", None, 1, usage.assigned, 0, 1),)
            save(engine, replace(polled, seats=SeatSweep(polled.taken_at, "none", of_all, people)))
        add_past_days(engine, ACME.webex_id, "analytics", {date(2026, 10, 29): {Metric.MESSAGES_CREATED: 3}})

    return run


@pytest.fixture
def polled(engine, save_polls) -> Engine:
    """Two organizations, polled by turns."""
    save_polls(engine)
    return engine


def licenses_of(engine: Engine) -> tuple[StoredLicense, StoredLicense]:
    acme, beta = read(engine, stored_licenses)
    return acme, beta


@pytest.mark.parametrize("table", OF_ORGANIZATIONS, ids=str)
def test_a_table_s_key_begins_with_the_organization(table: Table):
    assert next(iter(table.primary_key.columns)).name == "organization_id"


@pytest.mark.parametrize("table", OF_ORGANIZATIONS, ids=str)
def test_whatever_is_unique_or_refers_to_a_row_contains_the_organization(table: Table):
    unique = [set(index.columns.keys()) for index in table.indexes if index.unique]
    unique += [set(rule.columns.keys()) for rule in table.constraints if isinstance(rule, UniqueConstraint)]
    references = [rule for rule in table.constraints if isinstance(rule, ForeignKeyConstraint)]
    assert all("organization_id" in columns for columns in unique)
    assert all("organization_id" in rule.column_keys for rule in references)


def test_a_table_of_all_refers_to_no_rows_of_one_organization():
    referred = {key.column.table.name for name in OF_ALL for key in metadata.tables[name].foreign_keys}
    assert referred <= OF_ALL


def test_every_organization_numbers_its_licenses_and_metrics_from_one(polled, rows):
    assert rows(polled, "SELECT organization_id, id, name FROM license ORDER BY 1, 2") == [
        (1, 1, "Webex Suite"),
        (2, 1, "Webex Calling"),
    ]
    ids = "SELECT organization_id, min(id), max(id), count(*) FROM metric GROUP BY 1 ORDER BY 1"
    assert rows(polled, ids) == [(1, 1, 8, 8), (2, 1, 8, 8)]


def test_a_later_license_has_the_next_number(polled, taken, rows):
    usages = tuple(LicenseUsage(seen, 40, 21, 17, 4) for seen in (SUITE, CALLING))
    save(polled, taken("2026-11-01 09:00", organization=BETA, people=71, licenses=usages))
    assert rows(polled, "SELECT organization_id, id, name FROM license ORDER BY 1, 2") == [
        (1, 1, "Webex Suite"),
        (2, 1, "Webex Calling"),
        (2, 2, "Webex Suite"),
    ]
    assert rows(polled, "SELECT max(id), count(*) FROM metric WHERE organization_id = 2") == [(13, 13)]


def test_a_license_that_is_renamed_leaves_the_other_organization_s_as_it_is(polled, taken, rows):
    renamed = License("id-suite", "Webex Suite 2", "EE", "Sub1", None, None, counted=True)
    save(polled, taken("2026-11-01 08:00", organization=ACME, licenses=(LicenseUsage(renamed, 250, 191, 191, 0),)))
    assert rows(polled, "SELECT org, license FROM latest_licenses ORDER BY org") == [
        ("Acme", "Webex Suite 2"),
        ("Beta", "Webex Calling"),
    ]
    versions = "SELECT organization_id, license_id, number, name FROM license_version ORDER BY 1, 3"
    assert rows(polled, versions) == [
        (1, 1, 1, "Webex Suite"),
        (1, 1, 3, "Webex Suite 2"),
        (2, 1, 1, "Webex Calling"),
    ]


def test_every_view_is_asked():
    assert list(ANSWERS) == list(VIEWS)


@pytest.mark.parametrize("view", ANSWERS)
def test_a_view_keeps_the_organizations_apart(polled, rows, view):
    query, answer = ANSWERS[view]
    assert rows(polled, query) == answer


def test_the_latest_snapshots_keep_the_organizations_apart(polled):
    values = {
        stored.organization.name: {count.metric: count.value for count in stored.counts}
        for stored in read(polled, latest)
    }
    assert values == {
        "Acme": {Metric.PEOPLE: 12, Metric.MESSAGES_CREATED: 12 + 3},
        "Beta": {Metric.PEOPLE: 71, Metric.MESSAGES_CREATED: 110},
    }


def test_the_days_of_the_past_keep_the_organizations_apart(polled):
    assert read(polled, past_days, ACME.webex_id, Metric.MESSAGES_CREATED) == {date(2026, 10, 29)}
    assert read(polled, past_days, BETA.webex_id, Metric.MESSAGES_CREATED) == frozenset()


def test_what_a_review_reads_of_licenses_keeps_the_organizations_apart(polled):
    with reading(polled) as history:
        known = [history.read(known_licenses(organization, 2)) for organization in (1, 2)]
        moved = [history.read(license_movements(organization, NumberRange(2, 2))) for organization in (1, 2)]
    assert known == [(KnownLicense(SUITE, first_number=1),), (KnownLicense(CALLING, first_number=1),)]
    assert [(one.license_id, one.purchased_before, one.bought, one.purchased_after) for (one,) in moved] == [
        ("id-suite", 200, 50, 250),
        ("id-calling", 40, 0, 40),
    ]
    assert [(one.assigned_before, one.newly_assigned, one.released, one.assigned_after) for (one,) in moved] == [
        (190, 1, 0, 191),
        (10, 10, 0, 20),
    ]


def test_a_price_is_that_of_one_organization_s_license(polled):
    acme, beta = licenses_of(polled)
    assert acme.id == beta.id
    set_price(polled, acme, Decimal("12.50"), "USD")
    set_price(polled, beta, Decimal("9.00"), "EUR")
    assert [(price.organization, price.license_id, price.amount) for price in read(polled, prices)] == [
        ("id-acme", "id-suite", Decimal("12.50")),
        ("id-beta", "id-calling", Decimal("9.00")),
    ]
    remove_numbered(polled, 1)
    assert [price.license_id for price in read(polled, prices)] == ["id-calling"]


def test_a_note_is_about_one_organization_s_license(polled):
    _, beta = licenses_of(polled)
    add_note(polled, date(2026, 10, 31), "Ten seats given out", beta)
    (note,) = read(polled, notes)
    assert (note.organization, note.license_id) == ("id-beta", "id-calling")


@pytest.mark.slow
def test_days_of_the_past_wait_for_a_poll_of_the_organization(postgres_engine, save_polls):
    """Both number metrics."""
    save_polls(postgres_engine)
    impatient = create_engine(postgres_engine.url, connect_args={"options": "-c lock_timeout=50ms"})
    days = {date(2026, 10, 28): {Metric.MESSAGES_CREATED: 4}}
    with writing(postgres_engine) as connection:
        assert locked_organization(connection, ACME.webex_id)
        add_past_days(impatient, BETA.webex_id, "events", days)
        with pytest.raises(DatabaseError, match="lock timeout"):
            add_past_days(impatient, ACME.webex_id, "events", days)
    add_past_days(impatient, ACME.webex_id, "events", days)
    impatient.dispose()


@pytest.mark.slow
def test_postgres_can_partition_every_table_by_organization(postgres_engine, save_polls, rows):
    """The same tables in a schema of their own, each in three parts: polls are saved and views answer as before."""
    with postgres_engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA parted"))
        for table in metadata.sorted_tables:
            like = f"CREATE TABLE parted.{table.name} (LIKE public.{table.name} INCLUDING ALL)"
            if table.name in OF_ALL:
                connection.execute(text(like))
                continue
            connection.execute(text(f"{like} PARTITION BY HASH (organization_id)"))
            for part in range(3):
                connection.execute(
                    text(
                        f"CREATE TABLE parted.{table.name}_{part} PARTITION OF parted.{table.name}"
                        f" FOR VALUES WITH (MODULUS 3, REMAINDER {part})"
                    )
                )
        for table in metadata.sorted_tables:
            for key in inspect(connection).get_foreign_keys(table.name, schema="public"):
                own, referred = ", ".join(key["constrained_columns"]), ", ".join(key["referred_columns"])
                connection.execute(
                    text(
                        f"ALTER TABLE parted.{table.name} ADD FOREIGN KEY ({own})"
                        f" REFERENCES parted.{key['referred_table']} ({referred})"
                    )
                )
        connection.execute(text("CREATE TABLE parted.alembic_version AS TABLE public.alembic_version"))
        connection.execute(text("INSERT INTO parted.public_view SELECT * FROM public.public_view"))
        connection.execute(text("SET LOCAL search_path = parted"))
        for name, query in VIEWS.items():
            connection.execute(text(f"CREATE VIEW {name} AS {in_dialect(query, 'postgresql')}"))
    parted = engine_for(postgres_engine.url.render_as_string(hide_password=False))
    event.listen(parted, "begin", lambda begun: begun.exec_driver_sql("SET LOCAL search_path = parted"))
    save_polls(parted)
    for query, answer in ANSWERS.values():
        assert rows(parted, query) == answer
    parts = rows(parted, "SELECT count(DISTINCT tableoid) FROM reading")
    assert parts == [(2,)]
    assert rows(postgres_engine, "SELECT * FROM public.snapshot") == []
    parted.dispose()
