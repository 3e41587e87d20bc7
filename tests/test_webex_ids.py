"""Ids of Webex in every form in which they come."""

import base64

import pytest

from webexhist.webex_ids import license_code, uuid_of


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_ids_of_all_forms_come_down_to_one_uuid():
    uuid = "0b9c1d52-7a34-4e0f-9a41-5d1f2c3b4a60"
    uri = f"ciscospark://us/ORGANIZATION/{uuid}"
    padded = encoded(f"ciscospark://eu/ORGANIZATION/{uuid}{' ' * 5}")
    forms = [uuid, uuid.upper(), encoded(uuid), encoded(uri), encoded(uri.upper()), padded, uri, f"urn:uuid:{uuid}"]
    odd = [f" {uuid}\n", f"{{{uuid}}}", uuid.replace("-", ""), padded.rstrip("="), padded.replace("=", "%3D")]
    assert "=" in padded
    assert {uuid_of(form) for form in [*forms, *odd]} == {uuid}


def test_ids_that_end_alike_stay_apart():
    ends = ["ciscospark://us/ORGANIZATION/", "ciscospark://us/PEOPLE/", "a/", "b/", "a", "b"]
    assert len({uuid_of(end) for end in ends}) == len({uuid_of(encoded(end)) for end in ends}) == len(ends)


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
