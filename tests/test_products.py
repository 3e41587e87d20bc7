"""What is judged together, by code, name and contract."""

import pytest

from webexhist.products import product_of


@pytest.mark.parametrize(
    ("code", "name", "subscription", "apart", "product"),
    [
        ("EE", "Webex Meetings Suite", "Sub1", False, "EE"),
        ("EE", "Webex Meetings Suite", None, False, "EE"),
        ("EE", "Webex Meetings Suite", "Sub1", True, "EE · Sub1"),
        ("", "Webex  Messaging", "Sub1", False, "webex messaging"),
        ("EC", "Webex Webinars 1,000", "Sub1", False, "EC 1000"),
        ("EC", "Webex Webinars 10000", "Sub1", False, "EC 10000"),
        ("EC", "Webex Webinars", "Sub1", False, "EC"),
        ("EE", "Webex Meetings Suite", "trialSub7", False, "trial EE"),
        ("EE", "Webex Meetings Suite", "trialSub7", True, "trial EE"),
    ],
)
def test_a_product_is_the_code_and_what_sets_apart(code, name, subscription, apart, product):
    assert product_of(code, name, subscription, apart=apart) == product
