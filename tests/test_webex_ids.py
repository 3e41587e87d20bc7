"""Ids of Webex in every form in which they come."""

import base64

import pytest

from webexhist.webex_ids import license_code, uuid_of


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_ids_of_all_forms_come_down_to_one_uuid():
    uuid = "0b9c1d52-7a34-4e0f-9a41-5d1f2c3b4a60"
    forms = [uuid, uuid.upper(), encoded(uuid), encoded(f"ciscospark://us/ORGANIZATION/{uuid}")]
    assert {uuid_of(form) for form in [*forms, forms[-1].rstrip("=")]} == {uuid}


@pytest.mark.parametrize(
    ("decoded", "code"),
    [
        ("ciscospark://us/LICENSE/0b9c:MS_1d2c", "MS"),
        ("ciscospark://us/LICENSE/0b9c:EE_1d2c_acme.webex.com", "EE"),
        ("ciscospark://us/LICENSE/1d2c", ""),
        ("ciscospark://urn:TEAM:us-east-2_a/LICENSE/1d2c", ""),
    ],
)
def test_the_products_code_is_read_from_the_license_id(decoded, code):
    assert license_code(encoded(decoded)) == code
