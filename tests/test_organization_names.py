"""Organizations of one name bear their UUIDs too, others their names alone."""

from base64 import b64encode

from webexhist.organization_names import distinct_labels


def webex_id(uuid: str) -> str:
    return b64encode(f"ciscospark://us/ORGANIZATION/{uuid}".encode()).decode().rstrip("=")


ONE, TWO = webex_id("1eb65fdf-9643-417f-9974-ad72cae0e10f"), webex_id("7ec0cd5d-4e62-4f4a-a0a9-5b6a8f3c3a3e")
NEIGHBOR = webex_id("1eb65fdf-9650-417f-9974-ad72cae0e10f")


def test_a_name_that_one_bears_stands_alone():
    assert distinct_labels({ONE: "Acme", TWO: "Globex"}) == {ONE: "Acme", TWO: "Globex"}


def test_two_of_one_name_show_where_their_uuids_begin():
    assert distinct_labels({ONE: "Acme", TWO: "ACME  "}) == {ONE: "Acme (1eb65fdf)", TWO: "ACME   (7ec0cd5d)"}


def test_as_much_of_the_uuid_is_shown_as_it_takes():
    assert distinct_labels({ONE: "Acme", NEIGHBOR: "Acme"}) == {
        ONE: "Acme (1eb65fdf-964)",
        NEIGHBOR: "Acme (1eb65fdf-965)",
    }


def test_ids_that_hold_no_uuid_are_shown_as_they_are():
    assert distinct_labels({"acme": "Acme", "acme-2": "Acme"}) == {"acme": "Acme (acme)", "acme-2": "Acme (acme-2)"}
