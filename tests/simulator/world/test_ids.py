"""Public ids and the UUIDs in them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webexhist.simulator.world.ids import bare_id, decode, index_of, uuid_of, webex_id

UNHURRIED = settings(deadline=None)  # how fast the machine is, is not the question here


@UNHURRIED
@given(
    key=st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126)), kind=st.sampled_from(["ROOM", "PEOPLE"])
)
def test_ids_can_be_read_back(key, kind):
    public_id = webex_id(kind, f"k{key}")
    assert "=" not in public_id
    assert decode(public_id) == (kind, f"k{key}")


def test_the_two_forms_of_an_id_lead_to_one_uuid():
    uuid = uuid_of(0x0A, 3)
    assert uuid == "0000000a-0000-4000-8000-000000000003"
    assert index_of(uuid) == (0x0A, 3, 0)
    assert decode(webex_id("ORGANIZATION", uuid))[1] == decode(bare_id(uuid))[1] == uuid


@pytest.mark.parametrize("text", ["ä", "not base64!", "/////w"])
def test_a_text_that_is_no_id_is_refused(text):
    with pytest.raises(ValueError, match="is not a Webex id"):
        decode(text)
