"""What polls print of the future: worked out once a day, and anew after whatever changes it."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from entering import enter, set_price
from histories import Poller, license_of
from reading import read
from sqlalchemy import text

from webexhist.outlooks import renew_outlooks
from webexhist.snapshot import Organization
from webexhist.store.engine import writing
from webexhist.store.entered.changes import Signature
from webexhist.store.entered.contracts import Contract, remove_contract
from webexhist.store.entered.notes import add_step
from webexhist.store.entered.organizations import resume, retire
from webexhist.store.mending.corrections import Author, Subject, void
from webexhist.store.mending.trim import trim
from webexhist.store.names.licenses import stored_licenses
from webexhist.store.rows.latest import latest
from webexhist.store.seals.damage import find_damage
from webexhist.stored_snapshot import ProductOutlook

SUITE = license_of("Webex Suite")
FREE = license_of("Basic Messaging", counted=False)
END = datetime.fromisoformat("2026-11-23 12:00:00+00:00")
BETA = Organization("id beta", "Beta Example")


@pytest.fixture
def history(poller) -> Poller:
    """Twelve weeks of a seat a day: 88 of 100 on the last day."""
    for day in range(84):
        poller.poll(END - timedelta(days=83 - day), {SUITE: (100, 5 + day), FREE: (-1, 40)})
    return poller


def of_license(poller: Poller, license_):
    """What was worked out of the product of a license."""
    return next(each for each in outlook_of(poller).products if license_.webex_id in each.license_ids)


def outlook_of(poller: Poller):
    (snapshot,) = read(poller.engine, latest, [poller.organization.webex_id])
    return snapshot.outlook


def test_it_is_worked_out_once_for_the_day_of_the_last_poll(history):
    assert outlook_of(history) is None
    assert renew_outlooks(history.engine) == ("Acme Example",)
    outlook = outlook_of(history)
    assert (outlook.day, outlook.is_of_now) == (date(2026, 11, 23), True)
    assert outlook.products == (
        ProductOutlook("WEBEXSUITE", (SUITE.webex_id,), 100, 100, date(2026, 12, 5)),
        ProductOutlook(None, (FREE.webex_id,), -1, None, None),
    )
    assert outlook.decisions == 1
    assert renew_outlooks(history.engine) == ()


def test_licenses_that_are_judged_together_run_out_together(poller):
    europe = license_of("Webex Suite", site="europe.webex.example")
    for day in range(84):
        poller.poll(END - timedelta(days=83 - day), {SUITE: (60, 5 + day), europe: (40, 0)})
    renew_outlooks(poller.engine)
    (both,) = outlook_of(poller).products
    assert set(both.license_ids) == {SUITE.webex_id, europe.webex_id}
    assert (both.purchased, both.limit, both.runs_out_on) == (100, 100, date(2026, 12, 5))
    # 88 of 60 here, 0 of 40 there: units to redistribute, and the sum runs out.
    assert outlook_of(poller).decisions == 2


def test_seats_given_out_on_the_same_day_change_nothing_and_the_next_day_renews_it(history):
    renew_outlooks(history.engine)
    history.poll(END + timedelta(hours=1), {SUITE: (100, 95), FREE: (-1, 41)})
    assert renew_outlooks(history.engine) == ()
    history.poll(END + timedelta(hours=13), {SUITE: (100, 95), FREE: (-1, 41)})
    assert renew_outlooks(history.engine) == ("Acme Example",)
    assert outlook_of(history).day == date(2026, 11, 24)


def test_another_purchase_renews_it(history):
    renew_outlooks(history.engine)
    history.poll(END + timedelta(hours=1), {SUITE: (150, 88), FREE: (-1, 40)})
    assert renew_outlooks(history.engine) == ("Acme Example",)
    assert of_license(history, SUITE).limit == 150
    assert renew_outlooks(history.engine) == ()


def test_a_new_license_renews_it(history):
    renew_outlooks(history.engine)
    calling = license_of("Webex Calling")
    history.poll(END + timedelta(hours=1), {SUITE: (100, 88), FREE: (-1, 40), calling: (10, 10)})
    assert renew_outlooks(history.engine) == ("Acme Example",)
    assert of_license(history, calling) == ProductOutlook("WEBEXCALLING", (calling.webex_id,), 10, 10, END.date())


def enter_a_contract(history: Poller) -> None:
    enter(history.engine, [Contract("Sub100001", starts=date(2026, 6, 1))])


def forget_a_contract(history: Poller) -> None:
    remove_contract(history.engine, "Sub100001")


def note_a_step(history: Poller) -> None:
    add_step(history.engine, date(2026, 11, 1), "Reorganization", None)


def set_aside(history: Poller) -> None:
    (suite, _) = sorted(read(history.engine, stored_licenses), key=lambda one: one.webex_id != SUITE.webex_id)
    span = (END - timedelta(days=3), END - timedelta(days=3))
    void(history.engine, Subject(None, suite, None), *span, Author("me", END, "one poll was wrong"))


def trim_a_day(history: Poller) -> None:
    trim(history.engine, END - timedelta(hours=1), None, None, END)


@pytest.mark.parametrize("change", [enter_a_contract, note_a_step, set_aside, trim_a_day])
def test_what_is_entered_or_mended_renews_it(history, change):
    renew_outlooks(history.engine)
    change(history)
    assert renew_outlooks(history.engine) == ("Acme Example",)
    assert renew_outlooks(history.engine) == ()
    assert find_damage(history.engine) == ()


def test_a_contract_that_is_forgotten_renews_it(history):
    enter_a_contract(history)
    renew_outlooks(history.engine)
    forget_a_contract(history)
    assert renew_outlooks(history.engine) == ("Acme Example",)


def test_a_price_changes_nothing_of_it(history):
    renew_outlooks(history.engine)
    suite = next(one for one in read(history.engine, stored_licenses) if one.webex_id == SUITE.webex_id)
    set_price(history.engine, suite, Decimal(12), "EUR")
    assert renew_outlooks(history.engine) == ()


def test_only_the_organizations_that_need_it_are_worked_out(history):
    beta = Poller(history.engine, BETA)
    renew_outlooks(history.engine)
    beta.poll(END, {SUITE: (10, 4)})
    assert renew_outlooks(history.engine) == ("Beta Example",)
    assert of_license(beta, SUITE).limit == 10
    assert of_license(history, SUITE).limit == 100


def test_a_retired_organization_has_an_outlook_of_nothing_until_it_is_judged_again(history):
    signed = Signature(END + timedelta(days=1), "anna")
    retire(history.engine, 1, signed)
    assert renew_outlooks(history.engine) == ("Acme Example",)
    outlook = outlook_of(history)
    assert (outlook.decisions, outlook.products) == (0, ())
    assert renew_outlooks(history.engine) == ()
    resume(history.engine, 1, signed)
    assert renew_outlooks(history.engine) == ("Acme Example",)
    assert outlook_of(history).decisions == 1


def test_an_organization_whose_list_was_never_known_has_an_outlook_of_nothing(poller):
    poller.poll(END, None)
    assert renew_outlooks(poller.engine) == ("Acme Example",)
    assert outlook_of(poller).products == ()
    assert renew_outlooks(poller.engine) == ()


def test_it_is_sealed_and_made_anew_where_it_was_changed_by_something_else(history):
    renew_outlooks(history.engine)
    assert find_damage(history.engine) == ()
    with writing(history.engine) as connection:
        connection.execute(text("UPDATE product_outlook SET runs_out_on = '2030-01-01'"))
    assert [damage.table for damage in find_damage(history.engine)] == ["product_outlook"]
    assert outlook_of(history) is None
    assert renew_outlooks(history.engine) == ("Acme Example",)
    assert find_damage(history.engine) == ()
    assert of_license(history, SUITE).runs_out_on == date(2026, 12, 5)


@pytest.mark.slow
def test_it_is_kept_on_a_server_as_in_a_file(postgres_engine):
    poller = Poller(postgres_engine)
    poller.poll(END - timedelta(days=1), {SUITE: (100, 99)})
    poller.poll(END, {SUITE: (100, 100)})
    assert renew_outlooks(postgres_engine) == ("Acme Example",)
    assert outlook_of(poller).products == (ProductOutlook("WEBEXSUITE", (SUITE.webex_id,), 100, 100, END.date()),)
    assert renew_outlooks(postgres_engine) == ()
    assert find_damage(postgres_engine) == ()
