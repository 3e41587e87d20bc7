"""What is counted of lists: items, not rows."""

from webexhist.webex.api.items import fingerprint, number_of


def test_items_that_are_repeated_between_pages_count_once():
    pages = [[{"id": "A"}, {"id": "B", "title": "before"}], [{"id": "B", "title": "after"}, {"id": "C"}], []]
    assert number_of(pages) == 3


def test_items_without_an_id_are_compared_by_all_that_they_hold():
    assert number_of([[{"name": "x"}, {"name": "y"}], [{"name": "x"}, {"id": "", "name": "y"}]]) == 3


def test_a_fingerprint_is_that_of_the_id_and_shows_nothing_of_it():
    one = fingerprint({"id": "Y2lzY29zcGFyazov", "text": "before"})
    assert one == fingerprint({"id": "Y2lzY29zcGFyazov", "text": "after"}) != fingerprint({"id": "another"})
    assert len(one) == 32 and "Y2lz" not in one
