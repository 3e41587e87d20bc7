"""What a person calls a license finds it: what is listed now goes before what is not."""

from dataclasses import replace

import pytest
from histories import Poller, license_of
from reading import read

from webexhist.errors import UsageError
from webexhist.snapshot import Organization
from webexhist.store.names.licenses import find_license
from webexhist.store.names.organizations import find_organization
from webexhist.store.rows.known_names import known_names
from webexhist.store.rows.trends import trend_rows

ACME = Organization("Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8xZWI2NWZkZi05NjQzLTQxN2YtOTk3NC1hZDcyY2FlMGUxMGY", "Acme")
TWIN = Organization("Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi83ZWMwY2Q1ZC00ZTYyLTRmNGEtYTBhOS01YjZhOGYzYzNhM2U", "Acme")
SUITE = license_of("Webex Meetings Suite", site="acme.webex.com")
EUROPE = license_of("Webex Meetings Suite", site="emea.webex.com", subscription="Sub2")
CALLING = license_of("Webex Calling - Professional")
LICENSES = {SUITE: (250, 200), EUROPE: (100, 60), CALLING: (50, 20)}


def found(engine, wanted):
    return read(engine, find_license, wanted).webex_id


@pytest.mark.parametrize(
    ("wanted", "license_"),
    [
        ("sub2", EUROPE),
        ("EMEA.webex.com", EUROPE),
        ("webex calling - PROFESSIONAL", CALLING),
        ("Webex Calling - Professional · Acme", CALLING),
        ("acme sub2", EUROPE),
        ("Webex Meetings Suite  acme.webex.com sub100001", SUITE),
        (SUITE.webex_id, SUITE),
    ],
)
def test_a_license_answers_to_name_site_subscription_and_id_in_any_letters(poller, wanted, license_):
    Poller(poller.engine, ACME).poll("2026-10-01 06:00", LICENSES)
    assert found(poller.engine, wanted) == license_.webex_id


def test_a_vanished_license_never_competes_with_a_listed_one(poller):
    renewed = license_of("Webex Calling - Professional", subscription="Sub200")
    poller.poll("2026-09-30 06:00", {CALLING: (500, 431)})
    assert found(poller.engine, CALLING.name) == CALLING.webex_id
    poller.poll("2026-10-01 06:00", {renewed: (500, 441)})
    assert found(poller.engine, CALLING.name) == renewed.webex_id
    assert found(poller.engine, "sub100001") == CALLING.webex_id
    poller.poll("2026-10-02 06:00", None)
    assert found(poller.engine, CALLING.name) == renewed.webex_id


def test_a_name_of_old_finds_what_bears_another_now(poller):
    poller.poll("2026-01-25 06:00", {CALLING: (500, 431)})
    poller.poll("2026-01-26 06:00", {replace(CALLING, name="Webex Calling Standard"): (500, 431)})
    assert found(poller.engine, "webex calling - professional") == CALLING.webex_id
    newer = license_of("Webex Calling - Professional", subscription="Sub200")
    poller.poll("2026-01-27 06:00", {replace(CALLING, name="Webex Calling Standard"): (500, 431), newer: (5, 1)})
    assert found(poller.engine, "webex calling - professional") == newer.webex_id


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ("calling", "Webex Calling - Professional"),
        ("Webex Caling - Profesional", "Webex Calling - Professional"),
        ("Sub10001", "Sub100001"),
    ],
)
def test_what_nothing_answers_to_is_answered_with_what_may_be_meant(poller, wanted, meant):
    poller.poll("2026-10-01 06:00", LICENSES)
    with pytest.raises(UsageError) as refused:
        found(poller.engine, wanted)
    assert str(refused.value) == (
        f"there is no license {wanted!r}: do you mean {meant}? webexhist history lists all names"
    )


def test_licenses_of_two_organizations_of_one_name_are_kept_apart(poller):
    theirs = replace(CALLING, webex_id="theirs")
    Poller(poller.engine, ACME).poll("2026-10-01 06:00", {CALLING: (50, 20)})
    Poller(poller.engine, TWIN).poll("2026-10-01 06:00", {theirs: (70, 30)})
    with pytest.raises(UsageError) as refused:
        found(poller.engine, CALLING.name)
    assert str(refused.value) == (
        f"{CALLING.name!r} may be {CALLING.name} (Acme (1eb65fdf), Sub100001, id {CALLING.webex_id}) or"
        f" {CALLING.name} (Acme (7ec0cd5d), Sub100001, id theirs):"
        " add its site, subscription or organization, or give its id"
    )
    assert found(poller.engine, f"{CALLING.name} Acme (7ec0cd5d)") == "theirs"
    with pytest.raises(UsageError, match=r"'acme' may be Acme \(1eb65fdf\) or Acme \(7ec0cd5d\): name one of them"):
        read(poller.engine, find_organization, "acme")
    assert read(poller.engine, find_organization, "ACME (7ec0cd5d)") == 2


def test_every_name_is_known_with_its_last_figures_and_what_is_listed_comes_first(poller):
    poller.poll("2026-10-01 06:00", {CALLING: (50, 20), EUROPE: (-1, 7)})
    poller.poll("2026-10-02 06:00", {EUROPE: (-1, 8)})
    europe, calling = read(poller.engine, known_names).licenses
    assert (europe.license.name, europe.license.listed, europe.purchased, europe.assigned) == (
        EUROPE.name,
        True,
        -1,
        8,
    )
    assert (calling.license.name, calling.license.listed, calling.purchased, calling.assigned) == (
        CALLING.name,
        False,
        None,
        None,
    )


def test_a_product_has_a_history_of_its_sums_in_every_organization_that_has_it(poller):
    sites = [replace(SUITE, code="EE"), replace(EUROPE, code="EE")]
    for organization, assigned in ((ACME, 200), (TWIN, 7)):
        hand = Poller(poller.engine, organization)
        for day, more in (("2026-09-30", 0), ("2026-10-01", 5)):
            hand.poll(f"{day} 06:00", {sites[0]: (250, assigned + more), sites[1]: (100, 60), CALLING: (50, 20)})
    first, second = read(poller.engine, trend_rows, "ee", 13, 26)
    assert (first.product.organization, second.product.organization) == ("Acme (1eb65fdf)", "Acme (7ec0cd5d)")
    assert [(month.last, month.purchased) for month in first.months] == [(260, 350), (265, 350)]
    assert [(month.last, month.purchased) for month in second.months] == [(67, 350), (72, 350)]
    products = {each.product: each for each in read(poller.engine, known_names).products if each.organization_id == 1}
    assert (products["EE"].listed, products["EE"].purchased, products["EE"].assigned) == (2, 350, 265)
