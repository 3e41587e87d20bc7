"""Which licenses stand in no sum, for pages and plugin document alike."""

from webexhist.not_judged import ListedUnits, NotJudged, left_out
from webexhist.seats import NoSeat
from webexhist.snapshot import License, LicenseUsage


def listed(name, purchased, assigned, *, subscription="Sub1", kind=None, users=True, **others):
    license_ = License(name, name, "", subscription, None, None, others.pop("counted", True))
    usage = LicenseUsage(license_, purchased, assigned, assigned if users else None, None)
    return ListedUnits(usage, **({"product": name, "kind": kind, "is_by_person": False} | others))


def test_what_is_no_seat_is_left_out_with_its_reason():
    assert left_out(
        [
            listed("Paid", 10, 9),
            listed("Trial", 50, 49, subscription="trialSub9"),
            listed("Agents", 10, 40, kind="cc-concurrent"),
            listed("Nobody's", 10, 4, users=False),
            listed("Free", 10, 4, counted=False),
            listed("Kept out", 10, 4, counted=False, is_by_person=True),
            listed("Taken in", 10, 4, subscription="trialSub9", is_by_person=True),
        ]
    ) == {
        "Trial": NotJudged.TRIAL,
        "Agents": NotJudged.CONCURRENT,
        "Nobody's": NotJudged.NOBODY,
        "Free": NoSeat.IMPLICIT,
        "Kept out": NotJudged.BY_PERSON,
    }
    assert left_out([listed("Nobody's", 10, 4, users=False)]) == {}, "Webex names nobody of any"


def test_one_unlimited_row_takes_its_product_out_and_an_unknown_one_does_not():
    rows = [listed("A", -1, 3, product="P"), listed("B", 8, 2, product="P"), listed("C", None, 2, product="Q")]
    assert left_out(rows) == {"A": NotJudged.UNLIMITED, "B": NotJudged.UNLIMITED}


def test_of_a_suite_the_product_that_most_people_have_stands_for_all_but_devices():
    rows = [
        listed("Meetings", 100, 80, kind="suite-ea"),
        listed("Messaging", 100, 90, kind="suite-ea"),
        listed("Room Kit", 200, 190, kind="suite-ea"),
        listed("Calling", 100, 70, kind="suite-ea", subscription="Sub2"),
    ]
    assert left_out(rows) == {"Meetings": NotJudged.BESIDE_A_SUITE}
