"""What is a seat, and who sits on it, by code and name."""

import pytest

from webexhist.seats import NoSeat, are_seats, has_no_users, is_calling, is_contact_center, is_device, no_seat


@pytest.mark.parametrize(
    ("code", "name", "reason"),
    [
        ("BCSTD", "Webex Calling - Professional", None),
        ("EE", "Webex Meetings Suite", None),
        ("", "Webex Meetings Assistant", None),
        ("", "Webex Webinars - 1000 Attendees", None),
        ("SD", "Webex Room Kit", None),
        ("CJPPRM", "Contact Center Premium Agent", None),
        ("BCSTD", "Webex Calling - Professional with PSTN", None),
        ("ee", "Webex Suite with AI Assistant and Events", None),
        ("FMS", "Basic Messaging", NoSeat.IMPLICIT),
        ("", "Call on Webex (1:1 call, non-PSTN)", NoSeat.IMPLICIT),
        ("", "Hybrid - Exchange Calendar", NoSeat.IMPLICIT),
        ("bchdo", "Webex Calling - Hot desk only", NoSeat.IMPLICIT),
        ("BCRLC", "Anything", NoSeat.ROUTE_LISTS),
        ("", "Webex AI Agent", NoSeat.AGENTS_OF_SOFTWARE),
        ("", "Contact Center IVR Ports", NoSeat.PORTS),
        ("", "Cisco Calling Plan Committed", NoSeat.CALLING_PLANS),
        ("", "Webex Events - 3,000 Attendees", NoSeat.EVENTS),
        ("SFDSK", "Salesforce Desktop Connector", NoSeat.CONNECTORS),
        ("RTT", "Real-Time  TRANSLATIONS", NoSeat.TRANSLATIONS),
    ],
)
def test_what_is_no_seat_has_a_reason(code, name, reason):
    assert no_seat(code, name) is reason
    assert are_seats(code, name) is (reason is None)


@pytest.mark.parametrize(
    ("code", "name", "device", "without_users"),
    [
        ("SD", "Anything", True, True),
        ("", "Room Systems", True, True),
        ("BCCA", "Anything", False, True),
        ("", "Webex Calling - Professional Workspaces", False, True),
        ("EE", "Webex Meetings Suite", False, False),
    ],
)
def test_devices_and_workspaces_have_no_users(code, name, device, without_users):
    assert (is_device(code, name), has_no_users(code, name)) == (device, without_users)


def test_calling_and_contact_centers_are_known():
    assert [is_calling(*of) for of in (("BCSTD", ""), ("", "Webex Calling"), ("EE", "Webex Suite"))] == [
        True,
        True,
        False,
    ]
    assert is_contact_center("CJPSTD", "") and is_contact_center("", "Contact center Standard Agent")
