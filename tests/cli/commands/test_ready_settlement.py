"""The command that a decision hands over where units came on the anniversary: it may be run as it stands.

Agreements of which years begin on 15 November: measured on 14 October, the anniversary is 15 November.
"""

import re
import shlex
from datetime import datetime

import pytest
from imported_histories import ACME, history, seats
from typed import Typed

SHARED, OWN = "Sub1", "Sub2"
OTHER = {"id": "99999999-2222-3333-4444-555555555555", "name": "Other & Sons"}


@pytest.fixture(scope="module")
def typed(tmp_path_factory):
    """Two customers with 100 purchased and 130 assigned on the day, and 10 that came on the anniversary."""

    def rows(at: datetime, *subscriptions: str):
        purchased = 110 if f"{at:%Y-%m-%d}" >= "2026-11-15" else 100
        return [seats(purchased, 130, code=f"C{each}", subscription=each) for each in subscriptions]

    lines = [
        *history("2026-09-20 18:00", "2026-11-16 18:00", lambda at: rows(at, SHARED, OWN)),
        *history("2026-09-20 18:00", "2026-11-16 18:00", lambda at: rows(at, SHARED), organization=OTHER),
    ]
    typed = Typed(tmp_path_factory.mktemp("ready"), datetime.fromisoformat("2026-11-16T20:00:00+00:00"))
    return typed.entered(
        lines, *(f"contract set {each} --kind ea --starts 2025-11-15 --term 36" for each in (SHARED, OWN))
    )


def handed_over(typed: Typed) -> dict[tuple[str, str], str]:
    return {
        (each["organization"], each["subscription"]): found[0]
        for each in typed("decisions", "--json").json
        if (found := re.findall("webexhist contract settle .*(?= says that)", each["sentence"]))
    }


def test_it_names_the_organization_where_several_have_the_subscription_and_only_there(typed):
    settle = "webexhist contract settle"
    assert handed_over(typed) == {
        (ACME["name"], SHARED): f"{settle} Sub1 --on 2026-11-15 --units 10 --org 'Acme Example'",
        (ACME["name"], OWN): f"{settle} Sub2 --on 2026-11-15 --units 10",
        (OTHER["name"], SHARED): f"{settle} Sub1 --on 2026-11-15 --units 10 --org 'Other & Sons'",
    }


def test_it_settles_that_organization_alone(typed):
    command = handed_over(typed)[OTHER["name"], SHARED]
    assert typed(*shlex.split(command)[1:]).code == 0
    assert set(handed_over(typed)) == {(ACME["name"], SHARED), (ACME["name"], OWN)}


def test_it_is_one_command_whatever_the_subscription_is_called(tmp_path):
    called = "Sub3; rm -rf ~ $(id) 'x'"

    def rows(at: datetime):
        purchased = 110 if f"{at:%Y-%m-%d}" >= "2026-11-15" else 100
        told, untold = seats(purchased, 130, subscription=called), seats(10, 12, code="EE", subscription=f"{called}4")
        return [told, untold]

    hostile = Typed(tmp_path, datetime.fromisoformat("2026-11-16T20:00:00+00:00"))
    hostile.entered(
        history("2026-09-20 18:00", "2026-11-16 18:00", rows),
        f"contract set {shlex.quote(called)} --kind ea --starts 2025-11-15 --term 36",
    )
    (settle,) = handed_over(hostile).values()
    assert shlex.split(settle)[1:4] == ["contract", "settle", called]
    sentences = [each["sentence"] for each in hostile("decisions", "--json").json]
    (tell,) = [found[0] for each in sentences if (found := re.findall("webexhist contract set .*(?= \\(ea)", each))]
    assert shlex.split(tell) == ["webexhist", "contract", "set", f"{called}4", "--kind", "named"]
