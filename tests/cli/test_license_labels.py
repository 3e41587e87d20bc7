"""What licenses are called in a table of the terminal."""

from webexhist.cli.license_labels import license_labels
from webexhist.snapshot import License


def license_of(webex_id, site, subscription):
    return License(webex_id, "Meetings", "EE", subscription, site, None, counted=True)


def test_licenses_of_one_name_are_named_with_their_site_and_then_their_subscription():
    acme, emea = license_of("a", "acme.webex.com", "Sub1"), license_of("b", "emea.webex.com", "Sub1")
    renewed, placeless = license_of("c", "acme.webex.com", "Sub2"), license_of("d", None, "Sub1")
    assert license_labels([acme, emea, acme, placeless]) == {
        "a": "Meetings · acme.webex.com",
        "b": "Meetings · emea.webex.com",
        "d": "Meetings",
    }
    assert license_labels([acme, renewed]) == {
        "a": "Meetings · acme.webex.com · Sub1",
        "c": "Meetings · acme.webex.com · Sub2",
    }
