"""What people say of decisions is kept, one after the other."""

from dataclasses import replace
from datetime import date

from entering import ANNA
from histories import Poller, license_of
from reading import read
from sqlalchemy import text

from webexhist.store.entered.decision_states import (
    DecisionState,
    EnteredState,
    decision_states,
    enter_decision_state,
    every_decision_state,
)
from webexhist.store.seals.damage import find_damage

MUTED = EnteredState(
    decision="renewal-2c52ac3b39",
    state=DecisionState.MUTED,
    since=date(2026, 11, 3),
    until=date(2026, 12, 31),
    up_to=40,
    units=-40,
    sentence="Calling renews.",
    note="Negotiated; “later”",
    signed=ANNA,
)
REOPENED = replace(MUTED, state=DecisionState.OPEN, since=date(2026, 11, 5), until=None, up_to=None)


def test_all_that_was_said_of_an_organization_is_kept_in_its_order_and_sealed(engine):
    poller = Poller(engine)
    poller.poll("2026-11-01 08:00", {license_of("Calling"): (100, 93)})
    acme = poller.organization.webex_id
    for said in (MUTED, REOPENED):
        enter_decision_state(engine, acme, said)
    enter_decision_state(engine, "nobody", MUTED)
    assert read(engine, every_decision_state) == {acme: (MUTED, REOPENED)}
    assert read(engine, lambda history: history.read(decision_states(1))) == (MUTED, REOPENED)
    assert find_damage(engine) == ()
    with engine.begin() as connection:
        connection.execute(text("UPDATE decision_state SET up_to = 4000 WHERE number = 1"))
    assert ["decision_state" in str(each) for each in find_damage(engine)] == [True]
